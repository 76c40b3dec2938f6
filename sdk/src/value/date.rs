//! Dates and times. Tryton's are naive: a datetime is in UTC, a date and a time have no zone at all.

use serde::de::{Deserializer, Error};
use serde_json::{Value, json};

use super::tagged::{Tagged, tagged};
use super::{Decode, Encode};

pub use jiff::SignedDuration as TimeDelta;
pub use jiff::civil::{Date, DateTime, Time};

impl Tagged {
    fn date<E: Error>(&self) -> Result<Date, E> {
        Date::new(part(self.year)?, part(self.month)?, part(self.day)?).map_err(E::custom)
    }

    fn time<E: Error>(&self) -> Result<Time, E> {
        let nanosecond = part::<i32, E>(self.microsecond)?.checked_mul(1_000);
        let nanosecond = nanosecond.ok_or_else(|| E::custom("microsecond is out of range"))?;
        Time::new(part(self.hour)?, part(self.minute)?, part(self.second)?, nanosecond).map_err(E::custom)
    }
}

fn part<T: TryFrom<i64>, E: Error>(value: i64) -> Result<T, E> {
    T::try_from(value).map_err(|_| E::custom(format_args!("{value} is out of range for a date or time")))
}

impl Decode for Date {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        tagged(from, "date", "a date")?.date()
    }
}

impl Decode for Time {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        tagged(from, "time", "a time")?.time()
    }
}

impl Decode for DateTime {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let tagged = tagged(from, "datetime", "a datetime")?;
        Ok(DateTime::from_parts(tagged.date()?, tagged.time()?))
    }
}

impl Decode for TimeDelta {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let seconds = tagged(from, "timedelta", "a timedelta")?.seconds;
        // The wire carries float seconds; Python's own resolution, and so Tryton's, is the microsecond.
        let micros = (seconds * 1e6).round();
        if micros.abs() < i64::MAX as f64 {
            Ok(TimeDelta::from_micros(micros as i64))
        } else {
            Err(D::Error::custom(format_args!("{seconds} seconds are out of range for a timedelta")))
        }
    }
}

impl Encode for Date {
    fn encode(&self) -> Value {
        json!({"__class__": "date", "year": self.year(), "month": self.month(), "day": self.day()})
    }
}

impl Encode for Time {
    fn encode(&self) -> Value {
        json!({
            "__class__": "time",
            "hour": self.hour(), "minute": self.minute(), "second": self.second(),
            "microsecond": self.subsec_nanosecond() / 1_000,
        })
    }
}

impl Encode for DateTime {
    fn encode(&self) -> Value {
        json!({
            "__class__": "datetime",
            "year": self.year(), "month": self.month(), "day": self.day(),
            "hour": self.hour(), "minute": self.minute(), "second": self.second(),
            "microsecond": self.subsec_nanosecond() / 1_000,
        })
    }
}

impl Encode for TimeDelta {
    fn encode(&self) -> Value {
        json!({"__class__": "timedelta", "seconds": self.as_secs_f64()})
    }
}
