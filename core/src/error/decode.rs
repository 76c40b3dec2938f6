use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A response that does not fit the expected type.
pub(super) struct Decode {
    place: Place,
    reason: String,
    written: bool,
}

/// The place of a value in a response.
pub(crate) struct Place {
    /// The record.
    pub(crate) id: Option<i64>,
    /// The related record that holds the value, if the response nests it within the other.
    pub(crate) related: Option<i64>,
    /// The path of the value; empty for the record or the response itself.
    pub(crate) field: String,
}

impl Error {
    /// `field` is the path of the value in the response, empty for the response itself. `written` says that the call was
    /// a write, which the server carried out before it responded.
    pub(crate) fn decode(id: Option<i64>, field: String, reason: String, written: bool) -> Self {
        Self::decode_at(Place { id, related: None, field }, reason, written)
    }

    /// The same with everything that is known about the place.
    pub(crate) fn decode_at(place: Place, reason: String, written: bool) -> Self {
        Self::new(Kind::Decode(Decode { place, reason, written }))
    }

    /// Whether the response did not fit the expected type. For a write, the message says that it was carried out.
    ///
    /// ```
    /// fn place(error: &tryton_sdk::Error) -> Option<&str> {
    ///     error.is_decode().then(|| error.field()).flatten()
    /// }
    /// ```
    pub fn is_decode(&self) -> bool {
        self.kind() == ErrorKind::Decode
    }

    /// The path of the field that could not be read, does not exist on the server, or has a value that cannot be sent:
    /// `lines.product.name`.
    pub fn field(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::InvalidRequest(invalid) => invalid.field.as_deref(),
            Kind::UnknownName(unknown) => unknown.field.as_deref(),
            Kind::Decode(decode) => Some(decode.place.field.as_str()).filter(|field| !field.is_empty()),
            _ => None,
        }
    }

    /// The id of the record whose field could not be read.
    pub fn record_id(&self) -> Option<i64> {
        match &self.0.kind {
            Kind::Decode(decode) => decode.place.id,
            _ => None,
        }
    }
}

impl fmt::Display for Decode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot read ")?;
        let Place { id, related, field } = &self.place;
        match (field.as_str(), id) {
            ("", None) => f.write_str("the answer")?,
            ("", Some(id)) => write!(f, "record {id}")?,
            (field, None) => write!(f, "`{field}`")?,
            (field, Some(id)) => write!(f, "`{field}` of record {id}")?,
        }
        if let Some(related) = related {
            write!(f, " (in related record {related})")?;
        }
        write!(f, ": {}", self.reason)?;
        if self.written {
            f.write_str("; the server has carried out the call")?;
        }
        Ok(())
    }
}

/// Serde's message without the position in a body that nobody sees, and with long values shortened.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    let mut text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    if let Some(reason) = text.strip_suffix(&place) {
        text.truncate(reason.len());
    }
    shorten(text)
}

/// Cuts out the middle of a long text: it begins with the value and ends with what was expected instead.
pub(crate) fn shorten(text: String) -> String {
    const KEPT: usize = 80;
    let chars = || text.char_indices().map(|(at, _)| at);
    match (chars().nth(KEPT), chars().nth_back(KEPT - 1)) {
        (Some(head), Some(tail)) if head < tail => format!("{}…{}", &text[..head], &text[tail..]),
        _ => text,
    }
}
