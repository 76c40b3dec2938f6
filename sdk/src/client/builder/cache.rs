//! Settings of the cache.

use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::ClientBuilder;
use crate::cache::{Cache, MemoryCache};
use crate::wire::tls::Tls;
use tryton_sdk_core::Result;

/// The place of the cache.
#[derive(Clone, Debug)]
pub(super) enum Store {
    Memory,
    /// The URL may hold a password.
    Redis(SecretString),
    Own(Arc<dyn Cache>),
}

impl Store {
    /// Returns whether no other process can access it.
    pub(super) fn is_private(&self) -> bool {
        matches!(self, Self::Memory)
    }
}

impl ClientBuilder {
    /// Sets whether responses are cached: those that the server marks cacheable, and those of
    /// [`Client::cached_call`](crate::Client::cached_call). On by default.
    pub fn cache(mut self, cache: bool) -> Self {
        self.cache = cache;
        self
    }

    /// Caches responses in Redis, shared by all processes that use it. By default they are cached in memory. The form of
    /// the URL depends on the setup, and needs a feature:
    ///
    /// | | URL | feature |
    /// |---|---|---|
    /// | one server | `redis://[[user]:password@]host[:6379][/number]` | `redis` |
    /// | a cluster, given by some of its servers | `redis+cluster://[[user]:password@]host[:6379],other-host[:6379]` | `redis-cluster` |
    /// | the primary found by Sentinels | `redis+sentinel://[[user]:password@]host[:26379],other-host[:26379]/service[/number]` | `redis-sentinel` |
    ///
    /// `service` is the Sentinels' name of the primary. User and password are those of the data servers; those of the
    /// Sentinels, if needed, are the options `?sentinel_username=…&sentinel_password=…`. With `rediss` instead of
    /// `redis`, all connections use TLS, with the certificates of [`ca_file`](Self::ca_file) and
    /// [`client_certificate`](Self::client_certificate).
    ///
    /// When a primary fails, the client switches to its successor. A cluster is used while all its primaries respond.
    ///
    /// A Redis that is down, slow, full or broken never makes a call fail. If it does not respond within the
    /// [`redis_timeout`](Self::redis_timeout), a warning is logged once, and calls go to the server directly, while Redis
    /// is retried every two seconds.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("http://localhost:8000", "demo")
    ///     .credentials("admin", "secret")
    ///     .redis("redis://:another-secret@localhost:6379/0")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn redis(mut self, url: impl Into<SecretString>) -> Self {
        self.store = Store::Redis(url.into());
        self
    }

    /// Sets how long a call waits for Redis before it goes to the server; 100 ms by default.
    pub fn redis_timeout(mut self, timeout: Duration) -> Self {
        self.redis_timeout = Some(timeout);
        self
    }

    /// Caches responses in a cache of your own, or in a [`MemoryCache`] shared by several clients.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tryton_sdk::cache::MemoryCache;
    /// use tryton_sdk::Client;
    ///
    /// let small = Client::builder("http://localhost:8000", "demo").cache_in(Arc::new(MemoryCache::new(1 << 20)));
    /// ```
    pub fn cache_in(mut self, cache: Arc<dyn Cache>) -> Self {
        self.store = Store::Own(cache);
        self
    }

    /// Returns the store, or `None` if nothing is cached or shared.
    pub(super) fn open_store(&self, tls: &Tls) -> Result<Option<Arc<dyn Cache>>> {
        if !self.cache && self.session_key.is_none() {
            return Ok(None);
        }
        let store = match &self.store {
            Store::Memory => Arc::new(MemoryCache::default()),
            Store::Redis(url) => redis(url, self.redis_timeout, tls)?,
            Store::Own(cache) => Arc::clone(cache),
        };
        Ok(Some(store))
    }
}

#[cfg(feature = "redis")]
fn redis(url: &SecretString, timeout: Option<Duration>, tls: &Tls) -> Result<Arc<dyn Cache>> {
    Ok(Arc::new(crate::cache::RedisCache::open(url, timeout, tls)?))
}

#[cfg(not(feature = "redis"))]
fn redis(_: &SecretString, _: Option<Duration>, _: &Tls) -> Result<Arc<dyn Cache>> {
    let why =
        "a Redis is configured (TRYTON_REDIS_URL or `redis`), and tryton-sdk was built without its feature `redis`";
    Err(tryton_sdk_core::Error::configuration(why))
}
