//! One call and its response, with the session that it needs and with retries.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use tryton_sdk_core::{Error, Result, answer};

use super::endpoint::{Endpoint, LOGIN};
use super::observe::Tracked;
use super::retry::Retry;
use super::sessions::Sessions;
use super::user_context::UserContext;
use crate::wire::http::Response;

/// Carries calls to the server for one user.
#[derive(Debug)]
pub(super) struct Exchange {
    endpoint: Arc<Endpoint>,
    sessions: Arc<Sessions>,
    retry: Retry,
    /// Set if calls are made in the context that the user has chosen.
    user_context: Option<UserContext>,
}

impl Exchange {
    pub(super) fn new(
        endpoint: Arc<Endpoint>,
        sessions: Sessions,
        retry: Retry,
        user_context: Option<UserContext>,
    ) -> Self {
        Self { endpoint, sessions: Arc::new(sessions), retry, user_context }
    }

    /// Returns an exchange for another user or database.
    pub(super) fn with(&self, sessions: Sessions) -> Self {
        let user_context = self.user_context.as_ref().map(|_| UserContext::new());
        Self::new(Arc::clone(sessions.endpoint()), sessions, self.retry, user_context)
    }

    pub(super) fn adds_user_context(&self) -> bool {
        self.user_context.is_some()
    }

    pub(super) fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    pub(super) fn sessions(&self) -> &Arc<Sessions> {
        &self.sessions
    }

    /// Makes a call and returns its response, which is an envelope with a result.
    ///
    /// The future is boxed because it is large: otherwise each outer future would move it, even if the cache has the
    /// answer.
    pub(super) fn result_of<'a>(&'a self, call: Tracked<'a>) -> BoxFuture<'a, Result<Response>> {
        Box::pin(self.request(call))
    }

    async fn request(&self, call: Tracked<'_>) -> Result<Response> {
        // A login has already been retried, once for all tasks that wait for it.
        let may_repeat = |error: &Error| call.subject().opens_a_session() || error.method() != Some(LOGIN);
        let response = self.retry.run(call, may_repeat, || self.attempt(call)).await?;
        answer::check(&response.body, call.call).map_err(|e| e.answered_at(self.endpoint.address().url()))?;
        Ok(response)
    }

    /// Sends a call once, and again with another session if the server rejected the first before executing the call.
    async fn attempt(&self, call: Tracked<'_>) -> Result<Response> {
        if call.subject().needs_no_session() {
            return self.endpoint.send(call, None).await?.expect_ok();
        }
        // Before a login requests it: otherwise its retries would be nested in those of the login.
        self.endpoint.series().await?;
        let mut proofs = self.sessions.proofs();
        let mut proof = proofs.first().await?;
        loop {
            match self.send(call, proof.header()).await? {
                Some(response) if !response.refuses_session() => return response.expect_ok(),
                _ => proof = proofs.another(proof).await?,
            }
        }
    }

    /// Sends a call once, with the user's context if configured. `None` if the server rejected the session when asked for
    /// that context.
    async fn send(&self, call: Tracked<'_>, authorization: HeaderValue) -> Result<Option<Response>> {
        let Some(user_context) = self.user_context.as_ref().filter(|_| UserContext::concerns(call.subject())) else {
            return self.endpoint.send(call, Some(authorization)).await.map(Some);
        };
        match user_context.complete(&self.endpoint, &authorization, call.call).await? {
            Some(complete) => {
                let call = Tracked { call: &complete, ..call };
                self.endpoint.send(call, Some(authorization)).await.map(Some)
            }
            None => Ok(None),
        }
    }
}
