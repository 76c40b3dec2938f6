//! The error type of the SDK.
//!
//! [`Error`] is opaque: [`Error::kind`] and the predicates (`is_…`) distinguish its kinds, and accessors return their
//! details. Every kind has a file of its own.

mod answer;
mod answer_too_long;
mod cache_unavailable;
mod cancelled;
mod category;
mod concurrency;
mod configuration;
mod credentials;
mod database;
mod decode;
mod exception;
mod expression;
mod invalid_request;
mod kind;
mod login_challenge;
mod network;
mod not_one;
mod not_tryton;
mod session;
mod status;
mod too_complex;
mod unknown_name;
mod user;
mod warning;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

pub(crate) use answer::fault;
pub use category::ErrorCategory;
pub(crate) use decode::{Place, reason, shorten};
pub use kind::ErrorKind;
pub use login_challenge::LoginChallenge;
pub use network::Trouble;
use status::Status;
pub use warning::Warning;

use crate::subject::Subject;

/// The result of every fallible function of the SDK.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a call.
///
/// It is cheap to clone, says which method on which records it concerns, and never holds a value that was sent
/// or a secret.
///
/// Its `Display` is one sentence: what was wrong, where, and what to do. Where another error is the cause, such as the
/// [`io::Error`](std::io::Error) of a connection that was refused, the sentence leaves it out, and
/// [`source`](std::error::Error::source) gives it: what prints a chain of errors, as `anyhow` and `tracing` do, prints
/// each of them once. `{:#}` and `Debug` print the sentence with its causes, also once. Use `{:#}` where nothing else
/// prints the chain.
///
/// | to tell errors apart | |
/// |---|---|
/// | by what to do | [`category`](Self::category) |
/// | by what happened | [`kind`](Self::kind), or the predicate of the kind: [`is_warning`](Self::is_warning) |
/// | whether to repeat | [`is_retryable`](Self::is_retryable), [`is_outcome_unknown`](Self::is_outcome_unknown) |
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
    /// A further remark for the caller.
    note: Option<Cow<'static, str>>,
    cause: Option<Box<dyn StdError + Send + Sync>>,
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
    Expression(expression::Expression),
    InvalidRequest(invalid_request::InvalidRequest),
    LoginChallenge(LoginChallenge),
    Network(network::Network),
    NotOne(not_one::NotOne),
    NotTryton(not_tryton::NotTryton),
    SessionExpired(session::SessionExpired),
    Status(Status),
    TooComplex(too_complex::TooComplex),
    UnknownDatabase(database::UnknownDatabase),
    UnknownName(unknown_name::UnknownName),
    User(user::UserError),
    Warning(Warning),
}

impl Error {
    fn new(kind: Kind) -> Self {
        Self(Arc::new(Inner { kind, subject: None, note: None, cause: None }))
    }

