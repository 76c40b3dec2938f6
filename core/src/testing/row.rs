use std::fmt;
use std::marker::PhantomData;

use serde_json::{Map, Value};

use crate::model::Target;
use crate::{Field, FieldType, Id, LeadsTo, ModelName, Nullable, Operand, Reference, Takes, ToMany};

/// A record of `M` that a mock server sends.
///
/// Only requested fields are sent. A requested field that the row does not set is an error that names it; use
/// [`clear`](Self::clear) for null.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.line", "sale.sale"] } }
/// use erp::{Party, Sale, SaleLine};
/// use tryton_sdk::Id;
/// use tryton_sdk::testing::Row;
///
/// let sale = Row::new(Id::new(7))
///     .set(Sale::F.number, "S1")
///     .clear(Sale::F.total_amount)
///     .one(Sale::F.party, Row::new(Id::new(3)).set(Party::F.name, "Muster GmbH"))
///     .many(Sale::F.lines, [Row::new(Id::new(9)).set(SaleLine::F.quantity, 12)]);
/// ```
#[must_use]
pub struct Row<M> {
    /// A related record is kept beside its id, under the name of the field with a dot behind it, as servers send it.
    values: Map<String, Value>,
    model: PhantomData<fn() -> M>,
}

impl<M> Row<M> {
    /// Creates a record with nothing but its id.
    pub fn new(id: Id<M>) -> Self {
        Self { values: Map::from_iter([("id".to_owned(), id.get().into())]), model: PhantomData }
    }

    /// Sets the value of a field, even a read-only one. For a field that may be null, the value may be an `Option`.
    ///
    /// # Panics
    ///
    /// If Tryton cannot represent the value, so that no server could send it.
    pub fn set<T, Q, V>(mut self, field: Field<M, T, Q>, value: V) -> Self
    where
        T: FieldType<Null: Takes<V::Null>>,
        V: Operand<T::Base>,
    {
        let value = value.into_json().unwrap_or_else(|e| panic!("the value of `{}`: {e}", field.name()));
        let Some(key) = field.dictionary_key() else {
            return self.raw(field.name(), value);
        };
        let dictionary = self.values.entry(field.name()).or_insert_with(|| Value::Object(Map::new()));
        dictionary[key] = value;
        self
    }

    /// Sets a field to null.
    pub fn clear<T, Q>(self, field: Field<M, T, Q>) -> Self
    where
        T: FieldType<Null: Takes<Nullable>>,
    {
        self.raw(field.name(), Value::Null)
    }

    /// Sets a relation to this record; a reference field accepts a record of any model.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.line", "stock.move"] } }
    /// use erp::{SaleLine, StockMove};
    /// use tryton_sdk::testing::{Row, Server};
    /// use tryton_sdk::{Id, Model, Projection, Series};
    ///
    /// #[derive(Projection)]
    /// #[tryton(model = StockMove)]
    /// struct Move {
    ///     #[tryton(path = "origin.rec_name")]
    ///     origin: Option<String>,
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let server = Server::new(Series::new(8, 2));
    /// let line = Row::new(Id::new(9)).set(SaleLine::REC_NAME, "4 bolts");
    /// server.on_search(StockMove::search()).returns([Row::new(Id::new(5)).one(StockMove::F.origin, line)]);
    ///
    /// let moved: Move = StockMove::search().one(&server).await.unwrap();
    /// assert_eq!(moved.origin.as_deref(), Some("4 bolts"));
    /// # }
    /// ```
    pub fn one<T, Q, N>(self, field: Field<M, T, Q>, row: Row<N>) -> Self
    where
        T: FieldType<Base: LeadsTo<N>>,
    {
        let id = match <T::Base as LeadsTo<N>>::MODEL {
            Some(model) => format!("{model},{}", row.values["id"]).into(),
            None => row.values["id"].clone(),
        };
        self.raw(field.name(), id).raw(&format!("{}.", field.name()), row.values.into())
    }

    /// Sets a list to these records.
    pub fn many<T, Q>(self, field: Field<M, T, Q>, rows: impl IntoIterator<Item = Row<Target<T>>>) -> Self
    where
        T: FieldType<Base: ToMany>,
    {
        let rows: Vec<_> = rows.into_iter().map(|row| row.values).collect();
        let ids = rows.iter().map(|row| row["id"].clone()).collect();
        let rows = rows.into_iter().map(Value::Object).collect();
        self.raw(field.name(), ids).raw(&format!("{}.", field.name()), rows)
    }

