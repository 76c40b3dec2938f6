use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Value, json};

use super::chosen::Chosen;
use super::columns::{Projected, Rows};
use super::each::Each;
use super::settled::Settled;
use super::{Columns, Record};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::{Projection, Row};
use crate::query::{Domain, Order};
use crate::reply::Reply;
use crate::value::Id;
use crate::value::ModelName;

/// A search for records of the model `M`.
///
/// A search makes no request until one of its final methods, and then exactly one: [`fetch`](Self::fetch),
/// [`first`](Self::first), [`one`](Self::one), [`records`](Self::records), [`ids`](Self::ids), [`count`](Self::count), or
/// those of [`select`](Self::select). A [`stream`](Self::stream) makes one request per page. Methods that choose fields
/// at run time may first request the list of fields.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let gmbhs = Party::search().filter(Party::F.name.ilike("%gmbh%")).order(Party::F.name.asc());
/// let count = gmbhs.count(&tryton).await?;
/// let names: Vec<Option<String>> = gmbhs.limit(10).select(Party::F.name).fetch(&tryton).await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a search makes no request until one of its final methods"]
pub struct Search<M> {
    domain: Domain<M>,
    pub(super) order: Vec<Order<M>>,
    pub(super) offset: u64,
    pub(super) limit: Option<u64>,
    pub(super) page_size: u64,
    pub(super) concurrency: usize,
    inactive: bool,
}

/// How many records a stream requests at once: few enough for memory and any server's limit, and enough for the latency
/// of a request not to matter.
const PAGE_SIZE: u64 = 500;

impl<M> Clone for Search<M> {
    fn clone(&self) -> Self {
        Self {
            domain: self.domain.clone(),
            order: self.order.clone(),
            offset: self.offset,
            limit: self.limit,
            page_size: self.page_size,
            concurrency: self.concurrency,
            inactive: self.inactive,
        }
    }
}

impl<M: ModelName> fmt::Debug for Search<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("domain", &self.domain)
            .field("order", &self.order)
            .field("offset", &self.offset)
            .field("limit", &self.limit)
            .field("page_size", &self.page_size)
            .field("concurrency", &self.concurrency)
            .field("with_inactive", &self.inactive)
            .finish()
    }
}

impl<M: Model> Search<M> {
    pub(crate) fn new() -> Self {
        Self {
            domain: Domain::all(),
            order: Vec::new(),
            offset: 0,
            limit: None,
            page_size: PAGE_SIZE,
            concurrency: 1,
            inactive: false,
        }
    }

    /// Keeps only records that satisfy the domain, in addition to the domains of earlier calls.
    pub fn filter(mut self, domain: Domain<M>) -> Self {
        self.domain = self.domain.and(domain);
        self
    }

    /// Sorts by this order. Records that are equal in it are sorted by the order of the next call, and so on. Without any
    /// call, the model's own order applies.
    pub fn order(mut self, order: Order<M>) -> Self {
        self.order.push(order);
        self
    }

    /// Returns at most this many records. With zero the result is empty; the request is made all the same, except by a
    /// stream.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Skips this many records at the beginning. If there are no more than that, the result is empty.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Sets how many records a [`stream`](Self::stream) requests at once; 500 by default. Zero counts as one.
    ///
    /// A server of series 8.0 or later refuses more than the `records_limit` of its configuration. The stream then halves
    /// the page until the server accepts it, and continues with that size.
    pub fn page_size(mut self, records: u64) -> Self {
        self.page_size = records.max(1);
        self
    }

