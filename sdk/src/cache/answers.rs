use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::entry::Entry;
use super::{Cache, Flight, Flights};

/// Methods that trytond declares cacheable for every model. Of others it is learned from their first answer; also of
/// `default_get`, because a singleton's gives what is stored.
const DECLARED: &[&str] = &["fields_get", "fields_view_get", "view_toolbar_get"];

/// What a client keeps of the answers that it gets, and the requests for those that it is about to keep.
#[derive(Debug)]
pub(crate) struct Answers {
    store: Arc<dyn Cache>,
    pub(crate) flights: Arc<Flights<Answer>>,
    /// Other methods that the server has declared cacheable. All others are not looked for: most calls need no cache,
    /// and two tasks that read the same at the same time may have written something in between.
    declared: RwLock<HashSet<String>>,
    /// How often something was declared outdated.
    outdated: AtomicUsize,
}

/// An answer, from the server or out of the cache.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) entry: Entry,
    pub(crate) is_from_cache: bool,
}

impl Answer {
    /// Whether it may be given to who takes kept answers of at most this age; without one, of any.
    pub(crate) fn suits(&self, age: Option<Duration>) -> bool {
        !self.is_from_cache || age.is_none_or(|age| self.entry.is_younger_than(age))
    }
}

impl Answers {
    pub(crate) fn new(store: Arc<dyn Cache>) -> Self {
        Self { store, flights: Flights::new(), declared: RwLock::default(), outdated: AtomicUsize::new(0) }
    }

    pub(crate) async fn get(&self, key: &str) -> Option<Answer> {
        let packed = self.store.get(key).await?;
        Entry::unpack(key, &packed).map(|entry| Answer { entry, is_from_cache: true })
    }

    pub(crate) async fn insert(&self, key: &str, entry: &Entry, ttl: Duration) {
        self.store.insert(key, entry.pack(key), ttl).await;
    }

    /// As [`insert`](Self::insert), unless what the flight has brought is outdated already.
    pub(crate) async fn land(&self, flight: &Flight<Answer>, key: &str, entry: &Entry, ttl: Duration) {
        if flight.is_valid() {
            self.insert(key, entry, ttl).await;
        }
    }

    pub(crate) async fn remove(&self, key: &str) -> bool {
        self.forget(key);
        self.store.remove(key).await
    }

    pub(crate) async fn remove_all(&self, prefix: &str) -> bool {
        self.forget(prefix);
        self.store.remove_all(prefix).await
    }

    /// Keeps nothing of what is under way.
    fn forget(&self, prefix: &str) {
        self.outdated.fetch_add(1, Ordering::SeqCst);
        self.flights.forget(prefix);
    }

    /// Changes whenever something is declared outdated, be it what it may.
    pub(crate) fn outdated(&self) -> usize {
        self.outdated.load(Ordering::SeqCst)
    }

    /// Whether the server lets clients keep what the method answers, as far as is known.
    pub(crate) fn is_declared(&self, method: &str) -> bool {
        let name = method.rsplit('.').next().unwrap_or_default();
        let learned = || self.declared.read().unwrap_or_else(PoisonError::into_inner).contains(method);
        DECLARED.contains(&name) || learned()
    }

    pub(crate) fn declare(&self, method: &str) {
        self.declared.write().unwrap_or_else(PoisonError::into_inner).insert(method.to_owned());
    }
}
