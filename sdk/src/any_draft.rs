//! Values for a record whose model is known at run time only, in the order in which they were said.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

/// Values for the fields of a record of any model: what a [`Draft`](crate::Draft) is without its types.
///
/// It keeps the order in which the fields were set: [`AnyForm::fill`](crate::form::AnyForm::fill) sets them in it. The
/// values are Tryton's own JSON, which [`Encode`](crate::Encode) writes; only the server checks them.
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
#[must_use = "a draft changes nothing before it is sent"]
pub struct AnyDraft {
    fields: Vec<(String, Said)>,
}

/// What a draft says of a field.
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
    /// One that was given as JSON.
    Raw(Value),
}

impl AnyDraft {
    /// A draft that mentions no field.
    pub fn new() -> Self {
        Self::default()
    }

    /// The field is to have this value. It takes the place of what the draft said of the field before.
    pub fn set(mut self, field: &str, value: Value) -> Self {
        self.fields.retain(|(known, _)| known != field);
        self.fields.push((field.to_owned(), Said::Value(value)));
        self
    }

    /// Records are created from these drafts and added to the list.
    pub fn add(self, list: &str, drafts: impl IntoIterator<Item = Self>) -> Self {
        self.step(list, ListStep::Create(drafts.into_iter().collect()))
    }

    /// These records, which exist, are added to the list.
    pub fn link(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Add(ids.into_iter().collect()))
    }

    /// These records are taken off the list. They go on existing.
    pub fn unlink(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Remove(ids.into_iter().collect()))
    }

    /// These records of the list are deleted.
    pub fn delete(self, list: &str, ids: impl IntoIterator<Item = i64>) -> Self {
        self.step(list, ListStep::Delete(ids.into_iter().collect()))
    }

    /// This record of the list is changed, in all that the draft mentions.
    pub fn update(self, list: &str, id: i64, changes: Self) -> Self {
        self.step(list, ListStep::Write(vec![id], changes))
    }

    /// Steps are carried out in the order in which they were said.
    pub(crate) fn step(mut self, list: &str, step: ListStep) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known == list) {
            Some((_, Said::Steps(steps))) => steps.push(step),
            Some((_, said)) => {
                let before = match said {
                    Said::Value(Value::Array(steps)) => std::mem::take(steps),
                    _ => Vec::new(),
                };
                *said = Said::Steps(before.into_iter().map(ListStep::Raw).chain([step]).collect());
            }
            None => self.fields.push((list.to_owned(), Said::Steps(vec![step]))),
        }
        self
    }

    /// Whether the draft mentions no field.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The value that a field was set to; none for a list of records, of which there are only steps.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        match &self.fields.iter().find(|(known, _)| known == field)?.1 {
            Said::Value(Value::Array(items)) if items.iter().any(Value::is_array) => None,
            Said::Value(value) => Some(value),
            Said::Steps(_) => None,
        }
    }

    pub(crate) fn into_fields(self) -> Vec<(String, Said)> {
        self.fields
    }

    /// The values as Tryton writes them in JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let fields = self.fields.iter().map(|(field, said)| (field.clone(), said.to_json()));
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

impl Said {
    fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Steps(steps) => steps.iter().map(ListStep::to_json).collect(),
        }
    }
}

impl ListStep {
    fn to_json(&self) -> Value {
        match self {
            Self::Create(drafts) => json!(["create", drafts]),
            Self::Add(ids) => json!(["add", ids]),
            Self::Remove(ids) => json!(["remove", ids]),
            Self::Delete(ids) => json!(["delete", ids]),
            Self::Write(ids, changes) => json!(["write", ids, changes]),
            Self::Copy(ids, changes) => json!(["copy", ids, changes]),
            Self::Raw(step) => step.clone(),
        }
    }
}

/// The order is how a draft came about, not what it says.
impl PartialEq for AnyDraft {
    fn eq(&self, other: &Self) -> bool {
        self.to_json() == other.to_json()
    }
}

impl fmt::Debug for AnyDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

impl Serialize for AnyDraft {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(to)
    }
}
