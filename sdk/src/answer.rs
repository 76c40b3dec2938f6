//! From an answer's bytes to the typed result, or to an error that says exactly where they differ.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::error::{Error, Result, fault};
use crate::rpc::Subject;

/// Reads the result of a call with `seed`.
///
/// The usual case goes through the bytes once. Only an answer that cannot be read is gone through again, to say why.
pub(crate) fn read<T, S>(body: &[u8], seed: S, subject: &Subject, url: &str) -> Result<T>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    let mut body = Cow::Borrowed(body);
    let mut parsed = parse(&body, seed.clone());
    if matches!(&parsed, Err(e) if e.is_syntax())
        && let Some(quoted) = quote_bare_floats(&body)
    {
        body = Cow::Owned(quoted);
        parsed = parse(&body, seed.clone());
    }
    match parsed {
        Ok(Envelope::Result(value)) => Ok(value),
        Ok(Envelope::Fault(error)) => Err(fault(error)),
        Err(e) if e.is_data() => Err(explain(&body, seed, subject, &e)),
        Err(e) => Err(Error::not_tryton(url, format!("its answer is not the JSON of a result ({e})"))),
    }
}

/// Python writes `NaN`, `Infinity` and `-Infinity` bare, which is no JSON: they are put in quotes.
/// None where the body holds none of them.
fn quote_bare_floats(body: &[u8]) -> Option<Vec<u8>> {
    const WORDS: [&[u8]; 3] = [b"-Infinity", b"Infinity", b"NaN"];
    let mut quoted = Vec::new();
    let (mut copied, mut at) = (0, 0);
    while at < body.len() {
        match body[at] {
            b'"' => at = end_of_string(body, at),
            b'-' | b'I' | b'N' => match WORDS.iter().find(|word| body[at..].starts_with(word)) {
                Some(word) => {
                    quoted.extend_from_slice(&body[copied..at]);
                    quoted.push(b'"');
                    quoted.extend_from_slice(word);
                    quoted.push(b'"');
                    at += word.len();
                    copied = at;
                }
                None => at += 1,
            },
            _ => at += 1,
        }
    }
    if copied == 0 {
        return None;
    }
    quoted.extend_from_slice(&body[copied..]);
    Some(quoted)
}

/// The place after the string that begins at `at`.
fn end_of_string(body: &[u8], mut at: usize) -> usize {
    at += 1;
    while at < body.len() {
        match body[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

enum Envelope<T> {
    Result(T),
    Fault(Value),
}

fn parse<'de, S: DeserializeSeed<'de>>(body: &'de [u8], seed: S) -> serde_json::Result<Envelope<S::Value>> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let envelope = EnvelopeSeed(seed).deserialize(&mut json)?;
    json.end()?;
    Ok(envelope)
}

struct EnvelopeSeed<S>(S);

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for EnvelopeSeed<S> {
    type Value = Envelope<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de, S: DeserializeSeed<'de>> Visitor<'de> for EnvelopeSeed<S> {
    type Value = Envelope<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a result or an error")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut seed = Some(self.0);
        let mut envelope = None;
        while let Some(key) = map.next_key::<String>()? {
            match (key.as_str(), seed.take()) {
                ("result", Some(seed)) => envelope = Some(Envelope::Result(map.next_value_seed(seed)?)),
                ("error", _) => envelope = Some(Envelope::Fault(map.next_value()?)),
                (_, unused) => {
                    seed = unused;
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        envelope.ok_or_else(|| serde::de::Error::missing_field("result"))
    }
}

/// Goes through an answer again that could not be read, and finds the record and the field.
fn explain<'de, S>(body: &'de [u8], seed: S, subject: &Subject, error: &serde_json::Error) -> Error
where
    S: DeserializeSeed<'de>,
{
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_slice(body);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    // It fails as it did the first time; what counts is where.
    let _ = EnvelopeSeed(seed).deserialize(tracked);
    let mut segments = track.path().iter().skip(1).cloned().collect::<Vec<_>>();
    let id = match segments.first() {
        Some(&Segment::Seq { index }) => {
            segments.remove(0);
            record_id(body, index)
        }
        _ => None,
    };
    Error::decode(id, field_path(&segments), reason(error), subject.is_write())
}

/// What serde says, without the place in a body that nobody sees, and never the whole of a long value.
pub(crate) fn reason(error: &serde_json::Error) -> String {
    const LONGEST: usize = 200;
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(&*text, |(reason, _)| reason);
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
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
    path
}

fn record_id(body: &[u8], index: usize) -> Option<i64> {
    let quoted = quote_bare_floats(body);
    let answer: Value = serde_json::from_slice(quoted.as_deref().unwrap_or(body)).ok()?;
    answer["result"][index]["id"].as_i64()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_floats_are_quoted_and_text_is_left_alone() {
        let quoted = quote_bare_floats(br#"{"a":NaN,"b":[-Infinity,Infinity,-1]}"#);
        assert_eq!(quoted.as_deref(), Some(&br#"{"a":"NaN","b":["-Infinity","Infinity",-1]}"#[..]));
        for same in [&br#"{"NaN":"Infinity \" NaN","n":null}"#[..], br#""broken \"#, b"-", b""] {
            assert_eq!(quote_bare_floats(same), None);
        }
    }
}
