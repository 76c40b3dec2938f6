//! Records whose fields are chosen at run time.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeSeed as _;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::connection::Connection;
use crate::draft::Draft;
use crate::error::{Error, Result};
use crate::model::{Field, FieldType, Model, Settable, Takes, Writable};
use crate::query::{Domain, Operand, Operator};
use crate::value::{Binary, Decode, Id, Timestamp};

use super::chosen::Chosen;
use super::{Records, write};

/// A record of the model `M` whose fields are chosen at run time, as read by [`Search::records`](crate::Search::records)
/// and [`Search::records_of`](crate::Search::records_of).
///
/// [`set`](Self::set) changes the record in memory. [`save`](Self::save) sends the changed fields, and is refused if
/// somebody else has changed the record since it was read.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// for mut party in Party::search().limit(3).records(&tryton).await? {
///     let code = party.get(Party::F.code)?;
///     party.set(Party::F.code, code.to_uppercase());
///     party.save(&tryton).await?;
/// }
/// # Ok(())
/// # }
/// ```
pub struct Record<M> {
    id: Id<M>,
    values: HashMap<String, Box<RawValue>>,
    changes: Draft<M>,
    /// The fields that were read, for reading them again.
    chosen: Arc<Chosen>,
}

impl<M: Model> Record<M> {
    pub(crate) fn new(id: Id<M>, values: HashMap<String, Box<RawValue>>, chosen: Arc<Chosen>) -> Self {
        Self { id, values, changes: Draft::new(), chosen }
    }

    /// The record's id.
    pub fn id(&self) -> Id<M> {
        self.id
    }

    /// Returns the value of a field: the one that was [`set`](Self::set), or else the one that was read. A list of
    /// records stays as it was read until the record is saved.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) if the value does not fit the field's type, or was not read.
    pub fn get<T: Decode, Q>(&self, field: Field<M, T, Q>) -> Result<T> {
        let failed = |reason: String| Error::decode(Some(self.id.get()), field.name().to_owned(), reason, false);
        let value = match (self.changes.value(field.name()), self.values.get(field.name())) {
            (Some(set), _) => field.seed().deserialize(set),
            (None, Some(_)) if self.chosen.is_size(field.name()) => {
                let why = "only its size was read: ask for its content by `records_of`, or for `Record::size`";
                return Err(failed(why.to_owned()));
            }
            (None, Some(read)) => field.seed().deserialize(&mut serde_json::Deserializer::from_str(read.get())),
            (None, None) => return Err(failed(self.chosen.why_not(field.name()).to_owned())),
        };
        value.map_err(|e| failed(crate::error::reason(&e)))
    }

