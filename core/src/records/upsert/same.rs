//! Whether a record has a value already.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::value::{Binary, Decimal, Decode};

/// Whether what was read is what would be set. A server may write a value otherwise than it was sent, and keeps some
/// values in another form: numbers are compared by their value, texts without the white space around them.
pub(super) fn is_same(read: &Value, set: &Value) -> bool {
    if is_empty(read) || is_empty(set) {
        return is_empty(read) && is_empty(set) || is_false(read) && is_false(set);
    }
    match (read, set) {
        (Value::String(read), Value::String(set)) => read.trim() == set.trim(),
        // The values of a multi-selection, which a server sorts.
        (Value::Array(read), Value::Array(set)) => match (texts(read), texts(set)) {
            (Some(read), Some(set)) => read == set,
            _ => read.len() == set.len() && read.iter().zip(set).all(|(read, set)| is_same(read, set)),
        },
        (Value::Object(read), Value::Object(set)) => is_same_object(read, set),
        // SQLite has no booleans.
        (Value::Number(read), Value::Bool(set)) => read.as_u64() == Some(u64::from(*set)),
        _ => match (number(read), number(set)) {
            (Some(read), Some(set)) => read == set,
            _ => read == set,
        },
    }
}

/// Null, and what servers keep as null or in the place of it.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A boolean that was never set is null.
fn is_false(value: &Value) -> bool {
    matches!(value, Value::Null | Value::Bool(false))
}

/// The number that an integer, a float or a numeric is.
fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(_) => Decimal::decode(value).ok(),
        Value::Object(parts) if class(parts) == Some("Decimal") => Decimal::decode(value).ok(),
        _ => None,
    }
}

fn texts(items: &[Value]) -> Option<BTreeSet<&str>> {
    items.iter().map(Value::as_str).collect()
}

fn class(parts: &Map<String, Value>) -> Option<&str> {
    parts.get("__class__").and_then(Value::as_str)
}

fn is_same_object(read: &Map<String, Value>, set: &Map<String, Value>) -> bool {
    match (class(read), class(set)) {
        (None, None) => is_same_dict(read, set),
        (Some("Decimal"), Some("Decimal")) => {
            number(&Value::Object(read.clone())) == number(&Value::Object(set.clone()))
        }
        (Some("bytes"), Some("bytes")) => {
            let bytes = |parts: &Map<String, Value>| Binary::decode(&Value::Object(parts.clone())).ok();
            bytes(read) == bytes(set)
        }
        (Some("datetime" | "time"), Some("datetime" | "time")) => is_same_time(read, set),
        _ => read == set,
    }
}

/// A dictionary drops its nulls.
fn is_same_dict(read: &Map<String, Value>, set: &Map<String, Value>) -> bool {
    let entries = |dict: &Map<String, Value>| dict.values().filter(|value| !value.is_null()).count();
    let is_there =
        |(key, set): (&String, &Value)| set.is_null() || read.get(key).is_some_and(|read| is_same(read, set));
    entries(read) == entries(set) && set.iter().all(is_there)
}

/// Only a timestamp keeps fractions of a second.
fn is_same_time(read: &Map<String, Value>, set: &Map<String, Value>) -> bool {
    let part = |parts: &Map<String, Value>, name| parts.get(name).and_then(Value::as_i64).unwrap_or(0);
    let is_same = |name| part(read, name) == part(set, name);
    ["year", "month", "day", "hour", "minute", "second"].into_iter().all(is_same)
        && (part(read, "microsecond") == 0 || is_same("microsecond"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::{Date, Encode};

    fn decimal(text: &str) -> Value {
        json!({"__class__": "Decimal", "decimal": text})
    }

    fn at(microsecond: i64) -> Value {
        let (hour, minute, second) = (9, 30, 0);
        json!({"__class__": "time", "hour": hour, "minute": minute, "second": second, "microsecond": microsecond})
    }

    #[test]
    fn a_value_is_the_same_however_it_is_kept() {
        for (read, set) in [
            (json!(null), json!("")),
            (json!(""), json!(null)),
            (json!(null), json!([])),
            (json!(null), json!({})),
            (json!(null), json!(false)),
            (json!(0), json!(false)),
            (json!(1), json!(true)),
            (json!(10), json!(10.0)),
            (json!(0.1), json!(0.1)),
            (json!(7), json!(7)),
            (decimal("1.50"), decimal("1.5")),
            (decimal("0"), decimal("-0.00")),
            (json!("Bolt"), json!(" Bolt \n")),
            (json!(["a", "b"]), json!(["b", "a"])),
            (json!({"size": decimal("1.0")}), json!({"size": decimal("1"), "color": null})),
            (at(0), at(250_000)),
            (json!({"__class__": "bytes", "base64": "AAE="}), json!({"base64": "AAE=", "__class__": "bytes"})),
        ] {
            assert!(is_same(&read, &set), "{read} and {set}");
        }
    }

    #[test]
    fn another_value_is_another() {
        let day = |day| Date::constant(2026, 2, day).encode().expect("a date");
        for (read, set) in [
            (json!(null), json!(0)),
            (json!(0), json!(null)),
            (json!(true), json!(null)),
            (json!(null), json!(true)),
            (json!(""), json!("a")),
            (json!("a"), json!("A")),
            (json!("a b"), json!("ab")),
            (json!(10), json!(10.5)),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)),
            (decimal("1.50"), decimal("1.51")),
            (day(1), day(2)),
            (at(250_000), at(0)),
            (json!(["a", "b"]), json!(["a"])),
            (json!({"size": 1}), json!({"color": 1})),
            (json!({"size": 1}), json!({})),
            (json!("party.party,1"), json!("party.party,2")),
        ] {
            assert!(!is_same(&read, &set), "{read} and {set}");
        }
    }
}
