use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The runtime cancelled the task that made the call.
pub(super) struct Cancelled;

impl Error {
    /// Creates the error for a runtime that was shut down before the response came. For implementations of
    /// [`Connection`](crate::Connection).
    ///
    /// ```
    /// assert!(tryton_sdk::Error::cancelled().is_cancelled());
    /// ```
    pub fn cancelled() -> Self {
        Self::new(Kind::Cancelled(Cancelled))
    }

    /// Whether the Tokio runtime was shut down while a call waited for its session or for a shared response. A write in
    /// this state has not been sent.
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
