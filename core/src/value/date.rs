//! Dates and times. Tryton's are naive: a datetime is in UTC; a date and a time have no time zone.

use serde::de::{Deserializer, Error};
use serde_json::{Value, json};

use super::tagged::{Tagged, any, part, tagged};
use super::{Decode, Encode};
use crate::error::Result;

pub use jiff::SignedDuration as TimeDelta;
pub use jiff::civil::{Date, DateTime, Time};

/// The range of Python's timedelta in seconds: from -999,999,999 days to a microsecond less than 1,000,000,000 days. The
/// wire carries floats, and as a float the upper limit rounds to the whole day.
const SHORTEST: f64 = -999_999_999.0 * 86_400.0;
const LONGEST: f64 = 1_000_000_000.0 * 86_400.0;

impl Tagged<'_> {
    fn date<E: Error>(&self) -> Result<Date, E> {
        Date::new(number(self.year, "year")?, number(self.month, "month")?, number(self.day, "day")?).map_err(E::custom)
    }

    fn time<E: Error>(&self) -> Result<Time, E> {
        let (hour, minute) = (number(self.hour, "hour")?, number(self.minute, "minute")?);
        let (second, microsecond) =
            (number(self.second, "second")?, number::<i32, E>(self.microsecond, "microsecond")?);
        let nanosecond = microsecond.checked_mul(1_000).ok_or_else(|| out_of_range(microsecond, "microsecond"))?;
        Time::new(hour, minute, second, nanosecond).map_err(E::custom)
    }
}

fn number<T: TryFrom<i64>, E: Error>(value: Option<i64>, name: &str) -> Result<T, E> {
    let value = part(value, name)?;
    T::try_from(value).map_err(|_| out_of_range(value, name))
}

fn out_of_range<E: Error>(value: impl std::fmt::Display, name: &str) -> E {
    E::custom(format_args!("the `{name}` {value} is out of range"))
}

impl Decode for Date {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "a date";
        let tagged = any(from, EXPECTED)?;
        // A getter may return midnight of a day instead of the date.
        if tagged.is("datetime") && tagged.time::<D::Error>()? == Time::midnight() {
            return tagged.date();
        }
        tagged.expect("date", EXPECTED)?;
        tagged.date()
    }
}

impl Decode for Time {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        tagged(from, "time", "a time")?.time()
    }
}

impl Decode for DateTime {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        const EXPECTED: &str = "a datetime";
        let tagged = any(from, EXPECTED)?;
        // A getter may return a date instead of its midnight.
        if tagged.is("date") {
            return Ok(DateTime::from_parts(tagged.date()?, Time::midnight()));
        }
        tagged.expect("datetime", EXPECTED)?;
        Ok(DateTime::from_parts(tagged.date()?, tagged.time()?))
    }
}

impl Decode for TimeDelta {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let seconds = part(tagged(from, "timedelta", "a timedelta")?.seconds, "seconds")?;
        if !(SHORTEST..=LONGEST).contains(&seconds) {
            return Err(D::Error::custom(format_args!("{seconds} seconds are out of range for a timedelta")));
        }
        // The wire carries float seconds. Python rounds them to whole microseconds, its finest unit, in the same way.
        let micros = (seconds.fract() * 1e6).round_ties_even();
        Ok(TimeDelta::from_secs(seconds.trunc() as i64) + TimeDelta::from_micros(micros as i64))
    }
}

/// Checks the year: Python's years begin with 1.
fn in_years_of_python(year: i16, value: impl FnOnce() -> Value) -> Result<Value> {
    if year < 1 { Err(crate::Error::invalid_request("Tryton has no dates before the year 1")) } else { Ok(value()) }
}

impl Encode for Date {
    fn encode(&self) -> Result<Value> {
        in_years_of_python(
            self.year(),
            || json!({"__class__": "date", "year": self.year(), "month": self.month(), "day": self.day()}),
        )
    }
}

impl Encode for Time {
    fn encode(&self) -> Result<Value> {
        Ok(json!({
            "__class__": "time",
            "hour": self.hour(), "minute": self.minute(), "second": self.second(),
            "microsecond": self.subsec_nanosecond() / 1_000,
        }))
    }
}

impl Encode for DateTime {
    fn encode(&self) -> Result<Value> {
        in_years_of_python(self.year(), || {
            json!({
                "__class__": "datetime",
                "year": self.year(), "month": self.month(), "day": self.day(),
                "hour": self.hour(), "minute": self.minute(), "second": self.second(),
                "microsecond": self.subsec_nanosecond() / 1_000,
            })
        })
    }
}

/// Returns the seconds of a timedelta as Python does: the float nearest to its whole microseconds.
pub(crate) fn total_seconds(delta: TimeDelta) -> f64 {
    /// Up to this limit floats represent every integer exactly, so the quotient of two such floats is the nearest float.
    const EXACT: i128 = 1 << 53;
    let micros = delta.as_micros();
    if micros.abs() <= EXACT {
        return micros as f64 / 1e6;
    }
    let sign = if micros < 0 { "-" } else { "" };
    let digits = format!("{sign}{}.{:06}", micros.abs() / 1_000_000, micros.abs() % 1_000_000);
    digits.parse().expect("digits around a point are a float")
}

