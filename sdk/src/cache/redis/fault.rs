use std::fmt;

use redis::RedisError;

/// Why Redis is of no use, in words that hold nothing that it has said: a password might be among it.
#[derive(Debug)]
pub(super) enum Fault {
    Slow,
    Refused,
    Lost,
    /// One of the codes of Redis's own errors.
    Code(&'static str),
    Other,
}

const CODES: &[&str] = &[
    "BUSY",
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
            None if error.is_connection_refusal() => Self::Refused,
            None if error.is_timeout() => Self::Slow,
            None if error.is_io_error() => Self::Lost,
            None => Self::Other,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow => f.write_str("it does not answer in time"),
            Self::Refused => f.write_str("it refuses connections"),
            Self::Lost => f.write_str("the connection is lost"),
            Self::Code(code) => write!(f, "it says {code}"),
            Self::Other => f.write_str("it answers what Redis does not answer"),
        }
    }
}
