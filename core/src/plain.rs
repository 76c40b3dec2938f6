//! Values as plain text and numbers in JSON and other formats of serde.
//!
//! Tryton's JSON for a decimal number, a date or a file is an object, which is only right for the parameters of a call.
//! So [`Decimal`], [`Binary`], [`Dict`] and [`Reference`] do not implement `Serialize`. With `#[serde(with =
//! "tryton_sdk::plain")]`, a member of your struct is written and read in the usual form. It also works for `Option`s and
//! `Vec`s of these types:
//!
//! | type | in JSON |
//! |---|---|
//! | [`Decimal`] | its text, with all its decimals: `"12.50"`. A number is accepted when reading |
//! | [`Date`], [`Time`], [`DateTime`] | ISO 8601: `"2026-02-28"`, `"23:59:58"`, `"2026-02-28T23:59:58"` |
//! | [`TimeDelta`] | ISO 8601: `"PT1H30M"` |
//! | [`Binary`] | base64: `"UEsDBA=="` |
//! | [`Reference`] | `"sale.sale,7"` |
//! | [`Dict`] | an object, with its values in these forms. Only text, numbers, booleans and lists are read back as they were |
//! | the enum of a selection | the value's text: `"draft"` |
//!
//! A [`DateTime`] of Tryton is in UTC and has no zone. A text with `Z` or an offset is accepted and converted to UTC.
//!
//! ```
//! # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
//! use erp::{Sale, SaleState};
//! use serde::{Deserialize, Serialize};
//! use tryton_sdk::{Date, Decimal, Id, Projection};
//!
//! /// Read from Tryton, and sent to a browser.
//! #[derive(Debug, PartialEq, Projection, Serialize, Deserialize)]
//! #[tryton(model = Sale)]
//! struct Order {
//!     id: Id<Sale>,
//!     #[serde(with = "tryton_sdk::plain")]
//!     state: SaleState,
//!     #[serde(with = "tryton_sdk::plain")]
//!     sale_date: Option<Date>,
//!     #[serde(with = "tryton_sdk::plain")]
//!     total_amount: Option<Decimal>,
//! }
//!
//! let order = Order {
//!     id: Id::new(7),
//!     state: SaleState::Draft,
//!     sale_date: Some(Date::constant(2026, 2, 28)),
//!     total_amount: Some("12.50".parse()?),
//! };
//! let json = serde_json::to_string(&order)?;
//! assert_eq!(json, r#"{"id":7,"state":"draft","sale_date":"2026-02-28","total_amount":"12.50"}"#);
//! assert_eq!(serde_json::from_str::<Order>(&json)?, order);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use data_encoding::BASE64;
use jiff::Timestamp;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserialize, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, Serialize, Serializer};
use serde_json::Value;

use crate::model::Selection;
use crate::utc;
use crate::value::{Binary, Date, DateTime, Decimal, Decode, Dict, Reference, Time, TimeDelta};

/// A type that this module writes and reads: those of its table, and `Option`s and `Vec`s of them.
#[diagnostic::on_unimplemented(
    message = "`tryton_sdk::plain` does not write a `{Self}`",
    label = "a value of Tryton is expected here",
    note = "other types, such as `Id`, `String` and numbers, implement `Serialize` and `Deserialize` themselves"
)]
pub trait Plain: Sized {
    #[doc(hidden)]
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error>;

    #[doc(hidden)]
    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error>;
}

/// Writes a value as plain text: for `#[serde(with = "tryton_sdk::plain")]`.
///
/// # Errors
///
/// As the serializer's.
pub fn serialize<T: Plain, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    value.write(to)
}

/// Reads a value from plain text: for `#[serde(with = "tryton_sdk::plain")]`.
///
/// # Errors
///
/// Where the text is no such value, and as the deserializer's.
pub fn deserialize<'de, T: Plain, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    T::read(from)
}

/// A text that is parsed, borrowed where the format can lend it.
fn parse<'de, T, D: Deserializer<'de>>(from: D, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, D::Error> {
    let text = Cow::<str>::deserialize(from)?;
    parse(&text).map_err(de::Error::custom)
}

fn parsed<T: FromStr<Err: fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

macro_rules! plain_as_text {
    ($($type:ty => $parse:expr),+ $(,)?) => { $(
        impl Plain for $type {
            fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }

            fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                parse(from, $parse)
            }
        }
    )+ };
}

plain_as_text! {
    Date => parsed,
    Time => parsed,
    DateTime => |text| match text.parse::<Timestamp>() {
        Ok(time) => Ok(utc::from_timestamp(time)),
        Err(_) => parsed(text),
    },
    TimeDelta => parsed,
    Reference => parsed,
}

impl<E: Selection> Plain for E {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parse(from, |text| Ok(E::from_value(text)))
    }
}

impl Plain for Binary {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64.encode(self))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parse(from, |text| match BASE64.decode(text.as_bytes()) {
            Ok(bytes) => Ok(bytes.into()),
            Err(error) => Err(format!("invalid base64: {error}")),
        })
    }
}

impl Plain for Decimal {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;

