//! The types of fields: the types of their values, and what the server can do with them.

use std::marker::PhantomData;

use serde_json::Value;

use super::Selection;
use crate::value::{
    Binary, Choice, Date, DateTime, Decimal, Dict, Id, ModelName, Reference, Time, TimeDelta, Timestamp,
};

/// Seals the traits of this file: only the types of fields implement them.
mod sealed {
    use super::*;

    pub trait Sealed {}

    macro_rules! sealed {
        ($($type:ty),+) => { $( impl Sealed for $type {} )+ };
    }
    sealed!(Queryable, NoFilter, NoOrder, Computed, Nullable, NeverNull);
    sealed!(bool, i64, f64, Decimal, String, Date, DateTime, Time, TimeDelta, Binary, Choice, Reference, Dict, Value);

    impl<Q> Sealed for ReadOnly<Q> {}
    impl<S: Selection> Sealed for S {}
    impl<M> Sealed for Id<M> {}
    impl<T> Sealed for Vec<T> {}
}
use sealed::Sealed;

/// A field that the server can filter and order by, like most fields.
#[derive(Debug)]
pub enum Queryable {}
/// A field that the server cannot filter by.
#[derive(Debug)]
pub enum NoFilter {}
/// A field that the server cannot order by.
#[derive(Debug)]
pub enum NoOrder {}
/// A field that the server computes for each record, and can neither filter nor order by.
#[derive(Debug)]
pub enum Computed {}
/// A field that clients cannot set, and is otherwise a `Q`.
#[derive(Debug)]
pub struct ReadOnly<Q = Queryable>(PhantomData<Q>);

/// Fields that the server can filter by.
#[diagnostic::on_unimplemented(
    message = "the server cannot filter by this field",
    label = "a `{Self}` field cannot be part of a domain",
    note = "the server computes it for each record and has no search for it; read it and filter the result instead"
)]
pub trait Filterable: Sealed {}
impl Filterable for Queryable {}
impl Filterable for NoOrder {}
impl<Q: Filterable> Filterable for ReadOnly<Q> {}

/// Fields that the server can order by.
#[diagnostic::on_unimplemented(
    message = "the server cannot order by this field",
    label = "a `{Self}` field cannot be part of an order",
    note = "the server computes it for each record; read it and sort the result instead"
)]
pub trait Orderable: Sealed {}
impl Orderable for Queryable {}
impl Orderable for NoFilter {}
impl<Q: Orderable> Orderable for ReadOnly<Q> {}

/// Fields that clients can set.
#[diagnostic::on_unimplemented(
    message = "this field is read-only",
    label = "a `{Self}` field cannot be set",
    note = "the server sets it by itself; if it accepts a value all the same, send one with `Draft::raw`"
)]
pub trait Writable: Sealed {}
impl Writable for Queryable {}
impl Writable for NoFilter {}
impl Writable for NoOrder {}
impl Writable for Computed {}

/// The type of a field's value: the value itself, and whether it may be null.
pub trait FieldType {
    /// The type without its `Option`.
    type Base;
    /// [`Nullable`] or [`NeverNull`].
    type Null: Nullability;

    /// Whether the empty string counts as null, too.
    #[doc(hidden)]
    const EMPTY_IS_NULL: bool = false;

    /// Whether the empty list counts as null, too.
    #[doc(hidden)]
    const EMPTY_LIST_IS_NULL: bool = false;
}

/// Whether null may be a value of the field.
pub trait Nullability: Sealed {
    #[doc(hidden)]
    const NULLABLE: bool;
}
impl Nullability for Nullable {
    const NULLABLE: bool = true;
}
impl Nullability for NeverNull {
    const NULLABLE: bool = false;
}

/// Accepts null if `Null` says that there may be one.
#[diagnostic::on_unimplemented(
    message = "this field cannot be null",
    label = "the server requires a value for this field",
    note = "an `Option` fits only a nullable field: pass the value itself"
)]
pub trait Takes<Null>: Sealed {}
impl<Null: Nullability> Takes<Null> for Nullable {}
impl Takes<NeverNull> for NeverNull {}
// With a single implementation, the compiler would conclude that a value is never null, and report mismatched types
// instead of the message above.
impl Takes<()> for NeverNull {}

/// Never null, as conditions require: null has methods of its own.
#[diagnostic::on_unimplemented(
    message = "a condition cannot compare with null",
    label = "this value may be `None`",
    note = "ask for null with `is_null()` and for a value with `is_not_null()`; handle an `Option` before the condition"
)]
pub trait Present: Nullability {}
impl Present for NeverNull {}

/// The server may send null for the field.
#[derive(Debug)]
pub enum Nullable {}
/// The server never sends null for the field, or null has a value of its own (an empty list, false).
#[derive(Debug)]
pub enum NeverNull {}

impl<T: FieldType<Null = NeverNull>> FieldType for Option<T> {
    type Base = T::Base;
    type Null = Nullable;
    const EMPTY_IS_NULL: bool = T::EMPTY_IS_NULL;
}

impl<T: FieldType> FieldType for Vec<T> {
    type Base = Vec<T>;
    type Null = NeverNull;
    // A multi-selection is stored as a list; a list of records is not.
    const EMPTY_LIST_IS_NULL: bool = T::EMPTY_IS_NULL;
}

impl<S: Selection> FieldType for S {
    type Base = S;
    type Null = NeverNull;
    const EMPTY_IS_NULL: bool = true;
}

