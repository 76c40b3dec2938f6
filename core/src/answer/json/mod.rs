//! A reader of JSON for serde that takes fewer instructions than serde_json's.
//!
//! What it reads, it reads as serde_json does. It leaves to serde_json what is rare: escapes, floats, long integers and values
//! that nobody wants. Where it fails, serde_json has the last word: the answer is read again, so that no error of this
//! reader is ever shown.

mod containers;
mod key;
mod text;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Number, Result};

use containers::{Elements, Entries, Raw, Variant};

/// So many lists and objects may be within each other, as in serde_json.
const DEPTH: u8 = 127;

/// The newtype by which serde_json asks for a value's text.
const RAW: &str = "$serde_json::private::RawValue";

/// Reads a text from its beginning to its end.
pub(super) struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
}

/// A number as it stands in the text.
enum Digits<'de> {
    Natural(u64),
    Negative(i64),
    /// A float, or an integer that may be longer than 64 bits.
    Other(&'de str),
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: DEPTH }
    }

    /// Makes sure that nothing is left.
    pub(super) fn end(mut self) -> Result<()> {
        self.next();
        if self.at == self.text.len() { Ok(()) } else { Err(unexpected()) }
    }

    /// The next byte that is no white space, which stays there; 0 at the end.
    #[inline]
    fn next(&mut self) -> u8 {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(byte @ b'!'..) => return *byte,
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    /// Passes over this byte.
    #[inline]
    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.next() != byte {
            return Err(unexpected());
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn word(&mut self, word: &str) -> Result<()> {
        if !self.text[self.at..].starts_with(word) {
            return Err(unexpected());
        }
        self.at += word.len();
        Ok(())
    }

    /// The string whose first quote is here, without its quotes. None where something in it is escaped, or it is broken.
    fn string(&mut self) -> Option<&'de str> {
        let start = self.at + 1;
        let end = text::end(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Passes over the string whose first quote is here, if it is this one, and says whether it has a dot behind it.
    #[inline]
    fn is(&mut self, string: &str) -> Option<bool> {
        let end = self.at + 1 + string.len();
        let text = self.text.as_bytes();
        if text.get(self.at + 1..end)? != string.as_bytes() {
            return None;
        }
        let dotted = match text.get(end..)? {
            [b'"', ..] => false,
            [b'.', b'"', ..] => true,
            _ => return None,
        };
        self.at = end + 1 + usize::from(dotted);
        Some(dotted)
    }

    /// The string whose first quote is here.
    #[cold]
    fn escaped(&mut self) -> Result<String> {
        let (text, start) = (self.text.as_bytes(), self.at);
        let mut at = text::end(text, start + 1);
        while text.get(at) == Some(&b'\\') {
            at = text::end(text, at + 2);
        }
        let string = serde_json::from_str(self.text.get(start..=at).ok_or_else(unexpected)?)?;
        self.at = at + 1;
        Ok(string)
    }

    /// Gives the string whose first quote is here.
    #[inline]
    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.string() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_str(&self.escaped()?),
        }
    }

    /// The number that begins here.
    #[inline]
    fn number(&mut self) -> Digits<'de> {
        /// Of so many digits none is beyond 64 bits.
        const SHORT: usize = 18;
        let (text, start) = (self.text.as_bytes(), self.at);
        let negative = text.get(start) == Some(&b'-');
        let first = start + usize::from(negative);
        let (mut at, mut value) = (first, 0_u64);
        while let Some(digit) = text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10)
            && at - first < SHORT
        {
            value = value * 10 + u64::from(digit);
            at += 1;
        }
        let is_integer = !matches!(text.get(at), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        // Neither `-0`, which is a float, nor `01`, which is no number.
        let is_usual = at > first && (text[first] != b'0' || (at == first + 1 && !negative));
        if !(is_integer && is_usual) {
            return Digits::Other(self.digits());
        }
        self.at = at;
        // Of at most 18 digits.
        if negative { Digits::Negative(-(value as i64)) } else { Digits::Natural(value) }
    }

    /// All that may belong to the number that begins here. It is not passed over: that takes who can read it.
    fn digits(&self) -> &'de str {
        let rest = &self.text[self.at..];
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Reads what [`digits`](Self::digits) has given.
    fn parse<T: DeserializeOwned>(&mut self, digits: &str) -> Result<T> {
        let number = serde_json::from_str(digits)?;
        self.at += digits.len();
        Ok(number)
    }

    /// Gives the number that begins here.
    #[inline]
    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.number() {
            Digits::Natural(value) => visitor.visit_u64(value),
            Digits::Negative(value) => visitor.visit_i64(value),
            Digits::Other(text) => self.parse::<Number>(text)?.deserialize_any(visitor),
        }
    }

    /// The text of the value that begins here, of whatever kind.
    fn raw(&mut self) -> Result<&'de str> {
        self.next();
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<&RawValue>();
        let value = values.next().ok_or_else(unexpected)??;
        self.at += values.byte_offset();
        Ok(value.get())
    }

    fn skip(&mut self) -> Result<()> {
        match self.next() {
            b'"' if self.string().is_some() => return Ok(()),
            b'-' | b'0'..=b'9' if !matches!(self.number(), Digits::Other(_)) => return Ok(()),
            _ => {}
        }
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<IgnoredAny>();
        values.next().ok_or_else(unexpected)??;
        self.at += values.byte_offset();
        Ok(())
    }

    /// Reads what is within a list or an object, behind its first byte.
    #[inline]
    fn within<T>(&mut self, end: u8, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.at += 1;
        self.depth = self.depth.checked_sub(1).ok_or_else(unexpected)?;
        let value = read(self).and_then(|value| self.expect(end).map(|()| value));
        self.depth += 1;
        if value.is_err() {
            // Whoever makes nothing of the error shall not go on in the middle of the value.
            self.at = self.text.len();
        }
        value
    }

    #[inline]
    fn list<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.within(b']', |reader| visitor.visit_seq(Elements::of(reader)))
    }

    #[inline]
    fn object<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        self.within(b'}', |reader| visitor.visit_map(Entries::of(reader)))
    }
}

