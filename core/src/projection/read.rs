//! Reading records into projections.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Projection;
use super::slots::{Slots, Tree, Visit, fill};
use crate::wanted::Wanted;

/// A record as it was read, with its id.
pub struct Row<T> {
    /// The id that the server sends.
    pub id: Option<i64>,
    /// The value that the record was read into.
    pub value: T,
}

/// Reads a record into a projection, and returns its id with it.
pub(crate) fn row<'de, P: Projection, A: MapAccess<'de>>(map: A) -> Result<Row<P>, A::Error> {
    P::slots(Read { map, input: PhantomData })
}

/// Reads a record from a map.
struct Read<'de, A> {
    map: A,
    input: PhantomData<&'de ()>,
}

impl<'de, P: Projection, A: MapAccess<'de>> Visit<P> for Read<'de, A> {
    type Output = Result<Row<P>, A::Error>;

    fn visit<S: Slots>(self, _: Tree<S>, of: fn(S::Values) -> P) -> Self::Output {
        let mut slots = S::default();
        let id = fill(&mut slots, P::MEMBERS, self.map)?;
        Ok(Row { id, value: of(slots.finish(&mut P::MEMBERS.iter())?) })
    }
}

/// Reads a related record into a projection.
pub fn record<'de, P: Projection, D: Deserializer<'de>>(from: D) -> Result<P, D::Error> {
    struct Record<P>(PhantomData<P>);

    impl<'de, P: Projection> Visitor<'de> for Record<P> {
        type Value = P;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a record")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<P, A::Error> {
            row(map).map(|row| row.value)
        }
    }

    from.deserialize_any(Record(PhantomData))
}

/// Adds the fields to ask for, so that the record at the end of `path` can be read into a `P`.
pub fn related<P: Projection>(path: &str, wanted: &mut Wanted) {
    wanted.related(path, columns::<P>);
}

/// Adds the fields to ask for, so that a record can be read into a `P`.
pub(crate) fn columns<P: Projection>(prefix: &str, wanted: &mut Wanted) {
    P::slots(Ask { prefix, wanted });
}

/// Adds the fields to ask for, with a prefix.
struct Ask<'a> {
    prefix: &'a str,
    wanted: &'a mut Wanted,
}

impl<P: Projection> Visit<P> for Ask<'_> {
    type Output = ();

    fn visit<S: Slots>(self, _: Tree<S>, _: fn(S::Values) -> P) {
        S::wants(&mut P::MEMBERS.iter(), self.prefix, self.wanted);
    }
}

/// Skips a value that was not requested.
pub(crate) fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

/// A value of an answer that is read several times.
#[derive(serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Buffered<'a>(#[serde(borrow)] &'a RawValue);

impl<'a> Buffered<'a> {
    /// Reads the value with `seed`. The error names the field, because the code that receives it does not know the
    /// field.
    pub(crate) fn read<S, E>(&self, seed: S, field: impl FnOnce() -> String) -> Result<S::Value, E>
    where
        S: DeserializeSeed<'a>,
        E: Error,
    {
        let value = seed.deserialize(&mut serde_json::Deserializer::from_str(self.0.get()));
        value.map_err(|e| E::custom(format_args!("`{}`: {}", field(), crate::error::reason(&e))))
    }
}
