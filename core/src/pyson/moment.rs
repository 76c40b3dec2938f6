//! `Date`, `DateTime` and `TimeDelta`: the arithmetic of Python's `timedelta` and of dateutil's `relativedelta`.

use super::delta::{Delta, Micros};
use super::fault::Fault;
use super::number::Number;
use super::value::Val;
use crate::value::{Date, DateTime, Decimal, Time, TimeDelta};

const MONTHS: i128 = 12;

/// The parts of a date that an expression sets and shifts.
pub(super) struct Day<'a> {
    pub(super) year: Val<'a>,
    pub(super) month: Val<'a>,
    pub(super) day: Val<'a>,
    pub(super) years: Val<'a>,
    pub(super) months: Val<'a>,
    pub(super) days: Val<'a>,
}

/// The parts of a time that an expression sets and shifts.
pub(super) struct Clock<'a> {
    pub(super) hour: Val<'a>,
    pub(super) minute: Val<'a>,
    pub(super) second: Val<'a>,
    pub(super) microsecond: Val<'a>,
    pub(super) hours: Val<'a>,
    pub(super) minutes: Val<'a>,
    pub(super) seconds: Val<'a>,
    pub(super) microseconds: Val<'a>,
}

impl Day<'_> {
    /// Sets year, month and day, then shifts by years and months. The day is limited to the length of the resulting
    /// month. The shift by days is left to the caller.
    fn set_in(&self, start: Date) -> Result<Date, Fault> {
        let part = |name: &str, value: &Val<'_>, of_start: i128| {
            whole(value).map(|part| part.unwrap_or(of_start)).ok_or_else(|| no_integer(name, value))
        };
        let mut year = part("year", &self.year, start.year().into())?;
        let mut month = part("month", &self.month, start.month().into())?;
        let (years, months) = (moved("years", &self.years)?, moved("months", &self.months)?);
        year += years + months / MONTHS;
        month += months % MONTHS;
        // Once at most, and only after a shift: setting a month beyond the year is an error.
        if months % MONTHS != 0 && month > MONTHS {
            (year, month) = (year + 1, month - MONTHS);
        } else if months % MONTHS != 0 && month < 1 {
            (year, month) = (year - 1, month + MONTHS);
        }
        let first = date(year, month, 1)?;
        let last = first.days_in_month().into();
        let day = match cut(&self.day, last) {
            Some(day) => day,
            None => part("day", &self.day, start.day().into())?.min(last),
        };
        date(year, month, day)
    }

    /// Returns the date after setting and shifting `start`.
    pub(super) fn from(&self, start: Date) -> Result<Date, Fault> {
        let date = self.set_in(start)?;
        let days = Delta { days: part("days", &self.days)?, ..Delta::default() };
        // A part of a day before is a whole day before.
        let days = days.micros().map_err(Fault::new)?.whole_days();
        let days = i32::try_from(days).ok().map(|days| jiff::Span::new().try_days(days));
        let moved = days.and_then(Result::ok).and_then(|days| date.checked_add(days).ok());
        moved.filter(|date| date.year() >= 1).ok_or_else(out_of_range)
    }

    /// Returns the datetime after setting and shifting `start`.
    pub(super) fn at(&self, clock: &Clock<'_>, start: DateTime) -> Result<DateTime, Fault> {
        let date = self.set_in(start.date())?;
        let datetime = DateTime::from_parts(date, clock.set_in(start.time())?);
        let delta = Delta {
            days: part("days", &self.days)?,
            hours: part("hours", &clock.hours)?,
            minutes: part("minutes", &clock.minutes)?,
            seconds: part("seconds", &clock.seconds)?,
            microseconds: part("microseconds", &clock.microseconds)?,
        };
        let moved = datetime.checked_add(timedelta(delta.carried().micros().map_err(Fault::new)?));
        moved.ok().filter(|datetime| datetime.year() >= 1).ok_or_else(out_of_range)
    }
}

