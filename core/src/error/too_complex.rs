use std::fmt;

use super::exception::Exception;
use super::{Error, ErrorKind, Kind};

/// The server or its database cannot run a query as large, or as deeply nested, as this.
pub(super) struct TooComplex {
    /// The server's own words.
    pub(super) exception: Exception,
    /// The HTTP status, where the words came with one.
    pub(super) status: Option<u16>,
    /// The bytes of the request, as far as they are known.
    pub(super) sent: Option<usize>,
}

/// How SQLite and PostgreSQL say it.
const WORDS: [&str; 5] = [
    "Expression tree is too large",
    "too many SQL variables",
    "parser stack overflow",
    "too many terms in compound SELECT",
    "stack depth limit exceeded",
];

/// Whether the server says that it cannot run the query at all, and where in its text.
pub(super) fn words(text: &str) -> Option<&str> {
    let begin = WORDS.iter().find_map(|words| text.find(words))?;
    // A page goes on with its markup.
    text[begin..].split(['<', '\n']).next().map(str::trim_end)
}

impl Error {
    /// Makes this error out of the server's bare exception. Other errors stay as they are.
    pub(crate) fn of_query(self) -> Self {
        let Kind::Exception(exception) = &self.0.kind else { return self };
        let exception = exception.clone();
        Self::new(Kind::TooComplex(TooComplex { exception, status: None, sent: None }))
    }

    /// Whether the server, or its database, cannot run the query: it has too many conditions or values, or they are too
    /// deeply nested. The same query fails each time. Nothing was changed.
    ///
    /// SQLite takes 1,000 conditions in one `or` and 250,000 values, and some 30 levels of `or` and `and` in each other;
    /// PostgreSQL takes more of each. Ask for less at a time.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_too_complex() { "search for fewer codes at a time" } else { "see the log" }
    /// }
    /// ```
    pub fn is_too_complex(&self) -> bool {
        self.kind() == ErrorKind::TooComplex
    }

    /// The error that a page with a status stands for, for those who implement [`Connection`](crate::Connection): as
    /// [`status`](Self::status), with the number of bytes that were sent, and with what the page says where that is known
    /// to be more than the status.
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
