//! Integers and floats.

use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde_json::Value;

use super::tagged::Tagged;
use super::{Decode, Encode};
use crate::python_json::{non_finite, non_finite_of};

impl Decode for i64 {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Integer;

        impl Visitor<'_> for Integer {
            type Value = i64;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Python's integers have no end; a longer one arrives here as a float.
                f.write_str("an integer of at most 64 bits")
            }

            fn visit_i64<E>(self, value: i64) -> Result<i64, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<i64, E> {
                i64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
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

            // The nearest float is what Python's own `float(value)` gives.
            fn visit_i64<E>(self, value: i64) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_u64<E>(self, value: u64) -> Result<f64, E> {
                Ok(value as f64)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<f64, A::Error> {
                let word = Tagged::collect(map)?.expect("float", A_NUMBER)?.text("float")?;
                non_finite_of(&word).ok_or_else(|| A::Error::invalid_value(Unexpected::Str(&word), &self))
            }
        }

        from.deserialize_any(Float)
    }
}

impl Encode for f64 {
    fn encode(&self) -> crate::Result<Value> {
        // Of a float that is not finite, serde_json makes null.
        Ok(if self.is_finite() { (*self).into() } else { non_finite(*self) })
    }
}
