use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::value::{Date, DateTime};

/// The names that an expression can look up, and the time of its evaluation.
///
/// For the expressions of a record's fields these are the fields' values in Tryton's JSON (a many2one as an id, a list
/// of records as a list of ids), `id`, `_parent_` with the name of the field that leads to the parent record, and
/// `context`. A JSON object is such an environment:
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::__pyson::Expression;
///
/// let states = r#"{"__class__": "Not", "v": {"__class__": "Bool", "v": {"__class__": "Eval", "v": "active", "d": true}}}"#;
/// let readonly = Expression::parse(states)?;
/// let record = json!({"id": 7, "active": false});
/// assert!(readonly.is_true(record.as_object().expect("an object"))?);
/// # Ok::<(), tryton_sdk::__pyson::Fault>(())
/// ```
pub trait Env {
    /// Returns the value of the name; `None` if the name does not exist: null is a value.
    fn get(&self, name: &str) -> Option<Found<'_>>;

    /// Returns the day on which `Date` is based. By default it is the day in UTC; Tryton's clients use their local day.
    fn today(&self) -> Date {
        self.now().date()
    }

    /// Returns the time in UTC on which `DateTime` is based.
    fn now(&self) -> DateTime {
        TimeZone::UTC.to_datetime(Timestamp::now())
    }
}

/// The value that an [`Env`] finds for a name.
#[derive(Clone)]
pub enum Found<'e> {
    /// A value in Tryton's JSON: `{"__class__": "date", …}` is a date.
    Value(Cow<'e, Value>),
    /// Another record with names of its own.
    Record(&'e dyn Env),
}

impl std::fmt::Debug for Found<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => f.debug_tuple("Value").field(value).finish(),
            Self::Record(_) => f.write_str("Record"),
        }
    }
}

impl Env for Map<String, Value> {
    fn get(&self, name: &str) -> Option<Found<'_>> {
        Map::get(self, name).map(|value| Found::Value(Cow::Borrowed(value)))
    }
}
