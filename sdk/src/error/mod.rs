//! The one error type of the SDK.
//!
//! [`Error`] is opaque: a predicate (`is_…`) tells each kind, and accessors give what the kind carries.
//! Every kind has a file of its own.

mod answer;
mod answer_too_long;
mod cache_unavailable;
mod cancelled;
mod concurrency;
mod configuration;
mod credentials;
mod database;
mod decode;
mod exception;
mod invalid_request;
mod login_challenge;
mod network;
mod not_one;
mod not_tryton;
mod session;
mod status;
mod user;
mod warning;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

pub(crate) use answer::fault;
pub(crate) use decode::Place;
pub use login_challenge::LoginChallenge;
pub(crate) use network::Timeout;
#[cfg(feature = "testing")]
pub(crate) use network::Trouble;
pub(crate) use status::Status;
pub use warning::Warning;

use crate::rpc::Subject;

/// What every fallible function of the SDK returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong between a call and its result.
///
/// It is cheap to clone, says which method on which records it concerns, and never holds a value that was sent
/// or a secret. Its `Display` is one whole sentence, the cause included, so it has no
/// [source](std::error::Error::source) that would be printed twice.
///
/// ```
/// use tryton_sdk::{Client, Error};
///
/// async fn quote(tryton: &Client, sale: i64) -> Result<(), Error> {
///     match tryton.call("model.sale.sale.quote", (vec![sale],)).await {
///         Err(error) if error.is_warning() => {
///             let warning = error.warning().expect("a warning carries itself");
///             println!("the server asks: {}", warning.message);
///             Ok(())
///         }
///         other => other,
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Arc<Inner>);

struct Inner {
    kind: Kind,
    subject: Option<Subject>,
    /// What else there is to say to whoever made the call.
    note: Option<Cow<'static, str>>,
}

enum Kind {
    AnswerTooLong(answer_too_long::AnswerTooLong),
    BadCredentials(credentials::BadCredentials),
    CacheUnavailable(cache_unavailable::CacheUnavailable),
    Cancelled(cancelled::Cancelled),
    Concurrency(concurrency::Concurrency),
    Configuration(configuration::Configuration),
    Decode(decode::Decode),
    Exception(exception::Exception),
    InvalidRequest(invalid_request::InvalidRequest),
    LoginChallenge(LoginChallenge),
    Network(network::Network),
    NotOne(not_one::NotOne),
    NotTryton(not_tryton::NotTryton),
    SessionExpired(session::SessionExpired),
    Status(Status),
    UnknownDatabase(database::UnknownDatabase),
    User(user::UserError),
    Warning(Warning),
}

impl Error {
    fn new(kind: Kind) -> Self {
        Self(Arc::new(Inner { kind, subject: None, note: None }))
    }

    /// Says what the error concerns. An error is given its subject once, before it is handed out.
    pub(crate) fn about(mut self, subject: &Subject) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.subject.get_or_insert_with(|| subject.clone());
        }
        self
    }

    /// Adds half a sentence.
    pub(crate) fn noting(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.note = Some(note.into());
        }
        self
    }

    /// The method that was called, if the error concerns a call: `model.sale.sale.quote`.
    pub fn method(&self) -> Option<&str> {
        self.0.subject.as_ref().map(Subject::method)
    }

    /// The name of the predicate that tells the kind, without its `is_`, for logs and metrics: `timed_out`, `user_error`.
    ///
    /// ```
    /// let error = tryton_sdk::Client::builder("tryton.example.com", "erp").build().unwrap_err();
    /// assert!(error.is_configuration());
    /// assert_eq!(error.kind(), "configuration");
    /// ```
    pub fn kind(&self) -> &'static str {
        match &self.0.kind {
            Kind::AnswerTooLong(_) => "answer_too_long",
            Kind::BadCredentials(_) => "bad_credentials",
            Kind::CacheUnavailable(_) => "cache_unavailable",
            Kind::Cancelled(_) => "cancelled",
            Kind::Concurrency(_) => "concurrency",
            Kind::Configuration(_) => "configuration",
            Kind::Decode(_) => "decode",
            Kind::Exception(_) => "server_exception",
            Kind::InvalidRequest(_) => "invalid_request",
            Kind::LoginChallenge(_) => "login_challenge",
            Kind::Network(network) => network.name(),
            Kind::NotOne(_) => "not_one",
            Kind::NotTryton(_) => "not_tryton",
            Kind::SessionExpired(_) => "session_expired",
            Kind::Status(status) => status.name(),
            Kind::UnknownDatabase(_) => "unknown_database",
            Kind::User(_) => "user_error",
            Kind::Warning(_) => "warning",
        }
    }

    /// Whether it says why a login failed.
    pub(crate) fn is_about_login(&self) -> bool {
        self.0.subject.as_ref().is_some_and(Subject::opens_a_session)
    }

    /// The first ids of the records that the call was about, at most three.
    pub fn ids(&self) -> &[i64] {
        self.0.subject.as_ref().map_or(&[], Subject::ids)
    }

    /// The text that is meant for the person in front of the application: what a user error or a warning says.
    pub fn user_message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::User(error) => Some(&error.message),
            Kind::Warning(warning) => Some(&warning.message),
            Kind::LoginChallenge(challenge) => Some(&challenge.message),
            _ => None,
        }
    }

    /// Whether the same call may succeed when it is made again later, and making it again can do no harm.
    ///
    /// False for a write of which nobody knows whether it happened: see [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_retryable(&self) -> bool {
        let passing = match &self.0.kind {
            Kind::CacheUnavailable(_) => true,
            Kind::Network(network) => network.is_passing(),
            Kind::Status(status) => status.is_passing(),
            _ => false,
        };
        passing && !self.is_outcome_unknown()
    }

    /// Whether the call was a write, its bytes may have reached the server, and no answer says what became of it.
    pub fn is_outcome_unknown(&self) -> bool {
        let may_have_run = match &self.0.kind {
            Kind::Network(network) => network.may_have_reached_the_server(),
            Kind::Status(status) => status.may_have_run(),
            // An answer came, and nobody can read what it says.
            Kind::NotTryton(_) | Kind::AnswerTooLong(_) => true,
            _ => false,
        };
        may_have_run && self.0.subject.as_ref().is_some_and(Subject::is_write)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(subject) = &self.0.subject {
            write!(f, "{subject}: ")?;
        }
        let kind: &dyn fmt::Display = match &self.0.kind {
            Kind::AnswerTooLong(kind) => kind,
            Kind::BadCredentials(kind) => kind,
            Kind::CacheUnavailable(kind) => kind,
            Kind::Cancelled(kind) => kind,
            Kind::Concurrency(kind) => kind,
            Kind::Configuration(kind) => kind,
            Kind::Decode(kind) => kind,
            Kind::Exception(kind) => kind,
            Kind::InvalidRequest(kind) => kind,
            Kind::LoginChallenge(kind) => kind,
            Kind::Network(kind) => kind,
            Kind::NotOne(kind) => kind,
            Kind::NotTryton(kind) => kind,
            Kind::SessionExpired(kind) => kind,
            Kind::Status(kind) => kind,
            Kind::UnknownDatabase(kind) => kind,
            Kind::User(kind) => kind,
            Kind::Warning(kind) => kind,
        };
        kind.fmt(f)?;
        if let Some(note) = &self.0.note {
            write!(f, "; {note}")?;
        }
        if self.is_outcome_unknown() {
            f.write_str("; nobody knows whether the write happened")?;
        }
        Ok(())
    }
}

/// The same sentence as `Display`, so that `fn main() -> Result<()>` and `unwrap` say it plainly.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
