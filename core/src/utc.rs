//! The clock: times of Tryton from and to those of the standard library and of the crate `jiff`.
//!
//! A [`DateTime`] of Tryton is in UTC and has no zone. The server keeps whole seconds, of the type `timestamp` microseconds.
//!
//! ```
//! use std::time::{Duration, SystemTime};
//! use tryton_sdk::{DateTime, utc};
//!
//! let noon = DateTime::constant(2026, 2, 28, 12, 0, 0, 0);
//! let seconds = utc::to_system_time(noon)?.duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
//! assert_eq!(seconds, 1_772_280_000);
//! assert_eq!(utc::from_system_time(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))?, noon);
//! assert!(utc::now() > noon);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::error::{Error, Result};
use crate::value::DateTime;

/// The present time.
pub fn now() -> DateTime {
    from_timestamp(Timestamp::now())
}

/// A time of `jiff`, in UTC.
pub fn from_timestamp(time: Timestamp) -> DateTime {
    Offset::UTC.to_datetime(time)
}

/// A time of Tryton as one of `jiff`.
///
/// # Errors
///
/// [`is_invalid_request`](Error::is_invalid_request) for a time within a day of the first or the last that a [`DateTime`]
/// holds.
pub fn to_timestamp(time: DateTime) -> Result<Timestamp> {
    Offset::UTC.to_timestamp(time).map_err(|_| out_of_range(&time))
}

/// A time of the standard library, in UTC.
///
/// # Errors
///
/// [`is_invalid_request`](Error::is_invalid_request) for a time before the year -9999 or after 9999.
pub fn from_system_time(time: SystemTime) -> Result<DateTime> {
    Timestamp::try_from(time).map(from_timestamp).map_err(|_| out_of_range(&format!("{time:?}")))
}

/// A time of Tryton as one of the standard library.
///
/// # Errors
///
/// As for [`to_timestamp`].
pub fn to_system_time(time: DateTime) -> Result<SystemTime> {
    to_timestamp(time).map(SystemTime::from)
}

fn out_of_range(time: &dyn std::fmt::Display) -> Error {
    Error::invalid_request(format!("the time {time} is out of range"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_come_back() {
        for time in [
            DateTime::constant(1, 1, 1, 0, 0, 0, 0),
            DateTime::constant(1969, 12, 31, 23, 59, 59, 999_999_000),
            DateTime::constant(2026, 2, 28, 12, 0, 0, 7_000),
            DateTime::constant(9999, 12, 1, 0, 0, 0, 0),
        ] {
            let system = to_system_time(time).expect("in range");
            assert_eq!(from_system_time(system).expect("in range"), time);
        }
    }

    #[test]
    fn times_beyond_the_calendar_are_errors() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(400_000_000_000);
        for error in
            [from_system_time(far).expect_err("too late"), to_system_time(DateTime::MAX).expect_err("too late")]
        {
            assert!(error.is_invalid_request() && error.to_string().contains("out of range"), "{error}");
        }
    }
}
