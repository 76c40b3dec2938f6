//! Decodes a response body into the typed result, or returns an error that locates the mismatch.

mod company;
mod exception;
mod explain;
mod json;

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::call::Call;
use crate::error::{Error, Result, fault};
use crate::python_json::from_python;
use crate::subject::Subject;

pub(crate) use explain::id;
use json::Reader;

/// Reads the result of a call from its response body with `seed`.
///
/// Usually one pass over the bytes is enough. If that fails, serde_json reads the body again: it may accept it, or it
/// explains the failure.
///
/// # Errors
///
/// The same as [`check`], and [`is_decode`](Error::is_decode), which names the record and field that do not fit.
pub fn read<T, S>(body: &[u8], seed: S, subject: &Subject) -> Result<T>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    let mut body = Cow::Borrowed(body);
    let mut parsed = parse(&body, seed.clone());
    if parsed.is_none()
        && let Some(json) = from_python(&body)
    {
        body = Cow::Owned(json);
        parsed = parse(&body, seed.clone());
    }
    let envelope = match parsed {
        Some(envelope) => Ok(envelope),
        None => explain::read(&body, seed),
    };
    match envelope {
        Ok(Envelope::Result(value)) => Ok(value),
        Ok(Envelope::Fault(error)) => Err(fault(error)),
        Err(trouble) => {
            begins(&body)?;
            let is_envelope = trouble.error.is_data() || is_json(&body);
            Err(if is_envelope { explain::error(&body, subject, &trouble) } else { not_json(trouble.error) })
        }
    }
}

/// Checks that the response body of a call is an envelope with a result. Reads only up to the beginning of the result.
///
/// # Errors
///
/// Returns the error in the envelope, or [`is_not_tryton`](Error::is_not_tryton) if there is no envelope or it contains
/// neither a result nor an error. The error is [about](Error::about) the call.
///
/// ```
/// use tryton_sdk::Context;
/// use tryton_sdk::answer;
/// use tryton_sdk::connection::Call;
///
/// let call = Call::new("model.party.party.read", ([7], ["colour"]), &Context::new())?;
/// assert!(answer::check(br#"{"id": "1", "result": [7]}"#, &call).is_ok());
/// let refused = answer::check(br#"{"id": "1", "error": ["UserError", ["No party.", "", null]]}"#, &call).unwrap_err();
/// assert_eq!(refused.user_message(), Some("No party."));
/// let unknown = answer::check(br#"{"id": "1", "error": ["'colour'", ""]}"#, &call).unwrap_err();
/// assert!(unknown.is_unknown_field());
/// assert!(answer::check(br#"{"message": "maintenance"}"#, &call).unwrap_err().is_not_tryton());
/// # Ok::<(), tryton_sdk::Error>(())
/// ```
pub fn check(body: &[u8], call: &Call) -> Result<()> {
    begins(body).map_err(|error| company::hinted(exception::explained(error, call), call).about(call.subject()))
}

/// Checks a response as [`check`] does, but without knowledge of its call.
fn begins(body: &[u8]) -> Result<()> {
    let mut begins = None;
    let mut outcome = outline(body, &mut begins);
    if begins.is_none()
        && let Some(json) = from_python(body)
    {
        outcome = outline(&json, &mut begins);
    }
    match (begins, outcome) {
        (Some(Envelope::Result(())), _) => Ok(()),
        (Some(Envelope::Fault(error)), _) => Err(fault(error)),
        (None, Err(e)) if !e.is_data() => Err(not_json(e)),
        (None, _) => Err(Error::not_tryton("its answer holds neither a result nor an error")),
    }
}

fn not_json(error: serde_json::Error) -> Error {
    Error::not_tryton("its answer is not the JSON of a result").caused_by(error)
}

/// Determines the content of the envelope. Reading stops there, as if it had failed.
fn outline(body: &[u8], begins: &mut Option<Envelope<()>>) -> serde_json::Result<()> {
    struct Keys<'a>(&'a mut Option<Envelope<()>>);

    impl<'de> Visitor<'de> for Keys<'_> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object with a result or an error")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key()? {
                *self.0 = match key {
                    Key::Result => Some(Envelope::Result(())),
                    Key::Error => Some(Envelope::Fault(map.next_value()?)),
                    Key::Other => {
                        map.next_value::<IgnoredAny>()?;
                        continue;
                    }
                };
                break;
            }
            Ok(())
        }
    }

    serde_json::Deserializer::from_slice(body).deserialize_map(Keys(begins))
}

/// Returns whether the body is JSON at all. Some valid JSON cannot be decoded: a number beyond the range of floats, a
/// lone surrogate, very deep nesting.
fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(body).is_ok()
}

/// A key of the envelope.
#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Key {
    Result,
    Error,
    #[serde(other)]
    Other,
}

enum Envelope<T> {
    Result(T),
    Fault(Value),
}

/// Parses the envelope. Returns `None` if it may be malformed.
fn parse<'de, S: DeserializeSeed<'de>>(body: &'de [u8], seed: S) -> Option<Envelope<S::Value>> {
    // Validating UTF-8 once is faster than for each string.
    let mut reader = Reader::new(std::str::from_utf8(body).ok()?);
    let envelope = EnvelopeSeed(seed).deserialize(&mut reader).ok()?;
    reader.end().ok().map(|()| envelope)
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
        while let Some(key) = map.next_key()? {
            match (key, seed.take()) {
                (Key::Result, Some(seed)) => envelope = Some(Envelope::Result(map.next_value_seed(seed)?)),
                (Key::Error, _) => envelope = Some(Envelope::Fault(map.next_value()?)),
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
