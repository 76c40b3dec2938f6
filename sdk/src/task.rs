use tracing::Instrument;

use tryton_sdk_core::{Error, Result};

/// Runs what others may wait for in a task of its own: a caller that is no longer polled, or is dropped, holds up nobody.
pub(crate) async fn detached<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    match tokio::spawn(work.in_current_span()).await {
        Ok(result) => result,
        Err(e) if e.is_panic() => std::panic::resume_unwind(e.into_panic()),
        Err(_) => Err(Error::cancelled()),
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn a_runtime_that_is_shut_down_cancels() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let guard = runtime.enter();
        let mut waiting = Box::pin(detached(std::future::pending::<Result<()>>()));
        assert!((&mut waiting).now_or_never().is_none());
        drop(guard);
        drop(runtime);
        let error = waiting.now_or_never().expect("its task is gone").expect_err("nothing was done");
        assert!(error.is_cancelled() && !error.is_retryable(), "{error}");
    }
}
