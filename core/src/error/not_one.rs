use std::fmt;

use super::{Error, Kind};

/// A search that was to find exactly one record found another number of them.
pub(super) struct NotOne {
    found: u64,
}

impl Error {
    /// The error that a search found no record, or several, where one was expected.
    pub fn not_one(found: u64) -> Self {
        Self::new(Kind::NotOne(NotOne { found }))
    }

    /// Whether a search that was to find exactly one record found none or several; the message says how many.
    ///
    /// ```
    /// fn is_missing_or_ambiguous(error: &tryton_sdk::Error) -> bool {
    ///     error.is_not_one()
    /// }
    /// ```
    pub fn is_not_one(&self) -> bool {
        matches!(self.0.kind, Kind::NotOne(_))
    }
}

impl fmt::Display for NotOne {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.found {
            0 => f.write_str("expected exactly one record, found none"),
            found => write!(f, "expected exactly one record, found {found}"),
        }
    }
}
