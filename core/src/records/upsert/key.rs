//! The records that have one of some keys.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;

use serde_json::{Map, Value};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::model::{Field, FieldType, Filterable, Model, NeverNull, Scalar};
use crate::query::{Domain, Operand, Operator};
use crate::records::Search;
use crate::value::{Decimal, Decode, Id};

/// How many keys one request asks for: few enough for every database.
pub(super) const BATCH: usize = 500;

/// A key, however it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Number(Decimal),
    /// A text, or a date and the like as JSON.
    Text(String),
}

impl Key {
    /// None of what is no key: null, and the empty text.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::String(text) if text.is_empty() => None,
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Number(_) => Decimal::decode(value).ok().map(Self::Number),
            Value::Object(parts) if parts.contains_key("decimal") => Decimal::decode(value).ok().map(Self::Number),
            Value::Object(parts) => {
                let mut parts: Vec<_> = parts.iter().map(|(name, part)| format!("{name} {part}")).collect();
                parts.sort_unstable();
                Some(Self::Text(parts.join(" ")))
            }
            other => Some(Self::Text(other.to_string())),
        }
    }
}

/// The records with one of these keys, inactive ones included, with these fields, by their keys.
pub(super) async fn records<M: Model>(
    connection: &dyn Connection,
    key: &str,
    keys: Vec<Value>,
    mut fields: Vec<&str>,
) -> Result<HashMap<Key, Vec<Map<String, Value>>>> {
    fields.extend([key, "id"]);
    fields.sort_unstable();
    fields.dedup();
    let domain = Domain::clause(key, Operator::In, keys.into(), false);
    let mut params = Search::<M>::new().filter(domain).order(M::ID.asc()).window().to_vec();
    params.push(fields.into());
    let context = connection.context().clone().active_test(false);
    let call = Call::of::<M>("search_read", params, &context);
    let read: Vec<Map<String, Value>> = fetch(connection, call, PhantomData).await?;
    let mut records: HashMap<_, Vec<_>> = HashMap::with_capacity(read.len());
    for record in read {
        if let Some(key) = record.get(key).and_then(Key::of) {
            records.entry(key).or_default().push(record);
        }
    }
    Ok(records)
}

/// The id of a record.
pub(super) fn id<M: Model>(record: &Map<String, Value>) -> Result<Id<M>> {
    let id = record.get("id").and_then(Value::as_i64);
    id.map(Id::new).ok_or_else(|| Error::decode(None, "id".to_owned(), "the record has no id".to_owned(), false))
}

/// The error that several records have the key of one.
pub(super) fn several<M: Model>(key: &str, records: &[Map<String, Value>]) -> Error {
    let ids: Vec<_> = records.iter().filter_map(|record| record.get("id")).map(Value::to_string).collect();
    let note = format!("the records {} of `{}` have the same `{key}`", ids.join(", "), M::NAME);
    Error::not_one(records.len() as u64).noting(note)
}

pub(crate) async fn ids_by<M, T, Q, V>(
    connection: &dyn Connection,
    key: Field<M, T, Q>,
    keys: Vec<V>,
) -> Result<HashMap<V, Id<M>>>
where
    M: Model,
    T: FieldType<Base: Scalar>,
    Q: Filterable,
    V: Operand<T::Base, Null = NeverNull> + Clone + Eq + Hash,
{
    let key = key.name();
    let mut wanted: HashMap<V, Key> = HashMap::with_capacity(keys.len());
    let mut values = Vec::with_capacity(keys.len());
    for asked in keys {
        let value = asked.clone().into_json()?;
        if let Some(known) = Key::of(&value)
            && wanted.insert(asked, known).is_none()
        {
            values.push(value);
        }
    }
    let mut ids: HashMap<Key, Id<M>> = HashMap::with_capacity(values.len());
    for batch in values.chunks(BATCH) {
        for (found, records) in records::<M>(connection, key, batch.to_vec(), Vec::new()).await? {
            match &records[..] {
                [record] => drop(ids.insert(found, id(record)?)),
                several_records => return Err(several::<M>(key, several_records)),
            }
        }
    }
    Ok(wanted.into_iter().filter_map(|(asked, key)| Some((asked, *ids.get(&key)?))).collect())
}
