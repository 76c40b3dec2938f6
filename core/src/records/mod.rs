//! The operations on the records of a model, each of which takes a connection.

mod changes;
mod choices;
mod chosen;
mod columns;
mod each;
mod exchange;
mod history;
mod listed;
mod page;
mod presence;
mod read;
mod record;
mod referenced;
mod replace;
mod resources;
mod search;
mod settled;
mod stream;
mod upsert;
mod write;

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;
use std::num::NonZeroUsize;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::draft::Draft;
use crate::error::Result;
use crate::form::Form;
use crate::model::{Field, FieldType, Filterable, Model, NeverNull, Scalar, Target, ToMany, Writable};
use crate::projection::Projection;
use crate::query::Operand;
use crate::reply::Reply;
use crate::value::Id;

pub use changes::{Change, Changes, Mark};
pub use columns::Columns;
pub use history::Revision;
pub use page::Page;
pub use presence::Presence;
pub use record::Record;
pub use referenced::{Known, Referenced, each_model_once, model_of};
pub use replace::Replaced;
pub use resources::Resources;
pub use search::{Search, Select};
pub use stream::RecordStream;
pub use upsert::{UnfinishedUpsert, Upserted};
pub use write::Unfinished;

/// The operations on the records of a model: every [`Model`] has them.
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
pub trait Records: Model {
    /// Begins a search. Nothing is asked of the server before one of [`Search`]'s last steps.
    #[inline]
    fn search() -> Search<Self> {
        Search::new()
    }

