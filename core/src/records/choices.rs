//! The choices of a selection field, with their labels.

use std::collections::HashMap;
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::{Value, json};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::model::{Field, FieldType, Selectable};
use crate::value::ModelName;
use crate::value::{Decode, Labelled};

/// The choices of a field of the type `T`.
type Choices<T> = Vec<Labelled<<<T as FieldType>::Base as Selectable>::Value>>;

impl<M: ModelName, T: FieldType<Base: Selectable>, Q> Field<M, T, Q> {
    /// Fetches the values that the field may have, with their labels, in the server's order.
    ///
    /// They always come from the server, or from the cache if the server marks them cacheable. The labels are in the
    /// language of the client's [`Context`](crate::Context).
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. [`is_invalid_request`](Error::is_invalid_request) if the choices depend on the values
    /// of the record: the message names the fields for [`choices_for`](Self::choices_for).
    /// [`is_forbidden`](Error::is_forbidden) for the few fields whose choices come from a method that clients may not
    /// call.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.identifier"] } }
    /// use erp::PartyIdentifier;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// for choice in PartyIdentifier::F.r#type.choices(&tryton).await? {
    ///     println!("{}: {:?}", choice.label, choice.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn choices(self, connection: &dyn Connection) -> Result<Choices<T>> {
        let definition = self.definition(connection).await?;
        if let Source::Method { depends_on, .. } = &definition
            && !depends_on.is_empty()
        {
            let fields = depends_on.join("`, `");
            let why = format!("the choices of {self:?} depend on `{fields}`: give their values to `choices_for`");
            return Err(Error::invalid_request(why));
        }
        self.known(connection, definition, &Value::Null).await
    }

    /// Like [`choices`](Self::choices), for a record with these values: an object of fields and values in Tryton's JSON.
    /// If the choices do not depend on values, they are not sent.
    ///
    /// # Errors
    ///
    /// As for [`choices`](Self::choices); [`is_invalid_request`](Error::is_invalid_request) if `values` is not an object.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["ir.attachment"] } }
    /// use erp::IrAttachment;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let values = serde_json::json!({"resource": "sale.sale,7"});
    /// let choices = IrAttachment::F.copy_to_resources.choices_for(&tryton, values).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn choices_for(self, connection: &dyn Connection, values: impl Serialize) -> Result<Choices<T>> {
        let values = serde_json::to_value(values).ok().filter(Value::is_object);
        let why = "the values of a record are an object that JSON can write: names of fields with their values";
        let values = values.ok_or_else(|| Error::invalid_request(why))?;
        let definition = self.definition(connection).await?;
        self.known(connection, definition, &values).await
    }

    async fn definition(self, connection: &dyn Connection) -> Result<Source> {
        let call = Call::of::<M>("fields_get", vec![json!([self.name()])], connection.context());
        let subject = call.subject().clone();
        let mut definitions: HashMap<String, HashMap<String, Value>> = fetch(connection, call, PhantomData).await?;
        let mut definition = definitions.remove(self.name()).unwrap_or_default();
        match definition.remove("selection") {
            Some(Value::Array(pairs)) => Ok(Source::List(pairs)),
            Some(Value::String(method)) => {
                let names = definition.remove("selection_change_with").unwrap_or_default();
                let names = names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
                Ok(Source::Method { name: method, depends_on: names.collect() })
            }
            _ => Err(self.unreadable("the server lists no choices for this field").about(&subject)),
        }
    }

    async fn known(self, connection: &dyn Connection, source: Source, values: &Value) -> Result<Choices<T>> {
        let pairs = match source {
            Source::List(pairs) => pairs,
            Source::Method { name, depends_on } => {
                let params = if depends_on.is_empty() { Vec::new() } else { vec![values.clone()] };
                let call = Call::of::<M>(&name, params, connection.context()).reading();
                let note = "the choices of this field are known to the server alone";
                let known = fetch(connection, call, PhantomData).await;
                known.map_err(|e: Error| if e.is_forbidden() { e.noting(note) } else { e })?
            }
        };
        pairs.into_iter().map(|pair| self.choice(pair)).collect()
    }

    fn choice(self, pair: Value) -> Result<Labelled<<T::Base as Selectable>::Value>> {
        let Value::Array(pair) = pair else {
            return Err(self.unreadable("a choice is a list of a value and its label"));
        };
        let mut pair = pair.into_iter();
        let value = <T::Base as Selectable>::Value::decode_option(pair.next().unwrap_or_default());
        let label = pair.next().and_then(|label| label.as_str().map(str::to_owned));
        match (value, label) {
            (Ok(value), Some(label)) => Ok(Labelled { value, label }),
            (Err(e), _) => Err(self.unreadable(&crate::error::reason(&e))),
            (_, None) => Err(self.unreadable("a choice without a label")),
        }
    }

    fn unreadable(self, reason: &str) -> Error {
        Error::decode(None, format!("{self:?}"), reason.to_owned(), false)
    }
}

/// Where the choices of a field are to be had.
enum Source {
    /// Pairs of a value and its label.
    List(Vec<Value>),
    /// A method of the model, which is given the values of these fields.
    Method { name: String, depends_on: Vec<String> },
}
