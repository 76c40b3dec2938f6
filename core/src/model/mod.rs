//! What generated code is made of: models, their fields, selections and markers.

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
    Comparable, Computed, DictValue, FieldType, Filterable, NeverNull, NoFilter, NoOrder, Nullability, Nullable,
    Orderable, Queryable, ReadOnly, Relation, Scalar, Takes, Textual, ToMany, ToOne, Writable,
};
pub use selectable::Selectable;
pub use selection::{OtherValue, Selection};

use crate::value::{ModelName, Timestamp};

/// A model whose fields are known: what [`models!`](crate::models) makes for each model of its list.
///
/// The functions that are needed most are also on the type itself, where the server exposes them: `search`, `read`,
/// `create`, `write` and `delete`. The trait has to be imported for the others, and by code that is generic over models:
///
/// ```
/// use tryton_sdk::{Client, Model, Records, Result};
///
/// async fn how_many<M: Model>(tryton: &Client) -> Result<String> {
///     let count = M::search().count(tryton).await?;
///     Ok(format!("{count} records of {}", M::NAME))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a model whose fields are known",
    label = "not selected",
    note = "a model outside the selection is only a marker: add its technical name to the `models` of `models!`"
)]
pub trait Model: ModelName + Sized {
    /// The struct with one typed [`Field`] for each field of the model.
    type Fields: 'static;

    /// The names of all fields, for code that goes through them.
    const FIELDS: FieldNames;

    /// When a record was last changed, to be sent back by [`Context::unchanged_since`](crate::Context::unchanged_since).
    const TIMESTAMP: Field<Self, Timestamp, ReadOnly<Computed>> = field("_timestamp");

    /// Whether the user may change the record.
    const MAY_WRITE: Field<Self, bool, ReadOnly<Computed>> = field("_write");

    /// Whether the user may delete the record.
    const MAY_DELETE: Field<Self, bool, ReadOnly<Computed>> = field("_delete");
}