/// Nobody sees it.
#[cold]
fn unexpected() -> Error {
    Error::custom("unexpected")
}

macro_rules! integers {
    ($($method:ident),+) => { $(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.next() {
                b'-' | b'0'..=b'9' => self.visit_number(visitor),
                _ => Err(unexpected()),
            }
        }
    )+ };
}

macro_rules! long_integers {
    ($($method:ident, $visit:ident, $type:ty);+) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            self.next();
            let digits = self.digits();
            visitor.$visit(self.parse::<$type>(digits)?)
        }
    )+ };
}

macro_rules! strings {
    ($($method:ident),+) => { $(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            if self.next() == b'"' { self.visit_string(visitor) } else { Err(unexpected()) }
        }
    )+ };
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = Error;

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next() {
            b'"' => self.visit_string(visitor),
            b'-' | b'0'..=b'9' => self.visit_number(visitor),
            b'{' => self.object(visitor),
            b'[' => self.list(visitor),
            b'n' => self.deserialize_unit(visitor),
            b't' | b'f' => self.deserialize_bool(visitor),
            _ => Err(unexpected()),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        let value = self.next() == b't';
        self.word(if value { "true" } else { "false" })?;
        visitor.visit_bool(value)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.next();
        self.word("null")?;
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value> {
        self.deserialize_unit(visitor)
    }

    #[inline]
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.next() != b'n' {
            return visitor.visit_some(self);
        }
        self.word("null")?;
        visitor.visit_none()
    }

    integers!(
        deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64, deserialize_u8, deserialize_u16,
        deserialize_u32, deserialize_u64, deserialize_f64
    );
    long_integers!(deserialize_i128, visit_i128, i128; deserialize_u128, visit_u128, u128);
    strings!(deserialize_str, deserialize_string, deserialize_char, deserialize_identifier);

    /// A float of 32 bits is not always the one that is nearest to that of 64.
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next() {
            b'-' | b'0'..=b'9' => {}
            _ => return Err(unexpected()),
        }
        match self.number() {
            Digits::Natural(value) => visitor.visit_u64(value),
            Digits::Negative(value) => visitor.visit_i64(value),
            Digits::Other(text) => visitor.visit_f64(f64::from(self.parse::<f32>(text)?)),
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next() {
            b'[' => self.list(visitor),
            b'"' => match self.string() {
                Some(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                None => visitor.visit_bytes(self.escaped()?.as_bytes()),
            },
            _ => Err(unexpected()),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if name == RAW {
            return visitor.visit_map(Raw::new(self.raw()?));
        }
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.next() == b'[' { self.list(visitor) } else { Err(unexpected()) }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.next() == b'{' { self.object(visitor) } else { Err(unexpected()) }
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.next() {
            b'{' => self.object(visitor),
            b'[' => self.list(visitor),
            _ => Err(unexpected()),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value> {
        match self.next() {
            b'{' => self.within(b'}', |reader| visitor.visit_enum(Variant::of(reader))),
            b'"' => match self.string() {
                Some(text) => visitor.visit_enum(BorrowedStrDeserializer::new(text)),
                None => visitor.visit_enum(StrDeserializer::new(&self.escaped()?)),
            },
            _ => Err(unexpected()),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }
}
