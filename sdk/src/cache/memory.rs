use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache as Store;

use super::{Cache, CacheFuture};

/// A cache in memory with a bounded size. The least used entries are evicted first.
///
/// By default, each client has its own cache of 64 MiB. To share one between clients, pass it to
/// [`ClientBuilder::cache_in`](crate::ClientBuilder::cache_in).
///
/// ```
/// use std::sync::Arc;
/// use tryton_sdk::cache::MemoryCache;
/// use tryton_sdk::Client;
///
/// let cache = Arc::new(MemoryCache::new(512 << 20));
/// let sales = Client::builder("http://localhost:8000", "demo").credentials("sales", "secret").cache_in(cache.clone());
/// let stock = Client::builder("http://localhost:8000", "demo").credentials("stock", "secret").cache_in(cache);
/// ```
#[derive(Debug)]
pub struct MemoryCache {
    store: Store<String, Kept, ByBytes>,
}

#[derive(Clone, Debug)]
struct Kept {
    entry: Arc<[u8]>,
    /// The same entry, for readers that take slices of it.
    bytes: Bytes,
    since: Instant,
    ttl: Duration,
}

#[derive(Clone, Debug)]
struct ByBytes;

impl Weighter<String, Kept> for ByBytes {
    fn weight(&self, key: &String, kept: &Kept) -> u64 {
        (key.len() + kept.entry.len()) as u64
    }
}

impl MemoryCache {
    /// Creates a cache whose keys and entries together take about `capacity` bytes at most.
    pub fn new(capacity: u64) -> Self {
        Self { store: Store::with_weighter(1_000, capacity, ByBytes) }
    }

    /// Returns the entry that was last inserted under the key, unless it has expired.
    pub(super) fn find(&self, key: &str) -> Option<Bytes> {
        Some(self.kept(key)?.bytes)
    }

    fn kept(&self, key: &str) -> Option<Kept> {
        self.store.get(key).filter(|kept| kept.since.elapsed() < kept.ttl)
    }
}

impl Default for MemoryCache {
    /// Creates a cache of 64 MiB.
    fn default() -> Self {
        Self::new(64 << 20)
    }
}

impl Cache for MemoryCache {
    fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>> {
        Box::pin(async move { Some(self.kept(key)?.entry) })
    }

    fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()> {
        Box::pin(async move {
            let bytes = Bytes::from_owner(Arc::clone(&entry));
            self.store.insert(key.to_owned(), Kept { entry, bytes, since: Instant::now(), ttl });
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool> {
        Box::pin(async move {
            self.store.remove(key);
            true
        })
    }

    fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool> {
        Box::pin(async move {
            self.store.retain(|key, _| !key.starts_with(prefix));
            true
        })
    }

    fn memory(&self) -> Option<&MemoryCache> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn entries_go_when_their_time_is_over_or_there_is_no_room() {
        let cache = MemoryCache::new(1 << 20);
        cache.insert("short", [1].into(), Duration::ZERO).await;
        cache.insert("a:long", [2].into(), Duration::from_secs(60)).await;
        assert_eq!(cache.get("short").await, None);
        assert_eq!(cache.get("a:long").await.as_deref(), Some(&[2][..]));
        cache.insert("b:long", [3].into(), Duration::from_secs(60)).await;
        assert!(cache.remove_all("a:").await);
        assert_eq!(cache.get("a:long").await, None);
        assert_eq!(cache.get("b:long").await.as_deref(), Some(&[3][..]));
        assert!(cache.remove("b:long").await);
        assert_eq!(cache.get("b:long").await, None);

        let large: Arc<[u8]> = vec![0; 1 << 16].into();
        for n in 0..100 {
            cache.insert(&format!("large {n}"), Arc::clone(&large), Duration::from_secs(60)).await;
        }
        assert!(cache.store.weight() <= 1 << 20, "{} bytes", cache.store.weight());
    }
}