impl Encode for TimeDelta {
    fn encode(&self) -> Result<Value> {
        let seconds = total_seconds(*self);
        if (SHORTEST..LONGEST).contains(&seconds) {
            Ok(json!({"__class__": "timedelta", "seconds": seconds}))
        } else {
            Err(crate::Error::invalid_request("Tryton has no timedeltas of more than 999,999,999 days"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Decode>(value: &Value) -> std::result::Result<T, String> {
        T::decode(value).map_err(|e| e.to_string())
    }

    #[test]
    fn every_part_has_to_be_there() {
        let whole = json!({"__class__": "datetime", "year": 2026, "month": 2, "day": 28,
            "hour": 23, "minute": 59, "second": 58, "microsecond": 7});
        assert_eq!(read::<DateTime>(&whole).expect("a datetime").encode().expect("it can be sent"), whole);
        for name in ["year", "month", "day", "hour", "minute", "second", "microsecond"] {
            let mut part = whole.clone();
            part.as_object_mut().expect("an object").remove(name);
            assert_eq!(read::<DateTime>(&part), Err(format!("the object lacks its `{name}`")));
        }
        let empty = json!({"__class__": "timedelta"});
        assert_eq!(read::<TimeDelta>(&empty), Err("the object lacks its `seconds`".to_owned()));
    }

    #[test]
    fn a_day_and_its_beginning_are_read_for_each_other() {
        let sent = |value: &dyn Encode| value.encode().expect("it can be sent");
        let (day, beginning) = (Date::constant(2026, 2, 28), DateTime::constant(2026, 2, 28, 0, 0, 0, 0));
        assert_eq!(read(&sent(&beginning)), Ok(day));
        assert_eq!(read(&sent(&day)), Ok(beginning));
        let noon = sent(&DateTime::constant(2026, 2, 28, 12, 0, 0, 0));
        assert_eq!(read::<Date>(&noon), Err("invalid type: datetime object, expected a date".to_owned()));
    }

    #[test]
    fn parts_that_are_no_date_are_errors() {
        for (month, day) in [(13, 1), (2, 30), (0, 1), (300, 1)] {
            let date = json!({"__class__": "date", "year": 2026, "month": month, "day": day});
            assert!(read::<Date>(&date).is_err(), "{date}");
        }
        let time = json!({"__class__": "time", "hour": 1, "minute": 2, "second": 3, "microsecond": 3_000_000_000_i64});
        assert_eq!(read::<Time>(&time), Err("the `microsecond` 3000000000 is out of range".to_owned()));
    }

    #[test]
    fn timedeltas_are_read_as_python_reads_them() {
        for (seconds, micros) in [
            (0.1, 100_000),
            (-0.1, -100_000),
            (-86399.999999, -86_399_999_999),
            (1.5e-6, 2),
            (2.5e-6, 2),
            (1e-7, 0),
            (4294967295.999999, 4_294_967_295_999_999),
        ] {
            let value = json!({"__class__": "timedelta", "seconds": seconds});
            assert_eq!(read::<TimeDelta>(&value), Ok(TimeDelta::from_micros(micros)));
        }
        // Python's output for its longest and shortest timedelta.
        let limit = |seconds: f64| json!({"__class__": "timedelta", "seconds": seconds});
        assert_eq!(read::<TimeDelta>(&limit(86_400_000_000_000.0)), Ok(TimeDelta::from_secs(86_400_000_000_000)));
        let shortest = limit(-86_399_999_913_600.0);
        assert_eq!(read::<TimeDelta>(&shortest).expect("a timedelta").encode().expect("it can be sent"), shortest);
        assert!(read::<TimeDelta>(&limit(86_400_000_000_000.1)).is_err());
        assert!(read::<TimeDelta>(&limit(1e300)).is_err());
    }

    #[test]
    fn timedeltas_are_written_as_python_writes_them() {
        for (micros, seconds) in [
            (2_999_096, 2.999096),
            (-1_786_471, -1.786471),
            (11_999_994, 11.999994),
            (9_007_199_254_740_993, 9_007_199_254.740993),
            (-8_640_000_000_000_000_001, -8_640_000_000_000.000001),
        ] {
            let delta = TimeDelta::from_micros(micros);
            assert_eq!(delta.encode().expect("short enough"), json!({"__class__": "timedelta", "seconds": seconds}));
        }
    }

    #[test]
    fn what_python_cannot_hold_is_not_sent() {
        let values = [
            TimeDelta::MAX.encode(),
            TimeDelta::MIN.encode(),
            TimeDelta::from_secs(86_400_000_000_000).encode(),
            Date::constant(0, 12, 31).encode(),
            DateTime::constant(-1, 1, 1, 0, 0, 0, 0).encode(),
        ];
        for value in values {
            let error = value.expect_err("it cannot be sent");
            assert!(error.is_invalid_request() && error.to_string().starts_with("Tryton has no "), "{error}");
        }
    }
}
