use std::fmt;
use std::sync::Arc;

use super::{Error, ErrorKind, Inner, Kind};

/// What answered is no Tryton server, or something in front of it.
pub(super) struct NotTryton {
    /// Where it answers, as far as that is known.
    url: Option<String>,
    what: String,
}

impl Error {
    /// The error that something is not a Tryton server, for those who implement [`Connection`](crate::Connection).
    /// `what` is half a sentence.
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

    /// Says which URL it was that did not answer as Tryton does. Other errors stay as they are.
    pub fn answered_at(mut self, url: &str) -> Self {
        if let Some(Inner { kind: Kind::NotTryton(error), .. }) = Arc::get_mut(&mut self.0) {
            error.url.get_or_insert_with(|| url.to_owned());
        }
        self
    }

    /// Whether something answered that is not a Tryton server: another web server, or a proxy in front of Tryton.
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
