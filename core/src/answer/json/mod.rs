//! A JSON deserializer for serde that needs fewer instructions than serde_json's.
//!
//! It produces the same values as serde_json. It delegates rare cases to serde_json: escapes, long or unusual numbers,
//! and ignored lists and objects. If it fails, serde_json reads the response again, so errors of this reader are never
//! shown.

mod containers;
mod key;
mod text;

use serde::de::value::{BorrowedStrDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IgnoredAny, Visitor};
use serde_json::value::RawValue;
use serde_json::{Error, Number, Result};

use containers::{Elements, Entries, Single, Variant};

/// The maximum nesting depth, the same as serde_json's.
const DEPTH: u8 = 127;

/// The newtype name with which serde_json requests a value's text.
const RAW: &str = "$serde_json::private::RawValue";

/// The key under which serde_json passes a number as text.
const NUMBER: &str = "$serde_json::private::Number";

/// Reads a JSON text.
pub(super) struct Reader<'de> {
    text: &'de str,
    at: usize,
    depth: u8,
}

/// Whether a crate in the build enables `arbitrary_precision` of serde_json, which passes floats as text.
const FLOATS_ARE_TEXTS: bool = size_of::<Number>() > size_of::<(u64, u64)>();

/// A number of the text.
enum Digits<'de> {
    Natural(u64),
    Negative(i64),
    Float(f64),
    /// Another float, or an integer that may not fit into 64 bits.
    Other(&'de str),
}

impl<'de> Reader<'de> {
    pub(super) fn new(text: &'de str) -> Self {
        Self { text, at: 0, depth: DEPTH }
    }

    /// Fails; the error is never shown. Moves to the end, so that a caller who ignores the error cannot continue inside a
    /// value.
    #[cold]
    fn fail<T>(&mut self) -> Result<T> {
        self.at = self.text.len();
        Err(Error::custom("unexpected"))
    }

    /// Checks that only white space is left.
    pub(super) fn end(mut self) -> Result<()> {
        self.next();
        if self.at == self.text.len() { Ok(()) } else { self.fail() }
    }

    /// Skips white space and returns the next byte without consuming it; 0 at the end.
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

    /// Consumes this byte, after white space.
    #[inline]
    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.next() != byte {
            return self.fail();
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn word(&mut self, word: &str) -> Result<()> {
        if !self.text[self.at..].starts_with(word) {
            return self.fail();
        }
        self.at += word.len();
        Ok(())
    }

    /// Reads the string that begins here, without its quotes. Returns `None` if it contains an escape or is malformed.
    fn string(&mut self) -> Option<&'de str> {
        let start = self.at + 1;
        let end = text::end(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// Consumes the string that begins here if it equals `string`, and returns whether a dot follows the name inside the
    /// quotes.
    #[inline]
    fn is(&mut self, string: &str) -> Option<bool> {
        let behind = self.text.as_bytes().get(self.at + 1..)?.strip_prefix(string.as_bytes())?;
        let dotted = match behind {
            [b'"', ..] => false,
            [b'.', b'"', ..] => true,
            _ => return None,
        };
        self.at += string.len() + 2 + usize::from(dotted);
        Some(dotted)
    }

    /// Reads the string of an object with this single entry. `begins` is the object's text including the string's first
    /// quote.
    #[inline]
    fn only_string(&mut self, begins: &str) -> Option<&'de str> {
        let start = self.at;
        if self.next() == b'{' && self.text.as_bytes()[self.at..].starts_with(begins.as_bytes()) {
            self.at += begins.len() - 1;
            let string = self.string();
            if self.text.as_bytes().get(self.at) == Some(&b'}') && self.depth > 0 {
                self.at += 1;
                return string;
            }
        }
        self.at = start;
        None
    }

    /// Reads the string that begins here, with escapes.
    #[cold]
    fn escaped(&mut self) -> Result<String> {
        let (text, start) = (self.text.as_bytes(), self.at);
        let mut at = text::end(text, start + 1);
        while text.get(at) == Some(&b'\\') {
            at = text::end(text, at + 2);
        }
        match self.text.get(start..=at).map(serde_json::from_str) {
            Some(Ok(string)) => {
                self.at = at + 1;
                Ok(string)
            }
            _ => self.fail(),
        }
    }

    /// Passes the string that begins here to the visitor.
    #[inline]
    fn visit_string<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.string() {
            Some(text) => visitor.visit_borrowed_str(text),
            None => visitor.visit_str(&self.escaped()?),
        }
    }

