//! Reading a record into a struct: which types fit which fields, and the code that the derive relies on.

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

/// A struct that a record of one model is read into, implemented by `#[derive(Projection)]`.
///
/// Each of its fields is read from the model's field of the same name, and its type is checked against the model. A
/// field whose type is itself a projection is filled from the related record, in the same request.
///
/// | attribute | meaning |
/// |---|---|
/// | `#[tryton(model = Sale)]` | on the struct: the model |
/// | `#[tryton(crate = "facade::tryton_sdk")]` | on the struct: the path of the SDK, if another crate exports it; a dependency renamed in `Cargo.toml` is found without it |
/// | `#[tryton(path = "party.lang.code")]` | reads another field, also of related records, by its Tryton name |
/// | `#[tryton(expect)]` | reads a nullable field that is known not to be null: null is an error |
/// | `#[tryton(label)]` | reads the label of a selection in the language of the client's context; a list for a multi-selection. Servers of the series 6.0 have no labels |
/// | `#[tryton(size)]` | reads the size of a binary field in bytes, as an `i64`, instead of its content; the same request cannot read both |
/// | `#[tryton(timestamp)]` | reads when the record was last changed as a [`Timestamp`](crate::Timestamp), to send back with a write |
/// | `#[tryton(may_write)]`, `#[tryton(may_delete)]` | reads whether the user may change or delete the record, as a `bool` |
/// | `#[tryton(since = "7.2")]` | does not request the field from older servers: the member must be an `Option`, which is then `None` |
///
/// A path through a reference field (`origin.rec_name`) can read the fields that every model has: `id`, `rec_name`,
/// `create_date`, `create_uid`, `write_date` and `write_uid`. It is null if there is no record. Other fields take a
/// request per model: see [`Referenced`](crate::Referenced).
///
/// `label` and `size` can be combined with `path`. Attributes of a member can share one pair of brackets.
///
/// The struct may have type parameters. One can be its model, whose fields are then the constants that every [`Model`]
/// has; another can be the type of a related record: `struct Of<P: Projection<Model = Party>>`.
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
    /// The model whose records are read into the struct.
    type Model: Model;

    #[doc(hidden)]
    const MEMBERS: &'static [Member];

    // A function, and not an associated type: that would have to be as public as the projection, and so would the type
    // of each member.
    #[doc(hidden)]
    fn slots<V: Visit<Self>>(visit: V) -> V::Output;
}

/// Types that a field with a value `T` can be read into.
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
// If a field is not a selection, that is seldom the reason why it cannot be read.
#[diagnostic::do_not_recommend]
impl<S: Selection> Reads<S> for String {}

macro_rules! reads_itself {
    ($($type:ty),+) => { $( impl Reads<$type> for $type {} )+ };
}
reads_itself!(
    bool, i64, f64, Decimal, String, Date, DateTime, Time, TimeDelta, Binary, Choice, Reference, Dict, Timestamp, Value
);

/// Types that accept null if the server may send it.
#[diagnostic::on_unimplemented(
    message = "the server may send null for this field, but `{Self}` cannot be null",
    label = "use `Option<{Self}>`, or `#[tryton(expect)]` if null is an error"
)]
pub trait Accepts<Null> {}

impl<U> Accepts<NeverNull> for U {}
impl<U> Accepts<Nullable> for Option<U> {}
