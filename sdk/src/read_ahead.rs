//! Reading the next records while the program works on the current ones.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::stream::{StreamExt as _, unfold};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinHandle;
use tracing::Instrument;
use tryton_sdk_core::Result;

use crate::task::{self, not_done};

/// Reads a stream in its own task, so that the next page arrives while the program works on the current one. The stream
/// is a [`RecordStream`](crate::RecordStream) or [`Changes`](crate::Changes).
///
/// Up to `records` records are buffered, in addition to those in the stream itself. With the
/// [`page_size`](crate::Search::page_size) of the search, the next page is requested as soon as one has arrived, and two
/// pages are in memory. The requests are the same, in the same order; a stream that is dropped early may have requested
/// one more page.
///
/// No request is made before it is polled. Dropping it ends the task.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::read_ahead;
///
/// # async fn write(name: Option<String>) {}
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let names = Party::search().page_size(500).select(Party::F.rec_name).stream(&tryton);
/// let mut names = read_ahead(names, 500);
/// while let Some(name) = names.next().await {
///     write(name?).await; // meanwhile the next page comes
/// }
/// # Ok(())
/// # }
/// ```
pub fn read_ahead<T: Send + 'static>(
    stream: impl Stream<Item = Result<T>> + Send + 'static,
    records: usize,
) -> ReadAhead<T> {
    let waiting = State::Waiting(stream, records.max(1));
    ReadAhead(Box::pin(unfold(waiting, State::next).fuse()))
}

/// A stream that is read in its own task, made by [`read_ahead`].
///
/// It is a [`Stream`], for the combinators of the crate `futures-util`; its own [`next`](Self::next) needs no crate.
#[must_use = "a stream makes no request until it is polled"]
pub struct ReadAhead<T>(Pin<Box<dyn Stream<Item = Result<T>> + Send>>);

impl<T> ReadAhead<T> {
    /// Returns the next record, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of the stream; [`is_configuration`](crate::Error::is_configuration) outside of a Tokio runtime, and
    /// [`is_cancelled`](crate::Error::is_cancelled) if the runtime is shut down.
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.0.next().await
    }
}

impl<T> Stream for ReadAhead<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl<T> fmt::Debug for ReadAhead<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadAhead")
    }
}

enum State<S, T> {
    Waiting(S, usize),
    Running(Receiver<Result<T>>, Task),
    Over,
}

impl<S, T> State<S, T>
where
    S: Stream<Item = Result<T>> + Send + 'static,
    T: Send + 'static,
{
    async fn next(self) -> Option<(Result<T>, Self)> {
        let (mut records, mut task) = match self {
            Self::Waiting(stream, count) => match begin(stream, count) {
                Ok(running) => running,
                Err(error) => return Some((Err(error), Self::Over)),
            },
            Self::Running(records, task) => (records, task),
            Self::Over => return None,
        };
        match records.recv().await {
            Some(record) => Some((record, Self::Running(records, task))),
            None => match (&mut task.0).await {
                Ok(()) => None,
                Err(error) => Some((Err(not_done(error)), Self::Over)),
            },
        }
    }
}

fn begin<T: Send + 'static>(
    stream: impl Stream<Item = Result<T>> + Send + 'static,
    count: usize,
) -> Result<(Receiver<Result<T>>, Task)> {
    task::runtime()?;
    let (sender, receiver) = channel(count);
    let work = async move {
        let mut stream = std::pin::pin!(stream);
        while let Some(record) = stream.next().await {
            if sender.send(record).await.is_err() {
                break;
            }
        }
    };
    Ok((receiver, Task(tokio::spawn(work.in_current_span()))))
}

/// It ends when its receiver is gone.
struct Task(JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::FutureExt as _;
    use futures_util::stream::iter;
    use tryton_sdk_core::Error;

    use super::*;

    fn counted(read: &Arc<AtomicUsize>) -> impl Stream<Item = Result<usize>> + Send + 'static {
        let read = Arc::clone(read);
        iter(0..100).map(move |n| {
            read.fetch_add(1, Ordering::SeqCst);
            if n == 50 { Err(Error::cancelled()) } else { Ok(n) }
        })
    }

    async fn others_run() {
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn it_is_ahead_by_so_many_records_and_gives_them_all_in_order() {
        let read = Arc::default();
        let mut ahead = read_ahead(counted(&read), 7);
        others_run().await;
        assert_eq!(read.load(Ordering::SeqCst), 0, "nothing is read before it is polled");
        for n in 0..100 {
            let item = ahead.next().await.expect("an item");
            others_run().await;
            // One more waits for its place.
            assert_eq!(read.load(Ordering::SeqCst), (n + 1 + 7 + 1).min(100));
            assert_eq!(item.ok(), (n != 50).then_some(n));
        }
        assert!(ahead.next().await.is_none());
    }

    #[tokio::test]
    async fn its_task_ends_when_it_is_dropped() {
        let read = Arc::new(AtomicUsize::new(0));
        let stuck = counted(&read).take(1).chain(futures_util::stream::once(std::future::pending()));
        let mut ahead = read_ahead(stuck, 7);
        assert!(ahead.next().await.is_some());
        drop(ahead);
        others_run().await;
        assert_eq!(Arc::strong_count(&read), 1, "the stream is dropped");
    }

    #[tokio::test]
    #[should_panic = "on its own"]
    async fn a_panic_of_the_stream_goes_on() {
        let mut ahead = read_ahead(iter([()]).map(|()| -> Result<()> { panic!("on its own") }), 1);
        ahead.next().await;
    }

    #[test]
    fn without_a_runtime_it_is_an_error() {
        let mut ahead = read_ahead(iter([Ok(1)]), 1);
        let error = ahead.next().now_or_never().expect("no wait").expect("an item").expect_err("no runtime");
        assert!(error.is_configuration(), "{error}");
        assert!(ahead.next().now_or_never().expect("no wait").is_none());
    }
}