    /// Sets how many pages a [`stream`](Self::stream) requests at the same time; one by default. Zero counts as one.
    ///
    /// With more than one, the stream first requests the ids of all records and keeps them (eight bytes per record),
    /// because only they say where each page starts: one additional request. Records come in the search's order, and at
    /// most this many pages are in memory. No record is missed or repeated, whatever the order; a record that no longer
    /// matches when its page is read is left out. This is faster with several server processes or a high latency: one
    /// process works on one page at a time.
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.max(1);
        self
    }

    /// Includes inactive records, which the server leaves out otherwise.
    pub fn with_inactive(mut self) -> Self {
        self.inactive = true;
        self
    }

    /// Reads only these fields: a single one, or a tuple of up to eight.
    pub fn select<C: Columns<M>>(self, columns: C) -> Select<M, C> {
        Select { search: self, columns }
    }

    /// Fetches the records, with the related records that the projection nests, in one request.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_decode`](Error::is_decode) names the record and the field whose value does not
    /// fit.
    pub async fn fetch<P: Projection<Model = M>>(self, connection: &dyn Connection) -> Result<Vec<P>> {
        self.select(Projected::<P>::new()).fetch(connection).await
    }

    /// Like [`fetch`](Self::fetch), but a record that does not fit becomes an error in its place, and the others are
    /// returned.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; errors within the list are [`is_decode`](Error::is_decode) and name the record and
    /// the field.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::Projection;
    ///
    /// #[derive(Projection)]
    /// #[tryton(model = Party)]
    /// struct Name {
    ///     #[tryton(expect)]
    ///     name: String,
    /// }
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// for party in Party::search().fetch_each::<Name>(&tryton).await? {
    ///     match party {
    ///         Ok(party) => println!("{}", party.name),
    ///         Err(error) => eprintln!("party {:?} is left out: {error}", error.record_id()),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn fetch_each<P: Projection<Model = M>>(self, connection: &dyn Connection) -> Result<Vec<Result<P>>> {
        self.select(Projected::<P>::new()).fetch_each(connection).await
    }

    /// Fetches the first record in the search's order, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch).
    pub async fn first<P: Projection<Model = M>>(self, connection: &dyn Connection) -> Result<Option<P>> {
        self.select(Projected::<P>::new()).first(connection).await
    }

    /// Fetches the only matching record, whatever the limit.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch); [`is_none_found`](Error::is_none_found) or
    /// [`is_several_found`](Error::is_several_found), in which case a second request counts them.
    pub async fn one<P: Projection<Model = M>>(self, connection: &dyn Connection) -> Result<P> {
        self.select(Projected::<P>::new()).one(connection).await
    }

    /// Fetches the only matching record, or `None`, whatever the limit.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch); [`is_several_found`](Error::is_several_found), in which case a second request
    /// counts them.
    pub async fn one_or_none<P: Projection<Model = M>>(self, connection: &dyn Connection) -> Result<Option<P>> {
        self.select(Projected::<P>::new()).one_or_none(connection).await
    }

    /// Fetches the records with every field of the schema, for programs that decide at run time what they need.
    ///
    /// Binary fields are read as their [size](Record::size), so that a list of attachments does not download all files;
    /// [`records_of`](Self::records_of) reads their contents. Fields that the server does not have are left out, as are
    /// relations to models that the user may not read. The server is asked for its fields by `fields_get`, whose response
    /// is cached (`ClientBuilder::cache`).
    ///
    /// This reads computed fields as well: [`fetch`](Self::fetch) and [`records_of`](Self::records_of) cost the server
    /// less.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. If the user may not read one of the fields, the server refuses the whole request with
    /// a [user error](Error::is_user_error) that names the field: read the others by [`records_of`](Self::records_of).
    pub async fn records(self, connection: &dyn Connection) -> Result<Vec<Record<M>>> {
        let note = "where it is a field that the user may not read, `records_of` reads the others";
        let chosen = Arc::new(Chosen::all::<M>(connection).await?);
        let records = self.select(chosen).fetch(connection).await;
        records.map_err(|e: Error| if e.is_user_error() { e.noting(note) } else { e })
    }

    /// Fetches the records with these fields, given by their technical names: for fields that a program chooses at run
    /// time. Binary fields are read with their contents.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) names a field that the schema or the
    /// server does not have.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["ir.attachment"] } }
    /// use erp::IrAttachment;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let files = IrAttachment::search().limit(3).records_of(&tryton, &["name", "data"]).await?;
    /// for file in files {
    ///     println!("{:?}: {:?}", file.raw("name"), file.get(IrAttachment::F.data)?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn records_of(self, connection: &dyn Connection, fields: &[&str]) -> Result<Vec<Record<M>>> {
        let chosen = Arc::new(Chosen::of::<M>(connection, fields).await?);
        self.select(chosen).fetch(connection).await
    }

    /// Fetches the ids of the records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn ids(self, connection: &dyn Connection) -> Result<Vec<Id<M>>> {
        let params = self.window().to_vec();
        let ids: Vec<i64> = fetch(connection, self.call(connection, "search", params), PhantomData).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    /// Counts the matching records, whatever the limit and the offset.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    ///
    /// The future does not borrow the search, so that several counts can run at once:
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party", "sale.sale"] } }
    /// use erp::{Party, Sale};
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let (parties, sales) = tokio::join!(Party::search().count(&tryton), Sale::search().count(&tryton));
    /// println!("{} parties, {} sales", parties?, sales?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn count<'a>(&self, connection: &'a dyn Connection) -> Reply<'a, u64> {
        let call = self.call(connection, "search_count", vec![self.domain.to_json()]);
        Reply::new(async move { fetch(connection, call, PhantomData).await })
    }

    /// Makes the request.
    async fn rows<C: Columns<M>>(
        &self,
        connection: &dyn Connection,
        columns: &C,
        wanted: &Settled,
    ) -> Result<Vec<Row<C::Row>>> {
        fetch(connection, self.read(wanted), Rows::<M, C>::of(columns)).await
    }

    /// Makes the request. A record that does not fit becomes an error of its own.
    pub(super) async fn each<C: Columns<M>>(
        &self,
        connection: &dyn Connection,
        columns: &C,
        wanted: &Settled,
    ) -> Result<Vec<Row<Result<C::Row>>>> {
        let call = self.read(wanted);
        let subject = call.subject().clone();
        fetch(connection, call, Each::<M, C>::of(columns, &subject)).await
    }

    pub(super) fn read(&self, wanted: &Settled) -> Call {
        let mut params = self.window().to_vec();
        params.push(json!(wanted.names));
        self.call_in(wanted.context.clone(), "search_read", params)
    }

    /// The domain, the offset, the limit and the order, as parameters of a call.
    #[doc(hidden)]
    pub fn window(&self) -> [Value; 4] {
        let order = match self.order.is_empty() {
            true => Value::Null,
            false => self.order.iter().map(|order| order.to_json()).collect(),
        };
        [self.domain.to_json(), json!(self.offset), json!(self.limit), order]
    }

    #[doc(hidden)]
    pub fn is_with_inactive(&self) -> bool {
        self.inactive
    }

    fn call(&self, connection: &dyn Connection, method: &str, params: Vec<Value>) -> Call {
        self.call_in(connection.context().clone(), method, params)
    }

    fn call_in(&self, context: Context, method: &str, params: Vec<Value>) -> Call {
        let context = if self.inactive { context.active_test(false) } else { context };
        Call::of::<M>(method, params, &context).noting(self.domain.unsendable.clone())
    }
}