impl FieldType for Choice {
    type Base = Choice;
    type Null = NeverNull;
    const EMPTY_IS_NULL: bool = true;
}

impl FieldType for Timestamp {
    type Base = Self;
    type Null = NeverNull;
}

impl<M> FieldType for Id<M> {
    type Base = Id<M>;
    type Null = NeverNull;
}

macro_rules! field_types {
    ($($type:ty),+) => { $(
        impl FieldType for $type {
            type Base = $type;
            type Null = NeverNull;
        }

        impl Scalar for $type {}
    )+ };
}
field_types!(bool, i64, f64, Decimal, String, Date, DateTime, Time, TimeDelta, Binary, Reference, Dict, Value);

/// Types of fields with a single value: all but lists.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is a list, which cannot be compared as a whole",
    label = "use `any` or `none` for a list of records, `has_any` or `has_none` for a multi-selection"
)]
pub trait Scalar: Sealed {}
impl<S: Selection> Scalar for S {}
impl Scalar for Choice {}
impl<M> Scalar for Id<M> {}

/// Types that a field can be set to: all but lists of records.
#[diagnostic::on_unimplemented(
    message = "a list of records cannot be set as a whole",
    label = "this field is a list of records",
    note = "in a draft, `add` creates records in the list, `link` adds existing ones and `unlink` removes them; with \
            `#[derive(Draft)]`, put `#[tryton(add)]` or `#[tryton(link)]` on the member; `Records::replace` replaces all \
            records of the list"
)]
pub trait Settable: Sealed {}
#[diagnostic::do_not_recommend]
impl<T: Scalar> Settable for T {}
#[diagnostic::do_not_recommend]
impl<S: Selection> Settable for Vec<S> {}
impl Settable for Vec<Choice> {}

/// Types that a multi-selection can hold any number of.
#[diagnostic::on_unimplemented(
    message = "a list of `{Self}` is not a multi-selection",
    label = "only a multi-selection has this method",
    note = "for a condition on the records of a list, such as on their `id`, use `any` or `none`; for a relation to one \
            record, `whose`"
)]
pub trait Multiple: Sealed {}
// Otherwise, a list of records would be refused for not being a selection, which does not help.
#[diagnostic::do_not_recommend]
impl<S: Selection> Multiple for S {}
impl Multiple for Choice {}

/// Types that a value of a dictionary can have. Selections are text there.
#[diagnostic::on_unimplemented(
    message = "a value of a dictionary cannot be a `{Self}`",
    label = "expected `bool`, `i64`, `f64`, `Decimal`, `String`, `Date`, `DateTime` or `TimeDelta`"
)]
pub trait DictValue: FieldType<Null = NeverNull> {}
macro_rules! dict_values {
    ($($type:ty),+) => { $( impl DictValue for $type {} )+ };
}
dict_values!(bool, i64, f64, Decimal, String, Date, DateTime, TimeDelta);

/// Types whose values are ordered: numbers, dates and times.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field cannot be less or greater than a value",
    label = "only numbers, dates and times can"
)]
pub trait Comparable: Sealed {}
macro_rules! comparable {
    ($($type:ty),+) => { $( impl Comparable for $type {} )+ };
}
comparable!(i64, f64, Decimal, Date, DateTime, Time, TimeDelta);

/// Types that can be matched with a pattern: text, and relations to one record, which are matched by the record's name.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field cannot be matched with a pattern",
    label = "only text can, and a relation to one record by that record's name",
    note = "to match a field of the records of a list, use `any`; to match a field of the record of a reference, such as \
            its `rec_name`, use `whose`"
)]
pub trait Textual: Sealed {
    /// Whether it is a relation, which is matched by its record's name.
    #[doc(hidden)]
    const BY_NAME: bool = false;
}
impl Textual for String {}
impl<M> Textual for Id<M> {
    const BY_NAME: bool = true;
}

/// Types of fields that lead to records of one model.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to records",
    label = "only relations (many2one, one2one, one2many, many2many) do"
)]
pub trait Relation: Sealed {
    /// The model it leads to.
    type Target;
}

/// The model that a field of the type `T` leads to.
pub(crate) type Target<T> = <<T as FieldType>::Base as Relation>::Target;

/// Relations to at most one record: many2one and one2one.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one or one2one field does",
    note = "a one2many or many2many field is read into a `Vec` of a nested projection, and filtered with `any` or `none`"
)]
pub trait ToOne: Relation {}

/// Relations to any number of records: one2many and many2many.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to a list of records",
    label = "only a one2many or many2many field does",
    note = "a many2one or one2one field is filtered with `whose`, and set with `Draft::set`"
)]
pub trait ToMany: Relation {}

/// Types of fields that lead to a record of `N`: many2one and one2one fields to that model, and any reference.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one, one2one or reference field does",
    note = "a one2many or many2many field is filtered with `any` or `none`"
)]
pub trait LeadsTo<N>: Sealed {
    /// The name of the model, which is needed if the field may lead to other models, too.
    #[doc(hidden)]
    const MODEL: Option<&'static str>;
}
impl<M> LeadsTo<M> for Id<M> {
    const MODEL: Option<&'static str> = None;
}
impl<N: ModelName> LeadsTo<N> for Reference {
    const MODEL: Option<&'static str> = Some(N::NAME);
}

impl<M> Relation for Id<M> {
    type Target = M;
}
impl<M> ToOne for Id<M> {}
impl<M> Relation for Vec<Id<M>> {
    type Target = M;
}
impl<M> ToMany for Vec<Id<M>> {}
