//! Several requests at once.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Runs `futures`, at most `limit` of them at the same time, and returns their results in order. The first error ends
/// everything. `done` receives the number of those that have ended.
pub(super) async fn all<F, T, E>(
    limit: usize,
    futures: impl Iterator<Item = F>,
    mut done: impl FnMut(usize),
) -> Result<Vec<T>, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut waiting = futures.enumerate().fuse();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut ended: Vec<(usize, T)> = Vec::new();
    poll_fn(|context| {
        loop {
            while running.len() < limit.max(1) {
                let Some((at, future)) = waiting.next() else { break };
                running.push((at, Box::pin(future)));
            }
            let before = ended.len();
            let mut failed = None;
            running.retain_mut(|(at, future)| match future.as_mut().poll(context) {
                Poll::Pending => true,
                Poll::Ready(Ok(output)) => {
                    ended.push((*at, output));
                    done(ended.len());
                    false
                }
                Poll::Ready(Err(error)) => {
                    failed = Some(error);
                    false
                }
            });
            match failed {
                Some(error) => return Poll::Ready(Err(error)),
                None if ended.len() > before => {}
                None if running.is_empty() => return Poll::Ready(Ok(())),
                None => return Poll::Pending,
            }
        }
    })
    .await?;
    ended.sort_by_key(|(at, _)| *at);
    Ok(ended.into_iter().map(|(_, output)| output).collect())
}