    /// Sets a value in Tryton's JSON under a name without a field: `state:string`, the label of a selection, or
    /// `_timestamp`.
    pub fn raw(mut self, name: &str, value: Value) -> Self {
        self.values.insert(name.to_owned(), value);
        self
    }

    pub(super) fn into_values(self) -> Map<String, Value> {
        self.values
    }
}

impl<M: ModelName> fmt::Debug for Row<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", M::NAME, Value::from(self.values.clone()))
    }
}

/// Of a record the values that are asked for, as a server sends them; or the path of one that it lacks.
pub(super) fn project(values: &Map<String, Value>, names: &[&str]) -> Result<Value, String> {
    let mut sent = Map::from_iter([("id".to_owned(), values["id"].clone())]);
    for name in names {
        let (field, _) = name.split_once('.').unwrap_or((name, ""));
        if field == *name {
            let value = values.get(field).ok_or_else(|| field.to_owned())?;
            sent.insert(field.to_owned(), value.clone());
            continue;
        }
        let nested = format!("{field}.");
        if !sent.contains_key(&nested) {
            let below: Vec<_> = names.iter().filter_map(|name| name.strip_prefix(&nested)).collect();
            let related = project_related(values, field, &nested, &below)?;
            sent.insert(nested, related);
        }
    }
    Ok(sent.into())
}

fn project_related(values: &Map<String, Value>, field: &str, nested: &str, names: &[&str]) -> Result<Value, String> {
    let within = |path| format!("{nested}{path}");
    let unknown = || Err(within(names.first().copied().unwrap_or_default().to_owned()));
    match (values.get(nested), values.get(field)) {
        (Some(Value::Object(row)), _) => project(row, names).map_err(within),
        (Some(Value::Array(rows)), _) => {
            let rows = rows.iter().filter_map(Value::as_object);
            rows.map(|row| project(row, names).map_err(within)).collect()
        }
        (None, Some(Value::Null)) => Ok(Value::Null),
        // Of a record that is only named by its id, that is known.
        (None, Some(Value::Number(id))) => named(id.clone().into(), names).map_err(within),
        (None, Some(Value::String(text))) => match text.parse::<Reference>().map(|reference| reference.record_id()) {
            Ok(Some(id)) => named(id.into(), names).map_err(within),
            Ok(None) => Ok(Value::Null),
            Err(_) => unknown(),
        },
        _ => unknown(),
    }
}

/// What is sent of a record of which only the id is known.
fn named(id: Value, names: &[&str]) -> Result<Value, String> {
    project(&Map::from_iter([("id".to_owned(), id)]), names)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_asked_for_is_sent_and_what_is_missing_is_named() {
        let values = json!({
            "id": 7, "number": "S1", "total": null, "agent": null, "party": 3, "party.": {"id": 3, "name": "A"},
            "lines": [9], "lines.": [{"id": 9, "product": 5, "product.": {"id": 5, "code": "B"}}],
        });
        let values = values.as_object().expect("an object");
        let sent = |names: &[&str]| project(values, names);
        assert_eq!(sent(&["number", "party"]), Ok(json!({"id": 7, "number": "S1", "party": 3})));
        assert_eq!(
            sent(&["party.name", "agent.name", "lines.product.code", "lines.id"]),
            Ok(json!({
                "id": 7, "party.": {"id": 3, "name": "A"}, "agent.": null,
                "lines.": [{"id": 9, "product.": {"id": 5, "code": "B"}}],
            }))
        );
        assert_eq!(sent(&["number", "state"]), Err("state".to_owned()));
        assert_eq!(sent(&["lines.product.name"]), Err("lines.product.name".to_owned()));
        assert_eq!(sent(&["owner.name"]), Err("owner.name".to_owned()));
        let named = json!({"id": 7, "party": 3});
        let named = named.as_object().expect("an object");
        assert_eq!(project(named, &["party.id"]), Ok(json!({"id": 7, "party.": {"id": 3}})));
        assert_eq!(project(named, &["party.name"]), Err("party.name".to_owned()));
        let origin = |origin: &str| json!({"id": 7, "origin": origin}).as_object().expect("an object").clone();
        let sent = |origin: &Map<_, _>, name| project(origin, &[name]);
        assert_eq!(sent(&origin("sale.line,9"), "origin.id"), Ok(json!({"id": 7, "origin.": {"id": 9}})));
        assert_eq!(sent(&origin("sale.line,-1"), "origin.rec_name"), Ok(json!({"id": 7, "origin.": null})));
        for origin in ["sale.line,9", "no reference"].map(origin) {
            assert_eq!(sent(&origin, "origin.rec_name"), Err("origin.rec_name".to_owned()));
        }
    }
}
