//! Settings of logins and sessions.

use std::sync::{Arc, RwLock};
use std::time::Duration;

use secrecy::SecretString;

use super::ClientBuilder;
use crate::cache::Cache;
use crate::client::address::Address;
use crate::client::sessions::{Challenger, Login, Session, SharedSession, Way};
use tryton_sdk_core::{Error, LoginChallenge, Result};

#[derive(Clone, Debug)]
pub(super) struct Credentials {
    user: String,
    password: SecretString,
    way: Way,
}

impl Credentials {
    pub(super) fn login(self, challenger: Option<Challenger>, device_cookie: Option<SecretString>) -> Login {
        let Self { user, password, way } = self;
        Login { user, password, way, challenger, device_cookie: RwLock::new(device_cookie) }
    }
}

impl ClientBuilder {
    /// Sets the user name and the password.
    ///
    /// A rejected password is not sent again by every call: for 60 s, and twice as long after each further rejection,
    /// calls fail with [`is_bad_credentials`](tryton_sdk_core::Error::is_bad_credentials) at once.
    /// [`Client::login`](crate::Client::login) always tries it.
    pub fn credentials(mut self, login: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some(Credentials { user: login.to_owned(), password: password.into(), way: Way::Session });
        self
    }

    /// Sends the user name and the password with each call (HTTP Basic) instead of a session.
    ///
    /// For programs that make a single call, or must not leave a session on the server: there is no login and no logout.
    /// But the server checks the password in each call, which is slow on purpose: a call that takes 27 ms with a session
    /// took 378 ms. It does not work with a second factor.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production").basic("report", "secret").build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn basic(mut self, login: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some(Credentials { user: login.to_owned(), password: password.into(), way: Way::Basic });
        self
    }

    /// Answers further questions of a login: a second factor, a code from a text message.
    ///
    /// `answer` is called for one parameter at a time, and the login is repeated with all parameters given so far; after
    /// eight of them it fails. Calls that need the session wait meanwhile, so `answer` may take as long as a person
    /// needs: read a line, or wait for a channel that a web form fills. `None` gives up. In that case, and without this
    /// function, the login fails with [`is_login_challenge`](crate::Error::is_login_challenge).
    ///
    /// ```
    /// use tryton_sdk::{Client, LoginChallenge, SecretString};
    /// use tokio::sync::{mpsc, oneshot};
    ///
    /// type Question = (LoginChallenge, oneshot::Sender<SecretString>);
    ///
    /// fn client(questions: mpsc::Sender<Question>) -> tryton_sdk::Result<Client> {
    ///     let builder = Client::builder("https://erp.example.com", "production").credentials("ada", "secret");
    ///     builder
    ///         .on_login_challenge(move |challenge| {
    ///             let questions = questions.clone();
    ///             async move {
    ///                 let (answer, answered) = oneshot::channel();
    ///                 questions.send((challenge, answer)).await.ok()?;
    ///                 answered.await.ok()
    ///             }
    ///         })
    ///         .build()
    /// }
    /// ```
    pub fn on_login_challenge<F, A>(mut self, answer: F) -> Self
    where
        F: Fn(LoginChallenge) -> A + Send + Sync + 'static,
        A: Future<Output = Option<SecretString>> + Send + 'static,
    {
        self.challenger = Some(Challenger::new(answer));
        self
    }

    /// Sets the device cookie from [`Client::renew_device_cookie`](crate::Client::renew_device_cookie). Each login sends
    /// it.
    ///
    /// Failed logins from other devices do not lock out this one, and since 7.0 a server can be configured not to ask it
    /// for a second factor.
    pub fn device_cookie(mut self, cookie: impl Into<SecretString>) -> Self {
        self.device_cookie = Some(cookie.into());
        self
    }

    /// Starts with an existing session, from another client's [`Client::session`](crate::Client::session).
    ///
    /// With credentials as well, the client logs in again when the session has expired. Its age counts from now. Servers
    /// since 7.8 accept a session only from the IP address that it was created from.
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// Sets the maximum age of a session, after which the client logs in again. By default, a session is used until the
    /// server rejects it. The old session is ended on the server, unless it is [shared](Self::share_session).
    pub fn session_ttl(mut self, ttl: Duration) -> Self {
        self.session_ttl = Some(ttl);
        self
    }

    /// Shares the session with other processes that have the same key, through a common [Redis](Self::redis) or [cache of
    /// your own](Self::cache_in): one process logs in, and the others use its session.
    ///
    /// `key` is 32 random bytes in base64: `openssl rand -base64 32`. The session's token is encrypted with it. A process
    /// with another key, or another password for the user, does not find the session and logs in.
    /// [Derived](crate::Client::as_user) clients share the sessions of their users with the same key.
    ///
    /// A rejected session is replaced by a newer one of another process, or by a login, at most twice per call. Processes
    /// that lose the session at the same moment may each log in. A Redis that is down delays a login by at most twice the
    /// [`redis_timeout`](Self::redis_timeout). The session is stored for the [`session_ttl`](Self::session_ttl), or for
    /// 30 days.
    ///
    /// Servers since 7.8 accept a session only from the IP address that it was created from: use another key for
    /// processes with another address.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("http://localhost:8000", "demo")
    ///     .credentials("admin", "secret")
    ///     .redis("redis://localhost:6379/0")
    ///     .share_session("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn share_session(mut self, key: impl Into<SecretString>) -> Self {
        self.session_key = Some(key.into());
        self
    }

    /// Undoes [`share_session`](Self::share_session): the client gets its own session.
    ///
    /// For programs that read [the settings from the environment](Self::environment), but must not use, renew or end the
    /// session shared by `TRYTON_SESSION_KEY`.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let builder = Client::builder("https://erp.example.com", "production").credentials("shop", "secret");
    /// let tryton = builder.environment()?.own_session().build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn own_session(mut self) -> Self {
        self.session_key = None;
        self
    }

    pub(super) fn check_credentials(&self) -> Result<()> {
        let Some(Credentials { user, password, way }) = &self.credentials else { return Ok(()) };
        Login::check(user, password, *way)?;
        let why = match (&self.session, way) {
            (Some(session), _) if session.login() != user => "the session belongs to another user than the credentials",
            (Some(_), Way::Basic) => "a client has either a session or `basic`",
            (None, Way::Basic) if self.session_key.is_some() => "`basic` makes no session that could be shared",
            _ => return Ok(()),
        };
        Err(Error::configuration(why))
    }

    /// Returns the session shared with other processes, if configured.
    pub(super) fn shared_session(
        &self,
        store: Option<&Arc<dyn Cache>>,
        address: &Address,
    ) -> Result<Option<SharedSession>> {
        let (Some(store), Some(key), Some(login)) = (store, &self.session_key, &self.credentials) else {
            return Ok(None);
        };
        if self.store.is_private() {
            let why = "processes share a session (TRYTON_SESSION_KEY or `share_session`) by a Redis or another cache \
                       that they share, and none is configured";
            return Err(Error::configuration(why));
        }
        SharedSession::new(Arc::clone(store), key, &address.scope(&login.user), &login.password).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use crate::client::Client;

    #[test]
    fn a_line_end_of_a_file_is_found_before_anything_is_sent() {
        for (user, password) in [("ada\n", "s3cret"), ("ada", "s3cret\r\n")] {
            for builder in [
                Client::builder("http://localhost", "erp").credentials(user, password),
                Client::builder("http://localhost", "erp").basic(user, password),
            ] {
                let other = Client::builder("http://localhost", "erp").build().expect("built");
                for outcome in [builder.build(), other.as_user(user, password)] {
                    let error = outcome.expect_err("a line end");
                    assert!(error.is_configuration() && error.to_string().contains("line end"), "{error}");
                    assert!(!error.to_string().contains("s3cret"), "{error}");
                }
            }
        }
    }

    #[test]
    fn a_client_for_another_user_is_checked_as_the_first_is() {
        let basic = Client::builder("http://localhost", "erp").basic("ada", "s3cret").build().expect("built");
        assert!(basic.as_user("a:b", "s3cret").expect_err("a colon").is_configuration());
        assert!(basic.for_database("").expect_err("no name").is_configuration());
    }
}
