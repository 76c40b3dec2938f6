use std::fmt;

use super::{Error, ErrorKind, Kind};

/// The cache could not be told to forget something.
pub(super) struct CacheUnavailable;

impl Error {
    /// The error that a cache could not forget something.
    #[doc(hidden)]
    pub fn cache_unavailable() -> Self {
        Self::new(Kind::CacheUnavailable(CacheUnavailable))
    }

    /// Whether the cache could not be told to forget something, so that it may still be answered from there.
    /// A call never fails because of the cache.
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
