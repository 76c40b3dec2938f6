//! What a field may be: the types of its value, and what the server can do with it.

use std::marker::PhantomData;

use serde_json::Value;

use super::Selection;
use crate::value::{
    Binary, Choice, Date, DateTime, Decimal, Dict, Id, ModelName, Reference, Time, TimeDelta, Timestamp,
};

/// Keeps the traits of this file to the types that fields have: nobody else implements them.
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

/// A field that the server can filter and order by, as most are.
#[derive(Debug)]
pub enum Queryable {}
/// A field that the server cannot filter by.
#[derive(Debug)]
pub enum NoFilter {}
/// A field that the server cannot order by.
#[derive(Debug)]
pub enum NoOrder {}
/// A field that the server computes for each record: it can neither filter nor order by it.
#[derive(Debug)]
pub enum Computed {}
/// A field that clients cannot set, and that is otherwise a `Q`.
#[derive(Debug)]
pub struct ReadOnly<Q = Queryable>(PhantomData<Q>);

/// The server can filter by the field.
#[diagnostic::on_unimplemented(
    message = "the server cannot filter by this field",
    label = "a `{Self}` field cannot be part of a domain",
    note = "the server computes it for each record and has no search for it; read it and filter the result instead"
)]
pub trait Filterable: Sealed {}
impl Filterable for Queryable {}
impl Filterable for NoOrder {}
impl<Q: Filterable> Filterable for ReadOnly<Q> {}

/// The server can order by the field.
#[diagnostic::on_unimplemented(
    message = "the server cannot order by this field",
    label = "a `{Self}` field cannot be part of an order",
    note = "the server computes it for each record; read it and sort the result instead"
)]
pub trait Orderable: Sealed {}
impl Orderable for Queryable {}
impl Orderable for NoFilter {}
impl<Q: Orderable> Orderable for ReadOnly<Q> {}

/// Clients can set the field.
#[diagnostic::on_unimplemented(
    message = "this field is read-only",
    label = "a `{Self}` field cannot be set",
    note = "the server sets it by itself; where it takes a value all the same, `Draft::raw` sends one"
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

    /// Whether the empty string stands for no value, too.
    #[doc(hidden)]
    const EMPTY_IS_NULL: bool = false;

    /// Whether the empty list stands for no value, too.
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

/// There is a place for null where `Null` says that there may be some.
#[diagnostic::on_unimplemented(
    message = "this field cannot be null",
    label = "the server requires a value for this field",
    note = "an `Option` fits only a field that may be null: give the value itself"
)]
pub trait Takes<Null>: Sealed {}
impl<Null: Nullability> Takes<Null> for Nullable {}
impl Takes<NeverNull> for NeverNull {}
// Of one alone the compiler would conclude that a value is never null, and complain of types that do not match
// instead of saying the above.
impl Takes<()> for NeverNull {}

/// There is a value, as conditions need one: null has methods of its own.
#[diagnostic::on_unimplemented(
    message = "a condition does not compare with null",
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
    // A multi-selection is kept as a list; a list of records is not.
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

/// A type of which a field has one value: all but lists.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is a list, which is never compared as a whole",
    label = "ask `any` or `none` of a list of records, `has_any` or `has_none` of a multi-selection"
)]
pub trait Scalar: Sealed {}
impl<S: Selection> Scalar for S {}
impl Scalar for Choice {}
impl<M> Scalar for Id<M> {}

/// A type that a field is set to: all but lists of records.
#[diagnostic::on_unimplemented(
    message = "a list of records cannot be set as a whole",
    label = "this field is a list of records",
    note = "in a draft, `add` creates records in the list, `link` adds existing ones and `unlink` takes them out; in a \
            `#[derive(Draft)]`, say `#[tryton(add)]` or `#[tryton(link)]` on the member; `Records::replace` makes the list \
            hold the given rows alone"
)]
pub trait Settable: Sealed {}
#[diagnostic::do_not_recommend]
impl<T: Scalar> Settable for T {}
#[diagnostic::do_not_recommend]
impl<S: Selection> Settable for Vec<S> {}
impl Settable for Vec<Choice> {}

/// A type of which a multi-selection has any number of values.
#[diagnostic::on_unimplemented(
    message = "a list of `{Self}` is no multi-selection",
    label = "only the values of a multi-selection are asked for so",
    note = "of a list of records, ask `any` or `none` for a condition on its records, such as that of their `id`; of a \
            relation to one record, `whose`"
)]
pub trait Multiple: Sealed {}
// A list of records would be refused for not being a selection, which helps nobody.
#[diagnostic::do_not_recommend]
impl<S: Selection> Multiple for S {}
impl Multiple for Choice {}

/// A type that one value of a dictionary can have. Of a selection it is text.
#[diagnostic::on_unimplemented(
    message = "no value of a dictionary is a `{Self}`",
    label = "expected `bool`, `i64`, `f64`, `Decimal`, `String`, `Date`, `DateTime` or `TimeDelta`"
)]
pub trait DictValue: FieldType<Null = NeverNull> {}
macro_rules! dict_values {
    ($($type:ty),+) => { $( impl DictValue for $type {} )+ };
}
dict_values!(bool, i64, f64, Decimal, String, Date, DateTime, TimeDelta);

/// A type whose values are in an order: numbers, dates and times.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field has no order to compare by",
    label = "only numbers, dates and times know less and greater"
)]
pub trait Comparable: Sealed {}
macro_rules! comparable {
    ($($type:ty),+) => { $( impl Comparable for $type {} )+ };
}
comparable!(i64, f64, Decimal, Date, DateTime, Time, TimeDelta);

/// A type that can be matched with a pattern: text, and relations to one record by that record's name.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field cannot be matched with a pattern",
    label = "only text can, and a relation to one record by that record's name",
    note = "of a list of records, ask `any` for a pattern of their fields; of a reference, `whose` for one of the fields of \
            a model, such as its `rec_name`"
)]
pub trait Textual: Sealed {
    /// Whether it is a relation, whose record's name is matched.
    #[doc(hidden)]
    const BY_NAME: bool = false;
}
impl Textual for String {}
impl<M> Textual for Id<M> {
    const BY_NAME: bool = true;
}

/// The type of a field that leads to records of one model.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field leads to no other model",
    label = "only relations (many2one, one2one, one2many, many2many) do"
)]
pub trait Relation: Sealed {
    /// The model it leads to.
    type Target;
}

/// The model that a field of the type `T` leads to.
pub(crate) type Target<T> = <<T as FieldType>::Base as Relation>::Target;

/// A relation to at most one record: many2one and one2one.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one or one2one field does",
    note = "a one2many or many2many field is read into a `Vec` of a nested projection, and filtered with `any` or `none`"
)]
pub trait ToOne: Relation {}

/// A relation to any number of records: one2many and many2many.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to a list of records",
    label = "only a one2many or many2many field does",
    note = "a many2one or one2one field is filtered with `whose`, and set with `Draft::set`"
)]
pub trait ToMany: Relation {}

/// The type of a field that leads to a record of `N`: a many2one or one2one field to that model, and any reference.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one, one2one or reference field does",
    note = "a one2many or many2many field is filtered with `any` or `none`"
)]
pub trait LeadsTo<N>: Sealed {
    /// The name of the model, which has to be said where the field may lead to others, too.
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
