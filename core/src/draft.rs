//! What a record is to be created with, or changed to.

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

/// Values for the fields of a record of `M`: for a new one, or as changes to others.
///
/// [`Records::create`](crate::Records::create) and [`Records::write`](crate::Records::write) send it. A field that is
/// not mentioned stays as it is; in a new record it gets the server's default. Of a field that is set twice, the later
/// value counts.
///
/// A list of records is not set but changed, by as many steps as it takes: [`add`](Self::add), [`link`](Self::link),
/// [`unlink`](Self::unlink), [`delete`](Self::delete), [`update`](Self::update), [`copy`](Self::copy). The server takes
/// them in the order in which they were said.
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
/// # From a struct of a program's own
///
/// `#[derive(Draft)]` implements `From<&Row> for Draft<M>` for a struct, such as one that serde reads from a file. Each of its
/// members sets the field of the same name, and its type is checked against the model's. An `Option` that is `None`
/// says nothing of the field. What a row cannot say is said of the draft afterwards.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[tryton(model = Party)]` | on the struct: the model |
/// | `#[tryton(crate = "facade::tryton_sdk")]` | on the struct: where the SDK is, if another crate exports it; a dependency that `Cargo.toml` renames is found |
/// | `#[tryton(path = "lang")]` | set another field, by the name that Tryton has for it |
/// | `#[tryton(clear)]` | of an `Option`: `None` clears the field instead of saying nothing |
/// | `#[tryton(add)]` | of a list of such structs: records are created from them and added to the list of the record |
/// | `#[tryton(link)]` | of a list of ids: these records are added to the list of the record |
/// | `#[tryton(skip)]` | the member is no field |
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
#[must_use = "a draft changes nothing before it is sent"]
pub struct Draft<M> {
    said: AnyDraft,
    model: PhantomData<fn() -> M>,
}

impl<M> Draft<M> {
    /// A draft that mentions no field.
    pub fn new() -> Self {
        Self::of(AnyDraft::new())
    }

    /// What is known to be said of a record of `M`.
    pub(crate) fn of(said: AnyDraft) -> Self {
        Self { said, model: PhantomData }
    }

    /// The same without types, in the order in which it was said.
    pub(crate) fn into_any(self) -> AnyDraft {
        self.said
    }

    /// The field is to have this value. Where it may be null, the value may be an `Option`.
    ///
    /// A field that the server declares read-only, and a value that the field cannot hold, do not compile.
    /// A value that Tryton cannot hold, such as a date before the year 1, makes the call fail, with the name of the field.
    pub fn set<T, Q, V>(self, field: Field<M, T, Q>, value: V) -> Self
    where
        T: FieldType<Base: Settable, Null: Takes<V::Null>>,
        Q: Writable,
        V: Operand<T::Base>,
    {
        self.value_of(field.name(), value.into_json())
    }

    /// The field of this name is to have this value, whatever its form.
    pub(crate) fn value_of(self, field: &str, value: Result<Value>) -> Self {
        Self::of(self.said.value_of(field, value))
    }

    /// The field is to have no value: null, which is not the same as saying nothing of it.
    pub fn clear<T, Q>(self, field: Field<M, T, Q>) -> Self
    where
        T: FieldType<Null: Takes<Nullable>>,
        Q: Writable,
    {
        self.value_of(field.name(), Ok(Value::Null))
    }

    /// A value as Tryton writes it in JSON, for what the typed methods cannot say. Only the server checks it.
    /// It takes the place of what the draft said of the field before.
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

    /// Says nothing of the field any more.
    pub(crate) fn forget(self, field: &str) -> Self {
        Self::of(self.said.forget(field))
    }

    /// Records are created from these drafts and added to the list.
    pub fn add<T, Q>(self, field: Field<M, T, Q>, drafts: impl IntoIterator<Item = Draft<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Create(drafts.into_iter().map(Draft::into_any).collect()))
    }

    /// These records, which exist, are added to the list.
    pub fn link<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Add(numbers(ids)))
    }

    /// These records are taken off the list. They go on existing.
    pub fn unlink<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Remove(numbers(ids)))
    }

    /// These records of the list are deleted.
    pub fn delete<T, Q>(self, field: Field<M, T, Q>, ids: impl IntoIterator<Item = Id<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Delete(numbers(ids)))
    }

    /// This record of the list is changed, in all that the draft mentions.
    pub fn update<T, Q>(self, field: Field<M, T, Q>, id: Id<Target<T>>, changes: Draft<Target<T>>) -> Self
    where
        T: FieldType<Base: ToMany>,
        Q: Writable,
    {
        self.step(field, ListStep::Write(vec![id.get()], changes.into_any()))
    }

    /// These records are copied with these changes, and the copies added to the list.
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

    /// Steps are carried out in the order in which they were said.
    fn step<T, Q>(self, field: Field<M, T, Q>, step: ListStep) -> Self {
        Self::of(self.said.step(field.name(), step))
    }

    /// Whether the draft mentions no field.
    pub fn is_empty(&self) -> bool {
        self.said.is_empty()
    }

    /// The value that a field was set to; none for a list of records, of which there are only steps.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.said.value(field)
    }

    /// Every field that is mentioned, with the value that it was set to; none for a list of records.
    pub(crate) fn values(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        self.said.values()
    }

    /// The values as Tryton writes them in JSON; null in the place of one that Tryton cannot hold.
    pub fn to_json(&self) -> Value {
        self.said.to_json()
    }

    /// The same without a copy of what may be large.
    pub(crate) fn into_json(self) -> Value {
        self.said.into_json()
    }

    /// The values that cannot be sent.
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
