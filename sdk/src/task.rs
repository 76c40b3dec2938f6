use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

use tryton_sdk_core::{Error, Result};

/// Runs what is to be brought to its end in a task of its own, even where the caller is dropped or no longer polled.
pub(crate) async fn detached<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    tokio::spawn(work.in_current_span()).await.unwrap_or_else(|e| Err(not_done(e)))
}

/// Why a task has come to no outcome. Its panic goes on here.
pub(crate) async fn lost(task: JoinHandle<()>) -> Error {
    task.await.map_or_else(not_done, |()| Error::cancelled())
}

fn not_done(error: JoinError) -> Error {
    if error.is_panic() { std::panic::resume_unwind(error.into_panic()) } else { Error::cancelled() }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::FutureExt;

    use super::*;
    use crate::flight::Flights;

    #[test]
    fn a_runtime_that_is_shut_down_cancels() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        let guard = runtime.enter();
        let flights: Arc<Flights<()>> = Flights::new();
        let mut waiting = Box::pin(detached(std::future::pending::<Result<()>>()));
        let mut flying = Box::pin(flights.join("key", std::future::pending));
        assert!((&mut waiting).now_or_never().is_none() && (&mut flying).now_or_never().is_none());
        drop(guard);
        drop(runtime);
        for outcome in [waiting.now_or_never(), flying.now_or_never()] {
            let error = outcome.expect("its task is gone").expect_err("nothing was done");
            assert!(error.is_cancelled() && !error.is_retryable(), "{error}");
        }
    }
}
