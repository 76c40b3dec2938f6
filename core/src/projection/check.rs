//! What the derive has the compiler check of each member: code that is compiled and never run.

use std::marker::PhantomData;

use super::{Accepts, Reads};
use crate::model::{Field, FieldType, Model, NeverNull, NoOrder, Nullable, ReadOnly, Selectable, User};
use crate::value::{Binary, DateTime, Id, Reference};

/// What is checked of a field: its type, and whether it may be null.
pub struct Check<Base, Null>(PhantomData<(Base, Null)>);

/// Takes a field apart, so that an error names the types themselves instead of the way to them.
pub fn check<M, T: FieldType, Q>(_: &Field<M, T, Q>) -> Check<T::Base, T::Null> {
    Check(PhantomData)
}

/// The same of a field of which null is not expected.
pub fn expect<M, T: FieldType, Q>(_: &Field<M, T, Q>) -> Check<T::Base, NeverNull> {
    Check(PhantomData)
}

impl<Base, Null> Check<Base, Null> {
    /// The field may be read into a `U`, which has a place for null where it may come.
    pub fn reads<U: Reads<Base> + Accepts<Null>>(&self) {}

    /// The same for the label of a selection.
    pub fn labels<U: Reads<Base::Label> + Accepts<Null>>(&self)
    where
        Base: Selectable,
    {
    }

    /// The same for the size of a field that has one.
    pub fn measures<U: Reads<i64> + Accepts<Null>>(&self)
    where
        Base: Measurable,
    {
    }

    /// Where a relation on the way to the field may be null, `U` has a place for that.
    pub fn accepts<U: Accepts<Null>>(&self) {}
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

/// What is checked of a field on the way to another: whether the record may be missing.
pub fn way<M, T, Q>(_: &Field<M, T, Q>) -> Check<T::Base, <T::Base as Leads>::Null<T::Null>>
where
    T: FieldType<Base: Leads>,
{
    Check(PhantomData)
}

/// The fields of the record that a many2one, one2one or reference field leads to. Never called: only its type is asked
/// for.
pub fn hop<M, T, Q>(_: &Field<M, T, Q>) -> &<T::Base as Leads>::Fields
where
    T: FieldType<Base: Leads + ToOneRecord>,
{
    unreachable!("it is compiled, and never run")
}

/// The type of a field that leads to one record.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one, one2one or reference field does",
    note = "a one2many or many2many field is read into a `Vec` of a nested projection, and filtered with `any` or `none`"
)]
pub trait ToOneRecord {}
impl<M> ToOneRecord for Id<M> {}
impl ToOneRecord for Reference {}

/// The type of a field that leads to records of which fields are known.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to a record",
    label = "only a many2one, one2one or reference field does"
)]
pub trait Leads {
    /// The struct with the fields that can be named.
    type Fields: 'static;
    /// Whether the record may be missing, where `Null` says whether the field may be null.
    type Null<Null>;
}

impl<M: Model> Leads for Id<M> {
    type Fields = M::Fields;
    type Null<Null> = Null;
}

// No path leads through a list: that is said once, by `ToOneRecord`.
impl<M: Model> Leads for Vec<Id<M>> {
    type Fields = M::Fields;
    type Null<Null> = Null;
}

impl Leads for Reference {
    type Fields = FieldsOfEveryModel;
    // It may name a model and no record, or a record that was deleted.
    type Null<Null> = Nullable;
}

/// The fields that every stored record has, whatever its model.
pub struct FieldsOfEveryModel {
    /// The id, which is of no use without the model: the reference itself has both.
    pub id: Field<Reference, i64, ReadOnly>,
    /// What people call the record.
    pub rec_name: Field<Reference, String, ReadOnly<NoOrder>>,
    /// When the record was created.
    pub create_date: Field<Reference, Option<DateTime>, ReadOnly>,
    /// Who created it.
    pub create_uid: Field<Reference, Option<Id<User>>, ReadOnly>,
    /// When it was last changed; null where it never was.
    pub write_date: Field<Reference, Option<DateTime>, ReadOnly>,
    /// Who changed it last.
    pub write_uid: Field<Reference, Option<Id<User>>, ReadOnly>,
}
