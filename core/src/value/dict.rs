use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Decode, Encode};
use crate::error::{Error, Result};
use crate::unsendable::Unsendable;

/// The value of a dict field: typed values under names.
///
/// The names and their types are data on the server. The server drops nulls: a name whose value is null is missing when
/// the dict is read again.
///
/// ```
/// use tryton_sdk::{Decimal, Dict};
///
/// let attributes = Dict::new().set("color", "red").set("weight", Decimal::from(12));
/// assert_eq!(attributes.get::<String>("color")?.as_deref(), Some("red"));
/// assert_eq!(attributes.get::<Decimal>("weight")?, Some(Decimal::from(12)));
/// assert_eq!(attributes.get::<bool>("sold")?, None);
/// # Ok::<(), tryton_sdk::Error>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Dict {
    values: BTreeMap<String, Value>,
    unsendable: Unsendable,
}

impl Dict {
    /// Creates an empty dict.
    ///
    /// ```
    /// assert!(tryton_sdk::Dict::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the value under `key`, or `None`.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) if the value is not a `T`.
    ///
    /// ```
    /// use tryton_sdk::{Date, Dict};
    ///
    /// let dict = Dict::new().set("due", Date::constant(2026, 12, 31));
    /// assert_eq!(dict.get::<Date>("due")?, Some(Date::constant(2026, 12, 31)));
    /// assert!(dict.get::<i64>("due").is_err_and(|error| error.is_decode()));
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn get<T: Decode>(&self, key: &str) -> Result<Option<T>> {
        let Some(value) = self.values.get(key) else {
            return Ok(None);
        };
        let failed = |e| Error::decode(None, key.to_owned(), crate::error::reason(&e), false);
        T::decode_option(value).map_err(failed)
    }

    /// Returns this dict with `value` under `key`, replacing any other. A value that Tryton cannot represent makes the
    /// call that sends the dict fail.
    ///
    /// ```
    /// use tryton_sdk::Dict;
    ///
    /// let dict = Dict::new().set("size", 40).set("size", 41);
    /// assert_eq!(dict.get("size")?, Some(41_i64));
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn set(mut self, key: impl Into<String>, value: impl Encode) -> Self {
        let key = key.into();
        let value = self.unsendable.take(&key, value.encode());
        self.values.insert(key, value);
        self
    }

    /// Removes the value under `key`, and returns it in Tryton's JSON.
    ///
    /// ```
    /// use tryton_sdk::Dict;
    ///
    /// let mut dict = Dict::new().set("color", "red");
    /// assert_eq!(dict.remove("color"), Some("red".into()));
    /// assert!(dict.is_empty());
    /// ```
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        self.unsendable.forget(key);
        self.values.remove(key)
    }

    /// Returns the names in alphabetical order.
    ///
    /// ```
    /// use tryton_sdk::Dict;
    ///
    /// let dict = Dict::new().set("size", 40).set("color", "red");
    /// assert!(dict.keys().eq(["color", "size"]));
    /// ```
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Returns the names with their values in Tryton's JSON.
    ///
    /// ```
    /// use serde_json::json;
    /// use tryton_sdk::{Decimal, Dict};
    ///
    /// let dict = Dict::new().set("weight", Decimal::from(12));
    /// let weight = json!({"__class__": "Decimal", "decimal": "12"});
    /// assert!(dict.iter().eq([("weight", &weight)]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Returns the number of values.
    ///
    /// ```
    /// assert_eq!(tryton_sdk::Dict::new().set("color", "red").len(), 1);
    /// ```
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no values.
    ///
    /// ```
    /// assert!(!tryton_sdk::Dict::new().set("color", "red").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

impl fmt::Debug for Dict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.values).finish()
    }
}

impl Decode for Dict {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { values: BTreeMap::deserialize(from)?, unsendable: Unsendable::default() })
    }
}

impl Encode for Dict {
    fn encode(&self) -> Result<Value> {
        self.unsendable.check()?;
        Ok(Value::Object(self.values.clone().into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::value::{Choice, Decimal};

    #[test]
    fn values_of_all_kinds_are_read_and_written_again() {
        let wire = json!({
            "color": "red", "size": 40, "sold": true, "tags": ["a", "b"], "none": null,
            "weight": {"__class__": "Decimal", "decimal": "1.20"},
            "ratio": {"__class__": "float", "float": "-Infinity"},
        });
        let dict = Dict::decode(&wire).expect("a dict");
        assert_eq!((dict.len(), dict.encode().expect("it can be sent")), (7, wire));
        assert_eq!(dict.get::<f64>("size").expect("a float"), Some(40.0));
        assert_eq!(dict.get::<bool>("sold").expect("a boolean"), Some(true));
        assert_eq!(dict.get::<Vec<Choice>>("tags").expect("a list").map(|tags| tags.len()), Some(2));
        assert_eq!(dict.get::<Decimal>("none").expect("null"), None);
        assert_eq!(dict.get::<Decimal>("weight").expect("a number").map(|w| w.to_string()).as_deref(), Some("1.20"));
        assert_eq!(dict.get::<f64>("ratio").expect("a float"), Some(f64::NEG_INFINITY));
        let error = dict.get::<i64>("color").expect_err("a text");
        assert_eq!(error.field(), Some("color"));
        let expected = "cannot read `color`: invalid type: string \"red\", expected an integer of at most 64 bits";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn what_is_no_object_is_no_dict() {
        assert!(Dict::decode(&json!(["a"])).is_err());
        assert!(Dict::decode(&json!(null)).is_err());
        assert_eq!(Option::<Dict>::decode(&json!(null)).expect("no dict"), None);
    }
}
