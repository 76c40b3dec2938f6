use std::fmt;
use std::time::Duration;

use super::too_complex::TooComplex;
use super::{Error, ErrorKind, Kind};

/// An HTTP status other than 200, from trytond or a proxy in front of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Status {
    code: u16,
    retry_after: Option<Duration>,
    /// How many bytes were sent, if that may be the reason.
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
    /// Whether something in front of the server, such as a proxy, requires a login of its own (401). An expired session
    /// is [`is_session_expired`](Self::is_session_expired).
    is_unauthorized, Unauthorized: 401 => "something in front of the server wants a login of its own";
    /// Whether the server does not expose the method to its clients (403). A new login would not help.
    is_forbidden, Forbidden: 403 => "the server does not expose this method to its clients";
    /// Whether the server has no such model, method or page (404): one of its modules is missing, or the URL is wrong. A
    /// missing record is [`is_none_found`](Self::is_none_found).
    is_unknown_method, UnknownMethod: 404 => "the server has no such model, method or page";
    /// Whether the request asks for more records than the server allows at once, or is larger than the server, or a proxy
    /// in front of it, accepts (413). The message says how many bytes were sent.
    is_too_large, TooLarge: 413 => "the request asks for more records than the server allows in one, or is itself too long";
    /// Whether the server could not process the parameters (422): a missing context, a repeated id.
    is_unprocessable, Unprocessable: 422 => "the server could make nothing of the parameters";
    /// Whether there were too many requests or failed logins (429). Wait before trying again.
    ///
    /// The call was not executed, not even a write, and has been retried as configured by `ClientBuilder::retries`.
    is_rate_limited, RateLimited: 429 => "too many requests or failed logins, nobody is let in for a while";
    /// Whether the server failed without an explanation (500).
    is_internal, Internal: 500 => "the server failed; its log says why";
    /// Whether the server has this service switched off (501).
    is_not_enabled, NotEnabled: 501 => "the server has this service switched off";
    /// Whether the server, its database or a gateway is temporarily unavailable (502, 503).
    is_unavailable, Unavailable: 502 | 503 => "the server or its database is not available for the moment";
    /// Whether the server gave up because the call took longer than its own limit (504).
    is_server_timeout, ServerTimeout: 504 => "the call took longer than the server allows";
    /// Whether the server rejected the format of the request (400, 405, 415), for example because of a wrong URL.
    is_refused, Refused: 400 | 405 | 415 => "the server refused the form of the request";
}

impl Error {
    /// Creates the error for a response with this HTTP status. `retry_after` is the pause that the server asks for. For
    /// implementations of [`Connection`](crate::Connection).
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

    /// The same for a request with a body of this many bytes.
    pub(super) fn status_after(code: u16, retry_after: Option<Duration>, sent: usize) -> Self {
        Self::new(Kind::Status(Status { code, retry_after, sent: Some(sent) }))
    }

    /// Whether the response has an HTTP status that no other kind covers.
    ///
    /// ```
    /// assert!(tryton_sdk::Error::status(418, None).is_other_status());
    /// ```
    pub fn is_other_status(&self) -> bool {
        self.kind() == ErrorKind::OtherStatus
    }

    /// Returns the HTTP status of Tryton's response, if it is the cause of the error. For the status of a web
    /// application's own response, see [`ErrorCategory::response_status`](crate::ErrorCategory::response_status).
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

    /// Returns how long the server, or a proxy in front of it, asks to wait before the next request (`Retry-After`).
    ///
    /// Reads have already waited for it if it fits into `ClientBuilder::retry_within`. It does not mean that a write has
    /// not happened: see [`is_outcome_unknown`](Self::is_outcome_unknown).
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

    /// A gateway returns these statuses for a server that may still be working, and a server may fail after its commit. A
    /// `Retry-After` does not change that: gateways also send it when they lose the server during a call.
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
