use std::fmt;
use std::str::FromStr;

use serde::de::{Deserializer, Error};
use serde_json::Value;

use super::{Decode, Encode, Id, ModelName};

/// The value of a reference field: a record of a model that is known only at run time.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
/// use erp::{Party, Sale};
/// use tryton_sdk::{Id, Reference};
///
/// let origin = Reference::from(Id::<Sale>::new(7));
/// assert_eq!(origin.to_string(), "sale.sale,7");
/// assert_eq!(origin.id::<Sale>(), Some(Id::new(7)));
/// assert_eq!(origin.id::<Party>(), None);
/// assert_eq!("sale.sale,7".parse(), Ok(origin));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reference {
    model: String,
    /// Negative if no record is chosen.
    id: i64,
}

impl Reference {
    /// Creates a reference to the record `id` of the model with the technical name `model`. A negative id means no
    /// record.
    ///
    /// ```
    /// use tryton_sdk::Reference;
    ///
    /// let origin = Reference::new("sale.sale", 7);
    /// assert_eq!((origin.model(), origin.record_id()), ("sale.sale", Some(7)));
    /// ```
    pub fn new(model: impl Into<String>, id: i64) -> Self {
        Self { model: model.into(), id }
    }

    /// Returns the technical name of the record's model.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Whether the model is `M`, even if no record is chosen.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
    /// use erp::{Party, Sale};
    /// use tryton_sdk::Reference;
    ///
    /// let origin = Reference::new("sale.sale", 7);
    /// assert!(origin.is_a::<Sale>() && !origin.is_a::<Party>());
    /// ```
    pub fn is_a<M: ModelName>(&self) -> bool {
        self.model == M::NAME
    }

    /// Returns the record's id, if it is a record of `M`.
    ///
    /// `None` also if a model is chosen but no record (Tryton's `model,-1`).
    pub fn id<M: ModelName>(&self) -> Option<Id<M>> {
        self.record_id().filter(|_| self.is_a::<M>()).map(Id::new)
    }

    /// Returns the record's id, whatever its model.
    ///
    /// `None` if a model is chosen but no record.
    ///
    /// ```
    /// use tryton_sdk::Reference;
    ///
    /// assert_eq!(Reference::new("sale.sale", -1).record_id(), None);
    /// ```
    pub fn record_id(&self) -> Option<i64> {
        (self.id >= 0).then_some(self.id)
    }
}

impl<M: ModelName> From<Id<M>> for Reference {
    fn from(id: Id<M>) -> Self {
        Self::new(M::NAME, id.get())
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{}", self.model, self.id)
    }
}

/// The error for a text that is not a reference, `model,id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseReferenceError {
    text: String,
}

impl fmt::Display for ParseReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid value: {:?}, expected a reference `model,id`", self.text)
    }
}

impl std::error::Error for ParseReferenceError {}

impl FromStr for Reference {
    type Err = ParseReferenceError;

    fn from_str(text: &str) -> Result<Self, ParseReferenceError> {
        let parse = || {
            let (model, id) = text.split_once(',').filter(|(model, _)| !model.is_empty())?;
            // Tryton passes on a stored `model,`: a model was chosen but no record.
            let id = if id.is_empty() { -1 } else { id.parse().ok()? };
            Some(Self::new(model, id))
        };
        parse().ok_or_else(|| ParseReferenceError { text: text.chars().take(40).collect() })
    }
}

/// Returns whether a reference is empty. The server sends null, the empty string, or an id without a model.
fn is_empty(text: &str) -> bool {
    text.is_empty() || text.starts_with(',')
}

impl Decode for Reference {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::decode(from)?.parse().map_err(D::Error::custom)
    }

    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        let text = String::decode_option(from)?.filter(|text| !is_empty(text));
        text.map(|text| text.parse()).transpose().map_err(D::Error::custom)
    }
}

impl Encode for Reference {
    fn encode(&self) -> crate::Result<Value> {
        Ok(self.to_string().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_form_that_a_server_sends_is_read() {
        for (text, model, id) in [
            ("sale.sale,7", "sale.sale", Some(7)),
            ("sale.sale,-1", "sale.sale", None),
            ("sale.sale,", "sale.sale", None),
        ] {
            let reference = Reference::decode(&json!(text)).expect(text);
            assert_eq!((reference.model(), reference.record_id()), (model, id));
        }
        for empty in [json!(null), json!(""), json!(",-1"), json!(",")] {
            assert_eq!(Option::<Reference>::decode(&empty).expect("an empty reference"), None);
            assert!(Reference::decode(&empty).is_err(), "{empty}");
        }
        for broken in ["sale.sale", "sale.sale,x", "sale.sale,1,2", "sale.sale,99999999999999999999"] {
            let error = Option::<Reference>::decode(&json!(broken)).expect_err(broken);
            assert_eq!(error.to_string(), format!("invalid value: {broken:?}, expected a reference `model,id`"));
        }
    }
}
