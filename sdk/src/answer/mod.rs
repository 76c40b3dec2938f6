//! From an answer's bytes to the typed result, or to an error that says exactly where they differ.

mod explain;

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::error::{Error, Result, fault};
use crate::python_json::from_python;
use crate::rpc::Subject;

pub(crate) use explain::{id, reason};

/// Reads the result of a call with `seed`.
///
/// The usual case goes through the bytes once. Only an answer that cannot be read is gone through again, to say why.
pub(crate) fn read<T, S>(body: &[u8], seed: S, subject: &Subject, url: &str) -> Result<T>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    let mut body = Cow::Borrowed(body);
    let mut parsed = parse(&body, seed.clone());
    if parsed.is_err()
        && let Some(json) = from_python(&body)
    {
        body = Cow::Owned(json);
        parsed = parse(&body, seed.clone());
    }
    match parsed {
        Ok(Envelope::Result(value)) => Ok(value),
        Ok(Envelope::Fault(error)) => Err(fault(error)),
        Err(e) if e.is_data() || is_json(&body) => Err(explain::error(&body, seed, subject, &e)),
        Err(e) => Err(Error::not_tryton(url, format!("its answer is not the JSON of a result ({e})"))),
    }
}

/// Whether the body is JSON at least. Of what JSON allows, some is more than can be read: a number beyond all floats, half
/// a character, lists in lists in lists.
fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(body).is_ok()
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

#[cfg(test)]
mod tests;
