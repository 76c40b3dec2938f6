use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use bigdecimal::num_traits::ToPrimitive;
use bigdecimal::{BigDecimal, Zero};
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::{Value, json};

use super::number::FLOATS_ARE_EXACT;
use super::tagged::Tagged;
use super::{Decode, Encode};

mod arithmetic;
mod parse;
mod rounding;

pub use parse::ParseDecimalError;
use parse::usual;
pub use rounding::Rounding;

/// The value of a numeric field: an exact decimal number, never rounded.
///
/// Numbers of up to 28 digits are stored inline; longer ones on the heap. Numbers compare equal regardless of their
/// number of decimals (`1.50 == 1.5`).
///
/// ```
/// use tryton_sdk::Decimal;
///
/// let price: Decimal = "12.50".parse()?;
/// let total: Decimal = [&price * &Decimal::from(2), price].iter().sum();
/// assert_eq!(total.to_string(), "37.50");
/// # Ok::<(), tryton_sdk::error::ParseDecimalError>(())
/// ```
///
/// serde and [`plain`](crate::plain) serialize it as text:
///
/// ```
/// use serde::Serialize;
/// use tryton_sdk::Decimal;
///
/// #[derive(Serialize)]
/// struct Offer {
///     #[serde(with = "tryton_sdk::plain")]
///     price: Decimal,
/// }
///
/// assert_eq!(serde_json::to_string(&Offer { price: "12.50".parse()? })?, r#"{"price":"12.50"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Decimal(Repr);

#[derive(Clone)]
enum Repr {
    Small(rust_decimal::Decimal),
    Big(Box<BigDecimal>),
}

impl Decimal {
    fn shrink(big: BigDecimal) -> Self {
        if big.is_zero() {
            // Zero is always stored inline: only there it keeps its sign, and it is written without extra zeros before
            // the point.
            let decimals = big.fractional_digit_count().clamp(0, 28);
            return Self(Repr::Small(rust_decimal::Decimal::new(0, decimals as u32)));
        }
        // The exact parser accepts only a text without an exponent.
        let small = big.fractional_digit_count().unsigned_abs() <= 28;
        match small.then(|| rust_decimal::Decimal::from_str_exact(&big.to_plain_string())) {
            Some(Ok(small)) => Self(Repr::Small(small)),
            _ => Self(Repr::Big(Box::new(big))),
        }
    }

    /// Sets the sign of zero, which Python keeps but both parsers drop.
    fn below_zero(mut self) -> Self {
        if let Repr::Small(small) = &mut self.0 {
            small.set_sign_negative(true);
        }
        self
    }

    fn to_big(&self) -> BigDecimal {
        match &self.0 {
            Repr::Small(small) => BigDecimal::new(small.mantissa().into(), i64::from(small.scale())),
            Repr::Big(big) => BigDecimal::clone(big),
        }
    }

    /// Converts to an integer. Returns `None` if it is not an integer of 64 bits.
    pub(super) fn to_i64(&self) -> Option<i64> {
        let whole = self.to_big().normalized();
        if whole.is_integer() { whole.to_i64() } else { None }
    }

    /// Returns the float with the same digits, if there is one.
    pub(super) fn to_f64(&self) -> Option<f64> {
        let float: f64 = self.to_string().parse().ok()?;
        shortest(float).parse::<Self>().is_ok_and(|same| same == *self).then_some(float)
    }

    /// Writes the digits with the sign and the formatter's options.
    fn pad(&self, f: &mut fmt::Formatter<'_>, digits: &str) -> fmt::Result {
        f.pad_integral(!self.is_negative(), "", digits)
    }

    /// Whether the number is zero, regardless of its number of decimals.
    pub fn is_zero(&self) -> bool {
        match &self.0 {
            Repr::Small(small) => small.is_zero(),
            Repr::Big(big) => big.is_zero(),
        }
    }
}

/// Returns the shortest digits that identify a float, without an exponent.
fn shortest(float: f64) -> String {
    float.to_string()
}

/// Zero.
impl Default for Decimal {
    fn default() -> Self {
        Self::from(0)
    }
}

impl PartialEq for Decimal {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Decimal {}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => a.cmp(b),
            _ => self.to_big().cmp(&other.to_big()),
        }
    }
}

impl Hash for Decimal {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.to_big().normalized().hash(state);
    }
}

