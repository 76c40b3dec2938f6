//! The slots that hold a projection's values while its record is read.
//!
//! For a struct with three members, the derive's output
//!
//! ```text
//! #[derive(Projection)]
//! #[tryton(model = Sale)]
//! struct Order {
//!     number: Option<String>,
//!     party: Customer,
//!     #[tryton(path = "party.lang.code")]
//!     language: Option<String>,
//! }
//! ```
//!
//! is, without the checks of types:
//!
//! ```text
//! impl Projection for Order {
//!     type Model = Sale;
//!
//!     // By the order of the members. Two are read from the key `party.`, so its value is kept for both.
//!     const MEMBERS: &'static [Member] = &[
//!         Member::new(&["number"]),
//!         Member::new(&["party"]).shared(),
//!         Member::new(&["party", "lang", "code"]).shared(),
//!     ];
//!
//!     fn slots<V: Visit<Self>>(visit: V) -> V::Output {
//!         // A slot for each member, in pairs of pairs; their values come back in the same form.
//!         visit.visit(
//!             tree::<((Slot<Option<String>>, Slot<Customer>), Slot<Option<String>>)>(),
//!             |((number, party), language)| Self { number, party, language },
//!         )
//!     }
//! }
//!
//! impl Decode for Order {
//!     // The record itself, and those of the deepest of its members: here 1 + 1.
//!     const DEPTH: usize = tree::<((Slot<Option<String>>, Slot<Customer>), Slot<Option<String>>)>().depth();
//!
//!     fn wants(path: &str, wanted: &mut Wanted) {
//!         related::<Self>(path, wanted)
//!     }
//!
//!     fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
//!         record(from)
//!     }
//! }
//! ```
//!
//! So the struct itself contains no code that reads: this module implements [`Slots`] for a slot, for a pair of slots
//! and for nothing, and the SDK visits the tree to ask for the fields and to read a record. The tree is named only
//! within functions, because an associated type would have to be as public as the struct, and so would the type of each
//! member.

use std::fmt;
use std::marker::PhantomData;
use std::slice;

use serde::de::value::UnitDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, Visitor};

use super::member::{Key, KeySeed, Member};
use super::read::{Buffered, skip};
use crate::value::Decode;
use crate::value::plain::Seed;
use crate::wanted::Wanted;

/// The values of slots. It has no bounds on them, so that a value that cannot be read is reported once.
pub trait Places {
    /// The values that were read.
    type Values;
}

/// The slots of the members' values, in order: a [`Slot`] for one, a pair of halves for more.
///
/// A struct of ten members is a type of ten slots and no code. Code that reads it would take the compiler five times as
/// long.
pub trait Slots: Places + Default {
    /// The number of slots.
    const COUNT: usize;

    /// The greatest depth of the values.
    const DEPTH: usize;

    /// Adds the fields to ask for, so that the values can be read.
    fn wants(members: &mut slice::Iter<'_, Member>, prefix: &str, wanted: &mut Wanted);

    /// Reads the value of `member`, whose index is `index`.
    fn read<'de, S: Source<'de>>(
        &mut self,
        index: usize,
        member: &Member,
        nested: bool,
        from: S,
    ) -> Result<(), S::Error>;

    /// Returns the values, or an error if one was not read.
    fn finish<E: Error>(self, members: &mut slice::Iter<'_, Member>) -> Result<Self::Values, E>;
}

/// A projection's slots as a value: the derive names their type, and only the derive's own code can.
pub struct Tree<S> {
    depth: usize,
    slots: PhantomData<S>,
}

/// Returns the slots of this type.
///
/// The derive names them only through this function, so that the compiler reports an unreadable value once.
pub const fn tree<S: Slots>() -> Tree<S> {
    Tree { depth: S::DEPTH, slots: PhantomData }
}

impl<S> Tree<S> {
    /// Returns how many relations deep the projection is nested: the record itself, and its values.
    pub const fn depth(&self) -> usize {
        1 + self.depth
    }
}

/// An operation on the slots of a `P`.
pub trait Visit<P> {
    /// The result of the operation.
    type Output;

    /// Carries out the operation with slots of the type `S`. `of` creates the projection from their values.
    fn visit<S: Slots>(self, tree: Tree<S>, of: fn(S::Values) -> P) -> Self::Output;
}

/// The place of one value.
pub struct Slot<T>(Option<T>);

// A derive would require `T: Default`.
impl<T> Default for Slot<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T> Places for Slot<T> {
    type Values = T;
}

impl<T: Decode> Slots for Slot<T> {
    const COUNT: usize = 1;
    const DEPTH: usize = T::DEPTH;

    fn wants(members: &mut slice::Iter<'_, Member>, prefix: &str, wanted: &mut Wanted) {
        members.next().into_iter().for_each(|member| member.wants(prefix, wanted, T::wants));
    }

    fn read<'de, S: Source<'de>>(&mut self, _: usize, member: &Member, nested: bool, from: S) -> Result<(), S::Error> {
        if nested != (T::DEPTH > 0 || member.below().is_some()) {
            return from.skip();
        }
        self.0 = Some(match member.below() {
            None => from.read(Seed::new(), member)?,
            Some(below) => from.read(Below { member: below, value: PhantomData }, member)?,
        });
        Ok(())
    }

    fn finish<E: Error>(self, members: &mut slice::Iter<'_, Member>) -> Result<T, E> {
        match (self.0, members.next()) {
            (Some(value), _) => Ok(value),
            (None, Some(member)) if member.may_be_absent() => null(),
            (None, member) => {
                let name = member.map(Member::to_string).unwrap_or_default();
                Err(E::custom(format_args!("the field `{name}` is missing")))
            }
        }
    }
}

impl<A: Places, B: Places> Places for (A, B) {
    type Values = (A::Values, B::Values);
}

impl<A: Slots, B: Slots> Slots for (A, B) {
    const COUNT: usize = A::COUNT + B::COUNT;
    const DEPTH: usize = if A::DEPTH > B::DEPTH { A::DEPTH } else { B::DEPTH };

    fn wants(members: &mut slice::Iter<'_, Member>, prefix: &str, wanted: &mut Wanted) {
        A::wants(members, prefix, wanted);
        B::wants(members, prefix, wanted);
    }

    fn read<'de, S: Source<'de>>(
        &mut self,
        index: usize,
        member: &Member,
        nested: bool,
        from: S,
    ) -> Result<(), S::Error> {
        match index.checked_sub(A::COUNT) {
            None => self.0.read(index, member, nested, from),
            Some(index) => self.1.read(index, member, nested, from),
        }
    }

    fn finish<E: Error>(self, members: &mut slice::Iter<'_, Member>) -> Result<Self::Values, E> {
        Ok((self.0.finish(members)?, self.1.finish(members)?))
    }
}

/// For a projection without members.
impl Places for () {
    type Values = ();
}

impl Slots for () {
    const COUNT: usize = 0;
    const DEPTH: usize = 0;

    fn wants(_: &mut slice::Iter<'_, Member>, _: &str, _: &mut Wanted) {}

    fn read<'de, S: Source<'de>>(&mut self, _: usize, _: &Member, _: bool, from: S) -> Result<(), S::Error> {
        from.skip()
    }

    fn finish<E: Error>(self, _: &mut slice::Iter<'_, Member>) -> Result<(), E> {
        Ok(())
    }
}

/// The source of a value.
pub trait Source<'de> {
    /// The error if it could not be read.
    type Error: Error;

    /// Reads the value of `member` with `seed`.
    fn read<V: DeserializeSeed<'de>>(self, seed: V, member: &Member) -> Result<V::Value, Self::Error>;

    /// Skips a value that was not requested.
    fn skip(self) -> Result<(), Self::Error>;
}

/// The record itself.
struct Next<'a, A>(&'a mut A);

impl<'de, A: MapAccess<'de>> Source<'de> for Next<'_, A> {
    type Error = A::Error;

