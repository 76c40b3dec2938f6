use std::fmt;

use serde::de::{Deserializer, Error};
use serde_json::Value;

use crate::value::{Decode, Encode, chosen};

/// The values of a selection field: the enum that [`models!`](crate::models) creates for it.
///
/// The enum is open: a value that the snapshot does not know is kept in its `Other` variant, not an error.
///
/// A program can store their text in its own files, and convert it back to the enum:
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
/// use erp::SaleState;
/// use tryton_sdk::Selection;
///
/// assert_eq!(SaleState::Draft.as_str(), "draft");
/// assert_eq!(SaleState::from_value("draft"), SaleState::Draft);
/// assert_eq!(SaleState::from_value("packed").as_str(), "packed");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a selection field",
    label = "only a selection has choices, and labels for them",
    note = "a list of records cannot be compared or set as a whole: use `any` and `none` in a domain, and `add`, `link`, \
            `unlink` and the like in a draft"
)]
pub trait Selection: Sized + 'static {
    /// Returns the value as the server writes it.
    fn as_str(&self) -> &str;

    /// Returns the value that the server writes as this text: `Other` if the snapshot does not know it.
    fn from_value(value: &str) -> Self;
}

/// A selection's value that was not known when the code was generated.
///
/// It is opaque, so that a `match` written today means the same once the value has a variant of its own: compare
/// [`Selection::as_str`] instead.
#[derive(Clone)]
pub struct OtherValue(String);

impl OtherValue {
    #[doc(hidden)]
    pub fn new(value: &str) -> Self {
        Self(value.to_owned())
    }

    #[doc(hidden)]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OtherValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Selection> Decode for S {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match S::decode_option(from)? {
            Some(value) => Ok(value),
            None => Err(D::Error::custom("invalid type: null, expected the value of a selection")),
        }
    }

    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        chosen(from, S::from_value)
    }
}

impl<S: Selection> Encode for S {
    fn encode(&self) -> crate::Result<Value> {
        Ok(self.as_str().into())
    }
}
