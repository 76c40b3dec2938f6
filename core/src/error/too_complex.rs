use std::fmt;

use super::exception::Exception;
use super::{Error, ErrorKind, Kind};

/// A query that is too large or too deeply nested for the server or its database.
pub(super) struct TooComplex {
    /// The server's own words.
    pub(super) exception: Exception,
    /// The HTTP status, if there was one.
    pub(super) status: Option<u16>,
    /// The size of the request in bytes, if known.
    pub(super) sent: Option<usize>,
}

/// The messages of SQLite and PostgreSQL.
const WORDS: [&str; 5] = [
    "Expression tree is too large",
    "too many SQL variables",
    "parser stack overflow",
    "too many terms in compound SELECT",
    "stack depth limit exceeded",
];

/// Finds the message of a database that cannot run the query, and its place in the text.
pub(super) fn words(text: &str) -> Option<&str> {
    let begin = WORDS.iter().find_map(|words| text.find(words))?;
    // A page goes on with its markup.
    text[begin..].split(['<', '\n']).next().map(str::trim_end)
}

impl Error {
    /// Turns the server's bare exception into this error. Other errors stay as they are.
    pub(crate) fn of_query(self) -> Self {
        let Kind::Exception(exception) = &self.0.kind else { return self };
        let exception = exception.clone();
        Self::new(Kind::TooComplex(TooComplex { exception, status: None, sent: None }))
    }

    /// Whether the query has too many conditions or values, or nests them too deeply, for the server or its database. The
    /// same query always fails. Nothing was changed.
    ///
    /// SQLite accepts 1,000 conditions in one `or`, 250,000 values, and about 30 nested levels of `or` and `and`;
    /// PostgreSQL accepts more of each. Split the query.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_too_complex() { "search for fewer codes at a time" } else { "see the log" }
    /// }
    /// ```
    pub fn is_too_complex(&self) -> bool {
        self.kind() == ErrorKind::TooComplex
    }

    /// Creates the error for an HTTP status and its page: like [`status`](Self::status), with the number of bytes sent,
    /// and with the page's message if it is more specific than the status. For implementations of
    /// [`Connection`](crate::Connection).
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// let page = "<h1>Service Unavailable</h1><p>too many SQL variables</p>";
    /// let error = Error::status_page(503, None, 2_000_000, page);
    /// assert!(error.is_too_complex() && !error.is_retryable());
    /// assert!(Error::status_page(503, None, 80, "<p>database is locked</p>").is_unavailable());
    /// ```
    pub fn status_page(code: u16, retry_after: Option<std::time::Duration>, sent: usize, page: &str) -> Self {
        match words(page).filter(|_| code == 503) {
            Some(words) => {
                let exception = Exception::new(words.to_owned(), String::new());
                Self::new(Kind::TooComplex(TooComplex { exception, status: Some(code), sent: Some(sent) }))
            }
            None => Self::status_after(code, retry_after, sent),
        }
    }
}

impl fmt::Display for TooComplex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exception, sent, .. } = self;
        write!(
            f,
            "the server or its database cannot run this query, which has too many conditions or values or nests them too \
             deeply: {}",
            exception.text
        )?;
        match sent {
            Some(sent) => write!(f, "; {sent} bytes were sent"),
            None => Ok(()),
        }
    }
}
