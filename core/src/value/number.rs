//! Integers and floats.
//!
//! A module's getter may return another numeric type than its field's. The value is accepted if the conversion is
//! lossless.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::Value;

use super::tagged::Tagged;
use super::{Decimal, Decode, Encode};
use crate::python_json::{non_finite, non_finite_of};

/// Python's integers are unbounded; serde_json may have turned a longer one into the nearest float.
const AN_INTEGER: &str = "an integer of at most 64 bits";

/// Floats below this limit are not integers that were too long: those arrive as floats and may have lost digits.
pub(super) const FLOATS_ARE_EXACT: f64 = (1_u64 << 63) as f64;

impl Decode for i64 {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Integer;

        impl<'de> Visitor<'de> for Integer {
            type Value = i64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(AN_INTEGER)
            }

            fn visit_i64<E>(self, value: i64) -> Result<i64, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
                i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<i64, E> {
                if value.fract() == 0.0 && value.abs() < FLOATS_ARE_EXACT {
                    return Ok(value as i64);
                }
                Err(E::invalid_type(Unexpected::Float(value), &self))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<i64, A::Error> {
                let mut tagged = Tagged::default();
                tagged.collect(map)?;
                if let Some(number) = tagged.number() {
                    return match number.parse() {
                        Ok(integer) => Ok(integer),
                        Err(_) => self.visit_f64(float(number)?),
                    };
                }
                tagged.expect("Decimal", AN_INTEGER)?;
                let number: Decimal = tagged.text("decimal")?.parse().map_err(Error::custom)?;
                number.to_i64().ok_or_else(|| other_number(AN_INTEGER))
            }
        }

        from.deserialize_any(Integer)
    }
}

const A_NUMBER: &str = "a number";

impl Decode for f64 {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Float;

        impl<'de> Visitor<'de> for Float {
            type Value = f64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(A_NUMBER)
            }

            fn visit_f64<E>(self, value: f64) -> Result<f64, E> {
                Ok(value)
            }

            // Python's own `float(value)` returns the nearest float as well.
            fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_i128<E>(self, value: i128) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_u128<E>(self, value: u128) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
                let mut tagged = Tagged::default();
                tagged.collect(map)?;
                if let Some(number) = tagged.number() {
                    return float(number);
                }
                if tagged.is("Decimal") {
                    let number: Decimal = tagged.text("decimal")?.parse().map_err(Error::custom)?;
                    return number.to_f64().ok_or_else(|| other_number(A_NUMBER));
                }
                tagged.expect("float", A_NUMBER)?;
                let word = tagged.text("float")?;
                non_finite_of(&word).ok_or_else(|| A::Error::invalid_value(Unexpected::Str(&word), &self))
            }
        }

        from.deserialize_any(Float)
    }
}

/// Returns the float nearest to a number's text.
fn float<E: Error>(number: &str) -> Result<f64, E> {
    let float: f64 = number.parse().map_err(E::custom)?;
    if float.is_finite() { Ok(float) } else { Err(E::custom("number out of range")) }
}

fn other_number<E: Error>(expected: &str) -> E {
    E::custom(format_args!("invalid type: Decimal object, expected {expected}"))
}

impl Encode for f64 {
    fn encode(&self) -> crate::Result<Value> {
        // serde_json turns a float that is not finite into null.
        Ok(if self.is_finite() { (*self).into() } else { non_finite(*self) })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read<T: Decode>(value: Value) -> Result<T, String> {
        T::decode(value).map_err(|e| e.to_string())
    }

    fn decimal(text: &str) -> Value {
        json!({"__class__": "Decimal", "decimal": text})
    }

    #[test]
    fn a_number_of_another_type_is_read_where_nothing_is_lost() {
        for (value, integer) in [(json!(3.0), 3), (json!(-0.0), 0), (json!(-1e15), -1_000_000_000_000_000)] {
            assert_eq!(read(value), Ok(integer));
        }
        assert_eq!(read(decimal("3.00")), Ok(3_i64));
        assert_eq!(read(decimal("-9223372036854775808")), Ok(i64::MIN));
        for value in [json!(3.5), json!(1e19), decimal("3.5"), decimal("9223372036854775808"), json!("3"), json!(true)]
        {
            let error = read::<i64>(value).expect_err("it is no integer");
            assert!(error.ends_with(", expected an integer of at most 64 bits"), "{error}");
        }

        assert_eq!(read(json!(12)), Ok(12.0));
        assert_eq!(read(decimal("0.1")), Ok(0.1));
        assert_eq!(read(decimal("12.50")), Ok(12.5));
        let error = read::<f64>(decimal("0.1000000000000000055511151231257827"));
        assert_eq!(error, Err("invalid type: Decimal object, expected a number".to_owned()));
    }

    #[test]
    fn numbers_are_read_from_text_as_well() {
        let from_text =
            |text: &str| f64::decode(&mut serde_json::Deserializer::from_str(text)).map_err(|e| e.to_string());
        for (text, float) in
            [("1.5", 1.5), ("-0.0", -0.0), ("1e300", 1e300), ("36893488147419103232", 36893488147419103232.0)]
        {
            assert_eq!(from_text(text).map(f64::to_bits), Ok(f64::to_bits(float)), "{text}");
        }
        assert!(from_text(&format!("1{}", "0".repeat(400))).is_err_and(|e| e.starts_with("number out of range")));
    }
}
