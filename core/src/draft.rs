//! Values to create a record with, or to change one to.

use std::fmt;
use std::marker::PhantomData;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::any_draft::{AnyDraft, ListStep};
use crate::error::Result;
use crate::model::{Field, FieldType, Nullable, Settable, Takes, Target, ToMany, Writable};
use crate::query::Operand;
use crate::unsendable::Unsendable;
use crate::value::Id;
use crate::value::ModelName;

/// Values for fields of a record of `M`, to create a record with or to change records to.
///
/// [`Records::create`](crate::Records::create) and [`Records::write`](crate::Records::write) send it. Fields that the
/// draft does not mention stay unchanged; in a new record they get the server's defaults. Setting a field again
/// replaces its value.
///
/// A list of records cannot be set as a whole; change it step by step: [`add`](Self::add), [`link`](Self::link),
/// [`unlink`](Self::unlink), [`delete`](Self::delete), [`update`](Self::update), [`copy`](Self::copy). The server
/// carries out the steps in order.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
/// use erp::{Party, PartyAddress, PartyCategory};
/// use tryton_sdk::{Draft, Id};
///
/// let good_customers: Id<PartyCategory> = Id::new(3);
/// let draft = Draft::new()
///     .set(Party::F.name, "Bolt & Co")
///     .clear(Party::F.lang)
///     .add(Party::F.addresses, [Draft::new().set(PartyAddress::F.city, "Liège")])
///     .link(Party::F.categories, [good_customers]);
/// assert_eq!(
///     draft.to_json().to_string(),
///     r#"{"addresses":[["create",[{"city":"Liège"}]]],"categories":[["add",[3]]],"lang":null,"name":"Bolt & Co"}"#,
/// );
/// ```
/// # From your own struct
///
/// `#[derive(Draft)]` implements `From<&Row> for Draft<M>` for a struct, such as one that serde reads from a file. Each
/// member sets the field of the same name, and its type is checked against the model. An `Option` that is `None` leaves
/// the field out. Add anything else to the draft afterwards.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[tryton(model = Party)]` | on the struct: the model |
/// | `#[tryton(crate = "facade::tryton_sdk")]` | on the struct: the path of the SDK, if another crate exports it; a dependency renamed in `Cargo.toml` is found without it |
/// | `#[tryton(path = "lang")]` | sets another field, by its Tryton name |
/// | `#[tryton(clear)]` | on an `Option`: `None` clears the field instead of leaving it out |
/// | `#[tryton(add)]` | on a list of such structs: creates records from them and adds them to the record's list |
/// | `#[tryton(link)]` | on a list of ids: adds these records to the record's list |
/// | `#[tryton(skip)]` | ignores the member |
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["*"] } }
/// use std::collections::HashMap;
///
/// use erp::{IrLang, Party, PartyAddress};
/// use serde::Deserialize;
/// use tryton_sdk::{Draft, Id};
///
/// #[derive(Deserialize, Draft)]
/// #[tryton(model = Party)]
/// struct Customer {
///     name: String,
///     #[tryton(path = "code")]
///     number: Option<String>,
///     #[tryton(skip)]
///     language: String,
///     #[tryton(add)]
///     addresses: Vec<Address>,
/// }
///
/// #[derive(Deserialize, Draft)]
/// #[tryton(model = PartyAddress)]
/// struct Address {
///     #[tryton(clear)]
///     city: Option<String>,
/// }
///
/// let languages: HashMap<String, Id<IrLang>> = HashMap::from([("fr".into(), Id::new(8))]);
/// let customer: Customer = serde_json::from_str(r#"{"name": "Bolt & Co", "language": "fr", "addresses": [{}]}"#)?;
/// let draft = Draft::from(&customer).set(Party::F.lang, languages[&customer.language]);
/// assert_eq!(
///     draft.to_json().to_string(),
///     r#"{"addresses":[["create",[{"city":null}]]],"lang":8,"name":"Bolt & Co"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use = "a draft changes nothing until it is sent"]
pub struct Draft<M> {
    said: AnyDraft,
    model: PhantomData<fn() -> M>,
}

impl<M> Draft<M> {
    /// Creates a draft that mentions no field.
    pub fn new() -> Self {
        Self::of(AnyDraft::new())
    }

    /// Wraps values that are known to fit a record of `M`.
    pub(crate) fn of(said: AnyDraft) -> Self {
        Self { said, model: PhantomData }
    }

    /// Drops the types, and keeps the order of the values.
    pub(crate) fn into_any(self) -> AnyDraft {
        self.said
    }

    /// Sets the field. The value of a nullable field may be an `Option`.
    ///
    /// A read-only field, or a value of the wrong type, does not compile. If Tryton cannot hold the value, such as a
    /// date before the year 1, the call fails with the name of the field.
    pub fn set<T, Q, V>(self, field: Field<M, T, Q>, value: V) -> Self
    where
        T: FieldType<Base: Settable, Null: Takes<V::Null>>,
        Q: Writable,
        V: Operand<T::Base>,
    {
        self.value_of(field.name(), value.into_json())
    }

