use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::unsendable::Unsendable;
use crate::value::{DateTime, Decode, Encode, Id, ModelName, Timestamp};

/// The key of the time as of which records are read.
const PAST: &str = "_datetime";

/// The key of the records that must not have changed.
pub(crate) const CHECKED: &str = "_timestamp";

/// The context of calls, sent besides their arguments: language, company, whether inactive records count.
///
/// `Client::with` returns a client that sends it with every call; `Client::user_context` returns the one that the user
/// has chosen.
///
/// ```no_run
/// use tryton_sdk::Context;
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let tryton = tryton.with(tryton.user_context().await?);
/// let in_french = tryton.with(Context::new().language("fr"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context {
    keys: Map<String, Value>,
    /// The values that cannot be sent. The call reports them.
    pub(crate) unsendable: Unsendable,
}

impl Context {
    /// Creates an empty context.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the language of labels, messages and translated fields by its code: `en`, `fr`, `pt_BR`.
    #[must_use]
    pub fn language(self, code: &str) -> Self {
        self.set("language", code)
    }

    /// Sets the company.
    #[must_use]
    pub fn company<M: ModelName>(self, company: Id<M>) -> Self {
        self.set("company", company.get())
    }

    /// Sets the employee on whose behalf the calls act.
    #[must_use]
    pub fn employee<M: ModelName>(self, employee: Id<M>) -> Self {
        self.set("employee", employee.get())
    }

    /// Sets whether the server leaves out inactive records, as it does by default.
    /// [`Search::with_inactive`](crate::Search::with_inactive) does the same for one search.
    #[must_use]
    pub fn active_test(self, active_only: bool) -> Self {
        self.set("active_test", active_only)
    }

    /// Reads records as they were at this time, in UTC, if their model keeps a history; otherwise as they are.
    ///
    /// Servers before 8.0 apply a search's limit before they remove records that were deleted or replaced by then: with a
    /// limit, such a search may find too few. A [`stream`](crate::Search::stream) finds them all.
    ///
    /// ```
    /// use tryton_sdk::{Context, DateTime};
    ///
    /// let at_new_year = Context::new().at("2026-01-01T00:00:00".parse::<DateTime>()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn at(self, time: DateTime) -> Self {
        self.set(PAST, time)
    }

    /// Limits how many related records of each list are read with their fields. For the others, only the ids are sent, so
    /// a projection of further fields cannot be decoded. Servers before 7.2 ignore it.
    #[must_use]
    pub fn related_read_limit(self, records: u64) -> Self {
        self.set("related_read_limit", records)
    }

    /// Makes calls that write or delete this record fail if somebody else has changed it since it was read
    /// ([`is_concurrency`](crate::Error::is_concurrency)). Use it once per record.
    ///
    /// With servers of 6.0 or 7.0 on SQLite, changes within one second count as one.
    ///
    /// [`Timestamp`] has an example; [`Record::save`](crate::Record::save) does it by itself.
    #[must_use]
    pub fn unchanged_since<M: ModelName>(self, id: Id<M>, read_at: &Timestamp) -> Self {
        let record = format!("{},{}", M::NAME, id.get());
        self.merge(Self::new().set(CHECKED, json!({ record: read_at })))
    }

    /// Sets any other key. The server drops keys that start with `_`, except `_datetime` and `_timestamp`. A value that
    /// Tryton cannot represent makes the calls fail with an error that names the key.
    ///
    /// ```
    /// use tryton_sdk::{Context, Date, Decimal};
    ///
    /// let context = Context::new().set("stock_date_end", Date::constant(2026, 12, 31)).set("rate", Decimal::from(2));
    /// assert_eq!(context.get::<Date>("stock_date_end")?, Some(Date::constant(2026, 12, 31)));
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Encode) -> Self {
        let value = self.unsendable.take(key, value.encode());
        self.keys.insert(key.to_owned(), value);
        self
    }

    /// Returns the value of a key; `None` if it is missing or null.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) if the value is not a `T`.
    ///
    /// ```
    /// use tryton_sdk::Context;
    ///
    /// let context = Context::new().language("fr");
    /// assert_eq!(context.get::<String>("language")?.as_deref(), Some("fr"));
    /// assert_eq!(context.get::<i64>("company")?, None);
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn get<T: Decode>(&self, key: &str) -> Result<Option<T>> {
        let Some(value) = self.keys.get(key) else { return Ok(None) };
        T::decode_option(value).map_err(|e| Error::decode(None, key.to_owned(), crate::error::reason(&e), false))
    }

    /// Returns the keys with their values in Tryton's JSON.
    ///
    /// ```
    /// use tryton_sdk::Context;
    ///
    /// let context = Context::new().active_test(false);
    /// assert!(context.iter().eq([("active_test", &serde_json::json!(false))]));
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// Whether the context is empty.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Returns this context with the keys of `other` added or replaced. The records of
    /// [`unchanged_since`](Self::unchanged_since) of both are checked.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        for (key, value) in other.keys {
            self.unsendable.forget(&key);
            match (self.keys.get_mut(&key), value) {
                (Some(Value::Object(known)), Value::Object(more)) if key == CHECKED => known.extend(more),
                (_, value) => drop(self.keys.insert(key, value)),
            }
        }
        self.unsendable.join(other.unsendable);
        self
    }

    /// Whether records are read as they were once.
    pub(crate) fn is_of_the_past(&self) -> bool {
        self.keys.get(PAST).is_some_and(|time| !time.is_null())
    }
}

impl Context {
    /// The keys and their values, as they are sent.
    pub fn into_keys(self) -> Map<String, Value> {
        self.keys
    }
}

impl From<Map<String, Value>> for Context {
    fn from(keys: Map<String, Value>) -> Self {
        Self { keys, unsendable: Unsendable::default() }
    }
}

impl Serialize for Context {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.keys.serialize(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Party {}
    impl ModelName for Party {
        const NAME: &'static str = "party.party";
    }

    fn checked(id: i64, read_at: &str) -> Context {
        let read_at = serde_json::from_value(read_at.into()).expect("a string");
        Context::new().unchanged_since(Id::<Party>::new(id), &read_at)
    }

    #[test]
    fn records_to_check_add_up() {
        let read_at: Timestamp = serde_json::from_value("3.5".into()).expect("a string");
        let context = checked(1, "1.5").merge(checked(2, "2.5")).unchanged_since(Id::<Party>::new(1), &read_at);
        let expected = json!({"_timestamp": {"party.party,1": "3.5", "party.party,2": "2.5"}});
        assert_eq!(json!(context), expected);
    }
}
