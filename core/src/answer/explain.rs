//! Explains why a response cannot be decoded: reads it again to find the record and field.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use super::{Envelope, EnvelopeSeed};
use crate::error::{Error, Place, reason, shorten};
use crate::subject::Subject;

/// A decoding error and its location in the response.
pub(super) struct Trouble {
    pub(super) error: serde_json::Error,
    path: Vec<Segment>,
}

/// Reads a response and tracks the path, which is slower.
pub(super) fn read<'de, S>(body: &'de [u8], seed: S) -> Result<Envelope<S::Value>, Trouble>
where
    S: DeserializeSeed<'de>,
{
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_slice(body);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let envelope = EnvelopeSeed(seed).deserialize(tracked).and_then(|envelope| json.end().map(|()| envelope));
    envelope.map_err(|error| Trouble { error, path: track.path().iter().cloned().collect() })
}

/// Returns the error for a response that cannot be decoded.
pub(super) fn error(body: &[u8], subject: &Subject, trouble: &Trouble) -> Error {
    let place = place(body, &trouble.path);
    let reason = if subject.gives_a_secret() {
        "its form is not the one that is known; it may hold a secret, and is not shown".to_owned()
    } else {
        with_remedy(reason(&trouble.error), subject.model(), &place)
    };
    Error::decode_at(place, reason, subject.is_write())
}

/// Adds a remedy to the reason: give the field the type that the server sends.
fn with_remedy(reason: String, model: Option<&str>, place: &Place) -> String {
    if place.field.is_empty() || place.id.is_none() {
        return reason;
    }
    // Only the server knows the model of a related record.
    let is_own = place.related.is_none() && !place.field.contains('.');
    let model = model.filter(|_| is_own).unwrap_or("…");
    let field = place.field.rsplit('.').next().and_then(|field| field.split('[').next()).unwrap_or_default();
    let change = |what: &str| format!("`override = {{ \"{model},{field}\" = {{ {what} }} }}`");
    match reason.strip_prefix("invalid type: ") {
        Some(rest) if rest.starts_with("null, ") => {
            let change = change("required = false");
            format!("the server sent {rest}: read the field as an `Option`, or generate it so by {change}")
        }
        Some(rest) => match KINDS.iter().find(|(came, _)| rest.starts_with(came)) {
            Some((_, kind)) => {
                let change = change(&format!("type = \"{kind}\""));
                format!("{reason}; where the server always sends it so, generate the field by {change}")
            }
            None => reason,
        },
        None => reason,
    }
}

/// The field types by the kind of value received, as serde and the errors for tagged objects name it.
const KINDS: [(&str, &str); 13] = [
    ("boolean", "boolean"),
    ("integer", "integer"),
    ("floating point", "float"),
    ("string", "char"),
    ("sequence", "json"),
    ("map", "json"),
    ("untagged object", "json"),
    ("Decimal object", "numeric"),
    ("bytes object", "binary"),
    ("datetime object", "datetime"),
    ("date object", "date"),
    ("timedelta object", "timedelta"),
    ("time object", "time"),
];

/// Returns the record and field of `path`. Its first segment is the key of the envelope.
fn place(body: &[u8], path: &[Segment]) -> Place {
    let records = records(body, path).unwrap_or_default();
    let (outer, inner) = (records.first(), records.last());
    let field = match (path, outer) {
        // The record is named, so its position in the list adds nothing.
        ([_, Segment::Seq { .. }, field @ ..], Some(Record { depth: 2, .. })) => field,
        ([_, field @ ..], _) => field,
        ([], _) => path,
    };
    let related = inner.filter(|inner| outer.is_some_and(|outer| outer.depth < inner.depth));
    Place { id: outer.map(|outer| outer.id), related: related.map(|inner| inner.id), field: field_path(field) }
}

/// A record on the path to a value, and the number of segments of the path to the record.
struct Record {
    id: i64,
    depth: usize,
}

/// Returns the records along `path`, from the outermost to the innermost.
fn records(body: &[u8], path: &[Segment]) -> Option<Vec<Record>> {
    let mut at: &RawValue = serde_json::from_slice(body).ok()?;
    let mut records = Vec::new();
    for depth in 1..=path.len() {
        at = step(at, &path[depth - 1])?;
        // If the result itself is of the wrong type, it may not be a record.
        let is_record = path.len() > 1 || depth > 1;
        records.extend(id(at).filter(|_| is_record).map(|id| Record { id, depth }));
    }
    Some(records)
}

fn step<'a>(at: &'a RawValue, segment: &Segment) -> Option<&'a RawValue> {
    match segment {
        Segment::Seq { index } => serde_json::from_str::<Vec<&RawValue>>(at.get()).ok()?.get(*index).copied(),
        Segment::Map { key } => serde_json::from_str::<HashMap<String, &RawValue>>(at.get()).ok()?.remove(key),
        Segment::Enum { .. } | Segment::Unknown => None,
    }
}

/// Returns the record's id, if it has one.
pub(crate) fn id(record: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: i64,
    }
    // A list is not a record, although serde would read a struct from it.
    let only = record.get().starts_with('{').then(|| serde_json::from_str::<OnlyId>(record.get()).ok())?;
    only.map(|only| only.id)
}

/// Formats a path such as `lines[2].product.name`. The server sends related records under the field's name followed by a
/// dot.
fn field_path(segments: &[Segment]) -> String {
    let mut path = String::new();
    for segment in segments {
        match segment {
            Segment::Seq { index } => path.push_str(&format!("[{index}]")),
            Segment::Map { key } => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(key.trim_end_matches('.'));
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    shorten(path)
}
