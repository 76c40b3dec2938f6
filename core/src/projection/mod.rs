//! Reading a record into a struct: which types fit which fields, and the code that the derive leans on.

mod check;
mod member;
mod read;
mod slots;

use crate::model::{Model, NeverNull, Nullable, Selection};
use crate::value::{Binary, Choice, Date, DateTime, Decimal, Decode, Dict, Id, Reference, Time, TimeDelta, Timestamp};
pub use check::{absent, check, expect, hop, way};
pub use member::Member;
pub(crate) use read::{Buffered, Row, columns, row, skip};
pub use read::{record, related};
use serde_json::Value;
pub use slots::{Slot, Visit, tree};

/// A struct that a record of one model is read into, made by `#[derive(Projection)]`.
///
/// Each of its fields is read from the field of the same name of the model, and its type is checked against the
/// model's. A field whose type is itself a projection is filled from the related record, in the same request.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[tryton(model = Sale)]` | on the struct: the model |
/// | `#[tryton(crate = "facade::tryton_sdk")]` | on the struct: where the SDK is, if another crate exports it; a dependency that `Cargo.toml` renames is found |
/// | `#[tryton(path = "party.lang.code")]` | read another field, also of related records, by the names that Tryton has for them |
/// | `#[tryton(expect)]` | the field may be null by the schema, but is known not to be: null is an error |
/// | `#[tryton(label)]` | of a selection, how people call the value, in the language of the client's context; of a multi-selection a list. Servers of the series 6.0 have no labels |
/// | `#[tryton(size)]` | of a binary field, how many bytes it holds, as an `i64`: the content is not sent, nor can it be read by the same request |
/// | `#[tryton(timestamp)]` | a [`Timestamp`](crate::Timestamp): when the record was last changed, to be sent back with a write |
/// | `#[tryton(may_write)]`, `#[tryton(may_delete)]` | a `bool`: whether the user may change or delete the record |
/// | `#[tryton(since = "7.2")]` | older servers do not have the field, and are not asked for it: the member is an `Option` and `None` there |
///
/// A path through a reference field (`origin.rec_name`) reads what every model has: `id`, `rec_name`, `create_date`,
/// `create_uid`, `write_date` and `write_uid`. It is null where there is no record. Of other fields, each model needs a
/// request of its own: see [`Referenced`](crate::Referenced).
///
/// A `label` and a `size` may have a `path`. Several attributes of a member stand in one pair of brackets or in several.
///
/// The struct may have type parameters. One can be its model, whose fields are then the constants that every
/// [`Model`] has; another can be what a related record is read into: `struct Of<P: Projection<Model = Party>>`.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.line", "sale.sale"] } }
/// use erp::{Sale, SaleLine};
/// use tryton_sdk::{Id, Projection};
///
/// #[derive(Projection)]
/// #[tryton(model = Sale)]
/// struct Order {
///     id: Id<Sale>,
///     #[tryton(path = "party.name")]
///     customer: Option<String>,
///     lines: Vec<Line>,
/// }
///
/// #[derive(Projection)]
/// #[tryton(model = SaleLine)]
/// struct Line {
///     #[tryton(expect)]
///     quantity: f64,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a projection",
    label = "a record cannot be read into this type",
    note = "write `#[derive(Projection)]` and `#[tryton(model = …)]` on the struct"
)]
pub trait Projection: Reads<Id<<Self as Projection>::Model>> {
    /// The model whose records it is read from.
    type Model: Model;

    #[doc(hidden)]
    const MEMBERS: &'static [Member];

    // Within a function, and not an associated type: that would have to be as public as the projection, and with it the
    // type of each member.
    #[doc(hidden)]
    fn slots<V: Visit<Self>>(visit: V) -> V::Output;
}

/// A type that a field whose value is a `T` can be read into.
#[diagnostic::on_unimplemented(
    message = "a `{T}` field cannot be read into `{Self}`",
    label = "the model's field holds `{T}`"
)]
pub trait Reads<T>: Decode {}

impl<T, U: Reads<T>> Reads<T> for Option<U> {}
impl<T, U: Reads<T>> Reads<Vec<T>> for Vec<U> {}
impl<M> Reads<Id<M>> for Id<M> {}
impl Reads<Choice> for String {}
impl<S: Selection> Reads<S> for S {}
// Where a field is no selection, that is seldom the reason why it cannot be read.
#[diagnostic::do_not_recommend]
impl<S: Selection> Reads<S> for String {}

macro_rules! reads_itself {
    ($($type:ty),+) => { $( impl Reads<$type> for $type {} )+ };
}
reads_itself!(
    bool, i64, f64, Decimal, String, Date, DateTime, Time, TimeDelta, Binary, Choice, Reference, Dict, Timestamp, Value
);

/// A type that has a place for null where the server may send it.
#[diagnostic::on_unimplemented(
    message = "the server may send null for this field, and `{Self}` has no place for it",
    label = "use `Option<{Self}>`, or `#[tryton(expect)]` where null is to be an error"
)]
pub trait Accepts<Null> {}

impl<U> Accepts<NeverNull> for U {}
impl<U> Accepts<Nullable> for Option<U> {}
