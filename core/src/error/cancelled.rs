use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The runtime ended the task that worked for the call.
pub(super) struct Cancelled;

impl Error {
    /// The error that the runtime ended before there was an answer, for those who implement
    /// [`Connection`](crate::Connection).
    ///
    /// ```
    /// assert!(tryton_sdk::Error::cancelled().is_cancelled());
    /// ```
    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled(Cancelled))
    }

    /// Whether the Tokio runtime was shut down while a call waited for its session or for an answer that it shares with
    /// others. A write that was to be made has not been sent.
    ///
    /// ```
    /// fn is_worth_logging(error: &tryton_sdk::Error) -> bool {
    ///     !error.is_cancelled()
    /// }
    /// ```
    pub fn is_cancelled(&self) -> bool {
        self.kind() == ErrorKind::Cancelled
    }
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the runtime was shut down before there was an answer")
    }
}
