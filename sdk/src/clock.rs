use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time since 1970, for data that other processes read.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
