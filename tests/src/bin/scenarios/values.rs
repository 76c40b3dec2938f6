//! The values of a scenario, converted through the SDK's own types.

use serde_json::{Map, Value};
use tryton_sdk::{Binary, Date, DateTime, Decimal, Decode, Encode, Time, TimeDelta};

/// The key that names the type of an object.
const CLASS: &str = "__class__";

/// Decodes every date, decimal and so on in a value to the SDK's type, and encodes it again.
///
/// # Errors
///
/// Fails for a value that the SDK's type cannot decode.
pub(crate) fn through_types(value: Value) -> serde_json::Result<Value> {
    match value {
        Value::Array(items) => items.into_iter().map(through_types).collect(),
        Value::Object(entries) => match entries.get(CLASS).and_then(Value::as_str) {
            Some("Decimal") => through::<Decimal>(entries),
            Some("date") => through::<Date>(entries),
            Some("time") => through::<Time>(entries),
            Some("datetime") => through::<DateTime>(entries),
            Some("timedelta") => through::<TimeDelta>(entries),
            Some("bytes") => through::<Binary>(entries),
            // PYSON has the same form.
            _ => entries.into_iter().map(|(key, value)| Ok((key, through_types(value)?))).collect(),
        },
        plain => Ok(plain),
    }
}

fn through<T: Decode + Encode>(object: Map<String, Value>) -> serde_json::Result<Value> {
    T::decode(Value::Object(object))?.encode().map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_tryton_stay_what_they_are() {
        let day = json!({"__class__": "date", "year": 2026, "month": 2, "day": 28});
        let value = json!({
            "prices": [{"__class__": "Decimal", "decimal": "10.50"}, null, 1.5],
            "at": {"__class__": "datetime", "year": 2026, "month": 2, "day": 28,
                "hour": 1, "minute": 2, "second": 3, "microsecond": 4},
            "domain": [["date", "<", {"__class__": "Date", "start": day}]],
        });
        assert_eq!(through_types(value.clone()).expect("it is read"), value);
    }

    #[test]
    fn a_value_that_no_type_reads_is_an_error() {
        assert!(through_types(json!([{"__class__": "Decimal", "decimal": "ten"}])).is_err());
    }
}
