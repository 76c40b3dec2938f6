use std::fmt;
use std::marker::PhantomData;

use serde_json::{Map, Value, json};

use crate::model::Target;
use crate::{Decode, Field, FieldType, Id, ModelName, Nullable, Operand, Takes, ToMany, ToOne};

/// The values of a record in a form, as received and returned by the functions of [`OnForm`](super::OnForm).
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "sale.sale"] } }
/// use erp::{Sale, SaleLine};
/// use tryton_sdk::testing::Values;
///
/// let line = Values::new().set(SaleLine::F.quantity, 12);
/// let sale = Values::new().set(Sale::F.number, "S1").add(Sale::F.lines, [line]);
/// assert_eq!(sale.get(Sale::F.number).as_deref(), Some("S1"));
/// assert_eq!(sale.rows(Sale::F.lines)[0].get(SaleLine::F.quantity), Some(12.0));
/// ```
#[must_use]
pub struct Values<M> {
    /// The values by field; for a list its ids, the values of its records, or the steps of a change.
    values: Map<String, Value>,
    model: PhantomData<fn() -> M>,
}

impl<M> Values<M> {
    /// No values.
    pub fn new() -> Self {
        Self::of(Map::new())
    }

    pub(super) fn of(values: Map<String, Value>) -> Self {
        Self { values, model: PhantomData }
    }

    pub(super) fn into_map(self) -> Map<String, Value> {
        self.values
    }

    /// Sets the value of a field, even a read-only one. For a field that may be null, the value may be an `Option`.
    ///
    /// # Panics
    ///
    /// If Tryton cannot represent the value, so that no server could send it.
    pub fn set<T, Q, V>(self, field: Field<M, T, Q>, value: V) -> Self
    where
        T: FieldType<Null: Takes<V::Null>>,
        V: Operand<T::Base>,
    {
        let value = value.into_json().unwrap_or_else(|e| panic!("the value of `{}`: {e}", field.name()));
        self.raw(field.name(), value)
    }

    /// Sets a field to null.
    pub fn clear<T, Q>(self, field: Field<M, T, Q>) -> Self
    where
        T: FieldType<Null: Takes<Nullable>>,
    {
        self.raw(field.name(), Value::Null)
    }

    /// Sets a list to exactly these saved records.
    pub fn hold<T, Q>(self, list: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
    {
        self.raw(list.name(), ids.into_iter().map(|id| Value::from(id.get())).collect())
    }

    /// Adds new records with these values to a list.
    pub fn add<T, Q>(self, list: Field<M, T, Q>, rows: impl IntoIterator<Item = Values<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
    {
        let rows: Vec<_> = rows.into_iter().map(|row| json!([-1, row.values])).collect();
        self.raw(list.name(), json!({"add": rows}))
    }

    fn raw(mut self, field: &str, value: Value) -> Self {
        self.values.insert(field.to_owned(), value);
        self
    }

    /// Returns the value of a field; `None` if it is null or was not set.
    ///
    /// # Panics
    ///
    /// If the value does not have the field's type.
    pub fn get<T, Q>(&self, field: Field<M, T, Q>) -> Option<T::Base>
    where
        T: FieldType<Base: Decode>,
    {
        let value = self.values.get(field.name()).unwrap_or(&Value::Null);
        T::Base::decode_option(value).unwrap_or_else(|e| panic!("the value of `{}`: {e}", field.name()))
    }

    /// Returns the values of the records in a list: all values of new records, and the id and the changes of saved ones.
    pub fn rows<T, Q>(&self, list: Field<M, T, Q>) -> Vec<Values<Target<T>>>
    where
        T: FieldType<Base: ToMany>,
    {
        let rows = match self.values.get(list.name()) {
            Some(Value::Object(steps)) => steps.get("add").and_then(Value::as_array).map(Vec::as_slice),
            Some(Value::Array(rows)) => Some(&rows[..]),
            _ => None,
        };
        let values = rows.unwrap_or_default().iter().filter_map(|row| row.get(1).unwrap_or(row).as_object());
        values.map(|values| Values::of(values.clone())).collect()
    }

    /// Returns the values of the parent record; `back` is the field that leads to it.
    pub fn parent<T, Q>(&self, back: Field<M, T, Q>) -> Values<Target<T>>
    where
        T: FieldType<Base: ToOne>,
    {
        let prefix = format!("_parent_{}.", back.name());
        let values = self.values.iter().filter_map(|(name, value)| Some((name.strip_prefix(&prefix)?, value)));
        Values::of(values.map(|(name, value)| (name.to_owned(), value.clone())).collect())
    }
}

impl<M> Default for Values<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M: ModelName> fmt::Debug for Values<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, Value::from(self.values.clone()))
    }
}
