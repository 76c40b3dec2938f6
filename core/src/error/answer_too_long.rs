use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A response longer than the client accepts. It is discarded.
pub(super) struct AnswerTooLong {
    url: String,
    limit: usize,
}

impl Error {
    /// Creates the error for a response that is longer than the client accepts. `limit` is in bytes.
    #[doc(hidden)]
    pub fn answer_too_long(url: &str, limit: usize) -> Self {
        Self::new(Kind::AnswerTooLong(AnswerTooLong { url: url.to_owned(), limit }))
    }

    /// Whether the response has more bytes than `ClientBuilder::answer_limit` allows, compressed or decompressed.
    ///
    /// ```
    /// fn page(error: &tryton_sdk::Error, page: u64) -> u64 {
    ///     if error.is_answer_too_long() { page / 2 } else { page }
    /// }
    /// ```
    pub fn is_answer_too_long(&self) -> bool {
        self.kind() == ErrorKind::AnswerTooLong
    }
}

impl fmt::Display for AnswerTooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, limit } = self;
        write!(
            f,
            "the answer of {url} is longer than {limit} bytes (`answer_limit`, TRYTON_ANSWER_LIMIT); ask for fewer records at a time"
        )
    }
}
