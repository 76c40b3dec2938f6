//! The fields that the members of a projection are read from, and the member that a record's key belongs to.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};

use crate::model::Field;
use crate::series::Series;
use crate::value::ModelName;
use crate::wanted::Wanted;

/// The source of one member of a projection.
#[derive(Clone, Copy)]
pub struct Member {
    /// `party.lang.code`: all but the last are relations.
    path: &'static [&'static str],
    /// The first series whose servers have it.
    since: Option<Series>,
    /// The model of the field, if its size is requested instead of its content.
    size: Option<&'static str>,
    /// Whether another member is read from the same key.
    shared: bool,
}

impl Member {
    /// Creates a member for the value at the end of `path`.
    pub const fn new(path: &'static [&'static str]) -> Self {
        Self { path, since: None, size: None, shared: false }
    }

    /// Marks a field that servers have only from this series on. With older servers it is null.
    pub const fn since(self, major: u16, minor: u16) -> Self {
        Self { since: Some(Series::new(major, minor)), ..self }
    }

    /// Reads the size of a binary field instead of its content. The function that leads to the field determines the
    /// model.
    pub const fn size<F, M: ModelName, T, Q>(self, _: fn(&F) -> &Field<M, T, Q>) -> Self {
        Self { size: Some(M::NAME), ..self }
    }

    /// Marks a member that shares its key with another member.
    pub const fn shared(self) -> Self {
        Self { shared: true, ..self }
    }

    /// Returns its key in the record, without the dot of related records.
    pub(super) fn key(&self) -> &'static str {
        self.path[0]
    }

    /// Returns the member as seen from the related record under the key; `None` if the value itself is under the key.
    pub(super) fn below(&self) -> Option<Self> {
        match self.path {
            [_, path @ ..] if !path.is_empty() => Some(Self { path, shared: false, ..*self }),
            _ => None,
        }
    }

    pub(super) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Whether the server may not have it.
    pub(super) fn may_be_absent(&self) -> bool {
        self.since.is_some()
    }

    /// Adds the fields to ask for; `collect` does so for a path.
    pub(super) fn wants(&self, prefix: &str, wanted: &mut Wanted, collect: impl FnOnce(&str, &mut Wanted)) {
        wanted.since(self.since, |wanted| {
            match self.path {
                [field] if prefix.is_empty() => collect(field, wanted),
                _ => collect(&format!("{prefix}{self}"), wanted),
            }
            if let (Some(model), Some(field)) = (self.size, self.path.last()) {
                wanted.size(model, field);
            }
        });
    }
}

/// As Tryton writes it.
impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path.join("."))
    }
}

/// The member that a key's value is for.
pub(super) enum Key {
    /// For the id of the row, and for the members that are the id.
    Id,
    /// For a member. The key of related records is the field's name and a dot.
    Member { index: usize, nested: bool },
    /// For no member.
    Other,
}

/// Reads a key. Servers answer in the order of the request, with the id first.
pub(super) struct KeySeed<'m> {
    pub(super) members: &'m [Member],
    /// The likeliest member.
    pub(super) next: usize,
    /// Whether it is the record's first key.
    pub(super) is_first: bool,
}

impl KeySeed<'_> {
    fn likeliest(&self) -> &'static str {
        match self.members.get(self.next) {
            Some(member) if !self.is_first => member.key(),
            _ => "id",
        }
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Key, D::Error> {
        // A key is a string for any deserializer. The reader of answers compares it with this name first.
        from.deserialize_struct(self.likeliest(), &[], self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    /// The likeliest key, and whether it has a dot behind it.
    #[inline]
    fn visit_bool<E: Error>(self, nested: bool) -> Result<Key, E> {
        match self.likeliest() {
            "id" if nested => self.visit_str("id."),
            "id" => Ok(Key::Id),
            _ => Ok(Key::Member { index: self.next, nested }),
        }
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
        if key == "id" {
            return Ok(Key::Id);
        }
        let related = key.strip_suffix('.');
        let name = related.unwrap_or(key);
        let mut indices = (self.next..self.members.len()).chain(0..self.next);
        let index = indices.find(|index| self.members[*index].key() == name);
        Ok(index.map_or(Key::Other, |index| Key::Member { index, nested: related.is_some() }))
    }
}
