//! Who the calls are made as: logins, sessions, and what the server knows of the user.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};
use tokio::runtime::Handle;
use tryton_sdk_core::{Call, Context, Error, Result};

use super::sessions::Sessions;
use super::{Client, Session};

impl Client {
    /// A client for another user of the same database, who has a session of its own. Connections, settings and the place
    /// where answers are kept stay shared, and nothing is sent yet: an application with many users has one client, and
    /// makes one of these for each of them.
    ///
    /// Kept answers are found by the user's name: [`login`](Self::login) makes sure that the password is right before
    /// anything is shown. Where this client [shares its session](crate::ClientBuilder::share_session) with other
    /// processes, the other user's is shared likewise, among those who know the password.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) for a name or password with a line end, or a name with a `:` where
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

    /// As [`as_user`](Self::as_user), with a session that the user has already. It cannot be replaced once the server
    /// refuses it ([`is_session_expired`](Error::is_session_expired)).
    #[must_use]
    pub fn with_session(&self, session: Session) -> Self {
        self.with_sessions(self.sessions().of_session(session))
    }

    /// A client for another database of the same server, where the same user logs in anew. Connections, settings and the
    /// place where answers are kept stay shared.
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

    /// Logs in now instead of at the first call that needs it, and gives the session; also where the password was refused a
    /// moment ago, which calls wait to send again.
    ///
    /// # Errors
    ///
    /// [`is_bad_credentials`](Error::is_bad_credentials), [`is_unknown_database`](Error::is_unknown_database),
    /// [`is_login_challenge`](Error::is_login_challenge), [`is_rate_limited`](Error::is_rate_limited),
    /// [`is_configuration`](Error::is_configuration) where the client has no credentials, and the errors of the network.
    pub async fn login(&self) -> Result<Session> {
        self.sessions().log_in().await
    }

    /// The session, if the client has one now.
    pub fn session(&self) -> Option<Session> {
        self.sessions().current()
    }

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
        self.sessions().log_out().await
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
        self.sessions().keep_device_cookie(cookie.clone());
        Ok(cookie)
    }

    /// The cookie by which the server knows this device again, if the client has one.
    pub fn device_cookie(&self) -> Option<SecretString> {
        self.sessions().device_cookie()
    }

    /// What the user has chosen as the context of all work: language, company, employee, groups.
    ///
    /// It takes one request. A server uses none of it by itself: a client that wants it sends it with each call.
    /// Without a company, for example, nobody can create a sale.
    /// [`ClientBuilder::user_context`](crate::ClientBuilder::user_context) has the client do both by itself.
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

    /// The id of the user's record in `res.user`. With `basic` it is looked for, because no login tells it.
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
