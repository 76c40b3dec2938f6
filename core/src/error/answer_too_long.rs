use std::fmt;

use super::{Error, ErrorKind, Kind};

/// An answer of more bytes than the client takes, of which nothing is kept.
pub(super) struct AnswerTooLong {
    url: String,
    limit: usize,
}

impl Error {
    /// The error that an answer is longer than the client takes. `limit` is in bytes.
    #[doc(hidden)]
    pub fn answer_too_long(url: &str, limit: usize) -> Self {
        Self::new(Kind::AnswerTooLong(AnswerTooLong { url: url.to_owned(), limit }))
    }

    /// Whether the answer has more bytes than `ClientBuilder::answer_limit` allows, as it comes or once it is inflated.
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
