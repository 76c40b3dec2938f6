use std::fmt;

use super::{Error, Kind};

/// What answered is no Tryton server, or something in front of it.
pub(super) struct NotTryton {
    url: String,
    what: String,
}

impl Error {
    pub(crate) fn not_tryton(url: &str, what: impl Into<String>) -> Self {
        Self::new(Kind::NotTryton(NotTryton { url: url.to_owned(), what: what.into() }))
    }

    /// Whether something answered that is not a Tryton server: another web server, or a proxy in front of Tryton.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_not_tryton() { "check TRYTON_RPC_URL" } else { "see the log" }
    /// }
    /// ```
    pub fn is_not_tryton(&self) -> bool {
        matches!(self.0.kind, Kind::NotTryton(_))
    }
}

impl fmt::Display for NotTryton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what answers at {} is not a Tryton server: {}", self.url, self.what)
    }
}
