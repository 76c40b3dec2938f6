//! Answers that may be given again: where they are kept, under which names, and in what form.

mod entry;
mod kept;
mod key;
mod memory;
#[cfg(feature = "redis")]
mod redis;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use entry::Entry;
pub(crate) use kept::{Answer, Kept, Place};
pub(crate) use key::{Keeper, Scope};
pub use memory::MemoryCache;
#[cfg(feature = "redis")]
pub(crate) use redis::RedisCache;

/// What an operation of a [`Cache`] returns: `Box::pin(async move { … })`.
pub type CacheFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A place where a client keeps answers: memory, Redis, or one of your own, by
/// [`ClientBuilder::cache_in`](crate::ClientBuilder::cache_in).
///
/// The client sees to everything else: what a key means, how old an entry may be, and that many tasks that miss the
/// same entry make one request. An entry that is lost, cut short or mixed up with another is found out and costs a
/// request, no more. A cache has no errors: what it cannot do, it leaves. It should not be slow either, because every
/// call that could be answered by it waits for it.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::{Arc, Mutex};
/// use std::time::{Duration, Instant};
/// use tryton_sdk::cache::{Cache, CacheFuture};
/// use tryton_sdk::Client;
///
/// #[derive(Debug, Default)]
/// struct Unbounded(Mutex<HashMap<String, (Arc<[u8]>, Option<Instant>)>>);
///
/// impl Cache for Unbounded {
///     fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>> {
///         Box::pin(async move {
///             let entries = self.0.lock().unwrap();
///             let (entry, until) = entries.get(key)?;
///             until.is_none_or(|until| Instant::now() < until).then(|| entry.clone())
///         })
///     }
///
///     fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()> {
///         Box::pin(async move {
///             // A time that is too long for the clock has no end.
///             let until = Instant::now().checked_add(ttl);
///             self.0.lock().unwrap().insert(key.to_owned(), (entry, until));
///         })
///     }
///
///     fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool> {
///         Box::pin(async move {
///             self.0.lock().unwrap().remove(key);
///             true
///         })
///     }
///
///     fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool> {
///         Box::pin(async move {
///             self.0.lock().unwrap().retain(|key, _| !key.starts_with(prefix));
///             true
///         })
///     }
/// }
///
/// let builder = Client::builder("http://localhost:8000", "demo").cache_in(Arc::new(Unbounded::default()));
/// ```
pub trait Cache: fmt::Debug + Send + Sync + 'static {
    /// The entry that was inserted last under the key, unless its time is over.
    fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>>;

    /// Keeps an entry for at most the time `ttl`, in place of another under the same key.
    fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()>;

    /// Forgets the entry, if there is one. `false`: nobody knows whether it is gone.
    fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool>;

    /// Forgets all entries whose keys begin with `prefix`. `false`: some may still be there.
    fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool>;

    /// The cache in the memory of this process that this one is, or leads to; none unless it is overridden. The client
    /// looks there at once, without a task, and keeps answers there neither compressed nor with a check sum.
    fn memory(&self) -> Option<&MemoryCache> {
        None
    }
}
