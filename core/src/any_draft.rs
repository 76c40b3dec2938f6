//! Values for a record whose model is known only at run time, in the order in which they were set.

use std::fmt;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::unsendable::Unsendable;

/// Values for fields of a record of any model: a [`Draft`](struct@crate::Draft) without its types.
///
/// [`AnyForm::fill`](crate::form::AnyForm::fill) sets the fields in the order in which the draft sets them. The values
/// are Tryton's own JSON, which [`Encode`](crate::Encode) writes; only the server checks them.
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::form::AnyDraft;
///
/// let line = AnyDraft::new().set("product", json!(3)).set("quantity", json!(2.0));
/// let sale = AnyDraft::new().set("party", json!(7)).add("lines", [line]);
/// let sent = r#"{"lines":[["create",[{"product":3,"quantity":2.0}]]],"party":7}"#;
/// assert_eq!(sale.to_json().to_string(), sent);
/// ```
#[derive(Clone, Default)]
#[must_use = "a draft changes nothing until it is sent"]
pub struct AnyDraft {
    fields: Vec<(String, Said)>,
    /// The values that cannot be sent. The call reports them.
    unsendable: Unsendable,
}

/// The effect of a draft on a field.
#[derive(Clone)]
pub(crate) enum Said {
    Value(Value),
    Steps(Vec<ListStep>),
}

/// A change of a list of records.
#[derive(Clone)]
pub(crate) enum ListStep {
    Create(Vec<AnyDraft>),
    Add(Vec<i64>),
    Remove(Vec<i64>),
    Delete(Vec<i64>),
    Write(Vec<i64>, AnyDraft),
    Copy(Vec<i64>, AnyDraft),
    /// A step given as JSON.
    Raw(Value),
}

impl AnyDraft {
    /// Creates a draft that mentions no field.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the field. It replaces what the draft had for the field.
    pub fn set(self, field: &str, value: Value) -> Self {
        self.say(field, Said::Value(value))
    }

    /// Like [`set`](Self::set), for a value that Tryton may not be able to hold.
    pub(crate) fn value_of(mut self, field: &str, value: Result<Value>) -> Self {
        let value = self.unsendable.take(field, value);
        self.fields.retain(|(known, _)| known != field);
        self.fields.push((field.to_owned(), Said::Value(value)));
        self
    }

    /// Like [`set`](Self::set), for a value that may be a list of steps.
    pub(crate) fn raw(self, field: &str, value: Value) -> Self {
        self.say(field, Said::of(value))
    }

    fn say(self, field: &str, said: Said) -> Self {
        let mut draft = self.forget(field);
        draft.fields.push((field.to_owned(), said));
        draft
    }

    /// Removes the field from the draft.
    pub(crate) fn forget(mut self, field: &str) -> Self {
        self.unsendable.forget(field);
        self.fields.retain(|(known, _)| known != field);
        self
    }

    /// Creates records from these drafts and adds them to the list.
    pub fn add(self, list: &str, drafts: impl IntoIterator<Item = Self>) -> Self {
        self.step(list, ListStep::Create(drafts.into_iter().collect()))
    }

    /// Adds these existing records to the list.
    pub fn link(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Add(ids.into_iter().collect()))
    }

    /// Removes these records from the list, without deleting them.
    pub fn unlink(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Remove(ids.into_iter().collect()))
    }

    /// Deletes these records of the list.
    pub fn delete(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Delete(ids.into_iter().collect()))
    }

    /// Changes this record of the list.
    pub fn update(self, list: &str, id: i64, changes: Self) -> Self {
        self.step(list, ListStep::Write(vec![id], changes))
    }

    /// Adds a step; steps are carried out in order.
    pub(crate) fn step(mut self, list: &str, step: ListStep) -> Self {
        let unsendable = step.unsendable().below(list);
        match self.fields.iter_mut().find(|(known, _)| known == list) {
            Some((_, Said::Steps(steps))) => steps.push(step),
            _ => self = self.say(list, Said::Steps(vec![step])),
        }
        self.unsendable.join(unsendable);
        self
    }

    /// Whether the draft mentions no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Returns the value that a field is set to; `None` for a list of records, which has only steps.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        match &self.fields.iter().find(|(known, _)| known == field)?.1 {
            Said::Value(value) => Some(value),
            Said::Steps(_) => None,
        }
    }

    /// Returns every field that the draft mentions, with its value; `None` for a list of records.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.fields.iter().map(|(field, said)| match said {
            Said::Value(value) => (field.as_str(), Some(value)),
            Said::Steps(_) => (field.as_str(), None),
        })
    }

    pub(crate) fn into_fields(self) -> Vec<(String, Said)> {
        self.fields
    }

    /// Returns the values that cannot be sent.
    pub(crate) fn unsendable(&self) -> &Unsendable {
        &self.unsendable
    }

    /// Returns the values in Tryton's JSON; null for a value that Tryton cannot hold.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.clone().into_json()
    }

    /// Like [`to_json`](Self::to_json), without copying large values.
    pub(crate) fn into_json(self) -> Value {
        Value::Object(self.fields.into_iter().map(|(field, said)| (field, said.into_json())).collect::<Map<_, _>>())
    }
}

/// The words with which steps begin.
const STEPS: [&str; 6] = ["create", "add", "remove", "delete", "write", "copy"];

impl Said {
    /// Without the type of its field, a value counts as a list of steps if it looks like one.
    fn of(value: Value) -> Self {
        let is_step = |item: &Value| item.get(0).and_then(Value::as_str).is_some_and(|word| STEPS.contains(&word));
        match value {
            Value::Array(items) if !items.is_empty() && items.iter().all(is_step) => {
                Self::Steps(items.into_iter().map(ListStep::Raw).collect())
            }
            value => Self::Value(value),
        }
    }

    fn into_json(self) -> Value {
        match self {
            Self::Value(value) => value,
            Self::Steps(steps) => steps.into_iter().map(ListStep::into_json).collect(),
        }
    }
}

impl ListStep {
    /// Returns the values within the step that cannot be sent.
    fn unsendable(&self) -> Unsendable {
        let mut all = Unsendable::default();
        match self {
            Self::Create(drafts) => drafts.iter().for_each(|draft| all.join(draft.unsendable.clone())),
            Self::Write(_, changes) | Self::Copy(_, changes) => all.join(changes.unsendable.clone()),
            Self::Add(_) | Self::Remove(_) | Self::Delete(_) | Self::Raw(_) => {}
        }
        all
    }

    // Not with `json!` where values are moved, because it would copy them.
    fn into_json(self) -> Value {
        match self {
            Self::Create(drafts) => step("create", [drafts.into_iter().map(AnyDraft::into_json).collect()]),
            Self::Add(ids) => step("add", [json!(ids)]),
            Self::Remove(ids) => step("remove", [json!(ids)]),
            Self::Delete(ids) => step("delete", [json!(ids)]),
            Self::Write(ids, changes) => step("write", [json!(ids), changes.into_json()]),
            Self::Copy(ids, changes) => step("copy", [json!(ids), changes.into_json()]),
            Self::Raw(step) => step,
        }
    }
}

/// Writes `["write", [7], {…}]`.
fn step<const N: usize>(word: &str, rest: [Value; N]) -> Value {
    std::iter::once(word.into()).chain(rest).collect()
}

/// Drafts are equal if they set the same values, in whatever order.
impl PartialEq for AnyDraft {
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json() && self.unsendable == other.unsendable
    }
}

impl fmt::Debug for AnyDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

impl Serialize for AnyDraft {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.unsendable.check().map_err(S::Error::custom)?;
        self.to_json().serialize(to)
    }
}
