//! One call and its answer: with the session that it needs, and made again where that may help.

use std::sync::Arc;

use tryton_sdk_core::{Error, Result, answer};

use super::endpoint::{Endpoint, LOGIN};
use super::observe::Tracked;
use super::retry::Retry;
use super::sessions::Sessions;
use crate::wire::http::Response;

/// Carries calls to the server for one user.
#[derive(Debug)]
pub(super) struct Exchange {
    endpoint: Arc<Endpoint>,
    sessions: Arc<Sessions>,
    retry: Retry,
}

impl Exchange {
    pub(super) fn new(endpoint: Arc<Endpoint>, sessions: Sessions, retry: Retry) -> Self {
        Self { endpoint, sessions: Arc::new(sessions), retry }
    }

    /// The same for somebody else, or somewhere else.
    pub(super) fn with(&self, sessions: Sessions) -> Self {
        Self::new(Arc::clone(sessions.endpoint()), sessions, self.retry)
    }

    pub(super) fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    pub(super) fn sessions(&self) -> &Arc<Sessions> {
        &self.sessions
    }

    /// The answer to a call, which is an envelope with a result.
    pub(super) async fn result_of(&self, call: Tracked<'_>) -> Result<Response> {
        // A login has been repeated already, once for all who wait for it.
        let may_repeat = |error: &Error| call.subject().opens_a_session() || error.method() != Some(LOGIN);
        let response = self.retry.run(call, may_repeat, || self.attempt(call)).await?;
        answer::check(&response.body, call.call).map_err(|e| e.answered_at(self.endpoint.address().url()))?;
        Ok(response)
    }

    /// Sends a call once; and again with another session, where the server refused one before it looked at the call.
    async fn attempt(&self, call: Tracked<'_>) -> Result<Response> {
        if call.subject().needs_no_session() {
            return expect_ok(self.endpoint.send(call, None).await?);
        }
        // Before a login asks for it: it is not repeated within another repetition.
        self.endpoint.series().await?;
        let mut proofs = self.sessions.proofs();
        let mut proof = proofs.first().await?;
        loop {
            let response = self.endpoint.send(call, Some(proof.header())).await?;
            if !response.refuses_session() {
                return expect_ok(response);
            }
            proof = proofs.another(proof).await?;
        }
    }
}

fn expect_ok(response: Response) -> Result<Response> {
    if response.status == 200 { Ok(response) } else { Err(response.refusal()) }
}