    /// Adds the call that the error concerns. For implementations of [`Connection`](crate::Connection). An error gets its
    /// subject once, before it is cloned or returned.
    ///
    /// ```
    /// use tryton_sdk::connection::Subject;
    /// use tryton_sdk::error::Trouble;
    /// use tryton_sdk::Error;
    ///
    /// let error = Error::network("http://erp.test", Trouble::Interrupted).about(&Subject::new("model.sale.sale.write"));
    /// assert_eq!(error.method(), Some("model.sale.sale.write"));
    /// assert!(error.is_outcome_unknown());
    /// ```
    pub fn about(mut self, subject: &Subject) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.subject.get_or_insert_with(|| subject.clone());
        }
        self
    }

    /// Adds half a sentence for the caller, before the error is cloned or returned.
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// let error = Error::status(503, None).noting("the maintenance ends at six");
    /// assert!(error.to_string().ends_with("; the maintenance ends at six"));
    /// assert!(error.noting("call again").to_string().ends_with("; the maintenance ends at six; call again"));
    /// ```
    pub fn noting(mut self, note: impl Into<Cow<'static, str>>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            let note = note.into();
            inner.note = Some(match inner.note.take() {
                Some(earlier) => format!("{earlier}; {note}").into(),
                None => note,
            });
        }
        self
    }

    /// Adds the error's [source](std::error::Error::source), before the error is cloned or returned.
    ///
    /// ```
    /// use std::error::Error as _;
    /// use std::io;
    /// use tryton_sdk::error::Trouble;
    /// use tryton_sdk::Error;
    ///
    /// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = Error::network("http://erp.test", Trouble::Unreachable).caused_by(refused);
    /// let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    /// assert!(cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionRefused));
    /// ```
    pub fn caused_by(mut self, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            inner.cause = Some(cause.into());
        }
        self
    }

    /// Returns the method that was called, if the error concerns a call: `model.sale.sale.quote`.
    pub fn method(&self) -> Option<&str> {
        self.0.subject.as_ref().map(Subject::method)
    }

    /// Returns the ids of the first records that the call was about, at most three.
    pub fn ids(&self) -> &[i64] {
        self.0.subject.as_ref().map_or(&[], Subject::ids)
    }

    /// Returns the text meant for the user of the application: that of a user error, a warning, a login challenge or a
    /// concurrency error.
    pub fn user_message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::User(error) => Some(&error.message),
            Kind::Warning(warning) => Some(&warning.message),
            Kind::LoginChallenge(challenge) => Some(&challenge.message),
            Kind::Concurrency(concurrency) => Some(&concurrency.message),
            _ => None,
        }
    }

    /// Whether repeating the same call later may succeed and is safe.
    ///
    /// False for a write that may have happened: see [`is_outcome_unknown`](Self::is_outcome_unknown).
    pub fn is_retryable(&self) -> bool {
        let passing = match &self.0.kind {
            Kind::CacheUnavailable(_) => true,
            Kind::Network(network) => network.is_passing(),
            Kind::Status(status) => status.is_passing(),
            _ => false,
        };
        passing && !self.is_outcome_unknown()
    }

    /// Whether the call was a write that may have reached the server, but whose outcome no response reports.
    pub fn is_outcome_unknown(&self) -> bool {
        let may_have_run = match &self.0.kind {
            Kind::Network(network) => network.may_have_reached_the_server(),
            Kind::Status(status) => status.may_have_run(),
            // A response came, but it is unreadable.
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
            Kind::Expression(kind) => kind,
            Kind::InvalidRequest(kind) => kind,
            Kind::LoginChallenge(kind) => kind,
            Kind::Network(kind) => kind,
            Kind::NotOne(kind) => kind,
            Kind::NotTryton(kind) => kind,
            Kind::SessionExpired(kind) => kind,
            Kind::Status(kind) => kind,
            Kind::TooComplex(kind) => kind,
            Kind::UnknownDatabase(kind) => kind,
            Kind::UnknownName(kind) => kind,
            Kind::User(kind) => kind,
            Kind::Warning(kind) => kind,
        };
        write!(f, "{kind}")?;
        if f.alternate() {
            for cause in std::iter::successors(self.source(), |&cause| cause.source()) {
                write!(f, ": {cause}")?;
            }
        }
        if let Some(note) = &self.0.note {
            write!(f, "; {note}")?;
        }
        if self.is_outcome_unknown() {
            f.write_str("; nobody knows whether the write happened")?;
        }
        Ok(())
    }
}

/// The sentence with its causes, so that `fn main() -> Result<()>` and `unwrap` print all of it.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Prints a chain of errors as programs do: each by its `Display`, the outermost first.
    fn chain(error: &(dyn StdError + 'static)) -> String {
        let all: Vec<_> =
            std::iter::successors(Some(error), |&error| error.source()).map(ToString::to_string).collect();
        all.join(": ")
    }

    #[test]
    fn a_cause_is_printed_once_whoever_prints_it() {
        let tls = io::Error::new(io::ErrorKind::InvalidData, io::Error::other("the certificate has expired"));
        for cause in [io::Error::from_raw_os_error(111), tls] {
            let text = cause.to_string();
            let error = Error::network("http://erp.test", Trouble::Interrupted).caused_by(cause);
            let error = error.about(&Subject::new("model.sale.sale.write")).noting("see the log");
            let plain = "model.sale.sale.write: the connection to http://erp.test broke; see the log; nobody knows \
                         whether the write happened";
            assert_eq!(error.to_string(), plain);
            for whole in [chain(&error), format!("{error:#}"), format!("{error:?}")] {
                assert_eq!(whole.matches(&text).count(), 1, "{whole}");
                assert_eq!(whole.len(), plain.len() + ": ".len() + text.len(), "{whole}");
            }
        }
    }

    #[test]
    fn what_answers_in_another_form_is_explained_by_its_source() {
        let call = crate::Call::on_model("sale.sale", "read", Vec::new(), &crate::Context::new());
        let error = crate::answer::check(b"<html>", &call).expect_err("no JSON");
        let source = error.source().expect("a source").to_string();
        assert!(!error.to_string().contains(&source) && chain(&error).contains(&source), "{error:#}");
    }

    #[test]
    fn somebody_elses_change_has_a_text_for_users() {
        let error = fault(serde_json::json!(["ConcurrencyException", "Records have been modified"]));
        assert_eq!(error.user_message(), Some("Records have been modified"));
    }
}
