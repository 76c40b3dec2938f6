//! The session of a client: created lazily, by one task for all, and never twice for the same rejection.

mod challenge;
mod gate;
mod login;
mod session;
mod shared;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use tryton_sdk_core::{Call, Context, Error, Result};

pub(super) use challenge::Challenger;
use gate::{Entrance, Gate, Reason};
pub(super) use login::{Login, Way};
pub use session::Session;
use session::authorization;
pub(super) use shared::SharedSession;

use super::endpoint::{Endpoint, LOGOUT};
use super::observe::Tracked;
use super::retry::Retry;
use crate::task::{detached, lost, runtime};

/// The note for calls that do not try the password again.
const RESTS: &str = "it was not sent again: `login` tries it at once, and calls try it after a pause that grows";

/// The session of all clones of a client, and the gate that lets one login through at a time.
#[derive(Debug)]
pub(super) struct Sessions {
    endpoint: Arc<Endpoint>,
    retry: Retry,
    /// `None` if the client has only a session.
    login: Option<Login>,
    ttl: Option<Duration>,
    /// The session shared with other processes.
    shared: Option<SharedSession>,
    current: RwLock<Option<Current>>,
    gate: Mutex<Gate>,
}

/// The ways in which a client gets a session.
#[derive(Debug, Default)]
pub(super) struct Admission {
    pub(super) login: Option<Login>,
    pub(super) session: Option<Session>,
    pub(super) ttl: Option<Duration>,
    pub(super) shared: Option<SharedSession>,
}

#[derive(Clone, Debug)]
struct Current {
    session: Session,
    /// When the session must be replaced, unless the server rejects it earlier.
    until: Option<Instant>,
}

impl Sessions {
    pub(super) fn new(endpoint: Arc<Endpoint>, retry: Retry, admission: Admission) -> Self {
        let Admission { login, session, ttl, shared } = admission;
        let (current, gate) = (RwLock::default(), Mutex::default());
        let sessions = Self { endpoint, retry, login, ttl, shared, current, gate };
        if let Some(session) = session {
            sessions.set(session, Duration::ZERO);
        }
        sessions
    }

    /// Returns the sessions of another user, with the same way to log in and to share them.
    ///
    /// # Errors
    ///
    /// Returns [`is_configuration`](Error::is_configuration) for a name or password that cannot be sent.
    pub(super) fn of_user(&self, user: &str, password: SecretString) -> Result<Self> {
        Login::check(user, &password, self.login.as_ref().map_or(Way::Session, |login| login.way))?;
        let login = match &self.login {
            Some(login) => login.of(user, password),
            None => Login {
                user: user.to_owned(),
                password,
                way: Way::Session,
                challenger: None,
                device_cookie: RwLock::default(),
            },
        };
        Ok(self.with_login(Arc::clone(&self.endpoint), Some(login)))
    }

    fn with_login(&self, endpoint: Arc<Endpoint>, login: Option<Login>) -> Self {
        let shared = self.shared.as_ref().zip(login.as_ref());
        let shared = shared.map(|(shared, login)| shared.of(&endpoint.address().scope(&login.user), &login.password));
        Self::new(endpoint, self.retry, Admission { login, session: None, ttl: self.ttl, shared })
    }

    /// Returns sessions with an existing session and without a login.
    pub(super) fn of_session(&self, session: Session) -> Self {
        let admission = Admission { session: Some(session), ..Admission::default() };
        Self::new(Arc::clone(&self.endpoint), self.retry, admission)
    }

    /// Returns the sessions of the same user on another database.
    pub(super) fn at(&self, endpoint: Endpoint) -> Self {
        let login = self.login.as_ref().map(|login| login.of(&login.user, login.password.clone()));
        self.with_login(Arc::new(endpoint), login)
    }

    pub(super) fn endpoint(&self) -> &Arc<Endpoint> {
        &self.endpoint
    }

    pub(super) fn current(&self) -> Option<Session> {
        self.read_current(|current| current.map(|current| current.session.clone()))
    }

    /// Returns the user as whom the client is or will be logged in.
    pub(super) fn user(&self) -> Option<String> {
        let own = || self.current().map(|session| session.login().to_owned());
        self.login_user().map(str::to_owned).or_else(own)
    }

    /// Returns the user as whom the client logs in, regardless of its current session.
    pub(super) fn login_user(&self) -> Option<&str> {
        self.login.as_ref().map(|login| login.user.as_str())
    }

    /// Returns the user of HTTP Basic, if it is used instead of sessions.
    pub(super) fn basic_user(&self) -> Option<&str> {
        self.login.as_ref().filter(|login| login.way == Way::Basic).map(|login| login.user.as_str())
    }

    pub(super) fn device_cookie(&self) -> Option<SecretString> {
        self.login.as_ref()?.device_cookie()
    }

    /// Sends the cookie with each login from now on.
    pub(super) fn keep_device_cookie(&self, cookie: SecretString) {
        if let Some(login) = &self.login {
            login.keep_device_cookie(cookie);
        }
    }

