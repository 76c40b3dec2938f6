//! Spawning tasks, and checking the runtime that they need.

use std::collections::VecDeque;
use std::net::UdpSocket;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument;

use tryton_sdk_core::{Error, Result};

/// Runtimes that are known to have timers.
static GOOD: Mutex<VecDeque<runtime::Id>> = Mutex::new(VecDeque::new());

/// So many of them are remembered.
const REMEMBERED: usize = 64;

/// The runtime that runs the caller, if it has timers.
pub(crate) fn runtime() -> Result<runtime::Id> {
    let id = Handle::try_current().map_err(|_| missing("there is none here"))?.id();
    let good = || GOOD.lock().unwrap_or_else(PoisonError::into_inner);
    if !good().contains(&id) {
        if !works(|| drop(tokio::time::sleep(Duration::ZERO))) {
            return Err(missing("this one has no timers"));
        }
        let mut good = good();
        good.truncate(REMEMBERED - 1);
        good.push_front(id);
    }
    Ok(id)
}

/// Makes sure that the runtime that runs the caller has I/O.
pub(crate) fn check_io() -> Result<()> {
    let register_socket = || {
        let socket = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.set_nonblocking(true).map(|()| socket));
        // Where no socket can be made, the error of the request says why.
        if let Ok(socket) = socket {
            let _ = tokio::net::UdpSocket::from_std(socket);
        }
    };
    if works(register_socket) { Ok(()) } else { Err(missing("this one has no I/O")) }
}

/// Tokio has no other way to ask what a runtime has.
fn works(use_it: impl FnOnce()) -> bool {
    catch_unwind(AssertUnwindSafe(use_it)).is_ok()
}

fn missing(what: &str) -> Error {
    Error::configuration(format!(
        "a client needs a Tokio runtime with timers and I/O, and {what}: call it within one, made by `#[tokio::main]`, \
         `#[tokio::test]` or `Builder::enable_all()`"
    ))
}

/// Runs work in its own task, so that it completes even if the caller is dropped or no longer polled.
pub(crate) async fn detached<T: Send + 'static>(work: impl Future<Output = Result<T>> + Send + 'static) -> Result<T> {
    runtime()?;
    tokio::spawn(work.in_current_span()).await.unwrap_or_else(|e| Err(not_done(e)))
}

/// The error of a task that has come to no outcome.
pub(crate) async fn lost(task: JoinHandle<()>) -> Error {
    task.await.map_or_else(not_done, |()| Error::cancelled())
}

/// The error of a task that was cancelled. A panic goes on here.
pub(crate) fn not_done(error: JoinError) -> Error {
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
