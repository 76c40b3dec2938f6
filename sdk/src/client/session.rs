//! The session of a client: made lazily, by one task for all, and never twice for the same refusal.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use bytes::Bytes;
use data_encoding::BASE64;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use tokio::sync::Mutex;

use super::Shared;
use super::login::{Login, Way};
use super::shared_session::SharedSession;
use crate::task::detached;
use tryton_sdk_core::{Error, Result};

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
        authorization("Session", &[&self.login, &self.user_id.to_string(), self.token()])
    }
}

/// The header that proves who makes a call. It is a secret, whose memory is overwritten.
fn authorization(scheme: &str, proof: &[&str]) -> HeaderValue {
    let proof = Zeroizing::new(proof.join(":"));
    let mut header = Zeroizing::new(format!("{scheme} "));
    BASE64.encode_append(proof.as_bytes(), &mut header);
    let header = HeaderValue::from_maybe_shared(Bytes::from_owner(header));
    let mut header = header.expect("base64 is always a valid header");
    header.set_sensitive(true);
    header
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("login", &self.login).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// The session of all clones of a client, and the gate that lets one login through at a time.
#[derive(Debug)]
pub(super) struct Sessions {
    /// None where all that a client has is a session.
    pub(super) login: Option<Login>,
    ttl: Option<Duration>,
    /// Where other processes find the session, and this one theirs.
    pub(super) shared: Option<SharedSession>,
    current: RwLock<Option<Current>>,
    /// The number of logins that have been tried so far.
    attempts: AtomicU64,
    gate: Mutex<Option<Failure>>,
}

#[derive(Clone, Debug)]
pub(super) struct Current {
    pub(super) session: Session,
    /// When it is to be replaced, if the server does not refuse it before.
    until: Option<Instant>,
}

/// Why the latest login failed.
#[derive(Debug)]
struct Failure {
    error: Error,
    /// The sessions that it was to replace.
    refused: Vec<Session>,
}

impl Failure {
    fn is_about(&self, refused: &[Session]) -> bool {
        refused.iter().any(|session| session.is_among(&self.refused))
    }
}

impl Session {
    fn is_among(&self, sessions: &[Session]) -> bool {
        sessions.iter().any(|other| other.token() == self.token())
    }
}

impl Sessions {
    pub(super) fn new(
        login: Option<Login>,
        session: Option<Session>,
        ttl: Option<Duration>,
        shared: Option<SharedSession>,
    ) -> Self {
        let (current, attempts, gate) = (RwLock::default(), AtomicU64::new(0), Mutex::default());
        let sessions = Self { login, ttl, shared, current, attempts, gate };
        if let Some(session) = session {
            sessions.set(session, Duration::ZERO);
        }
        sessions
    }

    pub(super) fn current(&self) -> Option<Session> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().map(|current| current.session.clone())
    }

    /// Lets nobody else use the session.
    pub(super) fn forget(&self) -> Option<Current> {
        self.current.write().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Makes good that the session was forgotten, unless there is another one by now.
    pub(super) fn remember(&self, forgotten: Current) {
        self.current.write().unwrap_or_else(PoisonError::into_inner).get_or_insert(forgotten);
    }

    /// Who the client is or will be logged in as.
    pub(super) fn user(&self) -> Option<String> {
        match &self.login {
            Some(login) => Some(login.user.clone()),
            None => self.current().map(|session| session.login().to_owned()),
        }
    }

    /// The proof that goes with each call where there are no sessions, and who gives it.
    pub(super) fn basic(&self) -> Option<(&str, HeaderValue)> {
        let login = self.login.as_ref().filter(|login| login.way == Way::Basic)?;
        Some((&login.user, authorization("Basic", &[&login.user, login.password.expose_secret()])))
    }

    /// How many sessions may replace one that is refused during one call: another process's may be refused as well.
    pub(super) fn replacements(&self) -> usize {
        if self.shared.is_some() { 2 } else { 1 }
    }

    /// The session, unless it is one that was refused, or too old while it can be replaced.
    fn usable(&self, refused: &[Session]) -> Option<Session> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        let Current { session, until } = current.as_ref()?;
        let is_old = self.login.is_some() && until.is_some_and(|until| until <= Instant::now());
        (!is_old && !session.is_among(refused)).then(|| session.clone())
    }

    fn set(&self, session: Session, age: Duration) {
        let left = self.ttl.map(|ttl| ttl.saturating_sub(age));
        let until = left.and_then(|left| Instant::now().checked_add(left));
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        *current = Some(Current { session, until });
    }

    /// What the server has refused is of no use to later calls either.
    fn drop_refused(&self, refused: &[Session]) {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        current.take_if(|current| current.session.is_among(refused));
    }
}

