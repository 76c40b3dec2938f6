use std::fmt;

use super::{Error, Kind, Status};

macro_rules! kinds {
    ($( $(#[$doc:meta])* $variant:ident = $name:literal, $predicate:ident; )+) => {
        /// The kind of an [`Error`], for matching, counting and logging.
        ///
        /// Each kind has a predicate of the same name on [`Error`], which documents it.
        /// [`ErrorCategory`](crate::ErrorCategory) groups the kinds by how to react.
        ///
        /// ```
        /// use tryton_sdk::{Client, ErrorKind};
        ///
        /// let error = Client::builder("tryton.example.com", "erp").build().unwrap_err();
        /// assert_eq!(error.kind(), ErrorKind::Configuration);
        /// assert_eq!(error.kind().as_str(), "configuration");
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind {
            $( $(#[$doc])* $variant, )+
        }

        impl ErrorKind {
            /// The name of the kind in spans and metrics: the predicate's name without `is_`, such as `timed_out`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $name, )+
                }
            }
        }

        /// Every kind with its predicate.
        #[cfg(test)]
        pub(super) const PREDICATES: &[(ErrorKind, &str)] =
            &[$( (ErrorKind::$variant, stringify!($predicate)), )+];
    };
}

kinds! {
    /// The response is longer than the client accepts.
    AnswerTooLong = "answer_too_long", is_answer_too_long;
    /// The server rejected the login name or the password.
    BadCredentials = "bad_credentials", is_bad_credentials;
    /// Cached responses could not be invalidated.
    CacheUnavailable = "cache_unavailable", is_cache_unavailable;
    /// The runtime was shut down before the response came.
    Cancelled = "cancelled", is_cancelled;
    /// Somebody else changed the record since it was read.
    Concurrency = "concurrency", is_concurrency;
    /// A setting is missing or wrong.
    Configuration = "configuration", is_configuration;
    /// The response does not fit the expected type.
    Decode = "decode", is_decode;
    /// An expression of the server cannot be evaluated for a record of a form.
    Expression = "expression", is_expression;
    /// The server does not expose the method to its clients (403).
    Forbidden = "forbidden", is_forbidden;
    /// The server failed without an explanation (500).
    Internal = "internal", is_internal;
    /// The connection broke before the response was complete.
    Interrupted = "interrupted", is_interrupted;
    /// The request is invalid.
    InvalidRequest = "invalid_request", is_invalid_request;
    /// The server requires another login parameter.
    LoginChallenge = "login_challenge", is_login_challenge;
    /// A search for exactly one record found none.
    NoneFound = "none_found", is_none_found;
    /// The server has the service switched off (501).
    NotEnabled = "not_enabled", is_not_enabled;
    /// Something other than a Tryton server responded.
    NotTryton = "not_tryton", is_not_tryton;
    /// An HTTP status without a kind of its own.
    OtherStatus = "other_status", is_other_status;
    /// Too many requests or failed logins (429).
    RateLimited = "rate_limited", is_rate_limited;
    /// The server rejected the format of the request (400, 405, 415).
    Refused = "refused", is_refused;
    /// The server's own code failed.
    ServerException = "server_exception", is_server_exception;
    /// The call took longer than the server allows (504).
    ServerTimeout = "server_timeout", is_server_timeout;
    /// The server rejected the session, and a new login did not help.
    SessionExpired = "session_expired", is_session_expired;
    /// A search for exactly one record found several.
    SeveralFound = "several_found", is_several_found;
    /// The response did not come within the client's timeout.
    TimedOut = "timed_out", is_timed_out;
    /// The query is too large or too deeply nested for the server or its database.
    TooComplex = "too_complex", is_too_complex;
    /// The request asks for more records than the server allows (413).
    TooLarge = "too_large", is_too_large;
    /// Something in front of the server requires a login of its own (401).
    Unauthorized = "unauthorized", is_unauthorized;
    /// The server, its database or a gateway is temporarily unavailable (502, 503).
    Unavailable = "unavailable", is_unavailable;
    /// The server has no database of this name.
    UnknownDatabase = "unknown_database", is_unknown_database;
    /// The call names a field that the server does not have.
    UnknownField = "unknown_field", is_unknown_field;
    /// The server has no such model, wizard or report.
    UnknownModel = "unknown_model", is_unknown_model;
    /// The server has no such model or method (404).
    UnknownMethod = "unknown_method", is_unknown_method;
    /// The server could not process the parameters (422).
    Unprocessable = "unprocessable", is_unprocessable;
    /// No connection to the server could be made.
    Unreachable = "unreachable", is_unreachable;
    /// The server's certificate or key is not trusted.
    Untrusted = "untrusted", is_untrusted;
    /// The server refused, with a reason written for users.
    UserError = "user_error", is_user_error;
    /// The server asks for a confirmation before it goes on.
    Warning = "warning", is_warning;
}

/// The [name](ErrorKind::as_str).
impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Error {
    /// The kind of the error.
    ///
    /// ```
    /// use tryton_sdk::{Error, ErrorKind};
    ///
    /// fn advice(error: &Error) -> &str {
    ///     match error.kind() {
    ///         ErrorKind::Unreachable | ErrorKind::TimedOut => "is the server running?",
    ///         ErrorKind::UnknownDatabase => "check TRYTON_DATABASE",
    ///         _ => "see the log",
    ///     }
    /// }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        match &self.0.kind {
            Kind::AnswerTooLong(_) => ErrorKind::AnswerTooLong,
            Kind::BadCredentials(_) => ErrorKind::BadCredentials,
            Kind::CacheUnavailable(_) => ErrorKind::CacheUnavailable,
            Kind::Cancelled(_) => ErrorKind::Cancelled,
            Kind::Concurrency(_) => ErrorKind::Concurrency,
            Kind::Configuration(_) => ErrorKind::Configuration,
            Kind::Decode(_) => ErrorKind::Decode,
            Kind::Exception(_) => ErrorKind::ServerException,
            Kind::Expression(_) => ErrorKind::Expression,
            Kind::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Kind::LoginChallenge(_) => ErrorKind::LoginChallenge,
            Kind::Network(network) => network.kind(),
            Kind::NotOne(not_one) => not_one.kind(),
            Kind::NotTryton(_) => ErrorKind::NotTryton,
            Kind::SessionExpired(_) => ErrorKind::SessionExpired,
            Kind::Status(status) => Status::kind(*status),
            Kind::TooComplex(_) => ErrorKind::TooComplex,
            Kind::UnknownDatabase(_) => ErrorKind::UnknownDatabase,
            Kind::UnknownName(unknown) => unknown.kind(),
            Kind::User(_) => ErrorKind::UserError,
            Kind::Warning(_) => ErrorKind::Warning,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_named_like_its_predicate_and_its_variant() {
        for (kind, predicate) in PREDICATES {
            assert_eq!(format!("is_{kind}"), *predicate);
            assert_eq!(kind.as_str().replace('_', ""), format!("{kind:?}").to_lowercase());
        }
    }
}
