//! The building blocks of generated code: models, their fields, selections and markers.

mod field;
mod field_names;
mod field_seed;
mod field_type;
mod macros;
mod selectable;
mod selection;

pub use field::{Field, field};
pub use field_names::FieldNames;
pub(crate) use field_type::Target;
pub use field_type::{
    Comparable, Computed, DictValue, FieldType, Filterable, LeadsTo, Multiple, NeverNull, NoFilter, NoOrder,
    Nullability, Nullable, Orderable, Present, Queryable, ReadOnly, Relation, Scalar, Settable, Takes, Textual, ToMany,
    ToOne, Writable,
};
pub use selectable::Selectable;
pub use selection::{OtherValue, Selection};

use crate::value::{DateTime, Id, ModelName, Timestamp};

/// The model `res.user` for code that is generic over models: the user ids in its fields are of this type.
///
/// `models!` creates another type for the same model, by default `ResUser`: `Id::<ResUser>::new(id.get())` is the id of
/// the same user.
#[derive(Debug)]
pub enum User {}

impl ModelName for User {
    const NAME: &'static str = "res.user";
}

/// Holds if `Self` and `M` are the same model.
///
/// The `search` of a marker is generic over it, so that the compiler refuses the call and not the function.
pub trait Is<M> {}
impl<M> Is<M> for M {}

/// A model whose fields are known. [`models!`](crate::models) implements it for each selected model.
///
/// The operations on its records are in the trait [`Records`](crate::Records). Code that is generic over models can use
/// the fields that every stored record has: [`ID`](Self::ID), [`REC_NAME`](Self::REC_NAME), and when and by whom it was
/// created and changed. A [projection](crate::Projection) of any model can read the same fields:
///
/// ```
/// use tryton_sdk::{Client, DateTime, Id, Model, Projection, Records, Result};
///
/// #[derive(Projection)]
/// #[tryton(model = M)]
/// struct Named<M: Model> {
///     id: Id<M>,
///     rec_name: String,
/// }
///
/// async fn changed<M: Model>(tryton: &Client, since: DateTime) -> Result<Vec<Named<M>>> {
///     M::search().filter(M::WRITE_DATE.ge(since)).order(M::ID.asc()).fetch(tryton).await
/// }
/// ```
///
/// Models for the forms of wizards have no records, and of these fields only `id`; the server exposes no search and no
/// read for them. Models whose records are computed have the fields, but the server may refuse to filter and to order
/// by them. The typed fields of a model (`Sale::F.create_date`) reflect that if it is known.
#[diagnostic::on_unimplemented(
    message = "the model `{Self}` is not in the list of models",
    label = "its fields are not known",
    note = "add its technical name to the list `models` of `models!` or `tryton.toml`; `cargo tryton models --search` finds \
            it, and `cargo tryton pull` adds it to the snapshot if it is missing there"
)]
pub trait Model: ModelName + Sized {
    /// The struct with one typed [`Field`] for each field of the model.
    type Fields: 'static;

    /// The names of all fields, for code that goes through them.
    const FIELDS: FieldNames;

    /// The id.
    const ID: Field<Self, Id<Self>, ReadOnly> = field("id");

    /// The record's name for people. If a model does not name its records, the server uses the id.
    const REC_NAME: Field<Self, String, ReadOnly<NoOrder>> = field("rec_name");

    /// When the record was created.
    const CREATE_DATE: Field<Self, Option<DateTime>, ReadOnly> = field("create_date");

    /// The user who created the record.
    const CREATE_UID: Field<Self, Option<Id<User>>, ReadOnly> = field("create_uid");

    /// When the record was last changed; null if never.
    const WRITE_DATE: Field<Self, Option<DateTime>, ReadOnly> = field("write_date");

    /// The user who last changed the record.
    const WRITE_UID: Field<Self, Option<Id<User>>, ReadOnly> = field("write_uid");

    /// When a record was last changed, for [`Context::unchanged_since`](crate::Context::unchanged_since).
    const TIMESTAMP: Field<Self, Timestamp, ReadOnly<Computed>> = field("_timestamp");

    /// Whether the user may change the record.
    const MAY_WRITE: Field<Self, bool, ReadOnly<Computed>> = field("_write");

    /// Whether the user may delete the record.
    const MAY_DELETE: Field<Self, bool, ReadOnly<Computed>> = field("_delete");
}
