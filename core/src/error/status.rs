use std::fmt;
use std::time::Duration;

use super::too_complex::TooComplex;
use super::{Error, ErrorKind, Kind};

/// An HTTP status other than 200 that trytond, or a proxy in front of it, answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    code: u16,
    retry_after: Option<Duration>,
    /// How many bytes were sent, where that may be the reason.
    sent: Option<usize>,
}

macro_rules! statuses {
    ($( $(#[$doc:meta])* $predicate:ident, $kind:ident: $code:pat => $sentence:literal; )+) => {
        impl Error {
            $(
                $(#[$doc])*
                pub fn $predicate(&self) -> bool {
                    self.kind() == ErrorKind::$kind
                }
            )+
        }

        impl Status {
            fn sentence(self) -> &'static str {
                match self.code {
                    $($code => $sentence,)+
                    _ => "the server answered with an unexpected status",
                }
            }

            pub(super) fn kind(self) -> ErrorKind {
                match self.code {
                    $($code => ErrorKind::$kind,)+
                    _ => ErrorKind::OtherStatus,
                }
            }
        }
    };
}

statuses! {
    /// Whether something in front of the server, such as a proxy, wants a login of its own (401).
    /// Of an expired session [`is_session_expired`](Self::is_session_expired) tells.
    is_unauthorized, Unauthorized: 401 => "something in front of the server wants a login of its own";
    /// Whether the server exposes no such method to its clients (403). A new login would not help.
    is_forbidden, Forbidden: 403 => "the server does not expose this method to its clients";
    /// Whether the server has no such model, method or page (404): a module is missing there, or the URL is wrong.
    /// A record that is not there is another kind: [`is_none_found`](Self::is_none_found).
    is_unknown_method, UnknownMethod: 404 => "the server has no such model, method or page";
    /// Whether the request asks for more records than the server allows in one, or is itself longer than the server, or
    /// a proxy in front of it, takes (413). The message says how many bytes were sent.
    is_too_large, TooLarge: 413 => "the request asks for more records than the server allows in one, or is itself too long";
    /// Whether the server could make nothing of the parameters (422): a missing context, an id given twice.
    is_unprocessable, Unprocessable: 422 => "the server could make nothing of the parameters";
    /// Whether there were too many requests, or failed logins, for the moment (429). It passes by waiting.
    ///
    /// The call was not executed, not even a write, and has been repeated as `ClientBuilder::retries` says.
    is_rate_limited, RateLimited: 429 => "too many requests or failed logins, nobody is let in for a while";
    /// Whether the server failed without an answer that says why (500).
    is_internal, Internal: 500 => "the server failed; its log says why";
    /// Whether the server has this service switched off (501).
    is_not_enabled, NotEnabled: 501 => "the server has this service switched off";
    /// Whether the server, its database or the way there is not available for the moment (502, 503).
    is_unavailable, Unavailable: 502 | 503 => "the server or its database is not available for the moment";
    /// Whether the server gave up because the call took longer than its own limit (504).
    is_server_timeout, ServerTimeout: 504 => "the call took longer than the server allows";
    /// Whether the server refused the request's form (400, 405, 415), as a wrong URL makes it do.
    is_refused, Refused: 400 | 405 | 415 => "the server refused the form of the request";
}

impl Error {
    /// The error that an answer has this HTTP status, for those who implement [`Connection`](crate::Connection).
    /// `retry_after` is how long the server asks to be left alone.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tryton_sdk::{Error, ErrorKind};
    ///
    /// let error = Error::status(503, Some(Duration::from_secs(30)));
    /// assert_eq!(error.kind(), ErrorKind::Unavailable);
    /// assert!(error.is_retryable());
    /// ```
    pub fn status(code: u16, retry_after: Option<Duration>) -> Self {
        Self::new(Kind::Status(Status { code, retry_after, sent: None }))
    }

    /// The same for a request whose body had this many bytes.
    pub(super) fn status_after(code: u16, retry_after: Option<Duration>, sent: usize) -> Self {
        Self::new(Kind::Status(Status { code, retry_after, sent: Some(sent) }))
    }

    /// Whether the answer has an HTTP status that none of the other kinds is about.
    ///
    /// ```
    /// assert!(tryton_sdk::Error::status(418, None).is_other_status());
    /// ```
    pub fn is_other_status(&self) -> bool {
        self.kind() == ErrorKind::OtherStatus
    }

    /// The HTTP status of the answer of Tryton's server, where it is what makes the error. The status that a web
    /// application answers with in turn is [`ErrorCategory::response_status`](crate::ErrorCategory::response_status).
    ///
    /// ```
    /// fn is_worth_a_page(error: &tryton_sdk::Error) -> bool {
    ///     error.http_status().is_some_and(|status| status >= 500)
    /// }
    /// ```
    pub fn http_status(&self) -> Option<u16> {
        match self.0.kind {
            Kind::Status(Status { code, .. }) => Some(code),
            Kind::TooComplex(TooComplex { status, .. }) => status,
            _ => None,
        }
    }

    /// How long the server, or a proxy in front of it, asks to wait before anything is sent again (`Retry-After`).
    ///
    /// Reading calls have waited for it already where it fits into `ClientBuilder::retry_within`. It does not say that
    /// a write has not happened: that is for [`is_outcome_unknown`](Self::is_outcome_unknown).
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// fn pause(error: &tryton_sdk::Error) -> Duration {
    ///     error.retry_after().unwrap_or(Duration::from_secs(60))
    /// }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        match self.0.kind {
            Kind::Status(Status { retry_after, .. }) => retry_after,
            _ => None,
        }
    }
}

impl Status {
    pub(super) fn is_passing(self) -> bool {
        matches!(self.code, 429 | 502 | 503 | 504)
    }

    /// A gateway answers these for a server that may still be at work, and a server may fail after it has committed.
    /// A `Retry-After` changes nothing: gateways send it as well for a server that they have lost in the middle of a call.
    pub(super) fn may_have_run(self) -> bool {
        self.code >= 500 && self.code != 501
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {})", self.sentence(), self.code)?;
        if let (413, Some(sent)) = (self.code, self.sent) {
            write!(f, "; {sent} bytes were sent")?;
        }
        match self.retry_after {
            Some(time) => write!(f, "; the server asks to wait {} s", time.as_secs()),
            None => Ok(()),
        }
    }
}