    /// Returns the size of a binary field in bytes, if its size was read instead of its content; `None` for null.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) if the content was read, or nothing.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["ir.attachment"] } }
    /// use erp::IrAttachment;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// for attachment in IrAttachment::search().records(&tryton).await? {
    ///     println!("{:?} bytes", attachment.size(IrAttachment::F.data)?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn size<T: FieldType<Base = Binary>, Q>(&self, field: Field<M, T, Q>) -> Result<Option<i64>> {
        let failed = |reason: String| Error::decode(Some(self.id.get()), field.name().to_owned(), reason, false);
        match self.values.get(field.name()).filter(|_| self.chosen.is_size(field.name())) {
            Some(size) => Option::<i64>::decode(&mut serde_json::Deserializer::from_str(size.get()))
                .map_err(|e| failed(crate::error::reason(&e))),
            None => Err(failed("its size was not read".to_owned())),
        }
    }

    /// Returns the value of the field with this name in Tryton's JSON: the one that was set, or else the one that was
    /// read. `None` if the schema has no such field or the server sent none.
    ///
    /// [`Model::FIELDS`] has the names. [`Decode`] reads values for which JSON has no type:
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Client, Decimal, Decode, Model};
    ///
    /// async fn print(tryton: &Client, column: &str) -> Result<(), Box<dyn std::error::Error>> {
    ///     for sale in Sale::search().limit(3).records(tryton).await? {
    ///         let value = sale.raw(column).ok_or_else(|| format!("{column} is none of {:?}", Sale::FIELDS))?;
    ///         println!("{value}, of {:?}", sale.raw("total_amount").map(Decimal::decode).transpose()?);
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub fn raw(&self, name: &str) -> Option<Value> {
        let read = || serde_json::from_str(self.values.get(name)?.get()).ok();
        self.changes.value(name).cloned().or_else(read)
    }

    /// Sets the value of a field in memory, until [`save`](Self::save). For a field that may be null, the value may be an
    /// `Option`.
    ///
    /// Setting the value that was read is no change. For a numeric, the number of decimals counts: `1.5` instead of
    /// `1.50` is sent. Whatever [`change`](Self::change) adds is always sent.
    pub fn set<T, Q, V>(&mut self, field: Field<M, T, Q>, value: V)
    where
        T: FieldType<Base: Settable, Null: Takes<V::Null>>,
        Q: Writable,
        V: Operand<T::Base>,
    {
        let (name, value) = (field.name(), value.into_json());
        let read = || serde_json::from_str::<Value>(self.values.get(name)?.get()).ok();
        let is_read = value.as_ref().is_ok_and(|value| read().is_some_and(|read| is_same(&read, value)));
        self.change(|draft| if is_read { draft.forget(name) } else { draft.value_of(name, value) });
    }

    /// Adds to the changes that [`save`](Self::save) sends. Use it to change lists of records: `party.change(|draft|
    /// draft.link(Party::F.categories, [category]))`.
    pub fn change(&mut self, change: impl FnOnce(Draft<M>) -> Draft<M>) {
        self.changes = change(std::mem::take(&mut self.changes));
    }

    /// The changes to save.
    pub fn changes(&self) -> &Draft<M> {
        &self.changes
    }

    /// Whether there are changes to save.
    pub fn is_modified(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Sends the changes and reads the record again: two requests. Without changes, no request is made.
    ///
    /// # Errors
    ///
    /// As for [`Records::write`](crate::Records::write); [`is_concurrency`](Error::is_concurrency) if somebody else has
    /// changed the record since it was read ([`Context::unchanged_since`](crate::Context::unchanged_since) describes how
    /// precisely a server detects that). The changes are kept, to be shown or dropped by [`reload`](Self::reload).
    ///
    /// If the record is written but cannot be read again, the error is that of [`reload`](Self::reload), and
    /// [`is_modified`](Self::is_modified) is false.
    pub async fn save(&mut self, connection: &dyn Connection) -> Result<()> {
        if !self.is_modified() {
            return Ok(());
        }
        // A model without a database table has no timestamp.
        let mut context = connection.context().clone();
        if let Some(read_at) = self.read_at()? {
            context = context.unchanged_since(self.id, &read_at);
        }
        write::write_in(connection, &context, vec![(vec![self.id], self.changes.clone())]).await?;
        self.reload(connection).await
    }

    /// Reads the record again. Unsaved changes are dropped, even if reading fails.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_none_found`](Error::is_none_found) if the record no longer exists.
    pub async fn reload(&mut self, connection: &dyn Connection) -> Result<()> {
        self.changes = Draft::new();
        let mut domain = Domain::clause("id", Operator::Equal, self.id.get().into(), false);
        if M::FIELDS.all().any(|field| field == "active") {
            // Not through the context, which would also add inactive records to the lists that are read.
            domain = domain.and(Domain::active_or_not());
        }
        *self = M::search().filter(domain).select(Arc::clone(&self.chosen)).one(connection).await?;
        Ok(())
    }

    fn read_at(&self) -> Result<Option<Timestamp>> {
        if self.values.contains_key(M::TIMESTAMP.name()) { self.get(M::TIMESTAMP).map(Some) } else { Ok(None) }
    }
}

/// Whether the value that was read equals the one that is set. A server may write a value differently from how it was
/// sent.
fn is_same(read: &Value, set: &Value) -> bool {
    match (read, set) {
        // A whole float comes as an integer from some databases.
        (Value::Number(read), Value::Number(set)) if read.is_f64() || set.is_f64() => read.as_f64() == set.as_f64(),
        // So does a boolean from SQLite.
        (Value::Number(read), Value::Bool(set)) => read.as_u64() == Some(u64::from(*set)),
        _ => read == set,
    }
}

// A derive would require the same of `M`, which is only a name.
impl<M> Clone for Record<M> {
    fn clone(&self) -> Self {
        Self {
            id: self.id,
            values: self.values.clone(),
            changes: self.changes.clone(),
            chosen: Arc::clone(&self.chosen),
        }
    }
}

impl<M: Model> fmt::Debug for Record<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({:?})", self.id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_the_same_however_a_server_writes_it() {
        for (read, set) in [
            (json!(10), json!(10.0)),
            (json!(1), json!(true)),
            (json!(0), json!(false)),
            (json!(null), json!(null)),
            (json!(["a", "b"]), json!(["a", "b"])),
        ] {
            assert!(is_same(&read, &set), "{read} and {set}");
        }
        let decimal = |text: &str| json!({"__class__": "Decimal", "decimal": text});
        for (read, set) in [
            (json!(10), json!(10.5)),
            (json!(0), json!(true)),
            (json!(null), json!(false)),
            (decimal("1.50"), decimal("1.5")),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992_i64)),
        ] {
            assert!(!is_same(&read, &set), "{read} and {set}");
        }
    }
}
