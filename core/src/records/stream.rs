//! Streams of records, read in pages.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use futures_util::stream::{StreamExt as _, unfold};

use super::columns::Projected;
use super::listed::Listed;
use super::settled::Settled;
use super::{Columns, Search, Select};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::{Projection, Row};
use crate::query::{Domain, Operator, Order};
use crate::subject::Subject;

/// A stream of records, from [`Search::stream`] or [`Select::stream`].
///
/// It is a [`Stream`], for the combinators of the crate `futures-util`; its own [`next`](Self::next) needs no crate. It
/// makes no request before it is polled, and then one per page; when it is dropped, no more. A record that does not fit
/// becomes an error of its own ([`is_decode`](Error::is_decode) with a [`record_id`](Error::record_id)), and the next
/// item is the following record. After any other error the stream ends.
#[must_use = "a stream makes no request until it is polled"]
pub struct RecordStream<T>(Pin<Box<dyn Stream<Item = Result<T>> + Send>>);

impl<T> RecordStream<T> {
    /// Returns the next record, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As for [`Search::fetch`]; [`is_decode`](Error::is_decode) if the server repeats records, because the stream would
    /// never end.
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.0.next().await
    }
}

impl<T> Stream for RecordStream<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Result<T>>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl<T> std::fmt::Debug for RecordStream<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecordStream")
    }
}

impl<M: Model> Search<M> {
    /// Streams the records, with the related records that the projection nests, in pages of
    /// [`page_size`](Self::page_size).
    ///
    /// Only one page is in memory, or as many as [`concurrency`](Self::concurrency) allows. Without an order, the stream
    /// goes by ascending ids, and each page starts after the last id of the previous one: no record is missed or
    /// repeated, whatever changes meanwhile. **With another [`order`](Self::order), pages use an offset**: if records are
    /// created, changed or deleted meanwhile, some records may be missed or repeated, unless
    /// [`concurrency`](Self::concurrency) is set.
    ///
    /// Limit and offset apply to the stream as a whole.
    ///
    /// For reading the past ([`Context::at`](crate::Context::at)) from a server before 8.0, pages are unreliable, because
    /// it counts records that were deleted or replaced by then. So the stream first requests all ids and keeps them
    /// (eight bytes per record), and reads the pages by these ids; a record that no longer exists at that time is left
    /// out.
    ///
    /// # Errors
    ///
    /// Each item may be an error as of [`fetch`](Self::fetch). After a record that does not fit, the stream continues
    /// with the next one; any other error is its last item.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::Projection;
    ///
    /// #[derive(Projection)]
    /// #[tryton(model = Party)]
    /// struct Name {
    ///     name: Option<String>,
    /// }
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let mut parties = Party::search().stream::<Name>(&tryton);
    /// while let Some(party) = parties.next().await {
    ///     println!("{:?}", party?.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<P: Projection<Model = M> + Send + 'static>(self, connection: &dyn Connection) -> RecordStream<P> {
        self.select(Projected::<P>::new()).stream(connection)
    }
}

impl<M: Model, C: Columns<M> + 'static> Select<M, C> {
    /// Streams the records' values in pages, like [`Search::stream`].
    pub fn stream(self, connection: &dyn Connection) -> RecordStream<C::Row>
    where
        C::Row: Send + 'static,
    {
        let pages = Pages::new(self, connection.share());
        RecordStream(Box::pin(unfold(pages, |mut pages| async { Some((pages.next().await?, pages)) }).fuse()))
    }
}

/// Where a stream is.
struct Pages<M, C: Columns<M>> {
    connection: Arc<dyn Connection>,
    /// The search for the pages that are still to come.
    search: Search<M>,
    columns: Arc<C>,
    /// What the columns want; settled before the first page.
    wanted: Option<Arc<Settled>>,
    progress: Progress,
    /// Where the ids of all records are known, in the place of the progress.
    listed: Option<Listed<M, C>>,
    rows: VecDeque<Result<C::Row>>,
    finished: bool,
}

