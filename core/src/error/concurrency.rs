use std::fmt;

use super::{Error, ErrorKind};

/// Somebody else changed a record since it was read.
pub(super) struct Concurrency {
    pub(super) message: String,
}

impl Error {
    /// Whether somebody else changed a record since it was read. Read it again before deciding what to write.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_concurrency() { "reload the record" } else { "give up" }
    /// }
    /// ```
    pub fn is_concurrency(&self) -> bool {
        self.kind() == ErrorKind::Concurrency
    }
}

impl fmt::Display for Concurrency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the record was changed by somebody else in the meantime: {}", self.message)
    }
}
