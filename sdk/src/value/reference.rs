use std::fmt;

use serde::de::{Deserializer, Error};
use serde_json::Value;

use super::{Decode, Encode, Id};
use crate::ModelName;

/// The value of a reference field: a record of a model that is known only at run time.
///
/// ```
/// use tryton_sdk::{Id, Reference};
/// # tryton_sdk::marker! { /// A sale.
/// #     pub Sale = "sale.sale"; /// A party.
/// #     pub Party = "party.party"; }
///
/// let origin = Reference::from(Id::<Sale>::new(7));
/// assert_eq!(origin.to_string(), "sale.sale,7");
/// assert_eq!(origin.id::<Sale>(), Some(Id::new(7)));
/// assert_eq!(origin.id::<Party>(), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    model: String,
    id: i64,
}

impl Reference {
    /// The technical name of the record's model.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The record's id, if it is a record of `M`.
    ///
    /// None, too, where a model was chosen but not yet a record (Tryton writes `model,-1`).
    pub fn id<M: ModelName>(&self) -> Option<Id<M>> {
        (self.model == M::NAME && self.id >= 0).then(|| Id::new(self.id))
    }
}

impl<M: ModelName> From<Id<M>> for Reference {
    fn from(id: Id<M>) -> Self {
        Self { model: M::NAME.to_owned(), id: id.get() }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.model, self.id)
    }
}

impl Reference {
    fn parse<E: Error>(text: &str) -> Result<Self, E> {
        let invalid = || E::custom(format_args!("invalid value: {text:?}, expected a reference `model,id`"));
        let (model, id) = text.split_once(',').ok_or_else(invalid)?;
        let id = id.parse().map_err(|_| invalid())?;
        Ok(Self { model: model.to_owned(), id })
    }
}

impl Decode for Reference {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::parse(&String::decode(from)?)
    }

    // An empty reference comes as null or as the empty string.
    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        match String::decode_option(from)?.as_deref() {
            None | Some("") => Ok(None),
            Some(text) => Self::parse(text).map(Some),
        }
    }
}

impl Encode for Reference {
    fn encode(&self) -> Value {
        self.to_string().into()
    }
}