impl<M: Model, C: Columns<M> + 'static> Pages<M, C>
where
    C::Row: Send + 'static,
{
    fn new(Select { mut search, columns }: Select<M, C>, connection: Arc<dyn Connection>) -> Self {
        let (progress, columns) = (Progress::of(&mut search), Arc::new(columns));
        Self {
            connection,
            search,
            columns,
            wanted: None,
            progress,
            listed: None,
            rows: VecDeque::new(),
            finished: false,
        }
    }

    async fn next(&mut self) -> Option<Result<C::Row>> {
        while self.rows.is_empty() && !self.finished {
            if let Err(error) = self.turn().await {
                self.finished = true;
                return Some(Err(error));
            }
        }
        self.rows.pop_front()
    }

    /// Asks for the next page.
    async fn turn(&mut self) -> Result<()> {
        let size = self.search.limit.map_or(self.search.page_size, |left| left.min(self.search.page_size));
        if size == 0 {
            self.finished = true;
            return Ok(());
        }
        let wanted = match &self.wanted {
            Some(wanted) => Arc::clone(wanted),
            None => self.settle().await?,
        };
        if let Some(pages) = &mut self.listed {
            let page = pages.next().await?;
            self.finished = page.is_none();
            self.rows.extend(page.into_iter().flatten());
            return Ok(());
        }
        let rows = match self.progress.page(&self.search, size).each(&*self.connection, &*self.columns, &wanted).await {
            Err(error) if error.is_too_large() && size > 1 => {
                self.search.page_size = size / 2;
                return Ok(());
            }
            rows => rows?,
        };
        self.progress.advance(&mut self.search, &rows)?;
        let count = rows.len() as u64;
        self.search.limit = self.search.limit.map(|left| left.saturating_sub(count));
        self.finished = count < size;
        self.rows.extend(rows.into_iter().map(|row| row.value));
        Ok(())
    }

    /// Finds out what to ask for, and whether the records have to be listed first.
    async fn settle(&mut self) -> Result<Arc<Settled>> {
        let wanted = Arc::new(Settled::of(&*self.columns, &*self.connection).await?);
        let is_of_the_past = wanted.context.is_of_the_past();
        let is_miscounted = is_of_the_past && self.connection.series().await?.filters_history_after_limit();
        if is_miscounted || self.search.concurrency > 1 {
            let (search, connection) = (self.search.clone(), Arc::clone(&self.connection));
            let pages = Listed::begin(search, Arc::clone(&self.columns), Arc::clone(&wanted), connection).await?;
            self.listed = Some(pages);
        }
        self.wanted = Some(Arc::clone(&wanted));
        Ok(wanted)
    }
}

/// How the next page is found.
enum Progress {
    /// By ids greater than the last that came.
    Keyset(Option<i64>),
    /// By the number of records that came. The ids of the last page are kept, to see that the next one is another.
    Offset(Vec<Option<i64>>),
}

impl Progress {
    fn of<M>(search: &mut Search<M>) -> Self {
        if search.order.is_empty() {
            search.order.push(Order::rising_id());
        }
        match &search.order[..] {
            [order] if order.is_by_rising_id() => Self::Keyset(None),
            _ => Self::Offset(Vec::new()),
        }
    }

    /// The search for the next page.
    fn page<M: Model>(&self, search: &Search<M>, size: u64) -> Search<M> {
        let page = search.clone().limit(size);
        match self {
            Self::Keyset(Some(last)) => {
                page.filter(Domain::clause("id", Operator::Greater, (*last).into(), false)).offset(0)
            }
            Self::Keyset(None) | Self::Offset(_) => page,
        }
    }

    /// Notes what came, and makes sure that it is not what has come before.
    fn advance<M: Model, T>(&mut self, search: &mut Search<M>, rows: &[Row<T>]) -> Result<()> {
        let again = |id: Option<i64>| {
            let reason = "the server sends records again that it has sent before".to_owned();
            let call = Subject::new(&format!("model.{}.search_read", M::NAME));
            Error::decode(id, String::new(), reason, false).about(&call)
        };
        match self {
            Self::Keyset(last) => {
                for row in rows {
                    if row.id <= *last {
                        return Err(again(row.id));
                    }
                    *last = row.id;
                }
            }
            Self::Offset(before) => {
                let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
                if !ids.is_empty() && ids == *before {
                    return Err(again(ids[0]));
                }
                *before = ids;
                search.offset += rows.len() as u64;
            }
        }
        Ok(())
    }
}
