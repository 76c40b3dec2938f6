//! Which calls are retried, how often, and after which pause.

use std::time::{Duration, Instant};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use tryton_sdk_core::{Error, Result};

use super::observe::{self, Tracked};

/// The limits of retries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Retry {
    pub(super) retries: usize,
    /// No retry starts later than this after the call.
    pub(super) within: Duration,
}

/// A server that responds with 429 and no time, as trytond does, still needs a pause.
const BREATH: Duration = Duration::from_secs(1);

impl Retry {
    /// Makes a call until it succeeds, as often as its errors and `may_repeat` allow.
    pub(super) async fn run<T, F>(
        self,
        call: Tracked<'_>,
        may_repeat: impl Fn(&Error) -> bool,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let mut repetitions = self.begin();
        loop {
            let error = match attempt().await {
                Ok(answer) => return Ok(answer),
                Err(error) => error.about(call.subject()),
            };
            let wait = repetitions.after(&error).filter(|_| may_repeat(&error));
            let Some(wait) = wait else { return Err(given_up(error)) };
            observe::repetition(call, &error, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Returns the retries of a call that starts now.
    fn begin(self) -> Repetitions {
        let waits = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(100))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(self.retries)
            .with_jitter()
            .build();
        Repetitions { waits, began: Instant::now(), within: self.within }
    }
}

struct Repetitions {
    /// 100 ms, then twice as long each time, with jitter.
    waits: ExponentialBackoff,
    began: Instant,
    within: Duration,
}

impl Repetitions {
    /// Returns how long to wait before the next retry, or `None` if the call fails with this error.
    fn after(&mut self, error: &Error) -> Option<Duration> {
        if !is_worth_it(error) {
            return None;
        }
        // Clients that were told the same time must not all return at the same moment.
        let asked = error.retry_after().unwrap_or(if error.is_rate_limited() { BREATH } else { Duration::ZERO });
        let wait = self.waits.next()?.saturating_add(asked);
        (wait <= self.within.saturating_sub(self.began.elapsed())).then_some(wait)
    }
}

/// Adds to an error that retries did not help, if its own text does not say so.
fn given_up(error: Error) -> Error {
    if error.is_rate_limited() { error.noting("it was repeated as often as the client may") } else { error }
}

/// Returns whether a retry may help. A call that exceeded a time limit, the client's or the server's, would exceed it
/// again.
fn is_worth_it(error: &Error) -> bool {
    error.is_retryable() && !error.is_timed_out() && !error.is_server_timeout()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repetitions_end_with_their_number_their_time_or_what_the_server_asks_for() {
        let retry = Retry { retries: 2, within: Duration::from_secs(30) };
        let unavailable = |seconds| Error::status(503, Some(Duration::from_secs(seconds)));

        let mut repetitions = retry.begin();
        let first = repetitions.after(&unavailable(0)).expect("the first");
        assert!((100..=200).contains(&first.as_millis()), "{first:?}");
        let second = repetitions.after(&unavailable(7)).expect("the second");
        assert!((7_200..=7_400).contains(&second.as_millis()), "{second:?}");
        assert_eq!(repetitions.after(&unavailable(0)), None, "both are used up");

        assert_eq!(retry.begin().after(&unavailable(30)), None, "it would be too late");
        assert_eq!(retry.begin().after(&unavailable(u64::MAX)), None);
        assert_eq!(Retry { within: Duration::ZERO, ..retry }.begin().after(&unavailable(0)), None);
        assert_eq!(retry.begin().after(&Error::status(500, None)), None);
        let too_complex = Error::status_page(503, None, 2_000_000, "<p>too many SQL variables</p>");
        assert_eq!(retry.begin().after(&too_complex), None, "it would be as much the next time");

        let breath = retry.begin().after(&Error::status(429, None)).expect("it was not executed");
        assert!((1_100..=1_200).contains(&breath.as_millis()), "{breath:?}");
        let told = retry.begin().after(&Error::status(429, Some(Duration::ZERO))).expect("it was not executed");
        assert!((100..=200).contains(&told.as_millis()), "{told:?}");
    }
}
