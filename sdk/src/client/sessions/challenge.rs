//! Login challenges: questions of the server beyond the password.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::SecretString;
use tryton_sdk_core::LoginChallenge;

type Answer = Pin<Box<dyn Future<Output = Option<SecretString>> + Send>>;

/// Gets the answer to a challenge from the application.
#[derive(Clone)]
pub(in crate::client) struct Challenger(Arc<dyn Fn(LoginChallenge) -> Answer + Send + Sync>);

impl Challenger {
    pub(in crate::client) fn new<A>(answer: impl Fn(LoginChallenge) -> A + Send + Sync + 'static) -> Self
    where
        A: Future<Output = Option<SecretString>> + Send + 'static,
    {
        Self(Arc::new(move |challenge| Box::pin(answer(challenge))))
    }

    pub(super) async fn ask(&self, challenge: LoginChallenge) -> Option<SecretString> {
        (self.0)(challenge).await
    }
}

impl fmt::Debug for Challenger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Challenger")
    }
}
