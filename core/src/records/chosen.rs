//! The fields of a record that are read without a struct for them.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{Error as _, MapAccess};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Columns, Record};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::Row;
use crate::value::Id;
use crate::wanted::Wanted;

/// Names of fields, and which of them are binary fields of which only the size is read.
pub(crate) struct Chosen {
    names: Vec<String>,
    sizes: Vec<String>,
}

/// What `fields_get` says of a field.
#[derive(Deserialize)]
pub(super) struct Definition {
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Chosen {
    /// All fields of the schema that the server has and lets the user see, files by their sizes.
    pub(super) async fn all<M: Model>(connection: &dyn Connection) -> Result<Self> {
        let known = known::<M>(connection).await?;
        let is_binary = |name: &str| known.get(name).is_some_and(|field| field.kind.as_deref() == Some("binary"));
        let names = M::FIELDS.all().filter(|name| known.contains_key(*name)).map(str::to_owned).collect();
        let sizes = M::FIELDS.all().filter(|name| is_binary(name)).map(str::to_owned).collect();
        Ok(Self { names, sizes })
    }

    /// These fields, files by their contents.
    ///
    /// # Errors
    ///
    /// Where the schema or the server does not have one of them.
    pub(super) async fn of<M: Model>(connection: &dyn Connection, names: &[&str]) -> Result<Self> {
        let missing =
            |name: &str, why: &str| Error::invalid_request(format!("`{}.{name}` cannot be read: {why}", M::NAME));
        if let Some(name) = names.iter().find(|name| !M::FIELDS.all().any(|known| known == **name)) {
            return Err(missing(name, "the schema has no such field"));
        }
        let known = known::<M>(connection).await?;
        match names.iter().find(|name| !known.contains_key(**name)) {
            Some(name) => Err(missing(name, NOT_THERE)),
            None => Ok(Self { names: names.iter().map(|name| (*name).to_owned()).collect(), sizes: Vec::new() }),
        }
    }

    pub(crate) fn is_size(&self, name: &str) -> bool {
        self.sizes.iter().any(|size| size == name)
    }

    /// Why a record does not have the field.
    pub(crate) fn why_not(&self, name: &str) -> &'static str {
        let is_chosen = self.names.iter().any(|chosen| chosen == name);
        if is_chosen { "the server left it out of its answer" } else { NOT_READ }
    }
}

const NOT_THERE: &str = "the server has no such field, or the user may not read the model that it leads to";
const NOT_READ: &str = "it was not read: it is none of the fields that were asked for, the server does not have it, or the \
                        user may not read the model that it leads to";

/// The fields that the server has and lets the user see.
pub(super) async fn known<M: Model>(connection: &dyn Connection) -> Result<HashMap<String, Definition>> {
    // Of fields that are asked for by name, the server does not look at what the user may see.
    let call = Call::of::<M>("fields_get", vec![Value::Null], connection.context());
    fetch(connection, call, PhantomData).await
}

impl<M: Model> Columns<M> for Arc<Chosen> {
    type Row = Record<M>;

    fn wants(&self, wanted: &mut Wanted) {
        self.names
            .iter()
            .map(String::as_str)
            .chain([M::TIMESTAMP.name()])
            .for_each(|name| wanted.field(name.to_owned()));
        self.sizes.iter().for_each(|name| wanted.size(M::NAME, name));
    }

    fn decode<'de, A: MapAccess<'de>>(&self, mut map: A) -> Result<Row<Record<M>>, A::Error> {
        let mut values = HashMap::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            values.insert(name, value);
        }
        let id = values.get("id").and_then(|id| id.get().parse().ok()).ok_or_else(|| A::Error::missing_field("id"))?;
        Ok(Row { id: Some(id), value: Record::new(Id::new(id), values, Arc::clone(self)) })
    }
}
