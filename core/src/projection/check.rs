//! Code that makes the compiler check each member of a projection. It is compiled and never run.

use std::marker::PhantomData;

use super::{Accepts, Reads};
use crate::model::{Field, FieldType, Model, NeverNull, NoOrder, Nullable, ReadOnly, Selectable, User};
use crate::value::{Binary, DateTime, Id, Reference};

/// The facts about a field to check: its type, and whether it may be null.
pub struct Check<Base, Null>(PhantomData<(Base, Null)>);

/// Takes a field apart, so that errors name the types themselves instead of the path to them.
pub fn check<M, T: FieldType, Q>(_: &Field<M, T, Q>) -> Check<T::Base, T::Null> {
    Check(PhantomData)
}

/// Like [`check`], for a field for which null is not expected.
pub fn expect<M, T: FieldType, Q>(_: &Field<M, T, Q>) -> Check<T::Base, NeverNull> {
    Check(PhantomData)
}

impl<Base, Null> Check<Base, Null> {
    /// Checks that the field can be read into a `U`, which accepts null if the field may be null.
    pub fn reads<U: Reads<Base> + Accepts<Null>>(&self) {}

    /// Checks the same for the label of a selection.
    pub fn labels<U: Reads<Base::Label> + Accepts<Null>>(&self)
    where
        Base: Selectable,
    {
    }

    /// Checks the same for the size of a field that has one.
    pub fn measures<U: Reads<i64> + Accepts<Null>>(&self)
    where
        Base: Measurable,
    {
    }

    /// Checks that `U` accepts null if a relation on the path to the field may be null.
    pub fn accepts<U: Accepts<Null>>(&self) {}
}

/// Fields that have a size besides their content.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field has no size to read instead of its content",
    label = "`#[tryton(size)]` is for binary fields"
)]
pub trait Measurable {}
impl Measurable for Binary {}

/// Checks that the type of a member with `since` accepts null.
pub fn absent<U: MayBeAbsent>() {}

/// Types that accept null for a field that an older server does not have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand for a field that the server does not have",
    label = "servers older than `since` do not have the field: use `Option<{Self}>`"
)]
pub trait MayBeAbsent {}
impl<T> MayBeAbsent for Option<T> {}

/// Takes apart a field on the path to another, to check whether its record may be missing.
pub fn way<M, T, Q>(_: &Field<M, T, Q>) -> Check<T::Base, <T::Base as Leads>::Null<T::Null>>
where
    T: FieldType<Base: Leads>,
{
    Check(PhantomData)
}

/// Returns the fields of the record that a many2one, one2one or reference field leads to. It is never called: only its
/// type matters.
pub fn hop<M, T, Q>(_: &Field<M, T, Q>) -> &<T::Base as Leads>::Fields
where
    T: FieldType<Base: Leads + ToOneRecord>,
{
    unreachable!("it is compiled, and never run")
}

/// Types of fields that lead to one record.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to one record",
    label = "only a many2one, one2one or reference field does",
    note = "a one2many or many2many field is read into a `Vec` of a nested projection, and filtered with `any` or `none`"
)]
pub trait ToOneRecord {}
impl<M> ToOneRecord for Id<M> {}
impl ToOneRecord for Reference {}

/// Types of fields that lead to records whose fields are known.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field does not lead to a record",
    label = "only a many2one, one2one or reference field does"
)]
pub trait Leads {
    /// The struct with the fields that can be named.
    type Fields: 'static;
    /// Whether the record may be missing, given whether the field may be null.
    type Null<Null>;
}

impl<M: Model> Leads for Id<M> {
    type Fields = M::Fields;
    type Null<Null> = Null;
}

// No path leads through a list: `ToOneRecord` reports that, once.
impl<M: Model> Leads for Vec<Id<M>> {
    type Fields = M::Fields;
    type Null<Null> = Null;
}

impl Leads for Reference {
    type Fields = FieldsOfEveryModel;
    // A reference may name a model and no record, or a deleted record.
    type Null<Null> = Nullable;
}

/// The fields that every stored record has, whatever its model.
pub struct FieldsOfEveryModel {
    /// The id, which is of little use without the model: the reference itself has both.
    pub id: Field<Reference, i64, ReadOnly>,
    /// The name of the record for people.
    pub rec_name: Field<Reference, String, ReadOnly<NoOrder>>,
    /// When the record was created.
    pub create_date: Field<Reference, Option<DateTime>, ReadOnly>,
    /// The user who created the record.
    pub create_uid: Field<Reference, Option<Id<User>>, ReadOnly>,
    /// When the record was last changed; null if never.
    pub write_date: Field<Reference, Option<DateTime>, ReadOnly>,
    /// The user who last changed the record.
    pub write_uid: Field<Reference, Option<Id<User>>, ReadOnly>,
}