        impl<'de> Visitor<'de> for Number {
            type Value = Decimal;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal number, as text or as a number")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
                Decimal::decode(number.into_deserializer())
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
                Decimal::decode(number.into_deserializer())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
                Decimal::decode(number.into_deserializer())
            }

            // Numbers that come as text, where serde_json has its feature for them.
            fn visit_map<A: MapAccess<'de>>(self, number: A) -> Result<Decimal, A::Error> {
                Decimal::decode(MapAccessDeserializer::new(number))
            }
        }

        from.deserialize_any(Number)
    }
}

impl Plain for Dict {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.iter().map(|(key, value)| (key, Inner(value))))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let values = serde_json::Map::deserialize(from)?;
        Ok(values.into_iter().fold(Self::new(), |dict, (key, value)| dict.set(key, value)))
    }
}

/// A value of a dictionary, which has the form that Tryton gives it.
struct Inner<'a>(&'a Value);

impl Serialize for Inner<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        fn write<T: Plain + Decode, S: Serializer>(value: &Value, to: S) -> Result<S::Ok, S::Error> {
            T::decode(value).map_err(ser::Error::custom)?.write(to)
        }
        match self.0.get("__class__").and_then(Value::as_str) {
            Some("Decimal") => write::<Decimal, S>(self.0, to),
            Some("date") => write::<Date, S>(self.0, to),
            Some("datetime") => write::<DateTime, S>(self.0, to),
            Some("time") => write::<Time, S>(self.0, to),
            Some("timedelta") => write::<TimeDelta, S>(self.0, to),
            Some("bytes") => write::<Binary, S>(self.0, to),
            _ => self.0.serialize(to),
        }
    }
}

/// A value that may be in an `Option` or a `Vec`.
struct Item<T>(T);

impl<T: Plain> Serialize for Item<&T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.write(to)
    }
}

impl<'de, T: Plain> Deserialize<'de> for Item<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::read(from).map(Self)
    }
}

impl<T: Plain> Plain for Option<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Item).serialize(to)
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<Item<T>>::deserialize(from)?.map(|item| item.0))
    }
}

impl<T: Plain> Plain for Vec<T> {
    fn write<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Item))
    }

    fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Items<T>(PhantomData<T>);

        impl<'de, T: Plain> Visitor<'de> for Items<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(Item(item)) = items.next_element()? {
                    list.push(item);
                }
                Ok(list)
            }
        }

        from.deserialize_seq(Items(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written<T: Plain>(value: &T) -> Value {
        value.write(serde_json::value::Serializer).expect("it can be written")
    }

    fn read<T: Plain>(json: &str) -> Result<T, String> {
        T::read(&mut serde_json::Deserializer::from_str(json)).map_err(|error| error.to_string())
    }

    #[track_caller]
    fn comes_back<T: Plain + PartialEq + fmt::Debug>(value: T, json: Value) {
        assert_eq!(written(&value), json);
        assert_eq!(read(&json.to_string()), Ok(value));
    }

    #[test]
    fn each_type_comes_back() {
        comes_back("12.50".parse::<Decimal>().expect("a decimal"), json!("12.50"));
        comes_back(Date::constant(2026, 2, 28), json!("2026-02-28"));
        comes_back(Time::constant(23, 59, 58, 0), json!("23:59:58"));
        comes_back(DateTime::constant(2026, 2, 28, 23, 59, 58, 7_000), json!("2026-02-28T23:59:58.000007"));
        comes_back(TimeDelta::from_mins(90), json!("PT1H30M"));
        comes_back(Binary::from(b"PK\x03\x04".to_vec()), json!("UEsDBA=="));
        comes_back(Reference::new("sale.sale", 7), json!("sale.sale,7"));
        comes_back(Dict::new().set("color", "red").set("size", 40), json!({"color": "red", "size": 40}));
        comes_back(None::<Date>, json!(null));
        comes_back(vec![Some(Decimal::from(1)), None], json!(["1", null]));
    }

    #[test]
    fn a_decimal_is_read_from_numbers() {
        for (json, text) in
            [("12", "12"), ("-3", "-3"), ("0.1", "0.1"), ("18446744073709551615", "18446744073709551615")]
        {
            assert_eq!(read::<Decimal>(json).map(|decimal| decimal.to_string()), Ok(text.to_owned()));
        }
        assert!(read::<Decimal>("true").is_err_and(|error| error.contains("expected a decimal number")));
        assert!(read::<Decimal>("\"1,5\"").is_err());
    }

    #[test]
    fn a_zone_becomes_utc() {
        let noon = DateTime::constant(2026, 2, 28, 12, 0, 0, 0);
        for text in ["2026-02-28T12:00:00", "2026-02-28T12:00:00Z", "2026-02-28T14:00:00+02:00", "2026-02-28 12:00:00"]
        {
            assert_eq!(read::<DateTime>(&json!(text).to_string()), Ok(noon), "{text}");
        }
        assert!(read::<DateTime>("\"noon\"").is_err());
    }

    #[test]
    fn the_values_of_a_dict_are_plain() {
        let dict = Dict::new().set("weight", Decimal::from(12)).set("due", Date::constant(2026, 12, 31));
        assert_eq!(written(&dict), json!({"weight": "12", "due": "2026-12-31"}));
    }
}
