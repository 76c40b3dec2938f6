//! Entries in a Redis shared by processes.

mod certificates;
#[cfg_attr(not(feature = "redis-cluster"), path = "no_cluster.rs")]
mod cluster;
mod connection;
mod fault;
mod link;
mod place;
#[cfg_attr(not(feature = "redis-sentinel"), path = "no_sentinel.rs")]
mod sentinel;
#[cfg(any(feature = "redis-cluster", feature = "redis-sentinel"))]
mod several;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, cmd};
use secrecy::{ExposeSecret, SecretString};

use super::{Cache, CacheFuture};
use crate::wire::tls::Tls;
use connection::Holder;
use link::Link;
use place::Place;
use tryton_sdk_core::{Error, Result};

/// How long a call waits for each response of Redis by default.
const PATIENCE: Duration = Duration::from_millis(100);

/// The maximum size of an entry. A larger one could not pass a typical network within the time that a call waits.
const LARGEST: usize = 1 << 20;

/// The maximum number of scans if the servers change during a scan.
const ROUNDS: usize = 3;

/// The maximum lifetime of an entry. Redis rejects excessive times.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A cache that never fails: an entry that Redis does not return in time counts as missing.
pub(crate) struct RedisCache {
    link: Arc<Link>,
}

impl RedisCache {
    /// Creates the cache without connecting.
    pub(crate) fn open(url: &SecretString, timeout: Option<Duration>, tls: &Tls) -> Result<Self> {
        let patience = timeout.unwrap_or(PATIENCE);
        let wrong = |why| Error::configuration(format!("the URL of Redis (TRYTON_REDIS_URL or `redis`) {why}"));
        let place = Place::parse(url.expose_secret(), patience, tls).map_err(wrong)?;
        Ok(Self { link: Arc::new(Link::new(place, patience)) })
    }

    /// Removes matching keys. `None`: some may still be there.
    async fn remove_matching(&self, pattern: &str) -> Option<()> {
        for _ in 0..ROUNDS {
            let before = self.link.holders().await?;
            for holder in &before.0 {
                self.remove_at(holder, pattern).await?;
            }
            // If the servers changed, a cursor may have been used on another server, so keys may be missing.
            if self.link.holders().await? == before {
                return Some(());
            }
        }
        None
    }

    async fn remove_at(&self, holder: &Holder, pattern: &str) -> Option<()> {
        let mut cursor = 0;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(1_000);
            let (next, keys) = self.link.ask_at::<(u64, Vec<Vec<u8>>)>(Some(holder), &scan).await?;
            if !keys.is_empty() {
                self.link.ask::<u64>(cmd("UNLINK").arg(keys)).await?;
            }
            if next == 0 {
                return Some(());
            }
            cursor = next;
        }
    }
}

/// Returns the command `SET key value PX milliseconds`.
fn set(key: &str, value: &[u8], ttl: Duration) -> Cmd {
    let mut set = cmd("SET");
    set.arg(key).arg(value).arg("PX").arg(ttl.min(LONGEST).as_millis() as u64);
    set
}

impl Cache for RedisCache {
    fn get<'a>(&'a self, key: &'a str) -> CacheFuture<'a, Option<Arc<[u8]>>> {
        Box::pin(async move {
            let entry = self.link.ask::<Option<Vec<u8>>>(cmd("GET").arg(key)).await??;
            Some(entry.into())
        })
    }

    fn insert<'a>(&'a self, key: &'a str, entry: Arc<[u8]>, ttl: Duration) -> CacheFuture<'a, ()> {
        Box::pin(async move {
            if entry.len() <= LARGEST && ttl >= Duration::from_millis(1) {
                self.link.ask::<()>(&set(key, &entry, ttl)).await;
            }
        })
    }

    fn remove<'a>(&'a self, key: &'a str) -> CacheFuture<'a, bool> {
        Box::pin(async move { self.link.ask::<u64>(cmd("UNLINK").arg(key)).await.is_some() })
    }

    fn remove_all<'a>(&'a self, prefix: &'a str) -> CacheFuture<'a, bool> {
        // Keys contain no characters with a meaning in patterns.
        Box::pin(async move { self.remove_matching(&format!("{prefix}*")).await.is_some() })
    }
}

impl fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisCache").field(&self.link.name()).finish()
    }
}

#[cfg(all(test, not(all(feature = "redis-cluster", feature = "redis-sentinel"))))]
mod tests {
    use super::*;
    use crate::wire::tls::TlsSettings;

    /// Checks that the URL is rejected with an error that names the required feature.
    pub(super) fn check_feature(url: &str, feature: &str) {
        let tls = TlsSettings::default().read().expect("no files");
        let error = RedisCache::open(&url.into(), None, &tls).expect_err(url);
        assert!(error.is_configuration(), "{error:?}");
        let text = error.to_string();
        assert!(text.contains("TRYTON_REDIS_URL") && text.contains(feature) && !text.contains("s3cret"), "{text}");
    }
}
