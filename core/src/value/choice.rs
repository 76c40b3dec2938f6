use std::fmt;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Decode, Encode};

/// The value of a selection whose choices only the server knows, or which are too many for an enum.
///
/// ```
/// use tryton_sdk::Choice;
///
/// let zone = Choice::from("Europe/Paris");
/// assert_eq!(zone.as_str(), "Europe/Paris");
/// // In JSON of a program's own, by serde, it is the text.
/// assert_eq!(serde_json::to_string(&zone)?, r#""Europe/Paris""#);
/// assert_eq!(serde_json::from_str::<Choice>(r#""Europe/Paris""#)?, zone);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Choice(String);

impl Choice {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Choice {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Choice {
    fn from(value: String) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Decode for Choice {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::decode_option(from)?
            .ok_or_else(|| D::Error::custom("invalid type: null, expected the value of a selection"))
    }

    // To Tryton, null and the empty string are the same choice: none.
    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        let value = String::decode_option(from)?;
        Ok(value.filter(|value| !value.is_empty()).map(Self))
    }
}

impl Encode for Choice {
    fn encode(&self) -> crate::Result<Value> {
        Ok(self.0.as_str().into())
    }
}