impl Shared {
    /// A session that the server has not refused yet; logs in where there is none.
    ///
    /// However many tasks ask at once, one of them logs in, and all get its session or its error. That holds as well for
    /// tasks whose session is refused only after a login in its place has failed.
    pub(super) async fn session(self: &Arc<Self>, refused: &[Session]) -> Result<Session> {
        if let Some(session) = self.sessions.usable(refused) {
            return Ok(session);
        }
        let seen = self.sessions.attempts.load(Ordering::SeqCst);
        let (shared, refused) = (Arc::clone(self), refused.to_vec());
        detached(async move {
            let sessions = &shared.sessions;
            let mut failure = sessions.gate.lock().await;
            if let Some(session) = sessions.usable(&refused) {
                return Ok(session);
            }
            let is_tried = sessions.attempts.load(Ordering::SeqCst) != seen;
            if let Some(failure) = failure.as_ref().filter(|failure| is_tried || failure.is_about(&refused)) {
                return Err(failure.error.clone());
            }
            let Some(login) = &sessions.login else {
                return Err(no_credentials(!refused.is_empty()));
            };
            sessions.drop_refused(&refused);
            let outcome = shared.new_session(login, &refused).await;
            *failure = outcome.as_ref().err().map(|error| Failure { error: error.clone(), refused });
            sessions.attempts.fetch_add(1, Ordering::SeqCst);
            outcome
        })
        .await
    }

    /// The session of another process, or that of a login.
    async fn new_session(self: &Arc<Self>, login: &Login, refused: &[Session]) -> Result<Session> {
        let sessions = &self.sessions;
        // Who was refused twice has tried it.
        if let (Some(shared), 0 | 1) = (&sessions.shared, refused.len())
            && let Some((session, age)) = shared.find(&login.user).await
            // Should the login fail, later calls shall not find what is known to be refused.
            && !session.is_among(refused)
        {
            sessions.set(session, age);
            if let Some(session) = sessions.usable(refused) {
                tracing::debug!(user = login.user, "uses the session of another process");
                return Ok(session);
            }
        }
        let session = self.log_in(login).await?;
        sessions.set(session.clone(), Duration::ZERO);
        if let Some(shared) = &sessions.shared {
            shared.keep(&session, sessions.ttl).await;
        }
        Ok(session)
    }
}

fn no_credentials(had_session: bool) -> Error {
    if had_session {
        Error::session_expired()
    } else {
        Error::configuration("the call needs a session, and the client has neither credentials nor a session")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_that_was_forgotten_takes_no_others_place() {
        let token = |sessions: &Sessions| sessions.current().map(|session| session.token().to_owned());
        let sessions = Sessions::new(None, Some(Session::new("ada", 7, "first")), None, None);
        let forgotten = sessions.forget().expect("a session");
        assert_eq!(token(&sessions), None);
        sessions.remember(forgotten.clone());
        assert_eq!(token(&sessions).as_deref(), Some("first"));
        sessions.set(Session::new("ada", 7, "second"), Duration::ZERO);
        sessions.remember(forgotten);
        assert_eq!(token(&sessions).as_deref(), Some("second"));
    }
}
