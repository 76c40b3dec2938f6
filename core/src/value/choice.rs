use std::fmt;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Decode, Encode};

/// The value of a selection whose choices only the server knows, or that has too many choices for an enum.
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
    /// Returns the value as the server sends it.
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

impl From<Choice> for String {
    fn from(choice: Choice) -> Self {
        choice.0
    }
}

impl AsRef<str> for Choice {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Choice {
    fn eq(&self, value: &str) -> bool {
        self.0 == value
    }
}

impl PartialEq<&str> for Choice {
    fn eq(&self, value: &&str) -> bool {
        self.0 == *value
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

    fn decode_option<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Self>, D::Error> {
        chosen(from, |value| Self(value.to_owned()))
    }
}

/// Reads the value of a selection and converts its text with `of`. For Tryton, null and the empty string both mean no
/// choice.
pub(crate) fn chosen<'de, T, D: Deserializer<'de>>(from: D, of: fn(&str) -> T) -> Result<Option<T>, D::Error> {
    struct Text<T>(fn(&str) -> T);

    impl<T> Visitor<'_> for Text<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the value of a selection")
        }

        fn visit_unit<E>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_str<E>(self, text: &str) -> Result<Option<T>, E> {
            Ok((!text.is_empty()).then(|| (self.0)(text)))
        }

        // A getter may return a number for a numeric choice.
        fn visit_i64<E>(self, number: i64) -> Result<Option<T>, E> {
            Ok(Some((self.0)(&number.to_string())))
        }

        fn visit_u64<E>(self, number: u64) -> Result<Option<T>, E> {
            Ok(Some((self.0)(&number.to_string())))
        }
    }

    from.deserialize_any(Text(of))
}

impl Encode for Choice {
    fn encode(&self) -> crate::Result<Value> {
        Ok(self.0.as_str().into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_choice_is_text_or_a_whole_number() {
        let read = |value: Value| Option::<Choice>::decode(value).map_err(|e| e.to_string());
        for (value, text) in [(json!("draft"), "draft"), (json!(1), "1"), (json!(-1), "-1")] {
            assert_eq!(read(value), Ok(Some(Choice::from(text))));
        }
        assert_eq!([read(json!(null)), read(json!(""))], [Ok(None), Ok(None)]);
        assert!(Choice::decode(json!(null)).is_err());
        for value in [json!(1.5), json!(true), json!(["draft"])] {
            assert!(read(value).is_err_and(|e| e.ends_with(", expected the value of a selection")));
        }
    }
}
