//! Cached responses: where they are stored, under which keys, and in which format.

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

/// The return type of a [`Cache`]'s operations: `Box::pin(async move { … })`.
pub type CacheFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A store for a client's cached responses: memory, Redis, or one of your own, by
/// [`ClientBuilder::cache_in`](crate::ClientBuilder::cache_in).
///
/// The client handles everything else: the meaning of keys, the age of entries, and a single request for concurrent cache
/// misses. An entry that is lost, truncated or swapped is detected and costs no more than a request. A cache reports no
/// errors; an operation that fails does nothing. It should be fast, because every call that could be cached waits for it.
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
///             // A time beyond the range of the clock never ends.
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
    /// Returns the entry that was last inserted under the key, unless it has expired.
    fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>>;

    /// Stores an entry for at most `ttl`, and replaces one with the same key.
    fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()>;

    /// Removes the entry, if there is one. Returns `false` if it may still be there.
    fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool>;

    /// Removes all entries whose keys start with `prefix`. Returns `false` if some may still be there.
    fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool>;

    /// Returns the in-memory cache that this cache is or wraps; `None` by default. The client reads it directly, without
    /// a task, and stores responses there without compression and checksum.
    fn memory(&self) -> Option<&MemoryCache> {
        None
    }
}
