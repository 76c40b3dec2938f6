use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The server does not know the session, and there are no credentials to log in with again.
pub(super) struct SessionExpired;

impl Error {
    /// The error that the server refuses the session, for those who implement [`Connection`](crate::Connection).
    ///
    /// ```
    /// assert!(tryton_sdk::Error::session_expired().is_session_expired());
    /// ```
    pub fn session_expired() -> Self {
        Self::new(Kind::SessionExpired(SessionExpired))
    }

    /// Whether the server refused the session and a new login could not, or did not, help.
    ///
    /// A client that has credentials logs in again by itself, once, before this error is seen.
    ///
    /// ```
    /// fn show_login_form(error: &tryton_sdk::Error) -> bool {
    ///     error.is_session_expired() || error.is_bad_credentials()
    /// }
    /// ```
    pub fn is_session_expired(&self) -> bool {
        self.kind() == ErrorKind::SessionExpired
    }
}

impl fmt::Display for SessionExpired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server refused the session: it has expired or was never valid")
    }
}