    /// Logs in unless there is a session, regardless of earlier failures.
    pub(super) async fn log_in(self: &Arc<Self>) -> Result<Session> {
        self.session(&[], Reason::Login).await
    }

    /// Returns the session with which a call would be made.
    pub(super) async fn for_call(self: &Arc<Self>) -> Result<Session> {
        self.session(&[], Reason::Call).await
    }

    /// Returns the headers to try for a call, one after the other, while the server rejects them.
    pub(super) fn proofs(self: &Arc<Self>) -> Proofs {
        Proofs { sessions: Arc::clone(self), refused: Vec::new() }
    }

    /// Ends the session, on the server as well. The logout completes even if its future is dropped.
    pub(super) async fn log_out(self: &Arc<Self>) -> Result<()> {
        let Some(forgotten) = self.forget() else {
            return Ok(());
        };
        let sessions = Arc::clone(self);
        detached(async move {
            if let Some(shared) = &sessions.shared {
                // If the removal fails, others will see that the server rejects the session.
                shared.remove().await;
            }
            let outcome = sessions.end(&forgotten.session).await;
            if outcome.is_err() {
                sessions.remember(forgotten);
            }
            outcome
        })
        .await
    }

    async fn end(&self, session: &Session) -> Result<()> {
        let call = Call::new(LOGOUT, (), &Context::new())?;
        let about = |e: Error| e.about(call.subject());
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let response = self.endpoint.send(tracked, Some(session.authorization())).await.map_err(about)?;
        match response.status {
            // A session that the server no longer knows has also ended.
            200 | 401 => Ok(()),
            _ => Err(about(response.refusal())),
        }
    }

    /// Returns a session that the server has not rejected yet, and logs in if there is none.
    ///
    /// If several tasks ask at once, one of them logs in, and all get its session or its error. This includes tasks whose
    /// session is rejected only after the login to replace it has failed.
    async fn session(self: &Arc<Self>, refused: &[Session], reason: Reason) -> Result<Session> {
        runtime()?;
        loop {
            let (seat, task) = {
                let mut gate = self.gate();
                if let Some(session) = self.usable(refused) {
                    return Ok(session);
                }
                if self.login.is_none() {
                    return Err(no_credentials(!refused.is_empty()));
                }
                match gate.enter(refused, reason, Instant::now()) {
                    Entrance::Fail(error) => return Err(error),
                    Entrance::Wait(seat) => (seat, None),
                    Entrance::LogIn(seat, departure) => (seat, Some(departure)),
                }
            };
            // The gate must be unlocked here: a runtime that is shutting down drops the task at once.
            let task = task.map(|departure| {
                let (sessions, refused) = (Arc::clone(self), refused.to_vec());
                departure.begin(async move { sessions.replace(refused).await })
            });
            match (seat.outcome().await, task) {
                // Another task's new session may be one that the server has already rejected for this task.
                (Some(Ok(session)), None) if session.is_among(refused) => {}
                (Some(outcome), _) => return outcome,
                (None, Some(task)) => return Err(lost(task).await),
                (None, None) => {}
            }
        }
    }

    /// Creates a session to replace these.
    async fn replace(&self, refused: Vec<Session>) -> Result<Session> {
        let Some(login) = &self.login else { return Err(no_credentials(!refused.is_empty())) };
        self.drop_refused(&refused);
        let outcome = self.new_session(login, &refused).await;
        match &outcome {
            Ok(_) => self.gate().open(),
            Err(error) => self.fail(error, refused),
        }
        outcome
    }

    /// Ends the session that is too old, before the new one is used: while a session ends, trytond may reject other calls
    /// of its user. A shared session is kept, because other processes may still use it.
    async fn end_replaced(&self) {
        let Some(old) = self.current().filter(|_| self.shared.is_none()) else { return };
        if let Err(error) = self.end(&old).await {
            tracing::debug!(%error, "a session that is too old was not ended");
        }
    }

    fn fail(&self, error: &Error, refused: Vec<Session>) {
        let error = match &self.login {
            Some(login) if error.is_bad_credentials() => login.bad_credentials(&self.endpoint).noting(RESTS),
            _ => error.clone(),
        };
        self.gate().fail(error, refused, Instant::now());
    }

    /// Returns the session of another process, or a new one from a login.
    async fn new_session(&self, login: &Login, refused: &[Session]) -> Result<Session> {
        if login.way == Way::Basic {
            return Err(Error::configuration("a client with `basic` has no session: each of its calls logs in"));
        }
        // After two rejections, the shared session has already been tried.
        if let (Some(shared), 0 | 1) = (&self.shared, refused.len())
            && let Some((session, age)) = shared.find(&login.user).await
            // If the login fails, later calls must not find a session that is known to be rejected.
            && !session.is_among(refused)
        {
            self.set(session, age);
            if let Some(session) = self.usable(refused) {
                tracing::debug!(user = login.user, "uses the session of another process");
                return Ok(session);
            }
        }
        let session = login.log_in(&self.endpoint, self.retry).await?;
        self.end_replaced().await;
        self.set(session.clone(), Duration::ZERO);
        if let Some(shared) = &self.shared {
            shared.keep(&session, self.ttl).await;
        }
        Ok(session)
    }

