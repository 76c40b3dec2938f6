//! The functions that code of `#[derive(Draft)]` calls: one for each thing that a member can do to its field.

use crate::draft::Draft;
use crate::model::{Field, FieldType, NeverNull, Nullable, Settable, Takes, Target, ToMany, Writable};
use crate::query::Operand;
use crate::value::Id;

/// Sets the field.
pub fn set<M, T, Q, V>(draft: Draft<M>, field: &Field<M, T, Q>, value: &V) -> Draft<M>
where
    T: FieldType<Base: Settable>,
    Q: Writable,
    V: Operand<T::Base, Null = NeverNull> + Clone,
{
    draft.value_of(field.name(), value.clone().into_json())
}

/// Sets the field if there is a value.
pub fn set_some<M, T, Q, V>(draft: Draft<M>, field: &Field<M, T, Q>, value: &Option<V>) -> Draft<M>
where
    T: FieldType<Base: Settable>,
    Q: Writable,
    V: Operand<T::Base, Null = NeverNull> + Clone,
{
    match value {
        Some(value) => set(draft, field, value),
        None => draft,
    }
}

/// Sets the field, or clears it if there is no value.
pub fn set_or_clear<M, T, Q, V>(draft: Draft<M>, field: &Field<M, T, Q>, value: &Option<V>) -> Draft<M>
where
    T: FieldType<Base: Settable, Null: Takes<Nullable>>,
    Q: Writable,
    V: Operand<T::Base, Null = NeverNull> + Clone,
{
    match value {
        Some(value) => set(draft, field, value),
        None => draft.clear(*field),
    }
}

/// A list of records, for a draft to add to.
pub struct List<M, T, Q>(Field<M, T, Q>);

/// Called before the rows are looked at, so that the compiler knows the list when it checks them.
pub fn list<M, T, Q>(field: &Field<M, T, Q>) -> List<M, T, Q>
where
    T: FieldType<Base: ToMany>,
    Q: Writable,
{
    List(*field)
}

impl<M, T: FieldType<Base: ToMany>, Q: Writable> List<M, T, Q> {
    /// Creates records from these rows and adds them to the list.
    pub fn add<R>(self, draft: Draft<M>, rows: &[R]) -> Draft<M>
    where
        for<'a> Draft<Target<T>>: From<&'a R>,
    {
        if rows.is_empty() { draft } else { draft.add(self.0, rows.iter().map(Draft::from)) }
    }

    /// Links the records with these ids.
    pub fn link(self, draft: Draft<M>, ids: &[Id<Target<T>>]) -> Draft<M> {
        if ids.is_empty() { draft } else { draft.link(self.0, ids.iter().copied()) }
    }
}
