use super::{Error, ErrorKind};

/// How to react to a failed call: the few cases that an application distinguishes.
///
/// ```
/// use tryton_sdk::{Error, ErrorCategory};
///
/// /// The status and the text of a web application's own response.
/// fn response(error: &Error) -> (u16, String) {
///     let category = error.category();
///     let text = match category {
///         ErrorCategory::Refused | ErrorCategory::Question => error.user_message().unwrap_or_default().to_owned(),
///         ErrorCategory::Conflict => "Somebody else has changed this. Please reload.".to_owned(),
///         ErrorCategory::NotFound => "There is no such thing.".to_owned(),
///         ErrorCategory::Unavailable => "Please try again later.".to_owned(),
///         _ => "Something went wrong.".to_owned(),
///     };
///     (category.response_status(), text)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCategory {
    /// The server refused, with a reason written for users: show [`user_message`](Error::user_message).
    Refused,
    /// The server has a question. Ask the user; then `Client::accept` the [`warning`](Error::warning) and repeat the
    /// call, or log in with the answer to the [`login_challenge`](Error::login_challenge).
    Question,
    /// Somebody else changed the record since it was read: read it again, and let the user decide.
    Conflict,
    /// The requested record does not exist: inform the user.
    NotFound,
    /// The server does not know this user, this password or this session: show the login form.
    LoginRequired,
    /// A temporary failure: repeat the same call later. That is safe.
    Unavailable,
    /// The write may or may not have happened: check before repeating it.
    OutcomeUnknown,
    /// The settings are wrong, or something between the client and the server is: a matter for the operator of the
    /// application.
    Misconfigured,
    /// The call is wrong, or does not fit this server: fix the program.
    CallerFault,
    /// The server failed. Its log, or the [`traceback`](Error::traceback), says why.
    ServerFault,
}

impl ErrorCategory {
    /// The HTTP status for a web application's own response.
    ///
    /// This is not the status of Tryton's response: that is [`Error::http_status`], and most errors have none.
    ///
    /// | category | status |
    /// |---|---|
    /// | `Refused` | 422 |
    /// | `Question` | 428 |
    /// | `Conflict` | 409 |
    /// | `NotFound` | 404 |
    /// | `LoginRequired` | 401 |
    /// | `Unavailable` | 503 |
    /// | `OutcomeUnknown`, `Misconfigured`, `CallerFault` | 500 |
    /// | `ServerFault` | 502 |
    ///
    /// ```
    /// use tryton_sdk::ErrorCategory;
    ///
    /// assert_eq!(ErrorCategory::Conflict.response_status(), 409);
    /// // Proxies and clients retry after 502, 503 or 504.
    /// assert_eq!(ErrorCategory::OutcomeUnknown.response_status(), 500);
    /// ```
    pub fn response_status(self) -> u16 {
        match self {
            Self::Refused => 422,
            Self::Question => 428,
            Self::Conflict => 409,
            Self::NotFound => 404,
            Self::LoginRequired => 401,
            Self::Unavailable => 503,
            Self::OutcomeUnknown | Self::Misconfigured | Self::CallerFault => 500,
            Self::ServerFault => 502,
        }
    }
}

impl Error {
    /// How to react to the error. [`ErrorCategory`] has an example.
    ///
    /// A write that may or may not have happened is [`OutcomeUnknown`](ErrorCategory::OutcomeUnknown), whatever its kind.
    pub fn category(&self) -> ErrorCategory {
        if self.is_outcome_unknown() {
            return ErrorCategory::OutcomeUnknown;
        }
        match self.kind() {
            ErrorKind::UserError => ErrorCategory::Refused,
            ErrorKind::Warning | ErrorKind::LoginChallenge => ErrorCategory::Question,
            ErrorKind::Concurrency => ErrorCategory::Conflict,
            ErrorKind::NoneFound => ErrorCategory::NotFound,
            ErrorKind::BadCredentials | ErrorKind::SessionExpired => ErrorCategory::LoginRequired,
            ErrorKind::CacheUnavailable
            | ErrorKind::Cancelled
            | ErrorKind::Interrupted
            | ErrorKind::RateLimited
            | ErrorKind::ServerTimeout
            | ErrorKind::TimedOut
            | ErrorKind::Unavailable
            | ErrorKind::Unreachable => ErrorCategory::Unavailable,
            ErrorKind::Configuration
            | ErrorKind::NotEnabled
            | ErrorKind::NotTryton
            | ErrorKind::Refused
            | ErrorKind::Unauthorized
            | ErrorKind::UnknownDatabase
            | ErrorKind::Untrusted => ErrorCategory::Misconfigured,
            ErrorKind::AnswerTooLong
            | ErrorKind::Decode
            | ErrorKind::Forbidden
            | ErrorKind::InvalidRequest
            | ErrorKind::SeveralFound
            | ErrorKind::TooComplex
            | ErrorKind::TooLarge
            | ErrorKind::UnknownField
            | ErrorKind::UnknownModel
            | ErrorKind::UnknownMethod
            | ErrorKind::Unprocessable => ErrorCategory::CallerFault,
            ErrorKind::Expression | ErrorKind::Internal | ErrorKind::OtherStatus | ErrorKind::ServerException => {
                ErrorCategory::ServerFault
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Trouble;
    use crate::subject::Subject;

    #[test]
    fn a_write_that_may_have_happened_is_in_no_category_that_is_repeated() {
        let interrupted = || Error::network("http://erp.test", Trouble::Interrupted);
        for error in [interrupted(), Error::status(503, None), Error::status(500, None)] {
            assert_eq!(error.about(&Subject::new("model.sale.sale.write")).category(), ErrorCategory::OutcomeUnknown);
        }
        let read = interrupted().about(&Subject::new("model.sale.sale.read"));
        assert_eq!(read.category(), ErrorCategory::Unavailable);
        // It was not executed.
        let limited = Error::status(429, None).about(&Subject::new("model.sale.sale.write"));
        assert_eq!(limited.category(), ErrorCategory::Unavailable);
    }

    #[test]
    fn what_is_retryable_is_unavailable() {
        for code in 400..600 {
            let error = Error::status(code, None);
            assert!(!error.is_retryable() || error.category() == ErrorCategory::Unavailable, "{error}");
        }
    }
}
