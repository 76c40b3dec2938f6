use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The server rejected the session, and there are no credentials for a new login.
pub(super) struct SessionExpired;

impl Error {
    /// Creates the error for a rejected session. For implementations of [`Connection`](crate::Connection).
    ///
    /// ```
    /// assert!(tryton_sdk::Error::session_expired().is_session_expired());
    /// ```
    pub fn session_expired() -> Self {
        Self::new(Kind::SessionExpired(SessionExpired))
    }

    /// Whether the server rejected the session, and a new login was impossible or did not help.
    ///
    /// A client with credentials logs in again by itself, once, before it returns this error.
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
