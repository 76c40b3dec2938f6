//! Operations on the records of a model. Each takes a connection.

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

/// Operations on the records of a model. Every [`Model`] has them.
///
/// The most common functions are also on the type itself, where the server exposes them: `search`, `read`, `create`,
/// `write` and `delete`. Import the trait for the others, and in code that is generic over models:
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
    /// Starts a search. No request is made before one of [`Search`]'s final methods.
    #[inline]
    fn search() -> Search<Self> {
        Search::new()
    }

    /// Reads the records with these ids in one request, and returns them in the order of the ids. A repeated id is
    /// requested once, and its record returned as often as it is given.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; the server refuses the whole read if any of the records does not exist or may not be
    /// read.
    #[inline(never)]
    fn read<'a, P: Projection<Model = Self> + 'a>(
        connection: &'a dyn Connection,
        ids: &'a [Id<Self>],
    ) -> Reply<'a, Vec<P>> {
        Reply::new(read::read(connection, ids))
    }

    /// Reads any number of records with these ids, and returns them in the order of the ids: 500 per request, up to four
    /// requests at once. If the server refuses that many (its `records_limit`), half as many are requested. Stops at the
    /// first error.
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

    /// Finds out which of the records with these ids the user may read, which are hidden by an access rule, and which do
    /// not exist, in the order of the ids. Inactive records exist.
    ///
    /// This makes one request, and one more for each unreadable id. Call it only when the difference matters: a missing
    /// record and a hidden one give the same [user error](crate::Error::is_user_error) with a translated text. This
    /// method requests the text in English; if the server has reworded it, the error itself is returned. A 6.0 server
    /// reports a missing record as denied if the model has access rules.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; the server refuses the call if the user may not read the model.
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

    /// Creates a record and returns its id. The server fills the fields that the draft does not set with its defaults.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The record is created with everything that the draft adds to it, or nothing is; if
    /// the outcome cannot be known, [`is_outcome_unknown`](crate::Error::is_outcome_unknown) is true.
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

    /// Creates records in one request and returns their ids in the order of the drafts. Either all are created or none.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create); a server may limit the number of records per request
    /// ([`is_too_large`](crate::Error::is_too_large)). [`create_in_batches`](Self::create_in_batches) has no such limit.
    #[inline(never)]
    fn create_many<'a>(connection: &'a dyn Connection, drafts: Vec<Draft<Self>>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::create_many(connection, drafts))
    }

    /// Creates records in batches of `size`, one request after another.
    ///
    /// Each batch is created entirely or not at all. Batches before a failed one remain. If the future is dropped, the
    /// batches created so far remain as well, and their ids are lost:
    /// [`create_in_batches_with`](Self::create_in_batches_with) reports them as they are created.
    ///
    /// # Errors
    ///
    /// [`Unfinished`](crate::Unfinished) holds the created ids, the remaining drafts, and the error of the batch that
    /// failed.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use std::num::NonZeroUsize;
    /// use tryton_sdk::{Client, Draft, Records};
    ///
    /// const SIZE: NonZeroUsize = NonZeroUsize::new(200).unwrap();
    ///
    /// /// Returns the drafts that the server has not created.
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

    /// Like [`create_in_batches`](Self::create_in_batches), but passes the ids of each batch to `created` as soon as the
    /// server has created it: for programs that store their progress or may stop waiting.
    ///
    /// If the future is dropped, the batches that `created` has seen exist, and the one in flight may: the outcome of the
    /// next `size` drafts is unknown.
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
    /// /// Returns the ids of the parties created within an hour.
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

    /// Applies the draft to all records with these ids in one request. Either all are changed or none. Without ids, no
    /// request is made. [`write_many`](Self::write_many) takes a draft per group of records.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create); [`is_concurrency`](crate::Error::is_concurrency) if the client's context requires
    /// the records to be unchanged since a time, and they are not.
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

    /// Changes several groups of records in one request, each group by its own draft. Either all are changed or none.
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

    /// Sets a list of records, a one2many or many2many, to exactly these ids. One request reads the list, and one writes
    /// the difference. If there is no difference, nothing is written.
    ///
    /// Inactive records count: those that are not given are removed from the list, too. A removed record still exists. If
    /// a one2many's inverse field is required, the server refuses to remove records: delete them with [`Draft::delete`].
    /// A record that is added to a one2many leaves the list that it was in.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write); [`is_concurrency`](crate::Error::is_concurrency) if somebody else changed the
    /// record between the two requests ([`Context::unchanged_since`](crate::Context::unchanged_since) describes how
    /// precisely a server detects that). In that case nothing is written, and the call can be repeated. Changes of the
    /// listed records that bypass this record are not detected.
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

    /// Creates or updates records by a key field: for imports that run repeatedly. Each draft must set the key. The
    /// result has an outcome for each draft, in the same order.
    ///
    /// For every 500 drafts, one request reads the existing records, one creates the missing ones, and one writes the
    /// fields that differ. A second run writes nothing; a run after an interruption does the rest. Inactive records with
    /// the key are found as well, and stay inactive unless the draft sets `active`; 8.2 refuses to change most of their
    /// fields.
    ///
    /// Values are compared as the server stores them: numbers by value, texts without surrounding white space, null as
    /// the empty text. Values that the server returns differently, such as passwords, are written on every run. Drafts
    /// that change lists of records are refused, because such changes cannot be compared. [`ids_by`](Self::ids_by)
    /// resolves references by key.
    ///
    /// These drafts become [`Upserted::Refused`](crate::Upserted), and the others are written all the same:
    ///
    /// * drafts without a key, with the key of another draft, or whose key several records share: the error names them;
    /// * drafts that the server refuses. A server refuses the whole request, so the SDK bisects it: about 18 requests to
    ///   find one draft among 500. A [warning](crate::Error::is_warning) that the client does not accept is a refusal,
    ///   too.
    ///
    /// Keys are not locked: two programs that run at the same time may both create a record for a key, unless the server
    /// enforces that the field is unique.
    ///
    /// # Errors
    ///
    /// [`UnfinishedUpsert`](crate::UnfinishedUpsert) if it had to stop. It says which drafts are done, which remain, and,
    /// if the connection broke during a write, for which drafts the outcome is unknown. Nothing that may have been
    /// written is sent again in the same run.
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

    /// Finds the ids of the records with these keys, inactive ones included: 500 per request. Keys without a record are
    /// not in the map.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_several_found`](crate::Error::is_several_found), with the ids, if several
    /// records share a key.
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

    /// Deletes the records with these ids in one request. Either all are deleted or none. Without ids, no request is
    /// made.
    ///
    /// # Errors
    ///
    /// As for [`write`](Self::write).
    #[inline(never)]
    fn delete<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>]) -> Reply<'a, ()> {
        Reply::new(write::delete(connection, ids))
    }

    /// Copies the records with these ids, applies the draft to each copy, and returns the ids of the copies in the order
    /// of the ids. Either all are copied or none. Without ids, no request is made.
    ///
    /// # Errors
    ///
    /// As for [`create`](Self::create).
    #[inline(never)]
    fn copy<'a>(connection: &'a dyn Connection, ids: &'a [Id<Self>], changes: Draft<Self>) -> Reply<'a, Vec<Id<Self>>> {
        Reply::new(write::copy(connection, ids, changes))
    }

    /// Returns the default values of a new record as a draft: those of all fields that can be set, for this user and
    /// context.
    ///
    /// [`create`](Self::create) does not need this, because the server fills in its defaults by itself. Use it to show or
    /// change them first.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline(never)]
    fn defaults(connection: &dyn Connection) -> Reply<'_, Draft<Self>> {
        Reply::new(write::defaults(connection))
    }

    /// Opens a form for a new record, with the server's defaults and the values that follow from them: two to five
    /// requests.
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

    /// Opens a form for a saved record. Its fields are read in one request.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline]
    fn open(connection: &dyn Connection, id: Id<Self>) -> impl Future<Output = Result<Form<Self>>> + Send {
        Form::open(connection, id)
    }

    /// Calls any method that the server exposes for the model. `args` are its arguments as a tuple, an array or a `Vec`;
    /// the client's context is appended. The result is deserialised by serde. A method that the SDK does not know counts
    /// as a write unless `ClientBuilder::reading` declares it to be a read.
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

    /// Exports the values of these fields as the rows of a table: one row per record, and further rows where a field
    /// leads through a list of records. Separate relations by `/`: `lines/product/rec_name`.
    ///
    /// The values are in Tryton's JSON. A relation is exported as the name of its record; before 8.0 as `party.party,7`,
    /// and `party/rec_name` as the name.
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

    /// Creates records from the rows of a table, or changes those whose `id` is given, and returns their number.
    ///
    /// `fields` names the columns as in [`export_data`](Self::export_data). A cell is text, or a value in Tryton's JSON;
    /// a relation is given by the name of its record.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; the text of an [`is_user_error`](crate::Error::is_user_error) names the row and
    /// column that cannot be read.
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

    /// Counts the record's attachments and notes, and the notes that the user has not read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    #[inline]
    fn resources(connection: &dyn Connection, id: Id<Self>) -> impl Future<Output = Result<Resources>> + Send {
        resources::resources(connection, id)
    }

    /// Lists every change of the records, the latest first. The model must keep a history.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; for a model without a history the server reports a missing table.
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
