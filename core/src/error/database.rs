use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The server has no such database, or cannot reach it.
pub(super) struct UnknownDatabase {
    database: String,
    detail: String,
}

impl Error {
    /// Creates the error for a database that the server does not have. `detail` is the server's explanation, which may be
    /// empty. For implementations of [`Connection`](crate::Connection).
    ///
    /// ```
    /// let error = tryton_sdk::Error::unknown_database("production", "");
    /// assert_eq!(error.to_string(), "the server has no database `production`");
    /// ```
    pub fn unknown_database(database: &str, detail: &str) -> Self {
        Self::new(Kind::UnknownDatabase(UnknownDatabase { database: database.to_owned(), detail: detail.to_owned() }))
    }

    /// Whether the server runs but has no database of this name, or cannot reach it.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_unknown_database() { "check TRYTON_DATABASE" } else { "see the log" }
    /// }
    /// ```
    pub fn is_unknown_database(&self) -> bool {
        self.kind() == ErrorKind::UnknownDatabase
    }
}

impl fmt::Display for UnknownDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server has no database `{}`", self.database)?;
        if !self.detail.is_empty() {
            write!(f, " ({})", self.detail)?;
        }
        Ok(())
    }
}
