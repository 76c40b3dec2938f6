use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::value::{Date, DateTime};

/// The names that an expression may look up, and the time at which it does.
///
/// For the expressions of a record's fields these are the fields' values as Tryton writes them in JSON (a many2one as an
/// id, a list of records as a list of ids), `id`, `_parent_` with the name of the field that leads to the parent record,
/// and `context`. A JSON object is such an environment:
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
    /// What the name stands for. None is for a name that is not there at all: null is a value.
    fn get(&self, name: &str) -> Option<Found<'_>>;

    /// The day that `Date` begins with. It is the day in UTC unless this is overridden; Tryton's clients take the day
    /// where they run.
    fn today(&self) -> Date {
        self.now().date()
    }

    /// The time in UTC that `DateTime` begins with.
    fn now(&self) -> DateTime {
        TimeZone::UTC.to_datetime(Timestamp::now())
    }
}

/// What an [`Env`] finds under a name.
#[derive(Clone)]
pub enum Found<'e> {
    /// A value as Tryton writes it in JSON: `{"__class__": "date", …}` is a date.
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
