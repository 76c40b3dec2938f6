//! Logging in: lazily, one at a time, and never twice for the same refusal.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use tokio::sync::Mutex;
use tracing::Instrument as _;

use super::Shared;
use crate::answer;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::rpc::Call;

/// A session at a server: who it is, and the token that proves it.
///
/// It can be kept, and given to another client with [`ClientBuilder::session`](crate::ClientBuilder::session).
/// Its `Debug` does not show the token.
///
/// ```
/// use tryton_sdk::Session;
///
/// let session = Session::new("admin", 1, "0123456789abcdef");
/// assert!(!format!("{session:?}").contains("0123456789abcdef"));
/// ```
#[derive(Clone)]
pub struct Session {
    login: Arc<str>,
    user_id: i64,
    token: SecretString,
}

impl Session {
    /// A session that was read out of another client.
    pub fn new(login: &str, user_id: i64, token: impl Into<SecretString>) -> Self {
        Self { login: login.into(), user_id, token: token.into() }
    }

    /// The name that the user logs in with.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// The id of the user's record in `res.user`.
    pub fn user_id(&self) -> i64 {
        self.user_id
    }

    /// The secret that stands for the user until the session ends.
    pub fn token(&self) -> &str {
        self.token.expose_secret()
    }

    pub(super) fn authorization(&self) -> HeaderValue {
        let credentials = format!("{}:{}:{}", self.login, self.user_id, self.token());
        let header = format!("Session {}", BASE64.encode(credentials.as_bytes()));
        let mut header = HeaderValue::from_str(&header).expect("base64 is always a valid header");
        header.set_sensitive(true);
        header
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("login", &self.login).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// What a login needs.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    pub(super) login: String,
    pub(super) password: SecretString,
}

/// The session of all clones of a client, and the gate that lets one login through at a time.
#[derive(Debug)]
pub(super) struct Sessions {
    credentials: Option<Credentials>,
    ttl: Option<Duration>,
    current: RwLock<Option<Current>>,
    /// The number of logins that have been tried so far.
    attempts: AtomicU64,
    gate: Mutex<Gate>,
}

#[derive(Clone, Debug)]
struct Current {
    session: Session,
    since: Instant,
}

#[derive(Debug, Default)]
struct Gate {
    /// Why the latest login failed, if it did.
    failure: Option<Error>,
}

impl Sessions {
    pub(super) fn new(credentials: Option<Credentials>, session: Option<Session>, ttl: Option<Duration>) -> Self {
        let current = session.map(|session| Current { session, since: Instant::now() });
        Self { credentials, ttl, current: RwLock::new(current), attempts: AtomicU64::new(0), gate: Mutex::default() }
    }

    pub(super) fn current(&self) -> Option<Session> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().map(|current| current.session.clone())
    }

    pub(super) fn forget(&self) -> Option<Session> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.take().map(|current| current.session)
    }

    /// Who the client is or will be logged in as.
    pub(super) fn login(&self) -> Option<String> {
        match &self.credentials {
            Some(credentials) => Some(credentials.login.clone()),
            None => self.current().map(|session| session.login().to_owned()),
        }
    }

    /// The session, unless it is the one that was refused, or too old while it can be replaced.
    fn usable(&self, refused: Option<&Session>) -> Option<Session> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let current = current.as_ref()?;
        let is_refused = refused.is_some_and(|refused| refused.token() == current.session.token());
        let is_old = self.credentials.is_some() && self.ttl.is_some_and(|ttl| current.since.elapsed() >= ttl);
        (!is_refused && !is_old).then(|| current.session.clone())
    }

    fn set(&self, session: Session) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Current { session, since: Instant::now() });
    }
}

impl Shared {
    /// A session that the server has not refused yet; logs in where there is none.
    ///
    /// However many tasks ask at once, one of them logs in, and all get its session or its error.
    pub(super) async fn session(self: &Arc<Self>, refused: Option<&Session>) -> Result<Session> {
        if let Some(session) = self.sessions.usable(refused) {
            return Ok(session);
        }
        let seen = self.sessions.attempts.load(Ordering::SeqCst);
        let (shared, refused) = (Arc::clone(self), refused.cloned());
        detached(async move {
            let mut gate = shared.sessions.gate.lock().await;
            if let Some(session) = shared.sessions.usable(refused.as_ref()) {
                return Ok(session);
            }
            let tried_meanwhile = shared.sessions.attempts.load(Ordering::SeqCst) != seen;
            if let (true, Some(failure)) = (tried_meanwhile, &gate.failure) {
                return Err(failure.clone());
            }
            let Some(credentials) = &shared.sessions.credentials else {
                return Err(no_credentials(refused.is_some()));
            };
            let outcome = shared.log_in(credentials).await;
            gate.failure = outcome.as_ref().err().cloned();
            if let Ok(session) = &outcome {
                shared.sessions.set(session.clone());
            }
            shared.sessions.attempts.fetch_add(1, Ordering::SeqCst);
            outcome
        })
        .await
    }

    async fn log_in(self: &Arc<Self>, credentials: &Credentials) -> Result<Session> {
        let Credentials { login, password } = credentials;
        // Nothing between the secret and the call, which overwrites its memory.
        let parameters = BTreeMap::from([("password", password.expose_secret())]);
        let call = Call::new("common.db.login", (login, parameters), &Context::new())?;
        let about = |e: Error| e.about(call.subject());
        let reply = self.send(&call, None).await.map_err(about)?;
        let database = self.address.database_name();
        match reply.status {
            200 => {}
            401 => return Err(Error::bad_credentials(login, database)),
            404 => return Err(Error::unknown_database(database, "")),
            _ => return Err(about(reply.refusal())),
        }
        let LoggedIn { user_id, token } = answer::read(&reply.body, PhantomData, call.subject(), self.address.url())
            .map_err(|e| match e.exception_text() {
                // Servers up to 7.0 say it in words of their database's driver.
                Some(text) => Error::unknown_database(database, text),
                None => about(e),
            })?;
        Ok(Session { login: login.as_str().into(), user_id, token })
    }
}

fn no_credentials(had_session: bool) -> Error {
    if had_session {
        Error::session_expired()
    } else {
        Error::configuration("the call needs a session, and the client has neither credentials nor a session")
    }
}

/// What a login is answered with: the user's id, the token and, since 7.8, where the bus is.
struct LoggedIn {
    user_id: i64,
    token: SecretString,
}

impl<'de> Deserialize<'de> for LoggedIn {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Parts;

        impl<'de> Visitor<'de> for Parts {
            type Value = LoggedIn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a user's id and a session token")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<LoggedIn, A::Error> {
                let user_id = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let token: String = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                while parts.next_element::<IgnoredAny>()?.is_some() {}
                Ok(LoggedIn { user_id, token: token.into() })
            }
        }

        from.deserialize_seq(Parts)
    }
}

/// Runs what others may wait for in a task of its own: a caller that is no longer polled, or is dropped, holds up nobody.
pub(crate) async fn detached<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(result) => result,
        Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
        Err(_) => Err(Error::invalid_request("the runtime is shutting down")),
    }
}
