//! What `#[derive(Projection)]` calls, so that the code it writes stays short.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::UnitDeserializer;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{Accepts, Projection, Reads, Wanted};
use crate::model::{Field, FieldType, Model, Relation, Selectable, ToOne};
use crate::value::{Binary, Decode, plain::Seed};

/// A record as it was read, with its id.
pub struct Row<T> {
    /// What the server says the id is.
    pub id: Option<i64>,
    /// What the record was read into.
    pub value: T,
}

/// What is checked of a field: its type, and whether it may be null. The calls are compiled and never run.
pub struct Check<Base, Null>(PhantomData<(Base, Null)>);

/// Takes a field apart, so that an error names the types themselves instead of the way to them.
pub fn check<M, T: FieldType, Q>(_: &Field<M, T, Q>) -> Check<T::Base, T::Null> {
    Check(PhantomData)
}

impl<Base, Null> Check<Base, Null> {
    /// The field may be read into a `U`.
    pub fn reads<U: Reads<Base>>(&self) {}

    /// Where the field, or the relation on the way to it, may be null, `U` has a place for that.
    pub fn accepts<U: Accepts<Null>>(&self) {}

    /// The field is a selection, whose label may be read into a `U`.
    pub fn labels<U: Reads<Base::Label>>(&self)
    where
        Base: Selectable,
    {
    }

    /// The field has a size, and `U` can hold it.
    pub fn measures<U: Reads<i64>>(&self)
    where
        Base: Measurable,
    {
    }
}

/// A field with a size beside its content.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field has no size to read instead of its content",
    label = "`#[tryton(size)]` is for binary fields"
)]
pub trait Measurable {}
impl Measurable for Binary {}

/// Whatever a member of a later series is read into has a place for nothing.
pub fn absent<U: MayBeAbsent>() {}

/// A type with a place for what a server of an earlier series does not have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no place for a field that the server does not have",
    label = "servers before the series of `since` do not have the field: use `Option<{Self}>`"
)]
pub trait MayBeAbsent {}
impl<T> MayBeAbsent for Option<T> {}

/// The fields of the record that a many2one or one2one field leads to.
pub fn hop<M, T, Q>(_: &Field<M, T, Q>) -> <<T::Base as Relation>::Target as Model>::Fields
where
    T: FieldType<Base: ToOne>,
    <T::Base as Relation>::Target: Model,
{
    <<T::Base as Relation>::Target as Model>::F
}

/// Adds what has to be asked for, so that the field at `path` below `prefix` can be read into a `T`.
pub fn want<T: Decode>(prefix: &str, path: &str, wanted: &mut Wanted) {
    T::wants(&format!("{prefix}{path}"), wanted);
}

/// The greatest of the depths of a projection's members.
pub const fn deepest(depths: &[usize]) -> usize {
    match depths {
        [] => 0,
        [first, rest @ ..] => {
            let deepest = deepest(rest);
            if *first > deepest { *first } else { deepest }
        }
    }
}

/// A key of a record. Related records come under the field's name with a dot behind it.
pub struct Key {
    name: String,
    nested: bool,
}

impl Key {
    /// The name of the field.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn is(&self, name: &str, nested: bool) -> bool {
        self.name == name && self.nested == nested
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut name = String::deserialize(from)?;
        let nested = name.ends_with('.');
        if nested {
            name.pop();
        }
        Ok(Self { name, nested })
    }
}

/// Passes over a value that nobody asked for.
pub fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// The place of one field of a projection while its record is read.
pub struct Slot<T> {
    /// `party.lang.code`: all but the last are relations.
    path: &'static [&'static str],
    value: Option<T>,
    /// Whether the server may not have the field.
    or_null: bool,
}

impl<T: Decode> Slot<T> {
    /// An empty place for what is found at the end of `path`.
    pub fn new(path: &'static [&'static str]) -> Self {
        Self { path, value: None, or_null: false }
    }

    /// The same for a field that the server may not have: it is null then.
    pub fn or_null(self) -> Self {
        Self { or_null: true, ..self }
    }

    /// What reads the value behind the first key of the path.
    fn seed(&self) -> PathSeed<T> {
        PathSeed { path: &self.path[1..], or_null: self.or_null, value: PhantomData }
    }

    fn wants(&self, key: &Key) -> bool {
        key.is(self.path[0], T::DEPTH > 0 || self.path.len() > 1)
    }

    /// Reads the value behind `key`, if it is this slot's.
    pub fn read<'de, A: MapAccess<'de>>(&mut self, key: &Key, map: &mut A) -> Result<(), A::Error> {
        if !self.wants(key) {
            return skip(map);
        }
        self.value = Some(map.next_value_seed(self.seed())?);
        Ok(())
    }

    /// The same for a value that several slots read.
    pub fn read_buffered<E: Error>(&mut self, key: &Key, value: &Buffered) -> Result<(), E> {
        if self.wants(key) {
            self.value = Some(value.read(self.seed(), || self.path.join("."))?);
        }
        Ok(())
    }

    /// Takes the record's id as the value.
    pub fn read_id<E: Error>(&mut self, id: i64) -> Result<(), E> {
        // A JSON value, because that one knows what an `Option` asks of it.
        self.value = Some(T::decode(serde_json::Value::from(id)).map_err(E::custom)?);
        Ok(())
    }

    /// The value; it is an error where none was read.
    pub fn finish<E: Error>(self) -> Result<T, E> {
        match self.value {
            None if self.or_null => null(),
            None => Err(E::custom(format_args!("the field `{}` is missing", self.path.join(".")))),
            Some(value) => Ok(value),
        }
    }
}

fn null<T: Decode, E: Error>() -> Result<T, E> {
    let null: UnitDeserializer<E> = ().into_deserializer();
    T::decode(null)
}

/// A value that several fields of a projection are read from.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub struct Buffered(Box<RawValue>);

impl Buffered {
    /// Reads the value by `seed`. Whoever reads the error is too far away to know the field, so it is in the error.
    pub(crate) fn read<'de, S, E>(&'de self, seed: S, field: impl FnOnce() -> String) -> Result<S::Value, E>
    where
        S: DeserializeSeed<'de>,
        E: Error,
    {
        let value = seed.deserialize(&mut serde_json::Deserializer::from_str(self.0.get()));
        value.map_err(|e| E::custom(format_args!("`{}`: {}", field(), crate::answer::reason(&e))))
    }
}

/// Reads a record into a projection.
pub fn record<'de, P: Projection, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    struct Record<P>(PhantomData<P>);

    impl<'de, P: Projection> Visitor<'de> for Record<P> {
        type Value = Row<P>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a record")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Row<P>, A::Error> {
            P::record(map)
        }
    }

    from.deserialize_any(Record(PhantomData)).map(|row| row.value)
}

/// Reads a `T` at the end of a path through related records. Where one of them is null, so is the value.
struct PathSeed<T> {
    path: &'static [&'static str],
    or_null: bool,
    value: PhantomData<T>,
}

impl<'de, T: Decode> DeserializeSeed<'de> for PathSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        if self.path.is_empty() { Seed::new().deserialize(from) } else { from.deserialize_any(self) }
    }
}

impl<'de, T: Decode> Visitor<'de> for PathSeed<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a related record or null")
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        null()
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut slot = Slot { path: self.path, value: None, or_null: self.or_null };
        while let Some(key) = map.next_key::<Key>()? {
            slot.read(&key, &mut map)?;
        }
        slot.finish()
    }
}
