use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A search for exactly one record found none or several.
pub(super) struct NotOne {
    found: u64,
}

impl NotOne {
    pub(super) fn kind(&self) -> ErrorKind {
        if self.found == 0 { ErrorKind::NoneFound } else { ErrorKind::SeveralFound }
    }
}

impl Error {
    /// Creates the error for a search that found no record, or several, instead of one.
    #[doc(hidden)]
    pub fn not_one(found: u64) -> Self {
        Self::new(Kind::NotOne(NotOne { found }))
    }

    /// Whether a search for exactly one record found none.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Client, Result};
    ///
    /// /// The name of the party with this code, if there is one. It is an error if there are several.
    /// async fn name(tryton: &Client, code: &str) -> Result<Option<String>> {
    ///     match Party::search().filter(Party::F.code.is(code)).select(Party::F.name).one(tryton).await {
    ///         Err(error) if error.is_none_found() => Ok(None),
    ///         name => name,
    ///     }
    /// }
    /// ```
    pub fn is_none_found(&self) -> bool {
        self.kind() == ErrorKind::NoneFound
    }

    /// Whether a search for exactly one record found several; [`found_count`](Self::found_count) returns their number.
    ///
    /// ```
    /// fn is_ambiguous(error: &tryton_sdk::Error) -> bool {
    ///     error.is_several_found()
    /// }
    /// ```
    pub fn is_several_found(&self) -> bool {
        self.kind() == ErrorKind::SeveralFound
    }

    /// Returns the number of records found instead of one: zero ([`is_none_found`](Self::is_none_found)), or more than
    /// one ([`is_several_found`](Self::is_several_found)).
    pub fn found_count(&self) -> Option<u64> {
        match &self.0.kind {
            Kind::NotOne(not_one) => Some(not_one.found),
            _ => None,
        }
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