    /// Returns how many sessions may replace a rejected one during a call: another process's may be rejected as well.
    fn replacements(&self) -> usize {
        if self.shared.is_some() { 2 } else { 1 }
    }

    /// Returns the session, unless it was rejected, or is too old and can be replaced.
    fn usable(&self, refused: &[Session]) -> Option<Session> {
        self.read_current(|current| {
            let Current { session, until } = current?;
            let is_old = self.login.is_some() && until.is_some_and(|until| until <= Instant::now());
            (!is_old && !session.is_among(refused)).then(|| session.clone())
        })
    }

    fn set(&self, session: Session, age: Duration) {
        let left = self.ttl.map(|ttl| ttl.saturating_sub(age));
        let until = left.and_then(|left| Instant::now().checked_add(left));
        self.change_current(|current| *current = Some(Current { session, until }));
    }

    /// Takes the session, so that no other call uses it.
    fn forget(&self) -> Option<Current> {
        self.change_current(Option::take)
    }

    /// Restores the session, unless there is another one by now.
    fn remember(&self, forgotten: Current) {
        self.change_current(|current| *current = current.take().or(Some(forgotten)));
    }

    /// Drops the session if the server has rejected it, because later calls cannot use it either.
    fn drop_refused(&self, refused: &[Session]) {
        self.change_current(|current| drop(current.take_if(|current| current.session.is_among(refused))));
    }

    fn read_current<T>(&self, read: impl FnOnce(Option<&Current>) -> T) -> T {
        read(self.current.read().unwrap_or_else(PoisonError::into_inner).as_ref())
    }

    fn change_current<T>(&self, change: impl FnOnce(&mut Option<Current>) -> T) -> T {
        change(&mut self.current.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The proofs of identity to try for one call.
pub(super) struct Proofs {
    sessions: Arc<Sessions>,
    /// The sessions that the server has rejected so far.
    refused: Vec<Session>,
}

impl Proofs {
    /// Returns the first proof: the user's password, or a session. Logs in if there is none.
    pub(super) async fn first(&self) -> Result<Proof> {
        let Some(login) = self.sessions.login.as_ref().filter(|login| login.way == Way::Basic) else {
            return self.sessions.session(&self.refused, Reason::Call).await.map(Proof::Session);
        };
        match self.sessions.gate().objection(&[], Reason::Call, Instant::now()) {
            Some(error) => Err(error),
            None => Ok(Proof::Password(authorization("Basic", &[&login.user, login.password.expose_secret()]))),
        }
    }

    /// Returns another proof instead of the one that the server rejected before executing the call.
    pub(super) async fn another(&mut self, refused: Proof) -> Result<Proof> {
        match (refused, &self.sessions.login) {
            (Proof::Session(_), _) if self.refused.len() == self.sessions.replacements() => {
                Err(Error::session_expired())
            }
            (Proof::Session(session), _) => {
                self.refused.push(session);
                self.first().await
            }
            (Proof::Password(_), Some(login)) => {
                let error = login.bad_credentials(&self.sessions.endpoint);
                self.sessions.fail(&error, Vec::new());
                Err(error)
            }
            (Proof::Password(_), None) => Err(no_credentials(false)),
        }
    }
}

/// A proof of the caller's identity.
pub(super) enum Proof {
    Session(Session),
    Password(HeaderValue),
}

impl Proof {
    pub(super) fn header(&self) -> HeaderValue {
        match self {
            Self::Session(session) => session.authorization(),
            Self::Password(header) => header.clone(),
        }
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
    use crate::client::Client;

    #[test]
    fn a_session_that_was_forgotten_takes_no_others_place() {
        let tryton = Client::builder("http://localhost", "erp").session(Session::new("ada", 7, "first"));
        let tryton = tryton.build().expect("the settings are right");
        let sessions = tryton.sessions();
        let token = || sessions.current().map(|session| session.token().to_owned());
        let forgotten = sessions.forget().expect("a session");
        assert_eq!(token(), None);
        sessions.remember(forgotten.clone());
        assert_eq!(token().as_deref(), Some("first"));
        sessions.set(Session::new("ada", 7, "second"), Duration::ZERO);
        sessions.remember(forgotten);
        assert_eq!(token().as_deref(), Some("second"));
    }

    #[test]
    fn a_session_that_was_to_be_shared_may_be_ones_own_after_all() {
        let builder = Client::builder("http://localhost", "erp").credentials("ada", "secret").share_session("no key");
        assert!(builder.clone().build().is_err());
        let tryton = builder.own_session().build().expect("the key is not read");
        assert!(tryton.sessions().shared.is_none());
    }
}
