//! Entries in a Redis that processes share.

mod fault;
mod link;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::{Cmd, cmd};
use secrecy::{ExposeSecret, SecretString};

use super::{Cache, CacheFuture};
use crate::error::{Error, Result};
use link::Link;

/// So long a call waits for each answer of Redis, where nothing else is said.
const PATIENCE: Duration = Duration::from_millis(100);

/// A larger entry could not pass a usual network in the time that a call waits for it.
const LARGEST: usize = 1 << 20;

/// Redis refuses times beyond all bounds.
const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// A cache that fails nobody: what Redis does not answer in time is not there.
pub(crate) struct RedisCache {
    link: Arc<Link>,
}

impl RedisCache {
    /// Nothing is sent yet.
    pub(crate) fn open(url: &SecretString, timeout: Option<Duration>) -> Result<Self> {
        let url = url.expose_secret();
        #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
        if url.starts_with("rediss:") {
            let why = "begins with rediss://, and tryton-sdk was built without one of its TLS features";
            return Err(wrong(why));
        }
        // What redis says about it may repeat a part of it.
        let client = redis::Client::open(url)
            .map_err(|_| wrong("cannot be read: write it like redis://:password@localhost:6379/0"))?;
        Ok(Self { link: Arc::new(Link::new(client, timeout.unwrap_or(PATIENCE))) })
    }

    async fn remove_matching(&self, pattern: &str) -> bool {
        let mut cursor = 0;
        loop {
            let mut scan = cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern).arg("COUNT").arg(1_000);
            let Some((next, keys)) = self.link.ask::<(u64, Vec<Vec<u8>>)>(&scan).await else { return false };
            if !keys.is_empty() && self.link.ask::<u64>(cmd("UNLINK").arg(keys)).await.is_none() {
                return false;
            }
            if next == 0 {
                return true;
            }
            cursor = next;
        }
    }
}

fn wrong(why: &str) -> Error {
    Error::configuration(format!("the URL of Redis (TRYTON_REDIS_URL or `redis`) {why}"))
}

/// `SET key value PX milliseconds`
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
        // Keys hold nothing that means something in a pattern.
        Box::pin(async move { self.remove_matching(&format!("{prefix}*")).await })
    }
}

impl fmt::Debug for RedisCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisCache").field(&self.link.name()).finish()
    }
}
