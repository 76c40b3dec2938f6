use std::fmt;

use super::{Error, Kind};

/// An answer that does not fit the type it was to be read into.
pub(super) struct Decode {
    id: Option<i64>,
    field: String,
    reason: String,
    written: bool,
}

impl Error {
    /// `field` is the path of the value in the answer, empty where it is the answer itself; `written` tells that
    /// the call was a write, which the server carried out before it answered.
    pub(crate) fn decode(id: Option<i64>, field: String, reason: String, written: bool) -> Self {
        Self::new(Kind::Decode(Decode { id, field, reason, written }))
    }

    /// Whether the answer did not fit the type it was to be read into. Of a write, the message says that it was carried out.
    ///
    /// ```
    /// fn place(error: &tryton_sdk::Error) -> Option<&str> {
    ///     error.is_decode().then(|| error.field()).flatten()
    /// }
    /// ```
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode(_))
    }

    /// The path of the field that could not be read: `lines.product.name`.
    pub fn field(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode(decode) => Some(decode.field.as_str()).filter(|field| !field.is_empty()),
            _ => None,
        }
    }

    /// The id of the record whose field could not be read.
    pub fn record_id(&self) -> Option<i64> {
        match &self.0.kind {
            Kind::Decode(decode) => decode.id,
            _ => None,
        }
    }
}

impl fmt::Display for Decode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read ")?;
        match (self.field.as_str(), self.id) {
            ("", None) => f.write_str("the answer")?,
            ("", Some(id)) => write!(f, "the record {id}")?,
            (field, None) => write!(f, "`{field}`")?,
            (field, Some(id)) => write!(f, "`{field}` of the record {id}")?,
        }
        write!(f, ": {}", self.reason)?;
        if self.written {
            f.write_str("; the server has carried out the call")?;
        }
        Ok(())
    }
}
