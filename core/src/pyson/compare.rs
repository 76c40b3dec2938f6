//! Truth, equality and order, as in Python.

use std::cmp::Ordering;

use super::DEEPEST;
use super::fault::Fault;
use super::number::{Number, float_of};
use super::value::{List, Object, Val, too_deep};
use crate::value::{Date, DateTime, total_seconds};

/// Python's `bool`.
pub(super) fn is_true(value: &Val<'_>) -> bool {
    match value {
        Val::Null => false,
        Val::Bool(flag) => *flag,
        Val::Int(number) => *number != 0,
        Val::Float(number) => *number != 0.0,
        Val::Text(text) => !text.is_empty(),
        Val::Decimal(number) => !number.is_zero(),
        Val::Date(_) | Val::DateTime(_) | Val::Time(_) => true,
        Val::Delta(delta) => !delta.is_zero(),
        Val::Bytes(bytes) => !bytes.is_empty(),
        Val::List(list) => list.len() > 0,
        Val::Object(object) => object.len() != Some(0),
    }
}

/// Python's `==`.
pub(super) fn are_equal(a: &Val<'_>, b: &Val<'_>) -> Result<bool, Fault> {
    to_depth(a, b, DEEPEST)
}

fn to_depth(a: &Val<'_>, b: &Val<'_>, depth: usize) -> Result<bool, Fault> {
    let Some(depth) = depth.checked_sub(1) else { return Err(too_deep()) };
    if let (Some(a), Some(b)) = (Number::of(a), Number::of(b)) {
        return Ok(a.order(b) == Some(Ordering::Equal));
    }
    Ok(match (a, b) {
        (Val::Null, Val::Null) => true,
        (Val::Text(a), Val::Text(b)) => a == b,
        (Val::Decimal(a), Val::Decimal(b)) => a == b,
        (Val::Decimal(decimal), other) | (other, Val::Decimal(decimal)) => {
            Number::of(other).is_some_and(|number| number.is(decimal))
        }
        (Val::Date(a), Val::Date(b)) => a == b,
        (Val::DateTime(a), Val::DateTime(b)) => a == b,
        (Val::Time(a), Val::Time(b)) => a == b,
        (Val::Delta(a), Val::Delta(b)) => a == b,
        (Val::Bytes(a), Val::Bytes(b)) => a == b,
        (Val::List(a), Val::List(b)) => equal_lists(a, b, depth)?,
        (Val::Object(a), Val::Object(b)) => equal_objects(a, b, depth)?,
        _ => false,
    })
}

fn equal_lists(a: &List<'_>, b: &List<'_>, depth: usize) -> Result<bool, Fault> {
    if a.len() != b.len() {
        return Ok(false);
    }
    for (a, b) in a.iter().zip(b.iter()) {
        if !to_depth(&a?, &b?, depth)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn equal_objects(a: &Object<'_>, b: &Object<'_>, depth: usize) -> Result<bool, Fault> {
    let (Some(keys), Some(entries)) = (a.keys(), b.len()) else {
        return Err(Fault::new("a whole record cannot be compared with an object"));
    };
    if a.len() != Some(entries) {
        return Ok(false);
    }
    for key in keys {
        match (a.borrow().into_get(key)?, b.borrow().into_get(key)?) {
            (Some(a), Some(b)) if to_depth(&a, &b, depth)? => (),
            _ => return Ok(false),
        }
    }
    Ok(true)
}

/// Returns the order of two values for `Greater` and `Less`; `None` if one of them is null or not a number.
pub(super) fn order(a: &Val<'_>, b: &Val<'_>) -> Result<Option<Ordering>, Fault> {
    if matches!(a, Val::Null) || matches!(b, Val::Null) {
        return Ok(None);
    }
    Ok(comparable(a)?.order(comparable(b)?))
}

/// Converts a value for a comparison: numbers stay as they are, everything else becomes a float.
fn comparable(value: &Val<'_>) -> Result<Number, Fault> {
    if let Some(number) = Number::of(value) {
        return Ok(number);
    }
    let float = match value {
        Val::Decimal(number) => float_of(&number.to_string()),
        Val::Text(text) => float_of(text),
        Val::Bytes(bytes) => std::str::from_utf8(bytes).ok().and_then(float_of),
        Val::Date(date) => Some(seconds_at(date.at(0, 0, 0, 0))),
        Val::DateTime(datetime) => Some(seconds_at(*datetime)),
        Val::Delta(delta) => Some(total_seconds(*delta)),
        _ => None,
    };
    float.map(Number::Float).ok_or_else(|| Fault::came("a number, a date, a datetime or a timedelta", value))
}

/// Returns the seconds since 1970. Python takes a datetime without a zone for local time; that would be visible only if
/// a date is compared with a bare number.
fn seconds_at(datetime: DateTime) -> f64 {
    let since = datetime.duration_since(Date::constant(1970, 1, 1).at(0, 0, 0, 0));
    // Rounds the seconds down, so that the rest is positive, as in Python.
    let (seconds, micros) = (since.as_micros().div_euclid(1_000_000), since.as_micros().rem_euclid(1_000_000));
    seconds as f64 + micros as f64 / 1e6
}
