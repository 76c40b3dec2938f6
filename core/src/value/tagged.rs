//! The objects that Tryton writes for what JSON does not have: `{"__class__": "date", "year": …}`.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// The parts of one such object. The order of its keys is not promised, so all are collected first.
#[derive(Default)]
pub(super) struct Tagged<'de> {
    class: Cow<'de, str>,
    pub(super) year: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) day: Option<i64>,
    pub(super) hour: Option<i64>,
    pub(super) minute: Option<i64>,
    pub(super) second: Option<i64>,
    pub(super) microsecond: Option<i64>,
    pub(super) seconds: Option<f64>,
    text: Option<Cow<'de, str>>,
    /// No object at all, but a number as its text: so it comes where some crate of the build has `arbitrary_precision` of
    /// serde_json on.
    number: Option<String>,
}

/// A text that is borrowed from the answer where nothing in it is escaped: there is one in each decimal, and a file may be
/// large.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The key under which serde_json gives such a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads an object of the class `class`; `expected` says in words what it stands for.
pub(super) fn tagged<'de, D: Deserializer<'de>>(
    from: D,
    class: &'static str,
    expected: &'static str,
) -> Result<Tagged<'de>, D::Error> {
    let tagged = any(from, expected)?;
    tagged.expect(class, expected)?;
    Ok(tagged)
}

/// Reads an object of whatever class.
pub(super) fn any<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<Tagged<'de>, D::Error> {
    from.deserialize_any(TaggedVisitor { expected })
}

/// A part of an object. None can be missing: a default would be another value than the server's.
pub(super) fn part<T, E: Error>(part: Option<T>, name: &str) -> Result<T, E> {
    part.ok_or_else(|| E::custom(format_args!("the object lacks its `{name}`")))
}

struct TaggedVisitor {
    expected: &'static str,
}

impl<'de> Visitor<'de> for TaggedVisitor {
    type Value = Tagged<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Tagged<'de>, A::Error> {
        let mut tagged = Tagged::default();
        tagged.collect(map)?;
        Ok(tagged)
    }
}

impl<'de> Tagged<'de> {
    /// Makes sure of the class.
    pub(super) fn expect<E: Error>(&self, class: &str, expected: &str) -> Result<(), E> {
        if self.is(class) {
            return Ok(());
        }
        if let Some(number) = &self.number {
            return Err(E::custom(format_args!("invalid type: floating point `{number}`, expected {expected}")));
        }
        let class = if self.class.is_empty() { "untagged" } else { &*self.class };
        Err(E::custom(format_args!("invalid type: {class} object, expected {expected}")))
    }

    pub(super) fn is(&self, class: &str) -> bool {
        self.class == class
    }

    /// The text of a number, where it is one.
    pub(super) fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// The one part of a class that holds a text, under the key `name`.
    pub(super) fn text<E: Error>(self, name: &str) -> Result<Cow<'de, str>, E> {
        part(self.text, name)
    }

    /// Adds all parts of an object, in whatever order they come.
    pub(super) fn collect<A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::Class => self.class = map.next_value::<Text>()?.0,
                Key::Year => self.year = Some(map.next_value()?),
                Key::Month => self.month = Some(map.next_value()?),
                Key::Day => self.day = Some(map.next_value()?),
                Key::Hour => self.hour = Some(map.next_value()?),
                Key::Minute => self.minute = Some(map.next_value()?),
                Key::Second => self.second = Some(map.next_value()?),
                Key::Microsecond => self.microsecond = Some(map.next_value()?),
                Key::Seconds => self.seconds = Some(map.next_value()?),
                Key::Text => self.text = Some(map.next_value::<Text>()?.0),
                Key::Number => self.number = Some(map.next_value()?),
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

enum Key {
    Class,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Microsecond,
    Seconds,
    Text,
    Number,
    Other,
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<Key, E> {
                Ok(match key {
                    "__class__" => Key::Class,
                    "year" => Key::Year,
                    "month" => Key::Month,
                    "day" => Key::Day,
                    "hour" => Key::Hour,
                    "minute" => Key::Minute,
                    "second" => Key::Second,
                    "microsecond" => Key::Microsecond,
                    "seconds" => Key::Seconds,
                    "decimal" | "base64" | "float" => Key::Text,
                    NUMBER => Key::Number,
                    _ => Key::Other,
                })
            }
        }

        from.deserialize_identifier(KeyVisitor)
    }
}
