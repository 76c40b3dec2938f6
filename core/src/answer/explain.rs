//! Why an answer could not be read: it is gone through again for the record and the field.

use std::collections::HashMap;

use serde::Deserialize;
use serde::de::DeserializeSeed;
use serde_json::value::RawValue;
use serde_path_to_error::Segment;

use super::{Envelope, EnvelopeSeed};
use crate::error::{Error, Place, reason, shorten};
use crate::subject::Subject;

/// Why an answer cannot be read, and where.
pub(super) struct Trouble {
    pub(super) error: serde_json::Error,
    path: Vec<Segment>,
}

/// Reads an answer slowly.
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

/// The error for an answer that cannot be read.
pub(super) fn error(body: &[u8], subject: &Subject, trouble: &Trouble) -> Error {
    let place = place(body, &trouble.path);
    let reason = if subject.gives_a_secret() {
        "its form is not the one that is known; it may hold a secret, and is not shown".to_owned()
    } else {
        with_remedy(reason(&trouble.error), subject.model(), &place)
    };
    Error::decode_at(place, reason, subject.is_write())
}

/// Adds to the reason what can be done about it: the field may be read as what the server sends for it.
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

/// The types that fields can be given, for what may come, in the words of serde and of objects with a class.
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

/// Where in the answer `path` is. Its first segment is the envelope's own key.
fn place(body: &[u8], path: &[Segment]) -> Place {
    let records = records(body, path).unwrap_or_default();
    let (outer, inner) = (records.first(), records.last());
    let field = match (path, outer) {
        // The record itself is named, so its place in the list says nothing more.
        ([_, Segment::Seq { .. }, field @ ..], Some(Record { depth: 2, .. })) => field,
        ([_, field @ ..], _) => field,
        ([], _) => path,
    };
    let related = inner.filter(|inner| outer.is_some_and(|outer| outer.depth < inner.depth));
    Place { id: outer.map(|outer| outer.id), related: related.map(|inner| inner.id), field: field_path(field) }
}

/// A record on the way to a value, and how many segments the way to it has.
struct Record {
    id: i64,
    depth: usize,
}

/// The records on the way along `path`, from the outside in.
fn records(body: &[u8], path: &[Segment]) -> Option<Vec<Record>> {
    let mut at: &RawValue = serde_json::from_slice(body).ok()?;
    let mut records = Vec::new();
    for depth in 1..=path.len() {
        at = step(at, &path[depth - 1])?;
        // Where the result itself is of the wrong type, it is not known to be a record.
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

/// The id of the record, if it is one that has an id.
pub(crate) fn id(record: &RawValue) -> Option<i64> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: i64,
    }
    // A list is none, though serde would read a struct from it.
    let only = record.get().starts_with('{').then(|| serde_json::from_str::<OnlyId>(record.get()).ok())?;
    only.map(|only| only.id)
}

/// `lines[2].product.name`: related records come under the field's name with a dot behind it.
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
