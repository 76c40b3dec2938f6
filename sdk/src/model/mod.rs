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
pub use field_type::{
    Comparable, Computed, DictValue, FieldType, Filterable, NeverNull, NoFilter, NoOrder, Nullability, Nullable,
    Orderable, Queryable, ReadOnly, Relation, Scalar, Takes, Textual, ToMany, ToOne, Writable,
};
pub use selectable::Selectable;
pub use selection::{OtherValue, Selection};

use std::num::NonZeroUsize;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::form::Form;
use crate::query::{Resources, Revision, Search};
use crate::{Client, Draft, Id, Projection, Reply, Result, Timestamp, Unfinished, write};

/// A model by name. Every model that a relation can lead to has one, selected or not.
pub trait ModelName: 'static {
    /// Tryton's technical name, like `sale.line`.
    const NAME: &'static str;
}

/// A model whose fields are known: what [`models!`](crate::models) makes for each model of its list.
///
/// The functions that are needed most are also on the type itself, where the server exposes them: `search`, `read`,
/// `create`, `write` and `delete`. The trait has to be imported for the others, and by code that is generic over models:
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

    /// Begins a search. Nothing is asked of the server before one of [`Search`]'s last steps.
    #[inline]
    fn search() -> Search<Self> {
        Search::new()
    }

    /// Reads the records with these ids, in the order of the ids, in one request.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]; the server refuses the whole read when one of the records does not exist or may
    /// not be read. An id given twice is an [`is_invalid_request`](crate::Error::is_invalid_request) error.
    #[inline(never)]
    fn read<'a, P: Projection<Model = Self> + 'a>(client: &'a Client, ids: &'a [Id<Self>]) -> Reply<'a, Vec<P>> {
        Reply::new(crate::query::read(client, ids))
    }

    /// Reads any number of records with these ids, in the order of the ids: 500 in a request, and up to four requests at
    /// once. The first error ends it.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    #[inline(never)]
    fn read_many<'a, P: Projection<Model = Self> + Send + 'a>(
        client: &'a Client,
        ids: &'a [Id<Self>],
    ) -> Reply<'a, Vec<P>> {
        Reply::new(crate::query::read_many(client, ids))
    }

    /// Creates a record, and gives its id. What the draft says nothing of, the server fills with its defaults.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]. The record is created or it is not, with all that the draft adds to it;
    /// [`is_outcome_unknown`](crate::Error::is_outcome_unknown) tells where nobody knows.
    ///
    /// ```no_run
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// Party
    /// #     pub Party(PartyFields) = "party.party" [search, read, create, write];
    /// #     settable { name: "name", code: "code" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// #     /// Code
    /// #     pub code: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// use tryton_sdk::Draft;
    ///
    /// let id = Party::create(&tryton, Draft::new().set(Party::F.name, "Bolt & Co")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline(never)]
    fn create<'a>(client: &'a Client, draft: Draft<Self>) -> Reply<'a, Id<Self>> {
        Reply::new(write::create(client, draft))
    }

    /// Creates records in one request, and gives their ids in the order of the drafts: all of them, or none.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create); a server may limit the number of records of a request
    /// ([`is_too_large`](crate::Error::is_too_large)). [`create_in_batches`](Self::create_in_batches) has no such limit.
    #[inline(never)]
    fn create_many<'a>(client: &'a Client, drafts: Vec<Draft<Self>>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::create_many(client, drafts))
    }

    /// Creates records in as many requests as batches of `size` take, one after the other.
    ///
    /// Each batch is created or it is not; the whole is not: those before a batch that fails stay.
    ///
    /// # Errors
    ///
    /// [`Unfinished`](crate::Unfinished) holds what is created, what is left, and the error of the batch that failed.
    ///
    /// ```no_run
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// Party
    /// #     pub Party(PartyFields) = "party.party" [search, read, create, write];
    /// #     settable { name: "name", code: "code" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// #     /// Code
    /// #     pub code: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// use std::num::NonZeroUsize;
    /// use tryton_sdk::{Client, Draft, Model};
    ///
    /// const SIZE: NonZeroUsize = NonZeroUsize::new(200).unwrap();
    ///
    /// /// Gives the drafts that the server has not created.
    /// async fn import(tryton: &Client, drafts: Vec<Draft<Party>>) -> Vec<Draft<Party>> {
    ///     match Party::create_in_batches(tryton, drafts, SIZE).await {
    ///         Ok(_) => Vec::new(),
    ///         Err(unfinished) => {
    ///             eprintln!("{unfinished}");
    ///             unfinished.left
    ///         }
    ///     }
    /// }
    /// ```
    #[inline]
    fn create_in_batches(
        client: &Client,
        drafts: Vec<Draft<Self>>,
        size: NonZeroUsize,
    ) -> impl Future<Output = Result<Vec<Id<Self>>, Unfinished<Self>>> + Send {
        write::create_in_batches(client, drafts, size)
    }

    /// Changes the records with these ids, each in the same way, in one request: all of them, or none. Without ids nothing
    /// is sent. [`write_many`](Self::write_many) changes each in another way.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create); [`is_concurrency`](crate::Error::is_concurrency) where the client's context says
    /// since when the records have to be unchanged, and they are not.
    ///
    /// ```no_run
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// Party
    /// #     pub Party(PartyFields) = "party.party" [search, read, create, write];
    /// #     settable { name: "name", code: "code" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// #     /// Code
    /// #     pub code: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// # async fn run(tryton: tryton_sdk::Client, id: Id<Party>) -> tryton_sdk::Result<()> {
    /// use tryton_sdk::Draft;
    ///
    /// Party::write(&tryton, &[id], Draft::new().set(Party::F.name, "Bolt & Sons").clear(Party::F.code)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline(never)]
    fn write<'a>(client: &'a Client, ids: &'a [Id<Self>], draft: Draft<Self>) -> Reply<'a, ()> {
        Reply::new(write::write(client, ids, draft))
    }

    /// Changes several groups of records, each by a draft of its own, in one request: all of them, or none.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    ///
    /// ```
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// Party
    /// #     pub Party(PartyFields) = "party.party" [write];
    /// #     settable { name: "name" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// use tryton_sdk::{Client, Draft, Model};
    ///
    /// async fn rename(tryton: &Client, names: Vec<(Id<Party>, String)>) -> tryton_sdk::Result<()> {
    ///     let changes = names.into_iter().map(|(id, name)| (vec![id], Draft::new().set(Party::F.name, name)));
    ///     Party::write_many(tryton, changes.collect()).await
    /// }
    /// ```
    #[inline]
    fn write_many(
        client: &Client,
        changes: Vec<(Vec<Id<Self>>, Draft<Self>)>,
    ) -> impl Future<Output = Result<()>> + Send {
        write::write_many(client, changes)
    }

    /// Deletes the records with these ids, in one request: all of them, or none. Without ids nothing is sent.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    #[inline(never)]
    fn delete<'a>(client: &'a Client, ids: &'a [Id<Self>]) -> Reply<'a, ()> {
        Reply::new(write::delete(client, ids))
    }

    /// Copies the records with these ids, with the draft's changes to each copy, and gives the ids of the copies in the
    /// order of the ids: all of them, or none. Without ids nothing is sent.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    #[inline(never)]
    fn copy<'a>(client: &'a Client, ids: &'a [Id<Self>], changes: Draft<Self>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::copy(client, ids, changes))
    }

    /// What a new record begins with, as a draft: the defaults of all fields that can be set, for this user and context.
    ///
    /// [`create`](Self::create) does without: the server fills in its defaults by itself. It is for showing or changing
    /// them first.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    #[inline(never)]
    fn defaults(client: &Client) -> Reply<'_, Draft<Self>> {
        Reply::new(write::defaults(client))
    }

    /// A new record to be filled in, with the server's defaults and what follows from them: two to five requests.
    ///
    /// [`Form`] has an example.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    #[inline]
    fn form(client: &Client) -> impl Future<Output = Result<Form<Self>>> + Send {
        Form::new(client)
    }

    /// A saved record to be changed as in a form. Its fields are read, in one request.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    #[inline]
    fn open(client: &Client, id: Id<Self>) -> impl Future<Output = Result<Form<Self>>> + Send {
        Form::open(client, id)
    }

    /// Calls any method that the server exposes for the model. `args` are its arguments as a tuple, an array or a `Vec`;
    /// the client's context is appended to them. The result is read by serde.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    ///
    /// ```no_run
    /// # use tryton_sdk::types::*;
    /// # tryton_sdk::model! {
    /// #     /// Model
    /// #     pub IrModel(IrModelFields) = "ir.model" [search];
    /// #     settable { name: "name" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`IrModel`].
    /// # pub struct IrModelFields {
    /// #     /// Name
    /// #     pub name: tryton_sdk::Field<IrModel, Option<String>>,
    /// # }
    /// use tryton_sdk::Model;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let names: Vec<String> = IrModel::call(&tryton, "list_models", ()).await?; // any method, any result
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn call<T: DeserializeOwned + Send>(
        client: &Client,
        method: &str,
        args: impl Serialize + Send,
    ) -> impl Future<Output = Result<T>> + Send {
        async move { client.call(&format!("model.{}.{method}", Self::NAME), args).await }
    }

    /// The values of these fields of the records, for a spreadsheet: a row for each record, and further rows where a
    /// field leads through a list of records. Names lead through relations by `/`: `lines/product/rec_name`.
    ///
    /// The values are as Tryton writes them in JSON. A relation is the name of the record it leads to; servers before
    /// 8.0 give `party.party,7` for it, and the name for `party/rec_name`.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]; an unknown field is a server exception.
    ///
    /// ```no_run
    /// # tryton_sdk::model! {
    /// #     /// A party.
    /// #     pub Party(PartyFields) = "party.party" [search];
    /// #     settable { name: "name" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name.
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// use tryton_sdk::Model;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let ids = Party::search().ids(&tryton).await?;
    /// let rows = Party::export_data(&tryton, &ids, &["name", "addresses/city"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn export_data(
        client: &Client,
        ids: &[Id<Self>],
        fields: &[&str],
    ) -> impl Future<Output = Result<Vec<Vec<Value>>>> + Send {
        crate::query::export_data(client, ids, fields)
    }

    /// Creates records from the rows of a table, or changes those whose `id` is in it, and tells how many they were.
    ///
    /// `fields` names the columns as [`export_data`](Self::export_data) does. A cell is text, or a value as Tryton writes
    /// it in JSON; a relation is the name of the record it leads to.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]; [`is_user_error`](crate::Error::is_user_error) says which row and column cannot be read.
    ///
    /// ```no_run
    /// # tryton_sdk::model! {
    /// #     /// A party.
    /// #     pub Party(PartyFields) = "party.party" [search];
    /// #     settable { name: "name" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Party`].
    /// # pub struct PartyFields {
    /// #     /// Name.
    /// #     pub name: tryton_sdk::Field<Party, Option<String>>,
    /// # }
    /// use serde_json::json;
    /// use tryton_sdk::Model;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let rows = [vec![json!("Anna"), json!("fr")], vec![json!("Bernd"), json!("de")]];
    /// let count = Party::import_data(&tryton, &["name", "lang/code"], &rows).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn import_data(client: &Client, fields: &[&str], rows: &[Vec<Value>]) -> impl Future<Output = Result<u64>> + Send {
        crate::query::import_data::<Self>(client, fields, rows)
    }

    /// How many attachments and notes the record has, and how many of the notes the user has not read.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    #[inline]
    fn resources(client: &Client, id: Id<Self>) -> impl Future<Output = Result<Resources>> + Send {
        crate::query::resources(client, id)
    }

    /// Every change of the records, the latest first, of a model that keeps a history.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]; of a model without a history the server says that it has no such table.
    ///
    /// ```no_run
    /// # tryton_sdk::model! {
    /// #     /// A payment.
    /// #     pub Payment(PaymentFields) = "account.payment" [search];
    /// #     settable { id: "id", description: "description" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Payment`].
    /// # pub struct PaymentFields {
    /// #     /// ID.
    /// #     pub id: tryton_sdk::Field<Payment, tryton_sdk::Id<Payment>>,
    /// #     /// Description.
    /// #     pub description: tryton_sdk::Field<Payment, Option<String>>,
    /// # }
    /// use tryton_sdk::{Context, Id, Model};
    ///
    /// # async fn run(tryton: tryton_sdk::Client, id: Id<Payment>) -> tryton_sdk::Result<()> {
    /// for revision in Payment::history_revisions(&tryton, &[id]).await? {
    ///     let then = tryton.with(Context::new().at(revision.at));
    ///     let search = Payment::search().filter(Payment::F.id.is(id));
    ///     let description = search.select(Payment::F.description).first(&then).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn history_revisions(
        client: &Client,
        ids: &[Id<Self>],
    ) -> impl Future<Output = Result<Vec<Revision<Self>>>> + Send {
        crate::query::history_revisions(client, ids)
    }
}