/// A [`Search`] with the fields to read.
#[must_use = "a search asks nothing until one of its last steps"]
pub struct Select<M, C> {
    pub(super) search: Search<M>,
    pub(super) columns: C,
}

impl<M: ModelName, C> fmt::Debug for Select<M, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Select").field("search", &self.search).finish_non_exhaustive()
    }
}

impl<M: Model, C: Columns<M>> Select<M, C> {
    /// Fetches the records' values in one request.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_decode`](Error::is_decode) names the record and the field that do not fit.
    pub async fn fetch(self, connection: &dyn Connection) -> Result<Vec<C::Row>> {
        let wanted = Settled::of(&self.columns, connection).await?;
        let rows = self.search.rows(connection, &self.columns, &wanted).await?;
        Ok(rows.into_iter().map(|Row { value, .. }| value).collect())
    }

    /// Like [`fetch`](Self::fetch), but a record that does not fit becomes an error in its place, as with
    /// [`Search::fetch_each`].
    ///
    /// # Errors
    ///
    /// As for [`Search::fetch_each`].
    pub async fn fetch_each(self, connection: &dyn Connection) -> Result<Vec<Result<C::Row>>> {
        let wanted = Settled::of(&self.columns, connection).await?;
        let rows = self.search.each(connection, &self.columns, &wanted).await?;
        Ok(rows.into_iter().map(|Row { value, .. }| value).collect())
    }

    /// Fetches the first record's values, if there is one.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch).
    pub async fn first(mut self, connection: &dyn Connection) -> Result<Option<C::Row>> {
        self.search.limit = Some(self.search.limit.unwrap_or(1).min(1));
        Ok(self.fetch(connection).await?.pop())
    }

    /// Fetches the values of the only matching record.
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch); [`is_none_found`](Error::is_none_found) or [`is_several_found`](Error::is_several_found):
    /// only then a second request counts them.
    pub async fn one(self, connection: &dyn Connection) -> Result<C::Row> {
        let subject = self.search.call(connection, "search_read", Vec::new()).subject().clone();
        self.one_or_none(connection).await?.ok_or_else(|| Error::not_one(0).about(&subject))
    }

    /// Fetches the values of the only matching record, or `None`.
    ///
    /// # Errors
    ///
    /// As for [`Search::one_or_none`].
    pub async fn one_or_none(mut self, connection: &dyn Connection) -> Result<Option<C::Row>> {
        self.search.limit = Some(2);
        let search = self.search.clone();
        let mut rows = self.fetch(connection).await?;
        if rows.len() < 2 {
            return Ok(rows.pop());
        }
        // The values are dropped before the first await, so they need not be `Send`.
        drop(rows);
        // There were two, however few are left by now.
        let found = search.count(connection).await?.max(2);
        Err(Error::not_one(found).about(search.call(connection, "search_read", Vec::new()).subject()))
    }
}
