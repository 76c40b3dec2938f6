use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use super::Cache;
use super::entry::Entry;

/// Methods that trytond declares cacheable for every model. For other methods the client learns this from the first
/// response; also for `default_get`, because a singleton's returns stored values.
const DECLARED: &[&str] = &["fields_get", "fields_view_get", "view_toolbar_get"];

/// The cached responses of a client.
#[derive(Debug)]
pub(crate) struct Kept {
    store: Arc<dyn Cache>,
    /// Other methods that the server has declared cacheable. The cache is not searched for any others: most calls need no
    /// cache, and two tasks with the same concurrent read may have written something in between.
    declared: RwLock<HashSet<String>>,
    /// The number of invalidations.
    outdated: AtomicUsize,
    /// The responses that are being requested or stored, which an invalidation must check.
    coming: Mutex<Vec<Arc<Coming>>>,
}

/// A response, from the server or from the cache.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) entry: Entry,
    pub(crate) is_from_cache: bool,
}

impl Answer {
    /// Whether the answer suits a caller who accepts cached answers of at most this age, or of any age with `None`.
    pub(crate) fn suits(&self, age: Option<Duration>) -> bool {
        !self.is_from_cache || age.is_none_or(|age| self.entry.is_younger_than(age))
    }
}

/// A response to cache when it arrives.
#[derive(Debug)]
struct Coming {
    key: String,
    is_outdated: AtomicBool,
}

impl Coming {
    fn is_outdated(&self) -> bool {
        self.is_outdated.load(Ordering::SeqCst)
    }
}

/// The place of a response that will be cached.
pub(crate) struct Place {
    kept: Arc<Kept>,
    coming: Arc<Coming>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.kept.coming().retain(|coming| !Arc::ptr_eq(coming, &self.coming));
    }
}

impl Place {
    /// Returns the answer that is already cached here.
    pub(crate) async fn find(&self) -> Option<Answer> {
        self.kept.get(&self.coming.key).await
    }

    /// Caches the response, unless it was invalidated after the place was created.
    ///
    /// The future must run to completion: a response that is invalidated while it is being stored is removed again.
    pub(crate) async fn fill(self, entry: &Entry, ttl: Duration) {
        let Self { kept, coming } = &self;
        if coming.is_outdated() {
            return;
        }
        let packed = match kept.store.memory() {
            Some(_) => entry.pack_in_process(),
            None => entry.pack(&coming.key),
        };
        kept.store.insert(&coming.key, packed, ttl).await;
        if coming.is_outdated() {
            kept.store.remove(&coming.key).await;
        }
    }
}

impl Kept {
    pub(crate) fn new(store: Arc<dyn Cache>) -> Self {
        Self { store, declared: RwLock::default(), outdated: AtomicUsize::new(0), coming: Mutex::default() }
    }

    /// Whether answers are kept in the memory of this process.
    pub(crate) fn is_in_process(&self) -> bool {
        self.store.memory().is_some()
    }

    /// Returns the answer cached in the memory of this process.
    pub(crate) fn find(&self, key: &str) -> Option<Answer> {
        let packed = self.store.memory()?.find(key)?;
        self.read(key, || Entry::unpack_in_process(&packed))
    }

    /// Returns the cached answer from any store.
    pub(crate) async fn get(&self, key: &str) -> Option<Answer> {
        if self.is_in_process() {
            return self.find(key);
        }
        let packed = self.store.get(key).await?;
        self.read(key, || Entry::unpack(key, packed))
    }

    fn read(&self, key: &str, unpack: impl FnOnce() -> Option<Entry>) -> Option<Answer> {
        if self.coming().iter().any(|coming| coming.key == key && coming.is_outdated()) {
            return None;
        }
        Some(Answer { entry: unpack()?, is_from_cache: true })
    }

    /// Creates a place for a response that is requested now.
    pub(crate) fn place(self: &Arc<Self>, key: &str) -> Place {
        let coming = Arc::new(Coming { key: key.to_owned(), is_outdated: AtomicBool::new(false) });
        self.coming().push(Arc::clone(&coming));
        Place { kept: Arc::clone(self), coming }
    }

    /// Creates a place for a response that was requested when [`outdated`](Self::outdated) had this value, unless it has
    /// changed.
    pub(crate) fn place_since(self: &Arc<Self>, outdated: usize, key: &str) -> Option<Place> {
        let place = self.place(key);
        (self.outdated() == outdated).then_some(place)
    }

    pub(crate) async fn remove(&self, key: &str) -> bool {
        self.forget(key);
        self.store.remove(key).await
    }

    pub(crate) async fn remove_all(&self, prefix: &str) -> bool {
        self.forget(prefix);
        self.store.remove_all(prefix).await
    }

    /// Prevents the caching of pending responses.
    fn forget(&self, prefix: &str) {
        self.outdated.fetch_add(1, Ordering::SeqCst);
        for coming in self.coming().iter().filter(|coming| coming.key.starts_with(prefix)) {
            coming.is_outdated.store(true, Ordering::SeqCst);
        }
    }

    /// Returns a number that changes with every invalidation.
    pub(crate) fn outdated(&self) -> usize {
        self.outdated.load(Ordering::SeqCst)
    }

    /// Returns whether the server is known to declare the method cacheable.
    pub(crate) fn is_declared(&self, method: &str) -> bool {
        let name = method.rsplit('.').next().unwrap_or_default();
        let learned = || self.declared.read().unwrap_or_else(PoisonError::into_inner).contains(method);
        DECLARED.contains(&name) || learned()
    }

    pub(crate) fn declare(&self, method: &str) {
        self.declared.write().unwrap_or_else(PoisonError::into_inner).insert(method.to_owned());
    }

    fn coming(&self) -> MutexGuard<'_, Vec<Arc<Coming>>> {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Notify;

    use super::*;
    use crate::cache::{CacheFuture, MemoryCache};

    const MINUTE: Duration = Duration::from_secs(60);

    /// Stores an entry when told to.
    #[derive(Debug, Default)]
    struct Slow {
        memory: MemoryCache,
        write: Notify,
    }

    impl Cache for Slow {
        fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>> {
            self.memory.get(key)
        }

        fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()> {
            Box::pin(async move {
                self.write.notified().await;
                self.memory.insert(key, entry, ttl).await;
            })
        }

        fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool> {
            self.memory.remove(key)
        }

        fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool> {
            self.memory.remove_all(prefix)
        }
    }

    #[tokio::test]
    async fn what_becomes_outdated_while_it_is_written_down_is_not_kept() {
        let store = Arc::new(Slow::default());
        let kept = Arc::new(Kept::new(Arc::clone(&store) as _));
        let entry = Entry::from(b"7".to_vec());
        for (forget, is_kept) in [("a:1", false), ("a:", false), ("b", true)] {
            let place = kept.place("a:1");
            let forgetting = async {
                tokio::task::yield_now().await;
                assert!(kept.remove_all(forget).await);
                store.write.notify_one();
            };
            tokio::join!(place.fill(&entry, MINUTE), forgetting);
            assert_eq!(kept.get("a:1").await.is_some(), is_kept, "{forget}");
            assert!(kept.coming().is_empty());
            kept.store.remove("a:1").await;
        }
        let asked = kept.outdated();
        kept.remove("a:1").await;
        assert!(kept.place_since(asked, "a:1").is_none());
        store.memory.insert("a:1", entry.pack("a:1"), MINUTE).await;
        let _place = kept.place("a:1");
        assert!(kept.get("a:1").await.is_some());
        kept.forget("a");
        assert!(kept.get("a:1").await.is_none(), "it may be written down at this moment");
    }
}
