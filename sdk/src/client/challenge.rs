//! What the server asks of a user beside the password, and the device that need not be asked again.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};

use secrecy::{ExposeSecret, SecretString};

use super::Client;
use tryton_sdk_core::{LoginChallenge, Result};

type Answer = Pin<Box<dyn Future<Output = Option<SecretString>> + Send>>;

/// Gets the answer to a challenge from whoever knows it.
#[derive(Clone)]
pub(super) struct Challenger(Arc<dyn Fn(LoginChallenge) -> Answer + Send + Sync>);

impl Challenger {
    pub(super) fn new<A>(answer: impl Fn(LoginChallenge) -> A + Send + Sync + 'static) -> Self
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

impl Client {
    /// Has the server make a cookie by which it knows this device again, in place of the one there was.
    ///
    /// It takes one request, and nothing else makes it: call it after a login that was worth being remembered, and keep
    /// the cookie as safely as a password, for
    /// [`ClientBuilder::device_cookie`](crate::ClientBuilder::device_cookie). This client offers it from now on.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call). Where the [outcome is unknown](crate::Error::is_outcome_unknown), the old cookie may
    /// no longer be of use.
    ///
    /// ```no_run
    /// use tryton_sdk::{Client, ExposeSecret};
    ///
    /// # async fn run(tryton: Client) -> tryton_sdk::Result<()> {
    /// let cookie = tryton.renew_device_cookie().await?;
    /// std::fs::write("/var/lib/shop/device", cookie.expose_secret()).expect("a place for secrets");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn renew_device_cookie(&self) -> Result<SecretString> {
        let old = self.device_cookie();
        let old = old.as_ref().map(ExposeSecret::expose_secret);
        let cookie: SecretString = self.call::<String>("model.res.user.device.renew", (old,)).await?.into();
        if let Some(login) = &self.shared.sessions.login {
            let mut kept = login.device_cookie.write().unwrap_or_else(PoisonError::into_inner);
            *kept = Some(cookie.clone());
        }
        Ok(cookie)
    }

    /// The cookie by which the server knows this device again, if the client has one.
    pub fn device_cookie(&self) -> Option<SecretString> {
        self.shared.sessions.login.as_ref()?.device_cookie()
    }
}
