//! Which calls are made again, how often, and after how long.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::error::Error;

#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    pub(super) retries: usize,
}

impl Retry {
    /// The waits before each repetition: 100 ms, then twice as long each time, with jitter.
    pub(super) fn delays(self) -> impl Iterator<Item = Duration> {
        ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(self.retries)
            .with_jitter()
            .build()
    }
}

/// A limit that was reached once, the client's or the server's, would be reached again.
pub(super) fn is_worth_it(error: &Error) -> bool {
    error.is_retryable() && !error.is_timed_out() && !error.is_server_timeout() && !error.is_rate_limited()
}
