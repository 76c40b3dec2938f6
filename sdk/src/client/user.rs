//! The client's user: logins, sessions, the device cookie and the user's context.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;
use tryton_sdk_core::{Call, Context, Error, Result};

use super::sessions::Sessions;
use super::{Client, Session};

impl Client {
    /// Returns a client for another user of the same database, with a session of its own. Connections, settings and the
    /// cache stay shared, and no request is made: an application with many users has one client, and derives one for each
    /// user.
    ///
    /// Cached responses are found by the user's name: call [`login`](Self::login) to check the password before showing
    /// anything. If this client [shares its session](crate::ClientBuilder::share_session) with other processes, so does
    /// the derived client, among processes that have the same password.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) for a name or password with a line break, or a name with a `:` if
    /// this client logs in by `basic`.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production").build()?;
    /// let (ada, bob) = (tryton.as_user("ada", "secret")?, tryton.as_user("bob", "other")?);
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn as_user(&self, user: &str, password: impl Into<SecretString>) -> Result<Self> {
        Ok(self.with_sessions(self.sessions().of_user(user, password.into())?))
    }

    /// Like [`as_user`](Self::as_user), with an existing session of the user. It cannot be renewed when it has expired
    /// ([`is_session_expired`](Error::is_session_expired)).
    #[must_use]
    pub fn with_session(&self, session: Session) -> Self {
        self.with_sessions(self.sessions().of_session(session))
    }

    /// Returns a client for another database of the same server, with a new login of the same user. Connections, settings
    /// and the cache stay shared.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) for an empty name.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production").credentials("ada", "secret").build()?;
    /// let test = tryton.for_database("test")?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn for_database(&self, name: &str) -> Result<Self> {
        Ok(self.with_sessions(self.sessions().at(self.endpoint().with_database(name)?)))
    }

    fn with_sessions(&self, sessions: Sessions) -> Self {
        Self { answers: Arc::new(self.answers.with(sessions)), ..self.clone() }
    }

    /// Logs in now, instead of at the first call that needs a session, and returns the session. It sends the password
    /// even if it was just rejected, while other calls pause.
    ///
    /// # Errors
    ///
    /// [`is_bad_credentials`](Error::is_bad_credentials), [`is_unknown_database`](Error::is_unknown_database),
    /// [`is_login_challenge`](Error::is_login_challenge), [`is_rate_limited`](Error::is_rate_limited),
    /// [`is_configuration`](Error::is_configuration) if the client has no credentials, and network errors.
    pub async fn login(&self) -> Result<Session> {
        self.sessions().log_in().await
    }

    /// Returns the current session, if there is one.
    pub fn session(&self) -> Option<Session> {
        self.sessions().current()
    }

    /// Ends the session, on the server as well. The next call that needs one logs in again.
    ///
    /// A [shared](crate::ClientBuilder::share_session) session ends for all processes. A logout that has started is
    /// completed even if its future is dropped.
    ///
    /// # Errors
    ///
    /// Network errors. In that case the client keeps its session, unless a call has created another one, and the logout
    /// can be repeated. Without a session, no request is made.
    pub async fn logout(&self) -> Result<()> {
        self.sessions().log_out().await
    }

    /// Ends the session when the guard is dropped.
    ///
    /// The drop only spawns a task that [logs out](Self::logout), and its result is ignored. No request is made without a
    /// Tokio runtime, or if the runtime shuts down first, as at the end of `main`: await `logout` to be sure.
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

    /// Requests a device cookie, by which the server recognises this device. It replaces the previous one.
    ///
    /// This makes one request. Call it after a login that is worth remembering, and store the cookie as safely as a
    /// password, for [`ClientBuilder::device_cookie`](crate::ClientBuilder::device_cookie). This client sends it from now
    /// on.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call). If the [outcome is unknown](crate::Error::is_outcome_unknown), the old cookie may be
    /// invalid.
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
        self.sessions().keep_device_cookie(cookie.clone());
        Ok(cookie)
    }

    /// Returns the device cookie, if the client has one.
    pub fn device_cookie(&self) -> Option<SecretString> {
        self.sessions().device_cookie()
    }

    /// Requests the context that the user has chosen: language, company, employee, groups.
    ///
    /// This makes one request. A server does not apply this context by itself; a client sends it with each call. Without
    /// a company, for example, no sale can be created.
    /// [`ClientBuilder::user_context`](crate::ClientBuilder::user_context) does both automatically.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let tryton = tryton.with(tryton.user_context().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user_context(&self) -> Result<Context> {
        let keys: Map<String, Value> = self.call("model.res.user.get_preferences", (true,)).await?;
        Ok(keys.into())
    }

    /// Returns the id of the user's record in `res.user`. With `basic`, it searches for it, because no login returns it.
    pub(super) async fn user_id(&self) -> Result<i64> {
        let Some(user) = self.sessions().basic_user() else {
            return Ok(self.sessions().for_call().await?.user_id());
        };
        let params = vec![json!([["login", "=", user]]), json!(0), json!(2)];
        let call = Call::on_model("res.user", "search", params, &self.context);
        match self.call_once::<Vec<i64>>(&call).await?[..] {
            [id] => Ok(id),
            ref ids => Err(Error::not_one(ids.len() as u64).about(call.subject())),
        }
    }
}

/// A guard that ends a client's session when it is dropped: see [`Client::logout_on_drop`].
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