    fn read<V: DeserializeSeed<'de>>(self, seed: V, _: &Member) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }

    fn skip(self) -> Result<(), A::Error> {
        skip(self.0)
    }
}

/// A value of the record that several members are read from.
struct Kept<'a, 'de, E>(&'a Buffered<'de>, PhantomData<E>);

impl<'de, E: Error> Source<'de> for Kept<'_, 'de, E> {
    type Error = E;

    fn read<V: DeserializeSeed<'de>>(self, seed: V, member: &Member) -> Result<V::Value, E> {
        self.0.read(seed, || member.to_string())
    }

    fn skip(self) -> Result<(), E> {
        Ok(())
    }
}

/// Reads the record, and returns its id with it.
pub(super) fn fill<'de, S: Slots, A: MapAccess<'de>>(
    slots: &mut S,
    members: &[Member],
    mut map: A,
) -> Result<Option<i64>, A::Error> {
    let mut id = None;
    let (mut next, mut is_first) = (0, true);
    while let Some(key) = map.next_key_seed(KeySeed { members, next, is_first })? {
        is_first = false;
        match key {
            Key::Id if members.iter().all(|member| member.key() != "id") => id = Some(map.next_value()?),
            Key::Id => {
                let value: Buffered = map.next_value()?;
                id = Some(value.read(PhantomData, || "id".to_owned())?);
                share(slots, members, "id", false, &value)?;
            }
            Key::Member { index, nested } if members[index].is_shared() => {
                let value = map.next_value()?;
                share(slots, members, members[index].key(), nested, &value)?;
            }
            Key::Member { index, nested } => {
                slots.read(index, &members[index], nested, Next(&mut map))?;
                next = index + 1;
            }
            Key::Other => skip(&mut map)?,
        }
    }
    Ok(id)
}

/// Reads the value of `key` into all members that want it.
fn share<S: Slots, E: Error>(
    slots: &mut S,
    members: &[Member],
    key: &str,
    nested: bool,
    value: &Buffered<'_>,
) -> Result<(), E> {
    let mut readers = members.iter().enumerate().filter(|(_, member)| member.key() == key);
    readers.try_for_each(|(index, member)| slots.read(index, member, nested, Kept(value, PhantomData)))
}

/// Reads a `T` at the end of a path through related records. If one of them is null, so is the value.
struct Below<T> {
    /// The member to read from the related record.
    member: Member,
    value: PhantomData<T>,
}

impl<'de, T: Decode> DeserializeSeed<'de> for Below<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<T, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de, T: Decode> Visitor<'de> for Below<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a related record or null")
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        null()
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let members = [self.member];
        let mut slot = Slot::default();
        fill(&mut slot, &members, map)?;
        slot.finish(&mut members.iter())
    }
}

fn null<T: Decode, E: Error>() -> Result<T, E> {
    let null: UnitDeserializer<E> = ().into_deserializer();
    T::decode(null)
}
