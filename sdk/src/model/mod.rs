//! What generated code is made of: models, their fields, selections and markers.

mod field;
mod field_type;
mod macros;
mod selection;

pub use field::{Field, unraw};
pub use field_type::{
    Comparable, Computed, FieldType, Filterable, NeverNull, NoFilter, NoOrder, Nullability, Nullable, Orderable,
    Queryable, Relation, Textual, ToMany, ToOne,
};
pub use selection::{OtherValue, Selection};

use crate::query::Search;
use crate::{Client, Id, Projection, Result};

/// A model by name. Every model that a relation can lead to has one, selected or not.
pub trait ModelName: 'static {
    /// Tryton's technical name, like `sale.line`.
    const NAME: &'static str;
}

/// A model whose fields are known: what [`models!`](crate::models) makes for each model of its list.
///
/// The functions here are also on the type itself where the server exposes them,
/// so the trait has to be imported only by code that is generic over models:
///
/// ```
/// use tryton_sdk::{Client, Model, Result};
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
pub trait Model: ModelName {
    /// The struct with one typed [`Field`] for each field of the model.
    type Fields: 'static;

    /// The fields: `Sale::F.party`.
    const F: &'static Self::Fields;

    /// The technical names of all fields.
    const FIELD_NAMES: &'static [&'static str];

    /// Begins a search. Nothing is asked of the server before one of [`Search`]'s last steps.
    #[inline]
    fn search() -> Search<Self>
    where
        Self: Sized,
    {
        Search::new()
    }

    /// Reads the records with these ids, in the order of the ids, in one request.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]; the server refuses the whole read when one of the records does not exist or may
    /// not be read. An id given twice is an [`is_invalid_request`](crate::Error::is_invalid_request) error.
    #[inline]
    fn read<P: Projection<Model = Self>>(
        client: &Client,
        ids: &[Id<Self>],
    ) -> impl Future<Output = Result<Vec<P>>> + Send
    where
        Self: Sized,
    {
        crate::query::read(client, ids)
    }
}
