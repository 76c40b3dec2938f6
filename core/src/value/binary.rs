use std::fmt;
use std::ops::Deref;

use data_encoding::{BASE64, BASE64_MIME};
use serde::de::{Deserializer, Error};
use serde_json::Value;

use super::tagged::tagged;
use super::{Decode, Encode};

/// The content of a binary field.
///
/// It dereferences to its bytes; its `Debug` output shows only their number.
///
/// ```
/// use tryton_sdk::Binary;
///
/// let logo = Binary::from(vec![0x89, b'P', b'N', b'G']);
/// assert!(logo.starts_with(&[0x89]));
/// assert_eq!(format!("{logo:?}"), "Binary(4 bytes)");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Binary(Vec<u8>);

impl Binary {
    /// Returns the bytes.
    pub fn into_vec(self) -> Vec<u8> {
        self.0
    }
}

impl From<Vec<u8>> for Binary {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Binary {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({} bytes)", self.0.len())
    }
}

impl Decode for Binary {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = tagged(from, "bytes", "binary data")?.text("base64")?;
        // The server breaks its base64 into lines, which a strict decoder rejects.
        BASE64_MIME.decode(text.as_bytes()).map(Self).map_err(|e| D::Error::custom(format_args!("invalid base64: {e}")))
    }
}

impl Encode for Binary {
    fn encode(&self) -> crate::Result<Value> {
        // Avoids `json!`, which would copy the text, because it may be long.
        let parts = [("__class__", "bytes".to_owned()), ("base64", BASE64.encode(&self.0))];
        Ok(Value::Object(parts.into_iter().map(|(key, text)| (key.to_owned(), Value::String(text))).collect()))
    }
}
