use std::error::Error;
use std::fmt;
use std::sync::Arc;

use redis::RedisError;

use crate::wire::tls;

/// The reason why Redis cannot be used. It contains no text from Redis, which might include a password.
#[derive(Debug)]
pub(super) enum Fault {
    Slow,
    Refused,
    Lost,
    /// The server's certificate is not trusted.
    Untrusted(String),
    /// The Sentinels know no reachable primary.
    NoPrimary,
    /// An error code of Redis.
    Code(&'static str),
    Other,
}

const CODES: &[&str] = &[
    "BUSY",
    "CLUSTERDOWN",
    "DENIED",
    "LOADING",
    "MASTERDOWN",
    "MISCONF",
    "MOVED",
    "NOAUTH",
    "NOPERM",
    "OOM",
    "READONLY",
    "WRONGPASS",
];

impl From<RedisError> for Fault {
    fn from(error: RedisError) -> Self {
        let code = error.code().and_then(|code| CODES.iter().find(|known| **known == code));
        match code {
            Some(code) => Self::Code(code),
            None if error.kind() == redis::ErrorKind::AuthenticationFailed => Self::Code("WRONGPASS"),
            None if error.kind() == redis::ErrorKind::MasterNameNotFoundBySentinel => Self::NoPrimary,
            None if error.is_connection_refusal() => Self::Refused,
            None if error.is_timeout() => Self::Slow,
            None if error.is_io_error() => refusal(&error).map_or(Self::Lost, Self::Untrusted),
            None => Self::Other,
        }
    }
}

fn refusal(error: &RedisError) -> Option<String> {
    // The crate `redis` wraps the cause in an `Arc`, so it must be downcast here.
    let shared: &Arc<dyn Error + Send + Sync> = error.source()?.downcast_ref()?;
    tls::refusal(&**shared)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("it does not answer in time"),
            Self::Refused => f.write_str("it refuses connections"),
            Self::Lost => f.write_str("the connection is lost"),
            Self::Untrusted(why) => write!(f, "its certificate is not trusted: {why}"),
            Self::NoPrimary => f.write_str("the Sentinels know no primary of this name"),
            Self::Code(code) => write!(f, "it says {code}"),
            Self::Other => f.write_str("it answers what Redis does not answer"),
        }
    }
}
