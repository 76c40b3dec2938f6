//! The parts of a timedelta, and Python's way to convert them to whole microseconds.

use super::number::Number;

/// Parts of a time, which may be floats.
#[derive(Clone, Copy)]
pub(super) struct Delta {
    pub(super) days: Number,
    pub(super) hours: Number,
    pub(super) minutes: Number,
    pub(super) seconds: Number,
    pub(super) microseconds: Number,
}

impl Default for Delta {
    fn default() -> Self {
        let none = Number::Int(0);
        Self { days: none, hours: none, minutes: none, seconds: none, microseconds: none }
    }
}

/// Whole microseconds, within the range of Python's timedelta.
#[derive(Clone, Copy)]
pub(super) struct Micros(i128);

const SECOND: i128 = 1_000_000;
const MINUTE: i128 = 60 * SECOND;
const HOUR: i128 = 60 * MINUTE;
const DAY: i128 = 24 * HOUR;

/// Python's timedelta has at most 999,999,999 days, positive or negative.
const MOST: i128 = 1_000_000_000 * DAY;
const LEAST: i128 = -999_999_999 * DAY;

impl Micros {
    /// Returns the days, rounded down.
    pub(super) fn whole_days(self) -> i128 {
        self.0.div_euclid(DAY)
    }

    /// Returns the seconds, rounded towards zero.
    pub(super) fn whole_seconds(self) -> i64 {
        (self.0 / SECOND) as i64
    }

    /// Returns the microseconds besides the whole seconds.
    pub(super) fn rest(self) -> i64 {
        (self.0 % SECOND) as i64
    }
}

impl Delta {
    /// Carries whole minutes, hours and days, as `relativedelta` does first. It changes how fractions are rounded.
    pub(super) fn carried(self) -> Self {
        let (microseconds, more) = carry(self.microseconds, 1_000_000);
        let (seconds, more) = carry(add(self.seconds, more), 60);
        let (minutes, more) = carry(add(self.minutes, more), 60);
        let (hours, more) = carry(add(self.hours, more), 24);
        Self { days: add(self.days, more), hours, minutes, seconds, microseconds }
    }

    /// Converts to microseconds as `timedelta` does: integers exactly, and the fractions of floats together, rounded to
    /// the nearest microsecond, halves to the even one.
    ///
    /// # Errors
    ///
    /// If Python has no such timedelta.
    pub(super) fn micros(self) -> Result<Micros, &'static str> {
        const FAR: &str = "the timedelta is out of range: Tryton has none of more than 999,999,999 days";
        let mut whole = 0_i128;
        let mut left = 0.0;
        for (part, unit) in [
            (self.microseconds, 1),
            (self.seconds, SECOND),
            (self.minutes, MINUTE),
            (self.hours, HOUR),
            (self.days, DAY),
        ] {
            let number = match part {
                Number::Int(number) => number,
                Number::Float(number) if number.is_finite() => {
                    let below = unit as f64 * number.fract();
                    whole = whole.checked_add(below.trunc() as i128).ok_or(FAR)?;
                    left += below.fract();
                    number.trunc() as i128
                }
                Number::Float(_) => return Err("a number is not finite"),
            };
            whole = number.checked_mul(unit).and_then(|micros| whole.checked_add(micros)).ok_or(FAR)?;
        }
        whole += to_even(left, whole);
        if (LEAST..MOST).contains(&whole) { Ok(Micros(whole)) } else { Err(FAR) }
    }
}

/// Rounds `left` to the nearest integer, and halves so that the sum with `whole` is even.
fn to_even(left: f64, whole: i128) -> i128 {
    let odd = (whole & 1) as f64;
    let rounded = left.round();
    let rounded = if (rounded - left).abs() == 0.5 { 2.0 * ((left + odd) * 0.5).round() - odd } else { rounded };
    rounded as i128
}

/// Returns the rest of a part, and the carry to the next one.
fn carry(part: Number, limit: i64) -> (Number, Number) {
    match part {
        Number::Int(number) if number.abs() >= limit.into() => {
            (Number::Int(number % i128::from(limit)), Number::Int(number / i128::from(limit)))
        }
        Number::Float(number) if number.abs() > (limit - 1) as f64 => {
            let (rest, quotient) = divide(number.abs(), limit as f64);
            (Number::Float(rest.copysign(number)), Number::Float(quotient.copysign(number)))
        }
        part => (part, Number::Int(0)),
    }
}

/// Python's `divmod` for floats that are not negative.
fn divide(number: f64, by: f64) -> (f64, f64) {
    let rest = number % by;
    let quotient = (number - rest) / by;
    let floor = quotient.floor();
    (rest, if quotient - floor > 0.5 { floor + 1.0 } else { floor })
}

fn add(a: Number, b: Number) -> Number {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Number::Int(a.saturating_add(b)),
        (a, Number::Int(0)) => a,
        (a, b) => Number::Float(float(a) + float(b)),
    }
}

fn float(number: Number) -> f64 {
    match number {
        Number::Int(number) => number as f64,
        Number::Float(number) => number,
    }
}