/// Writes as many decimals as the server sent, without an exponent. If a precision is given, the number is
/// [rounded](Decimal::round) half to even.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (f.precision(), &self.0) {
            (None, Repr::Small(small)) => small.fmt(f),
            (None, Repr::Big(big)) => self.pad(f, &big.abs().to_plain_string()),
            (Some(places), _) => {
                let rounded = self.round(u32::try_from(places).unwrap_or(u32::MAX));
                let digits = rounded.to_big().abs().to_plain_string();
                let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
                let point = if places > 0 { "." } else { "" };
                // Pads missing decimals with zeros.
                rounded.pad(f, &format!("{whole}{point}{fraction:0<places$}"))
            }
        }
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

macro_rules! from_integer {
    ($($integer:ty),+) => { $(
        impl From<$integer> for Decimal {
            fn from(value: $integer) -> Self {
                Self(Repr::Small(value.into()))
            }
        }
    )+ };
}
from_integer!(i32, i64, u32, u64);

impl From<rust_decimal::Decimal> for Decimal {
    fn from(value: rust_decimal::Decimal) -> Self {
        Self(Repr::Small(value))
    }
}

/// Fails for a number with more digits than `rust_decimal` can represent.
impl TryFrom<Decimal> for rust_decimal::Decimal {
    type Error = ParseDecimalError;

    fn try_from(value: Decimal) -> Result<Self, ParseDecimalError> {
        match value.0 {
            Repr::Small(small) => Ok(small),
            Repr::Big(big) => {
                Err(ParseDecimalError::new(&big.to_string(), "has more digits than rust_decimal can hold"))
            }
        }
    }
}

/// Fails for a number of more than 1,000 digits before or after the decimal point.
impl TryFrom<BigDecimal> for Decimal {
    type Error = ParseDecimalError;

    fn try_from(value: BigDecimal) -> Result<Self, ParseDecimalError> {
        value.to_scientific_notation().parse()
    }
}

impl From<Decimal> for BigDecimal {
    fn from(value: Decimal) -> Self {
        value.to_big()
    }
}

impl Decode for Decimal {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;

        const EXPECTED: &str = "a decimal number";

        /// The beginning of the object as servers write it, up to the text.
        const USUAL: &str = r#"{"__class__": "Decimal", "decimal": ""#;

        impl<'de> Visitor<'de> for Number {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(EXPECTED)
            }

            // Up to 7.0 some computed fields send a bare integer for an empty sum.
            fn visit_i64<E>(self, value: i64) -> Result<Decimal, E> {
                Ok(value.into())
            }

            fn visit_u64<E>(self, value: u64) -> Result<Decimal, E> {
                Ok(value.into())
            }

            fn visit_i128<E: Error>(self, value: i128) -> Result<Decimal, E> {
                value.to_string().parse().map_err(E::custom)
            }

            fn visit_u128<E: Error>(self, value: u128) -> Result<Decimal, E> {
                value.to_string().parse().map_err(E::custom)
            }

            // A getter may return a float. It is converted by its shortest digits, which Python also shows.
            fn visit_f64<E: Error>(self, value: f64) -> Result<Decimal, E> {
                if value.abs() < FLOATS_ARE_EXACT {
                    return shortest(value).parse().map_err(E::custom);
                }
                Err(E::invalid_type(Unexpected::Float(value), &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Decimal, A::Error> {
                let mut tagged = Tagged::default();
                tagged.collect(map)?;
                if let Some(number) = tagged.number() {
                    return number.parse().map_err(A::Error::custom);
                }
                tagged.expect("Decimal", EXPECTED)?;
                tagged.text("decimal")?.parse().map_err(A::Error::custom)
            }

            /// Receives the text that followed `USUAL`.
            fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<Decimal, E> {
                match usual(text) {
                    Some(number) => Ok(number),
                    None => str::from_utf8(text).map_err(E::custom)?.parse().map_err(E::custom),
                }
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(self, from: D) -> Result<Decimal, D::Error> {
                from.deserialize_any(self)
            }
        }

        // The reader of responses treats the name as the likely beginning of the object.
        from.deserialize_newtype_struct(USUAL, Number)
    }
}

impl Encode for Decimal {
    fn encode(&self) -> crate::Result<Value> {
        Ok(json!({"__class__": "Decimal", "decimal": self.to_string()}))
    }
}
