//! Records whose fields are chosen at run time.

use std::collections::HashMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed as _, Error as _, MapAccess};
use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::model::{Field, Model};
use crate::projection::{Wanted, derived::Row};
use crate::query::Columns;
use crate::value::{Decode, Id};

/// A record of the model `M` with all its fields, as [`Search::records`](crate::Search::records) reads it.
///
/// ```no_run
/// # tryton_sdk::model! {
/// #     /// Party
/// #     pub Party(PartyFields) = "party.party" [search];
/// #     /// Name
/// #     name: Option<String>,
/// # }
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// for party in Party::search().limit(3).records(&tryton).await? {
///     println!("{:?}: {:?}", party.id(), party.get(Party::F.name)?);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Record<M> {
    id: Id<M>,
    values: HashMap<String, Box<RawValue>>,
}

impl<M: Model> Record<M> {
    /// The record's id.
    pub fn id(&self) -> Id<M> {
        self.id
    }

    /// The value of a field.
    ///
    /// # Errors
    ///
    /// [`is_decode`](Error::is_decode) where the value does not fit the field's type.
    pub fn get<T: Decode, Q>(&self, field: Field<M, T, Q>) -> Result<T> {
        let failed = |reason: String| Error::decode(Some(self.id.get()), field.name().to_owned(), reason, false);
        let raw =
            self.values.get(field.name()).ok_or_else(|| failed("the server left it out of its answer".to_owned()))?;
        let value = field.seed().deserialize(&mut serde_json::Deserializer::from_str(raw.get()));
        value.map_err(|e| failed(crate::answer::reason(&e)))
    }
}

impl<M: Model> fmt::Debug for Record<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({:?})", self.id)
    }
}

/// Every field of a model.
pub(crate) struct AllFields<M>(PhantomData<fn() -> M>);

impl<M> AllFields<M> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<M: Model> Columns<M> for AllFields<M> {
    type Row = Record<M>;

    fn wants(&self, wanted: &mut Wanted) {
        M::FIELDS.iter().for_each(|field| wanted.field(field.name.to_owned()));
    }

    fn decode<'de, A: MapAccess<'de>>(&self, mut map: A) -> Result<Row<Record<M>>, A::Error> {
        let mut values = HashMap::with_capacity(M::FIELDS.len());
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            values.insert(name, value);
        }
        let id = values.get("id").and_then(|id| id.get().parse().ok()).ok_or_else(|| A::Error::missing_field("id"))?;
        Ok(Row { id: Some(id), value: Record { id: Id::new(id), values } })
    }
}