impl Clock<'_> {
    fn set_in(&self, start: Time) -> Result<Time, Fault> {
        let part = |name: &str, value: &Val<'_>, of_start: i32, limit: i128| match value {
            Val::Null => Ok(of_start),
            Val::Bool(flag) => Ok((*flag).into()),
            Val::Int(number) if (0..limit).contains(number) => Ok(*number as i32),
            Val::Int(_) => Err(Fault::new(format!("the {name} is out of range"))),
            other => Err(no_integer(name, other)),
        };
        let hour = part("hour", &self.hour, start.hour().into(), 24)?;
        let minute = part("minute", &self.minute, start.minute().into(), 60)?;
        let second = part("second", &self.second, start.second().into(), 60)?;
        let microsecond = part("microsecond", &self.microsecond, start.subsec_nanosecond() / 1_000, 1_000_000)?;
        Time::new(hour as i8, minute as i8, second as i8, microsecond * 1_000).map_err(|_| out_of_range())
    }
}

/// Returns the value of `TimeDelta`.
pub(super) fn of_parts(days: &Val<'_>, seconds: &Val<'_>, microseconds: &Val<'_>) -> Result<TimeDelta, Fault> {
    let delta = Delta {
        days: part("days", days)?,
        seconds: part("seconds", seconds)?,
        microseconds: part("microseconds", microseconds)?,
        ..Delta::default()
    };
    delta.micros().map(timedelta).map_err(Fault::new)
}

fn timedelta(micros: Micros) -> TimeDelta {
    TimeDelta::new(micros.whole_seconds(), (micros.rest() * 1_000) as i32)
}

fn date(year: i128, month: i128, day: i128) -> Result<Date, Fault> {
    let parts = (i16::try_from(year), i8::try_from(month), i8::try_from(day));
    match parts {
        (Ok(year @ 1..=9999), Ok(month), Ok(day)) => Date::new(year, month, day).map_err(|_| out_of_range()),
        _ => Err(out_of_range()),
    }
}

fn out_of_range() -> Fault {
    Fault::new("the date is out of range: Tryton's dates have the years 1 to 9999")
}

fn no_integer(name: &str, value: &Val<'_>) -> Fault {
    Fault::came(&format!("an integer as its {name}"), value)
}

/// Reads an absolute part: null and zero mean that of the start. `None` if it is not an integer.
fn whole(value: &Val<'_>) -> Option<Option<i128>> {
    match value {
        Val::Null => Some(None),
        Val::Bool(flag) => Some(flag.then_some(1)),
        Val::Int(number) => Some((*number != 0).then_some(*number)),
        Val::Float(number) => (*number == 0.0).then_some(None),
        Val::Decimal(number) => number.is_zero().then_some(None),
        _ => None,
    }
}

/// Limits a day to the last day of the month. Python allows it to be a float or decimal.
fn cut(day: &Val<'_>, last: i128) -> Option<i128> {
    let beyond = match day {
        Val::Float(day) => day.is_finite() && *day >= last as f64,
        Val::Decimal(day) => *day >= Decimal::from(last as i64),
        _ => false,
    };
    beyond.then_some(last)
}

/// Reads a number of years or months, which must be whole.
fn moved(name: &str, value: &Val<'_>) -> Result<i128, Fault> {
    // Beyond this, every date is out of range.
    const MOST: i128 = 1 << 64;
    let whole = match value {
        Val::Decimal(decimal) => {
            let number = decimal.to_string().parse::<f64>().ok();
            number.map(|number| number as i128).filter(|number| Number::Int(*number).is(decimal))
        }
        value => match Number::of(value) {
            Some(Number::Int(number)) => Some(number),
            Some(Number::Float(number)) => (number.fract() == 0.0).then_some(number as i128),
            None => None,
        },
    };
    let whole = whole.ok_or_else(|| Fault::came(&format!("a whole number of {name}"), value))?;
    Ok(whole.clamp(-MOST, MOST))
}

/// Reads a number that may have a fraction.
fn part(name: &str, value: &Val<'_>) -> Result<Number, Fault> {
    Number::of(value).ok_or_else(|| Fault::came(&format!("a number of {name}"), value))
}
