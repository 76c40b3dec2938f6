use std::fmt;
use std::marker::PhantomData;

use serde::de::value::UnitDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};

use crate::value::{Decode, plain::Seed};

/// Reads a field's value, or one value of a dictionary.
pub(crate) struct FieldSeed<T> {
    key: Option<&'static str>,
    value: PhantomData<fn() -> T>,
}

impl<T> FieldSeed<T> {
    pub(super) fn new(key: Option<&'static str>) -> Self {
        Self { key, value: PhantomData }
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for FieldSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        match self.key {
            None => T::decode(from),
            Some(key) => from.deserialize_any(Entry { key, value: PhantomData }),
        }
    }
}

struct Entry<T> {
    key: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<'de, T: Decode> Visitor<'de> for Entry<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a dictionary or null")
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        let null: UnitDeserializer<E> = ().into_deserializer();
        T::decode(null)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == self.key {
                found = Some(map.next_value_seed(Seed::new())?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        found.map_or_else(|| self.visit_unit(), Ok)
    }
}
