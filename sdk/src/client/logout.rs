//! The end of a session.

use std::sync::Arc;

use tokio::runtime::Handle;

use super::observe::Tracked;
use super::{Client, Session};
use crate::task::detached;
use tryton_sdk_core::Call;
use tryton_sdk_core::{Error, Result};

impl Client {
    /// Ends the session, at the server too. The next call that needs one logs in again.
    ///
    /// A session that is [shared](crate::ClientBuilder::share_session) ends for all processes.
    /// A logout that has begun is brought to its end even where its future is dropped.
    ///
    /// # Errors
    ///
    /// The errors of the network. Then the client has its session still, unless a call has made another one meanwhile,
    /// and the logout can be repeated. Without a session nothing is sent.
    pub async fn logout(&self) -> Result<()> {
        let Some(forgotten) = self.shared.sessions.forget() else {
            return Ok(());
        };
        let client = self.clone();
        detached(async move {
            let outcome = client.end(&forgotten.session).await;
            if outcome.is_err() {
                client.shared.sessions.remember(forgotten);
            }
            outcome
        })
        .await
    }

    async fn end(&self, session: &Session) -> Result<()> {
        if let Some(shared) = &self.shared.sessions.shared {
            // Where it stays, others find out that the server refuses it.
            shared.remove().await;
        }
        let call = Call::new("common.db.logout", (), &self.context)?;
        let about = |e: Error| e.about(call.subject());
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let response = self.shared.send(tracked, Some(session.authorization())).await.map_err(about)?;
        match response.status {
            // A session that the server no longer knows has ended as well.
            200 | 401 => Ok(()),
            _ => Err(about(response.refusal())),
        }
    }

    /// Ends the session when the guard is dropped.
    ///
    /// The drop only starts a task that [logs out](Self::logout), and nobody learns how that ends. Nothing is sent where
    /// no Tokio runtime is there to run it, or where the runtime is shut down before it is done, as at the end of
    /// `main`: a program that must be sure awaits `logout`.
    ///
    /// ```no_run
    /// use tryton_sdk::{Client, Result};
    ///
    /// async fn import() -> Result<()> {
    ///     let tryton = Client::from_env()?;
    ///     let _logout = tryton.logout_on_drop();
    ///     tryton.ping().await?; // the session ends even where this returns early
    ///     Ok(())
    /// }
    /// ```
    pub fn logout_on_drop(&self) -> LogoutOnDrop {
        LogoutOnDrop { client: self.clone() }
    }
}

/// Ends the session of a client when it is dropped: see [`Client::logout_on_drop`].
#[derive(Debug)]
#[must_use = "the session ends when this is dropped"]
pub struct LogoutOnDrop {
    client: Client,
}

impl Drop for LogoutOnDrop {
    fn drop(&mut self) {
        if let Ok(runtime) = Handle::try_current() {
            let client = self.client.clone();
            runtime.spawn(async move {
                if let Err(error) = client.logout().await {
                    tracing::debug!(%error, "the session was not ended");
                }
            });
        }
    }
}
