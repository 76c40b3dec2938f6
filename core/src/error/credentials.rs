use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The server rejected the login name or the password.
pub(super) struct BadCredentials {
    login: String,
    database: String,
}

impl Error {
    /// Creates the error for a rejected login. For implementations of [`Connection`](crate::Connection).
    ///
    /// ```
    /// let error = tryton_sdk::Error::bad_credentials("anna", "production");
    /// assert!(error.is_bad_credentials());
    /// ```
    pub fn bad_credentials(login: &str, database: &str) -> Self {
        Self::new(Kind::BadCredentials(BadCredentials { login: login.to_owned(), database: database.to_owned() }))
    }

    /// Whether the server rejected the login name or the password. The login is not retried.
    ///
    /// ```
    /// fn ask_again(error: &tryton_sdk::Error) -> bool {
    ///     error.is_bad_credentials()
    /// }
    /// ```
    pub fn is_bad_credentials(&self) -> bool {
        self.kind() == ErrorKind::BadCredentials
    }
}

impl fmt::Display for BadCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { login, database } = self;
        write!(f, "the server refused the login `{login}` to the database `{database}`: wrong user name or password")
    }
}
