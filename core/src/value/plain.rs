//! JSON's own types except numbers: booleans, strings, lists and null.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};
use serde_json::Value;

use super::{Decode, Encode};
use crate::wanted::Wanted;

/// Lets serde drive [`Decode`].
pub(crate) struct Seed<T>(PhantomData<T>);

impl<T> Seed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

// A derive would require the same of `T`.
impl<T> Clone for Seed<T> {
    fn clone(&self) -> Self {
        Self::new()
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        T::decode(from)
    }
}

pub(super) fn nullable<'de, T: Decode, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    struct Nullable<T>(PhantomData<T>);

    impl<'de, T: Decode> Visitor<'de> for Nullable<T> {
        type Value = Option<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a value or null")
        }

        fn visit_none<E>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_unit<E>(self) -> Result<Option<T>, E> {
            Ok(None)
        }

        fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Option<T>, D::Error> {
            T::decode(from).map(Some)
        }
    }

    from.deserialize_option(Nullable(PhantomData))
}

impl<T: Decode> Decode for Option<T> {
    const DEPTH: usize = T::DEPTH;

    fn wants(path: &str, wanted: &mut Wanted) {
        T::wants(path, wanted);
    }

    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        T::decode_option(from)
    }
}

/// Tryton sends null for a list that was never set; it is decoded as an empty list.
impl<T: Decode> Decode for Vec<T> {
    const DEPTH: usize = T::DEPTH;

    fn wants(path: &str, wanted: &mut Wanted) {
        T::wants(path, wanted);
    }

    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);

        impl<'de, T: Decode> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_unit<E>(self) -> Result<Vec<T>, E> {
                Ok(Vec::new())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element_seed(Seed::new())? {
                    list.push(item);
                }
                Ok(list)
            }
        }

        from.deserialize_any(List(PhantomData))
    }
}

/// On SQLite the server sends `1` and `0`. Null is decoded as false, as in Tryton's own clients.
impl Decode for bool {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Boolean;

        impl Visitor<'_> for Boolean {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, 1 or 0")
            }

            fn visit_unit<E>(self) -> Result<bool, E> {
                Ok(false)
            }

            fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
                Ok(value)
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<bool, E> {
                match value {
                    0 => Ok(false),
                    1 => Ok(true),
                    other => Err(E::invalid_value(serde::de::Unexpected::Unsigned(other), &self)),
                }
            }
        }

        from.deserialize_any(Boolean)
    }
}

macro_rules! decode_by_serde {
    ($($type:ty),+) => { $(
        impl Decode for $type {
            fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Self::deserialize(from)
            }
        }
    )+ };
}
decode_by_serde!(String, Value);

macro_rules! encode_by_json {
    ($($type:ty),+) => { $(
        impl Encode for $type {
            fn encode(&self) -> crate::Result<Value> {
                Ok(Value::from(self.to_owned()))
            }
        }
    )+ };
}
encode_by_json!(bool, i32, i64, u32, u64, String, Value);

impl Encode for &str {
    fn encode(&self) -> crate::Result<Value> {
        Ok((*self).into())
    }
}

/// `None` is encoded as null.
impl<T: Encode> Encode for Option<T> {
    fn encode(&self) -> crate::Result<Value> {
        self.as_ref().map_or(Ok(Value::Null), Encode::encode)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self) -> crate::Result<Value> {
        self.as_slice().encode()
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn encode(&self) -> crate::Result<Value> {
        self.as_slice().encode()
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self) -> crate::Result<Value> {
        self.iter().map(Encode::encode).collect()
    }
}