    /// Reads the number that begins here. Does not consume it if it is [`Digits::Other`].
    #[inline]
    fn number(&mut self) -> Digits<'de> {
        /// Integers with at most this many digits fit into 64 bits.
        const SHORT: usize = 18;
        let (text, start) = (self.text.as_bytes(), self.at);
        let negative = text.get(start) == Some(&b'-');
        let first = start + usize::from(negative);
        let (value, end) = text::digits(text, first, 0);
        // Excludes `-0`, which is a float, and `01`, which is not a number.
        let is_usual = match end - first {
            1 => true,
            2..=SHORT => text[first] != b'0',
            _ => false,
        };
        match text.get(end) {
            Some(b'.') if is_usual => self.float(value, first, end + 1, negative),
            Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') => Digits::Other(self.digits()),
            _ if !is_usual || (negative && value == 0) => Digits::Other(self.digits()),
            _ => {
                self.at = end;
                // The cast is lossless: at most 18 digits.
                if negative { Digits::Negative(-(value as i64)) } else { Digits::Natural(value) }
            }
        }
    }

    /// Reads the float whose first digit is at `first` and whose decimals begin at `point`.
    #[inline]
    fn float(&mut self, whole: u64, first: usize, point: usize, negative: bool) -> Digits<'de> {
        /// Floats represent integers of up to this many digits and these powers of ten exactly. So their quotient is
        /// rounded only once, to the float nearest to the text.
        const POWERS: [f64; 16] =
            [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
        let text = self.text.as_bytes();
        let (value, end) = text::digits(text, point, whole);
        let has_exponent = matches!(text.get(end), Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
        let is_short = end - first <= POWERS.len();
        match POWERS.get(end - point) {
            Some(power) if end > point && is_short && !has_exponent && !FLOATS_ARE_TEXTS => {
                self.at = end;
                let float = value as f64 / power;
                Digits::Float(if negative { -float } else { float })
            }
            _ => Digits::Other(self.digits()),
        }
    }

    /// Returns all characters that may belong to the number that begins here, without consuming them.
    fn digits(&self) -> &'de str {
        let rest = &self.text[self.at..];
        let is_part = |byte: u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
        let end = rest.bytes().position(|byte| !is_part(byte)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Parses and consumes the result of [`digits`](Self::digits).
    fn parse<T: DeserializeOwned>(&mut self, digits: &str) -> Result<T> {
        let Ok(number) = serde_json::from_str(digits) else { return self.fail() };
        self.at += digits.len();
        Ok(number)
    }

    /// Passes the number that begins here to a visitor that accepts any value.
    #[inline]
    fn visit_number<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.number() {
            Digits::Natural(value) => visitor.visit_u64(value),
            Digits::Negative(value) => visitor.visit_i64(value),
            Digits::Float(value) => visitor.visit_f64(value),
            Digits::Other(text) => {
                let number = self.parse::<Number>(text)?;
                if FLOATS_ARE_TEXTS {
                    return visitor.visit_map(Single::new(NUMBER, number.to_string().into()));
                }
                number.deserialize_any(visitor)
            }
        }
    }

    /// Passes the number that begins here to a visitor that expects a number.
    #[inline]
    fn visit_typed<V: Visitor<'de>>(&mut self, visitor: V) -> Result<V::Value> {
        match self.number() {
            Digits::Natural(value) => visitor.visit_u64(value),
            Digits::Negative(value) => visitor.visit_i64(value),
            Digits::Float(value) => visitor.visit_f64(value),
            Digits::Other(text) => match (serde_json::from_str(text), serde_json::from_str(text)) {
                (Ok(value), _) => {
                    self.at += text.len();
                    visitor.visit_u64(value)
                }
                (_, Ok(value)) => {
                    self.at += text.len();
                    visitor.visit_i64(value)
                }
                _ => visitor.visit_f64(self.parse(text)?),
            },
        }
    }

    /// Returns the text of the value that begins here, whatever its type.
    fn raw(&mut self) -> Result<&'de str> {
        self.next();
        let mut values = serde_json::Deserializer::from_str(&self.text[self.at..]).into_iter::<&RawValue>();
        let Some(Ok(value)) = values.next() else { return self.fail() };
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
        let Some(Ok(IgnoredAny)) = values.next() else { return self.fail() };
        self.at += values.byte_offset();
        Ok(())
    }

    /// Reads the content of a list or an object, after its first byte.
    #[inline]
    fn within<T>(&mut self, end: u8, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.at += 1;
        let Some(depth) = self.depth.checked_sub(1) else { return self.fail() };
        self.depth = depth;
        let value = read(self).and_then(|value| self.expect(end).map(|()| value));
        self.depth += 1;
        if value.is_err() {
            // For the same reason as in `fail`.
            self.at = self.text.len();
        }
        value
    }

    /// Moves to the next element or entry, behind the comma. Returns false before the byte `end`, without consuming it.
    #[inline]
    fn another(&mut self, end: u8, is_first: &mut bool) -> Result<bool> {
        if self.next() == end {
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            self.expect(b',')?;
        }
        Ok(true)
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

macro_rules! integers {
    ($($method:ident),+) => { $(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
            match self.next() {
                b'-' | b'0'..=b'9' => self.visit_typed(visitor),
                _ => self.fail(),
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
            if self.next() == b'"' { self.visit_string(visitor) } else { self.fail() }
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
            _ => self.fail(),
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
        deserialize_i8,
        deserialize_i16,
        deserialize_i32,
        deserialize_i64,
        deserialize_u8,
        deserialize_u16,
        deserialize_u32,
        deserialize_u64,
        deserialize_f64
    );
    long_integers!(deserialize_i128, visit_i128, i128; deserialize_u128, visit_u128, u128);
    strings!(deserialize_str, deserialize_string, deserialize_char, deserialize_identifier);

    /// Parses the text, because rounding to 64 bits and then to 32 may not yield the nearest float.
    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next() {
            b'-' | b'0'..=b'9' => {}
            _ => return self.fail(),
        }
        let start = self.at;
        match self.number() {
            Digits::Natural(value) => visitor.visit_u64(value),
            Digits::Negative(value) => visitor.visit_i64(value),
            Digits::Float(_) | Digits::Other(_) => {
                self.at = start;
                let digits = self.digits();
                visitor.visit_f64(f64::from(self.parse::<f32>(digits)?))
            }
        }
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        match self.next() {
            b'[' => self.list(visitor),
            b'"' => match self.string() {
                Some(text) => visitor.visit_borrowed_bytes(text.as_bytes()),
                None => visitor.visit_bytes(self.escaped()?.as_bytes()),
            },
            _ => self.fail(),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.deserialize_bytes(visitor)
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value> {
        if let [b'{', ..] = name.as_bytes()
            && let Some(text) = self.only_string(name)
        {
            return visitor.visit_borrowed_bytes(text.as_bytes());
        }
        if name == RAW {
            return visitor.visit_map(Single::new(RAW, self.raw()?.into()));
        }
        visitor.visit_newtype_struct(self)
    }

    #[inline]
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.next() == b'[' { self.list(visitor) } else { self.fail() }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value> {
        self.deserialize_seq(visitor)
    }

    #[inline]
    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        if self.next() == b'{' { self.object(visitor) } else { self.fail() }
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
            _ => self.fail(),
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
            _ => self.fail(),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value> {
        self.skip()?;
        visitor.visit_unit()
    }
}

#[cfg(test)]
mod tests;