    /// Sets the field of this name, whatever its type.
    pub(crate) fn value_of(self, field: &str, value: Result<Value>) -> Self {
        Self::of(self.said.value_of(field, value))
    }

    /// Sets the field to null; a field that the draft does not mention keeps its value.
    pub fn clear<T, Q>(self, field: Field<M, T, Q>) -> Self
    where
        T: FieldType<Null: Takes<Nullable>>,
        Q: Writable,
    {
        self.value_of(field.name(), Ok(Value::Null))
    }

    /// Sets the field to a value in Tryton's JSON, for what the typed methods cannot express. Only the server checks
    /// it. It replaces what the draft had for the field.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Draft, Encode};
    ///
    /// // A migration keeps the numbers that the sales had.
    /// let draft = Draft::<Sale>::new().raw("number", "SO-2019-0007".encode()?);
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn raw(self, field: &str, value: Value) -> Self {
        Self::of(self.said.raw(field, value))
    }

    /// Removes the field from the draft.
    pub(crate) fn forget(self, field: &str) -> Self {
        Self::of(self.said.forget(field))
    }

    /// Creates records from these drafts and adds them to the list.
    pub fn add<T, Q>(self, field: Field<M, T, Q>, drafts: impl IntoIterator<Item = Draft<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Create(drafts.into_iter().map(Draft::into_any).collect()))
    }

    /// Adds these existing records to the list.
    pub fn link<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Add(numbers(ids)))
    }

    /// Removes these records from the list, without deleting them.
    pub fn unlink<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Remove(numbers(ids)))
    }

    /// Deletes these records of the list.
    pub fn delete<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Delete(numbers(ids)))
    }

    /// Changes this record of the list.
    pub fn update<T, Q>(self, field: Field<M, T, Q>, id: Id<Target<T>>, changes: Draft<Target<T>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Write(vec![id.get()], changes.into_any()))
    }

    /// Copies these records with these changes, and adds the copies to the list.
    pub fn copy<T, Q>(
        self,
        field: Field<M, T, Q>,
        ids: impl IntoIterator<Item = Id<Target<T>>>,
        changes: Draft<Target<T>>,
    ) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Copy(numbers(ids), changes.into_any()))
    }

    /// Adds a step; steps are carried out in order.
    fn step<T, Q>(self, field: Field<M, T, Q>, step: ListStep) -> Self {
        Self::of(self.said.step(field.name(), step))
    }

    /// Whether the draft mentions no field.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// Returns the value that a field is set to; `None` for a list of records, which has only steps.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.said.value(field)
    }

    /// Returns every field that the draft mentions, with its value; `None` for a list of records.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.said.values()
    }

    /// Returns the values in Tryton's JSON; null for a value that Tryton cannot hold.
    pub fn to_json(&self) -> Value {
        self.said.to_json()
    }

    /// Like [`to_json`](Self::to_json), without copying large values.
    pub(crate) fn into_json(self) -> Value {
        self.said.into_json()
    }

    /// Returns the values that cannot be sent.
    pub(crate) fn unsendable(&self) -> &Unsendable {
        self.said.unsendable()
    }
}

fn numbers<M>(ids: impl IntoIterator<Item = Id<M>>) -> Vec<i64> {
    ids.into_iter().map(Id::get).collect()
}

impl<M> Default for Draft<M> {
    fn default() -> Self {
        Self::new()
    }
}

impl<M> Clone for Draft<M> {
    fn clone(&self) -> Self {
        Self::of(self.said.clone())
    }
}

impl<M> PartialEq for Draft<M> {
    fn eq(&self, other: &Self) -> bool {
        self.said == other.said
    }
}

impl<M: ModelName> fmt::Debug for Draft<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, self.to_json())
    }
}

impl<M> Serialize for Draft<M> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.said.serialize(to)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::field;

    enum Rule {}

    #[test]
    fn only_steps_are_no_value() {
        let any: Field<Rule, Value> = field("any");
        let lines: Field<Rule, Vec<Id<Rule>>> = field("lines");
        for list in [json!([[1, 2], [3]]), json!([["add", [3]]]), json!([[]]), json!([])] {
            assert_eq!(Draft::new().set(any, list.clone()).value("any"), Some(&list));
        }
        assert_eq!(Draft::<Rule>::new().raw("any", json!([[1, 2]])).value("any"), Some(&json!([[1, 2]])));

        let draft = Draft::new().link(lines, [Id::new(3)]);
        assert_eq!(draft.value("lines"), None);
        // Steps that were written by hand are steps as well.
        let raw = Draft::<Rule>::new().raw("lines", json!([["add", [3]]]));
        assert!(raw == draft && raw.value("lines").is_none());
        let more = raw.unlink(lines, [Id::new(4)]);
        assert_eq!(more.to_json(), json!({"lines": [["add", [3]], ["remove", [4]]]}));
    }
}
