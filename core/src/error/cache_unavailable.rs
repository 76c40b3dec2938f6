use std::fmt;

use super::{Error, ErrorKind, Kind};

/// Cached responses could not be invalidated.
pub(super) struct CacheUnavailable;

impl Error {
    /// Creates the error for a cache that could not be invalidated.
    #[doc(hidden)]
    pub fn cache_unavailable() -> Self {
        Self::new(Kind::CacheUnavailable(CacheUnavailable))
    }

    /// Whether cached responses could not be invalidated, so that outdated ones may still be returned. Calls themselves
    /// never fail because of the cache.
    ///
    /// ```
    /// # async fn example(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// match tryton.invalidate_model("product.product").await {
    ///     Err(error) if error.is_cache_unavailable() => println!("prices may be old for an hour: {error}"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_cache_unavailable(&self) -> bool {
        self.kind() == ErrorKind::CacheUnavailable
    }
}

impl fmt::Display for CacheUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cache cannot be reached, and may still hold what it was to forget")
    }
}
