//! Tryton's objects for types that JSON lacks: `{"__class__": "date", "year": …}`.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// The parts of one such object. The order of its keys is not guaranteed, so all are collected first.
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
    /// A number as text, instead of an object. serde_json passes it if a crate in the build enables
    /// `arbitrary_precision`.
    number: Option<String>,
}

/// A text that is borrowed from the response if it contains no escapes: each decimal has one, and a file may be large.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// The key under which serde_json passes such a number.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads an object of the class `class`. `expected` describes the value in error messages.
pub(super) fn tagged<'de, D: Deserializer<'de>>(
    from: D,
    class: &'static str,
    expected: &'static str,
) -> Result<Tagged<'de>, D::Error> {
    let tagged = any(from, expected)?;
    tagged.expect(class, expected)?;
    Ok(tagged)
}

/// Reads an object of any class.
pub(super) fn any<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<Tagged<'de>, D::Error> {
    from.deserialize_any(TaggedVisitor { expected })
}

/// Returns a part of an object. A missing part is an error: a default could differ from the server's value.
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
    /// Checks the class.
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

    /// Returns the text of the number, if it is one.
    pub(super) fn number(&self) -> Option<&str> {
        self.number.as_deref()
    }

    /// Returns the text part of the object, whose key is `name`.
    pub(super) fn text<E: Error>(self, name: &str) -> Result<Cow<'de, str>, E> {
        part(self.text, name)
    }

    /// Returns the key that servers usually write after this one.
    fn after(&self, key: Key) -> Key {
        match key {
            Key::Class if self.is("Decimal") => Key::Decimal,
            Key::Class => Key::Year,
            Key::Year => Key::Month,
            Key::Month => Key::Day,
            Key::Day => Key::Hour,
            Key::Hour => Key::Minute,
            Key::Minute => Key::Second,
            Key::Second => Key::Microsecond,
            _ => Key::Other,
        }
    }

    /// Collects all parts of an object, in any order.
    pub(super) fn collect<A: MapAccess<'de>>(&mut self, mut map: A) -> Result<(), A::Error> {
        let mut likeliest = Key::Class;
        while let Some(key) = map.next_key_seed(likeliest)? {
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
                Key::Decimal | Key::Base64 | Key::Float => self.text = Some(map.next_value::<Text>()?.0),
                Key::Number => self.number = Some(map.next_value()?),
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            likeliest = self.after(key);
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
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
    Decimal,
    Base64,
    Float,
    Number,
    Other,
}

impl Key {
    const ALL: [Self; 13] = [
        Self::Class,
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Microsecond,
        Self::Seconds,
        Self::Decimal,
        Self::Base64,
        Self::Float,
        Self::Number,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Class => "__class__",
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Minute => "minute",
            Self::Second => "second",
            Self::Microsecond => "microsecond",
            Self::Seconds => "seconds",
            Self::Decimal => "decimal",
            Self::Base64 => "base64",
            Self::Float => "float",
            Self::Number => NUMBER,
            Self::Other => "",
        }
    }
}

/// Reads a key; `self` is the likeliest one.
impl<'de> DeserializeSeed<'de> for Key {
    type Value = Self;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self, D::Error> {
        // A key is a string for any deserializer. The reader of answers compares it with this name first.
        from.deserialize_struct(self.name(), &[], self)
    }
}

impl Visitor<'_> for Key {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    /// Receives the likeliest key; `dotted` is whether a dot follows it.
    #[inline]
    fn visit_bool<E>(self, dotted: bool) -> Result<Self, E> {
        Ok(if dotted { Self::Other } else { self })
    }

    fn visit_str<E>(self, name: &str) -> Result<Self, E> {
        Ok(Self::ALL.into_iter().find(|key| key.name() == name).unwrap_or(Self::Other))
    }
}