    /// Reads the records with these ids, in the order of the ids, in one request. An id that is given twice is asked for
    /// once, and its record is given twice.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; the server refuses the whole read when one of the records does not exist or may
    /// not be read.
    #[inline(never)]
    fn read<'a, P: Projection<Model = Self> + 'a>(
        connection: &'a dyn Connection,
        ids: &'a [Id<Self>],
    ) -> Reply<'a, Vec<P>> {
        Reply::new(read::read(connection, ids))
    }

    /// Reads any number of records with these ids, in the order of the ids: 500 in a request, and up to four requests at
    /// once. A server that refuses so many (its `records_limit`) is asked for half as many. The first error ends it.
    ///
    /// # Errors
    ///
    /// As for [`read`](Self::read).
    #[inline(never)]
    fn read_many<'a, P: Projection<Model = Self> + Send + 'a>(
        connection: &'a dyn Connection,
        ids: &'a [Id<Self>],
    ) -> Reply<'a, Vec<P>> {
        Reply::new(read::read_many(connection, ids))
    }

    /// Which of the records with these ids the user may read, which a rule keeps from the user, and which do not exist, in
    /// the order of the ids. Inactive records exist as well.
    ///
    /// It takes one request, and one more for each id that is not readable: ask where that is of interest. An error does
    /// not tell the two apart: both are a [user error](crate::Error::is_user_error) whose text is translated. This asks for
    /// the text in English; a server where that was reworded gives the error itself. Servers of 6.0 say of a record that does not
    /// exist that it is denied, where the model has rules.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; the server refuses the whole where the user may not read the model.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Id, Presence, Records};
    ///
    /// # async fn run(tryton: tryton_sdk::Client, id: Id<Party>) -> tryton_sdk::Result<()> {
    /// if Party::presence(&tryton, &[id]).await? == [Presence::Missing] {
    ///     println!("the party was deleted");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline(never)]
    fn presence<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>]) -> Reply<'a, Vec<Presence>> {
        Reply::new(presence::presence(connection, ids))
    }

    /// Creates a record, and gives its id. What the draft says nothing of, the server fills with its defaults.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The record is created or it is not, with all that the draft adds to it;
    /// [`is_outcome_unknown`](crate::Error::is_outcome_unknown) tells where nobody knows.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::Draft;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let id = Party::create(&tryton, Draft::new().set(Party::F.name, "Bolt & Co")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline(never)]
    fn create<'a>(connection: &'a dyn Connection, draft: Draft<Self>) -> Reply<'a, Id<Self>> {
        Reply::new(write::create(connection, draft))
    }

    /// Creates records in one request, and gives their ids in the order of the drafts: all of them, or none.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create); a server may limit the number of records of a request
    /// ([`is_too_large`](crate::Error::is_too_large)). [`create_in_batches`](Self::create_in_batches) has no such limit.
    #[inline(never)]
    fn create_many<'a>(connection: &'a dyn Connection, drafts: Vec<Draft<Self>>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::create_many(connection, drafts))
    }

    /// Creates records in as many requests as batches of `size` take, one after the other.
    ///
    /// Each batch is created or it is not; the whole is not: those before a batch that fails stay. So do those of a future
    /// that is dropped, and their ids are lost with it: [`create_in_batches_with`](Self::create_in_batches_with) tells them.
    ///
    /// # Errors
    ///
    /// [`Unfinished`](crate::Unfinished) holds what is created, what is left, and the error of the batch that failed.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use std::num::NonZeroUsize;
    /// use tryton_sdk::{Client, Draft, Records};
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
        connection: &dyn Connection,
        drafts: Vec<Draft<Self>>,
        size: NonZeroUsize,
    ) -> impl Future<Output = Result<Vec<Id<Self>>, Unfinished<Self>>> + Send {
        write::create_in_batches(connection, drafts, size, |_: &[Id<Self>]| {})
    }

    /// As [`create_in_batches`](Self::create_in_batches), and gives the ids of each batch to `created` as soon as the server
    /// has created it: for a program that keeps them where they outlast it, or that stops waiting in the middle.
    ///
    /// A future that is dropped leaves the batches that `created` has seen, and perhaps the one that was under way: of the
    /// next `size` drafts nobody knows.
    ///
    /// # Errors
    ///
    /// As for [`create_in_batches`](Self::create_in_batches).
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use std::num::NonZeroUsize;
    /// use std::time::Duration;
    /// use tryton_sdk::{Client, Draft, Id, Records};
    ///
    /// const SIZE: NonZeroUsize = NonZeroUsize::new(200).unwrap();
    ///
    /// /// Gives the ids of what is created within an hour.
    /// async fn import(tryton: &Client, drafts: Vec<Draft<Party>>) -> Vec<Id<Party>> {
    ///     let mut ids = Vec::new();
    ///     let import = Party::create_in_batches_with(tryton, drafts, SIZE, |created| ids.extend_from_slice(created));
    ///     if let Ok(Err(unfinished)) = tokio::time::timeout(Duration::from_secs(3600), import).await {
    ///         eprintln!("{unfinished}");
    ///     }
    ///     ids
    /// }
    /// ```
    #[inline]
    fn create_in_batches_with(
        connection: &dyn Connection,
        drafts: Vec<Draft<Self>>,
        size: NonZeroUsize,
        created: impl FnMut(&[Id<Self>]) + Send,
    ) -> impl Future<Output = Result<Vec<Id<Self>>, Unfinished<Self>>> + Send {
        write::create_in_batches(connection, drafts, size, created)
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
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Draft, Id};
    ///
    /// # async fn run(tryton: tryton_sdk::Client, id: Id<Party>) -> tryton_sdk::Result<()> {
    /// Party::write(&tryton, &[id], Draft::new().set(Party::F.name, "Bolt & Sons").clear(Party::F.lang)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline(never)]
    fn write<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>], draft: Draft<Self>) -> Reply<'a, ()> {
        Reply::new(write::write(connection, ids, draft))
    }

    /// Changes several groups of records, each by a draft of its own, in one request: all of them, or none.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Client, Draft, Id, Records};
    ///
    /// async fn rename(tryton: &Client, names: Vec<(Id<Party>, String)>) -> tryton_sdk::Result<()> {
    ///     let changes = names.into_iter().map(|(id, name)| (vec![id], Draft::new().set(Party::F.name, name)));
    ///     Party::write_many(tryton, changes.collect()).await
    /// }
    /// ```
    #[inline]
    fn write_many(
        connection: &dyn Connection,
        changes: Vec<(Vec<Id<Self>>, Draft<Self>)>,
    ) -> impl Future<Output = Result<()>> + Send {
        write::write_many(connection, changes)
    }

    /// Sets a list of records, a one2many or many2many, to exactly these, by the difference to what is there: one request
    /// reads the list, and one writes what is to be added and removed. Where the list is so already, nothing is written.
    ///
    /// Inactive records count: those on the list that are not given are taken off it. Records go on existing when they are
    /// taken off; where the field of a one2many's records that leads back is required, the server refuses that:
    /// [`Draft::delete`] deletes them. A record that is added to a one2many leaves the list that it was on.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write); [`is_concurrency`](crate::Error::is_concurrency) where somebody else has changed the
    /// record between the two requests ([`Context::unchanged_since`](crate::Context::unchanged_since) says how exactly a
    /// server can tell): nothing is written, and it can be called again. A change of the listed records that does not go
    /// through this record is not noticed.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::{Party, PartyCategory};
    /// use tryton_sdk::{Client, Id, Records, Result};
    ///
    /// async fn label(tryton: &Client, party: Id<Party>, labels: &[Id<PartyCategory>]) -> Result<()> {
    ///     let change = Party::replace(tryton, party, Party::F.categories, labels.iter().copied()).await?;
    ///     println!("{} added, {} removed", change.added.len(), change.removed.len());
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    fn replace<'a, T, Q>(
        connection: &'a dyn Connection,
        id: Id<Self>,
        list: Field<Self, T, Q>,
        ids: impl IntoIterator<Item = Id<Target<T>>>,
    ) -> impl Future<Output = Result<Replaced<Target<T>>>> + Send + 'a
    where
        T: FieldType<Base: ToMany> + 'a,
        Q: Writable + 'a,
    {
        replace::replace(connection, id, list, ids.into_iter().collect())
    }

    /// Creates or changes records by a key, so that the server has what the drafts say: for imports that are run again and again.
    /// Each draft sets the key, a field that tells the records of the model apart, and tells what became of it in its place.
    ///
    /// For each 500 drafts, one request reads what there is, one creates what is missing, and one writes what differs: only the
    /// fields that do. A second run writes nothing, and after an interruption it does the rest. Inactive records with the key are
    /// found as well, and stay inactive unless the draft says otherwise; 8.2 refuses to change most of their fields.
    ///
    /// Values are compared as a server keeps them: numbers by value, texts without white space around them, null like the
    /// empty text. What comes back otherwise, such as a password, is written each time. Steps that change lists of records
    /// cannot be compared: a draft that has some is refused. [`ids_by`](Self::ids_by) finds the records that drafts lead to.
    ///
    /// These are [`Upserted::Refused`](crate::Upserted), and do not keep the others from being written:
    ///
    /// * drafts that have the same key as another, or none, and those whose key several records have: the error names them;
    /// * drafts that the server refuses. It refuses a request as a whole, so halves of it are tried, about 18 requests for
    ///   one draft among 500. A [warning](crate::Error::is_warning) is a refusal, too, where the client does not accept it.
    ///
    /// A key is not locked: of two programs that run at the same time, both may create its record, unless the server itself
    /// keeps the field unique.
    ///
    /// # Errors
    ///
    /// [`UnfinishedUpsert`](crate::UnfinishedUpsert) where it stopped: what is done, what is left, and where the connection
    /// broke within a write, of which drafts nobody knows. Nothing that may have been written is sent again in the same run.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Client, Draft, Records, Upserted};
    ///
    /// async fn import(tryton: &Client, rows: &[(String, String)]) -> Result<(), Box<dyn std::error::Error>> {
    ///     let draft = |(code, name): &(String, String)| Draft::new().set(Party::F.code, code).set(Party::F.name, name);
    ///     let drafts: Vec<_> = rows.iter().map(draft).collect();
    ///     for ((code, _), outcome) in rows.iter().zip(Party::upsert(tryton, Party::F.code, &drafts).await?) {
    ///         if let Upserted::Refused(error) = outcome {
    ///             eprintln!("{code}: {error}");
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[inline]
    fn upsert<'a, T, Q>(
        connection: &'a dyn Connection,
        key: Field<Self, T, Q>,
        drafts: &'a [Draft<Self>],
    ) -> impl Future<Output = Result<Vec<Upserted<Self>>, UnfinishedUpsert<Self>>> + Send + 'a
    where
        T: FieldType<Base: Scalar>,
        Q: Writable + Filterable,
    {
        upsert::upsert(connection, key.name(), drafts)
    }

    /// The ids of the records with these keys, inactive ones included: 500 in a request. A key that no record has is not in
    /// the map.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_several_found`](crate::Error::is_several_found) where several records have the same
    /// key, with their ids.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
    /// use erp::{Party, Sale};
    /// use tryton_sdk::{Client, Draft, Records, Result};
    ///
    /// /// Orders from a file, each with the code of its customer; those of unknown customers are left out.
    /// async fn drafts(tryton: &Client, rows: &[(&str, &str)]) -> Result<Vec<Draft<Sale>>> {
    ///     let customers = Party::ids_by(tryton, Party::F.code, rows.iter().map(|(_, customer)| *customer)).await?;
    ///     let draft = |(reference, customer): &(&str, &str)| {
    ///         let customer = customers.get(customer)?;
    ///         Some(Draft::new().set(Sale::F.reference, *reference).set(Sale::F.party, customer))
    ///     };
    ///     Ok(rows.iter().filter_map(draft).collect())
    /// }
    /// ```
    #[inline]
    fn ids_by<'a, T, Q, V>(
        connection: &'a dyn Connection,
        key: Field<Self, T, Q>,
        keys: impl IntoIterator<Item = V>,
    ) -> impl Future<Output = Result<HashMap<V, Id<Self>>>> + Send
    where
        T: FieldType<Base: Scalar> + 'a,
        Q: Filterable + 'a,
        V: Operand<T::Base, Null = NeverNull> + Clone + Eq + Hash + Send,
    {
        upsert::ids_by(connection, key, keys.into_iter().collect())
    }

    /// Deletes the records with these ids, in one request: all of them, or none. Without ids nothing is sent.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    #[inline(never)]
    fn delete<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>]) -> Reply<'a, ()> {
        Reply::new(write::delete(connection, ids))
    }

    /// Copies the records with these ids, with the draft's changes to each copy, and gives the ids of the copies in the
    /// order of the ids: all of them, or none. Without ids nothing is sent.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    #[inline(never)]
    fn copy<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>], changes: Draft<Self>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::copy(connection, ids, changes))
    }

    /// What a new record begins with, as a draft: the defaults of all fields that can be set, for this user and context.
    ///
    /// [`create`](Self::create) does without: the server fills in its defaults by itself. It is for showing or changing
    /// them first.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline(never)]
    fn defaults(connection: &dyn Connection) -> Reply<'_, Draft<Self>> {
        Reply::new(write::defaults(connection))
    }

    /// A new record to be filled in, with the server's defaults and what follows from them: two to five requests.
    ///
    /// [`Form`] has an example.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline]
    fn form(connection: &dyn Connection) -> impl Future<Output = Result<Form<Self>>> + Send {
        Form::new(connection)
    }

    /// A saved record to be changed as in a form. Its fields are read, in one request.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline]
    fn open(connection: &dyn Connection, id: Id<Self>) -> impl Future<Output = Result<Form<Self>>> + Send {
        Form::open(connection, id)
    }

    /// Calls any method that the server exposes for the model. `args` are its arguments as a tuple, an array or a `Vec`;
    /// the client's context is appended to them. The result is read by serde. A method that the SDK does not know counts as
    /// a write, unless `ClientBuilder::reading` declares that it reads.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["ir.model"] } }
    /// use erp::IrModel;
    /// use tryton_sdk::Records;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let names: Vec<String> = IrModel::call(&tryton, "list_models", ()).await?; // any method, any result
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn call<T: DeserializeOwned + Send>(
        connection: &dyn Connection,
        method: &str,
        args: impl Serialize + Send,
    ) -> impl Future<Output = Result<T>> + Send {
        async move {
            let call = Call::new(&format!("model.{}.{method}", Self::NAME), args, connection.context())?;
            fetch(connection, call, PhantomData).await
        }
    }

    /// The values of these fields of the records, for a spreadsheet: a row for each record, and further rows where a
    /// field leads through a list of records. Names lead through relations by `/`: `lines/product/rec_name`.
    ///
    /// The values are as Tryton writes them in JSON. A relation is the name of the record it leads to; servers before
    /// 8.0 give `party.party,7` for it, and the name for `party/rec_name`.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; an unknown field is a server exception.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::Records;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let ids = Party::search().ids(&tryton).await?;
    /// let rows = Party::export_data(&tryton, &ids, &["name", "addresses/city"]).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn export_data(
        connection: &dyn Connection,
        ids: &[Id<Self>],
        fields: &[&str],
    ) -> impl Future<Output = Result<Vec<Vec<Value>>>> + Send {
        exchange::export_data(connection, ids, fields)
    }

    /// Creates records from the rows of a table, or changes those whose `id` is in it, and tells how many they were.
    ///
    /// `fields` names the columns as [`export_data`](Self::export_data) does. A cell is text, or a value as Tryton writes
    /// it in JSON; a relation is the name of the record it leads to.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_user_error`](crate::Error::is_user_error) says which row and column cannot be read.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use serde_json::json;
    /// use tryton_sdk::Records;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let rows = [vec![json!("Anna"), json!("fr")], vec![json!("Bernd"), json!("de")]];
    /// let count = Party::import_data(&tryton, &["name", "lang/code"], &rows).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn import_data(
        connection: &dyn Connection,
        fields: &[&str],
        rows: &[Vec<Value>],
    ) -> impl Future<Output = Result<u64>> + Send {
        exchange::import_data::<Self>(connection, fields, rows)
    }

    /// How many attachments and notes the record has, and how many of the notes the user has not read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline]
    fn resources(connection: &dyn Connection, id: Id<Self>) -> impl Future<Output = Result<Resources>> + Send {
        resources::resources(connection, id)
    }

    /// Every change of the records, the latest first, of a model that keeps a history.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; of a model without a history the server says that it has no such table.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["account.payment"] } }
    /// use erp::AccountPayment;
    /// use tryton_sdk::{Context, Id, Records};
    ///
    /// # async fn run(tryton: tryton_sdk::Client, id: Id<AccountPayment>) -> tryton_sdk::Result<()> {
    /// for revision in AccountPayment::history_revisions(&tryton, &[id]).await? {
    ///     let then = tryton.with(Context::new().at(revision.at));
    ///     let search = AccountPayment::search().filter(AccountPayment::F.id.is(id));
    ///     let amount = search.select(AccountPayment::F.amount).first(&then).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    fn history_revisions(
        connection: &dyn Connection,
        ids: &[Id<Self>],
    ) -> impl Future<Output = Result<Vec<Revision<Self>>>> + Send {
        history::history_revisions(connection, ids)
    }
}

impl<M: Model> Records for M {}
