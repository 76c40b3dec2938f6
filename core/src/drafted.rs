//! What `#[derive(Draft)]` writes calls of: one function for each thing that a member may do to its field.

use crate::draft::Draft;
use crate::model::{Field, FieldType, NeverNull, Nullable, Settable, Takes, Target, ToMany, Writable};
use crate::query::Operand;
use crate::value::Id;

/// The field is set.
pub fn set<M, T, Q, V>(draft: Draft<M>, field: &Field<M, T, Q>, value: &V) -> Draft<M>
where
    T: FieldType<Base: Settable>,
    Q: Writable,
    V: Operand<T::Base, Null = NeverNull> + Clone,
{
    draft.value_of(field.name(), value.clone().into_json())
}

/// The field is set where there is a value.
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

/// The field is set, or cleared where there is no value.
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

/// A list of records that a draft may add to.
pub struct List<M, T, Q>(Field<M, T, Q>);

/// It comes before what is added, so that the compiler knows the list when it looks at that.
pub fn list<M, T, Q>(field: &Field<M, T, Q>) -> List<M, T, Q>
where
    T: FieldType<Base: ToMany>,
    Q: Writable,
{
    List(*field)
}

impl<M, T: FieldType<Base: ToMany>, Q: Writable> List<M, T, Q> {
    /// Records are created from these rows and added to the list.
    pub fn add<R>(self, draft: Draft<M>, rows: &[R]) -> Draft<M>
    where
        for<'a> Draft<Target<T>>: From<&'a R>,
    {
        if rows.is_empty() { draft } else { draft.add(self.0, rows.iter().map(Draft::from)) }
    }

    /// The records with these ids are added to the list.
    pub fn link(self, draft: Draft<M>, ids: &[Id<Target<T>>]) -> Draft<M> {
        if ids.is_empty() { draft } else { draft.link(self.0, ids.iter().copied()) }
    }
}
