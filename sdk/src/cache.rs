//! Answers that may be given again: kept in memory, each for its own time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use quick_cache::Weighter;
use quick_cache::sync::Cache as Store;

/// All answers together take at most about this many bytes.
const CAPACITY: u64 = 64 << 20;

#[derive(Debug)]
pub(crate) struct Cache {
    store: Store<String, Entry, Bytes>,
}

#[derive(Clone, Debug)]
struct Entry {
    body: Arc<[u8]>,
    since: Instant,
    ttl: Duration,
}

#[derive(Clone, Debug)]
struct Bytes;

impl Weighter<String, Entry> for Bytes {
    fn weight(&self, key: &String, entry: &Entry) -> u64 {
        (key.len() + entry.body.len()) as u64
    }
}

impl Cache {
    pub(crate) fn new() -> Self {
        Self { store: Store::with_weighter(1_000, CAPACITY, Bytes) }
    }

    /// An answer that is younger than `ttl`, or than what it was kept for.
    pub(crate) fn get(&self, key: &str, ttl: Option<Duration>) -> Option<Arc<[u8]>> {
        let entry = self.store.get(key)?;
        (entry.since.elapsed() < ttl.unwrap_or(entry.ttl)).then_some(entry.body)
    }

    pub(crate) fn insert(&self, key: String, body: &[u8], ttl: Duration) {
        self.store.insert(key, Entry { body: body.into(), since: Instant::now(), ttl });
    }
}
