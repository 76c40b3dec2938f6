use std::fmt;
use std::sync::Arc;

use super::{Error, ErrorKind, Inner, Kind};

/// The response is not that of a Tryton server.
pub(super) struct NotTryton {
    /// The URL, if known.
    url: Option<String>,
    what: String,
}

impl Error {
    /// Creates the error for a response that is not that of a Tryton server. `what` is half a sentence. For
    /// implementations of [`Connection`](crate::Connection).
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// let error = Error::not_tryton("it answers in HTML").answered_at("https://erp.example.com");
    /// let sentence = "what answers at https://erp.example.com is not a Tryton server: it answers in HTML";
    /// assert_eq!(error.to_string(), sentence);
    /// ```
    pub fn not_tryton(what: impl Into<String>) -> Self {
        Self::new(Kind::NotTryton(NotTryton { url: None, what: what.into() }))
    }

    /// Adds the URL to an error of this kind. Other errors stay as they are.
    pub fn answered_at(mut self, url: &str) -> Self {
        if let Some(Inner { kind: Kind::NotTryton(error), .. }) = Arc::get_mut(&mut self.0) {
            error.url.get_or_insert_with(|| url.to_owned());
        }
        self
    }

    /// Whether the response came from something other than a Tryton server: another web server, or a proxy in front of
    /// Tryton.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_not_tryton() { "check TRYTON_RPC_URL" } else { "see the log" }
    /// }
    /// ```
    pub fn is_not_tryton(&self) -> bool {
        self.kind() == ErrorKind::NotTryton
    }
}

impl fmt::Display for NotTryton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, what } = self;
        match url {
            Some(url) => write!(f, "what answers at {url} is not a Tryton server: {what}"),
            None => write!(f, "what answers is not a Tryton server: {what}"),
        }
    }
}
