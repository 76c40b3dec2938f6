//! Records in the order in which they were changed.
//!
//! The date of a change is `write_date`, or `create_date` of a record that was never written; no domain and no order of
//! Tryton has the one or the other. So two lists are read and merged, each page behind the date and the id of the one before.
//!
//! A transaction that is committed late has an older date than changes that have been read by then. It began after the
//! reading did, less its own length. So marks do not go beyond the newest date that the server knew when the reading
//! began, less the `overlap`: what is committed later is behind them, however long the reading takes.

mod mark;
mod source;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use futures_core::Stream;
use futures_util::stream::{StreamExt as _, unfold};
use serde_json::Value;

pub use self::mark::Mark;
use self::source::{Kind, Source};
use super::columns::Projected;
use super::settled::Settled;
use super::{Columns, Records as _, Search, Select};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::model::{Field, Model, ReadOnly};
use crate::projection::Projection;
use crate::query::{Domain, Operator};
use crate::value::DateTime;

/// For how long a transaction may have been at work when it is committed, unless it is told.
const OVERLAP: Duration = Duration::from_secs(600);

/// A changed record, from [`Search::changed_since`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change<T> {
    /// The record at the time of reading.
    pub record: T,
    /// When it was last written, or else created, according to the server's clock.
    pub at: DateTime,
    /// Where to continue after processing this change and those before it.
    pub mark: Mark,
}

/// A stream of changed records, from [`Search::changed_since`] or [`Select::changed_since`].
///
/// It is a [`Stream`], for the combinators of the crate `futures-util`; its own [`next`](Self::next) needs no crate. It
/// makes no request before it is polled. A record that does not fit becomes an error of its own, and the next item is the
/// following record. After any other error the stream ends.
#[must_use = "a stream makes no request until it is polled"]
pub struct Changes<T> {
    overlap: Duration,
    stream: State<T>,
}

type Items<T> = Pin<Box<dyn Stream<Item = Result<Change<T>>> + Send>>;

enum State<T> {
    /// Begins with the overlap.
    Waiting(Option<Box<dyn FnOnce(Duration) -> Items<T> + Send>>),
    Running(Items<T>),
}

impl<T> Changes<T> {
    /// Sets the longest duration of a transaction on the server; ten minutes by default.
    ///
    /// Records that were changed within that time before the start of the stream come again the next time. Changes of a
    /// longer transaction may be missed: consider imports and scheduled tasks. Set it before the stream is first polled.
    pub fn overlap(mut self, longest: Duration) -> Self {
        self.overlap = longest;
        self
    }

    /// Returns the next change, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As for [`Search::changed_since`].
    pub async fn next(&mut self) -> Option<Result<Change<T>>> {
        futures_util::StreamExt::next(self).await
    }
}

impl<T> Stream for Changes<T> {
    type Item = Result<Change<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Option<Self::Item>> {
        let overlap = self.overlap;
        if let State::Waiting(begin) = &mut self.stream
            && let Some(begin) = begin.take()
        {
            self.stream = State::Running(begin(overlap));
        }
        match &mut self.stream {
            State::Running(items) => items.as_mut().poll_next(cx),
            State::Waiting(_) => Poll::Ready(None),
        }
    }
}

impl<T> std::fmt::Debug for Changes<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Changes").field("overlap", &self.overlap).finish_non_exhaustive()
    }
}

impl<M: Model> Search<M> {
    /// Streams the records that were created or written since a mark, in the order of the changes, including inactive
    /// ones: for keeping a copy of a server's records up to date.
    ///
    /// A program stores the [`mark`](Change::mark) of the last change that it has processed, and continues there the next
    /// time; the first time with [`Mark::default`], which returns all records. It may stop anywhere. No change is missed:
    /// neither of records that are written meanwhile, which may come again, nor of records with the same date. **Records
    /// may repeat**: those that were changed within the [`overlap`](Changes::overlap) before the newest change come again
    /// the next time, because an older transaction may be committed late. So process each record in a way that can be
    /// repeated, such as an upsert.
    ///
    /// Dates are those of the server's clock. Only changes of the record itself count: changing a sale's line changes the
    /// line. Not included are deleted records, records that the [`filter`](Self::filter) no longer matches, and records
    /// that the server has never dated, such as `ir.model` after the installation.
    ///
    /// **Find deleted records** by comparing ids: a search for all [`ids`](Self::ids), about 1 MB for 100,000, shows
    /// which ones no longer exist. [`Records::presence`](crate::Records::presence) checks a few. No server has a list of
    /// deletions: `ir.model.log`, since 7.0, shows who deleted the record with a given id, but cannot list deletions, and
    /// lacks records that were deleted with another or by the server itself.
    ///
    /// Two requests read the first pages of created and written records, of [`page_size`](Self::page_size) records each.
    /// If there are more, two requests fetch the newest dates, and one reads each further page. Servers have no index on
    /// these dates, and scan all records of the model for each page. A [`limit`](Self::limit) applies to the whole.
    ///
    /// # Errors
    ///
    /// Each item may be an error as of [`fetch`](Self::fetch). After a record that does not fit, the stream continues
    /// with the next one; any other error is its last item. It is [`is_invalid_request`](Error::is_invalid_request) for a
    /// search with an order or an offset, and for the past ([`Context::at`](crate::Context::at)).
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use tryton_sdk::{Change, Client, Id, Mark, Projection, Result};
    ///
    /// #[derive(Projection)]
    /// #[tryton(model = Party)]
    /// struct Customer {
    ///     id: Id<Party>,
    ///     name: Option<String>,
    ///     active: Option<bool>,
    /// }
    ///
    /// /// Processes the changes, and returns the mark for the next time.
    /// async fn sync(tryton: &Client, mut mark: Mark, mut keep: impl FnMut(Customer)) -> Result<Mark> {
    ///     let mut changes = Party::search().changed_since::<Customer>(tryton, mark);
    ///     while let Some(change) = changes.next().await {
    ///         let Change { record, mark: behind, .. } = change?;
    ///         keep(record);
    ///         mark = behind;
    ///     }
    ///     Ok(mark)
    /// }
    /// ```
    pub fn changed_since<P: Projection<Model = M> + Send + 'static>(
        self,
        connection: &dyn Connection,
        since: impl Into<Mark>,
    ) -> Changes<P> {
        self.select(Projected::<P>::new()).changed_since(connection, since)
    }
}

impl<M: Model, C: Columns<M> + 'static> Select<M, C> {
    /// Streams the values of the records that were changed since a mark, like [`Search::changed_since`].
    pub fn changed_since(self, connection: &dyn Connection, since: impl Into<Mark>) -> Changes<C::Row>
    where
        C::Row: Send + 'static,
    {
        let (connection, since) = (connection.share(), since.into());
        let begin = move |overlap| -> Items<C::Row> {
            let merge = Merge::new(self, connection, since, overlap);
            Box::pin(unfold(merge, |mut merge| async { Some((merge.next().await?, merge)) }).fuse())
        };
        Changes { overlap: OVERLAP, stream: State::Waiting(Some(Box::new(begin))) }
    }
}

/// Where a stream of changes is.
struct Merge<M, C: Columns<M>> {
    connection: Arc<dyn Connection>,
    select: Select<M, C>,
    since: Mark,
    overlap: Duration,
    /// What the columns want, and the dates; settled before the first page.
    wanted: Option<Settled>,
    sources: [Source<C::Row>; 2],
    /// Marks do not go beyond it; known behind the first pages.
    horizon: Option<Mark>,
    is_finished: bool,
}

impl<M: Model, C: Columns<M>> Merge<M, C> {
    fn new(mut select: Select<M, C>, connection: Arc<dyn Connection>, since: Mark, overlap: Duration) -> Self {
        if M::FIELDS.all().any(|field| field == "active") {
            // Not by the context, which would also add inactive records to the lists that are read.
            select.search = select.search.filter(Domain::active_or_not());
        }
        let sources = [Kind::Created, Kind::Written].map(|kind| Source::new(kind, since));
        Self { connection, select, since, overlap, wanted: None, sources, horizon: None, is_finished: false }
    }

    async fn next(&mut self) -> Option<Result<Change<C::Row>>> {
        if self.is_finished || self.select.search.limit == Some(0) {
            return None;
        }
        let change = self.step().await.unwrap_or_else(|error| {
            self.is_finished = true;
            Some(Err(error))
        });
        self.select.search.limit = self.select.search.limit.map(|left| left - 1);
        change
    }

    async fn step(&mut self) -> Result<Option<Result<Change<C::Row>>>> {
        let began = Instant::now();
        let wanted = match &mut self.wanted {
            Some(wanted) => wanted,
            none => none.insert(settle(&self.select, &*self.connection).await?),
        };
        for source in &mut self.sources {
            source.fill(&mut self.select, &*self.connection, wanted).await?;
        }
        let horizon = match self.horizon {
            Some(horizon) => horizon,
            None => {
                let horizon = self.look_ahead(began).await?;
                *self.horizon.insert(horizon)
            }
        };
        let heads = self.sources.iter_mut().filter(|source| !source.rows.is_empty());
        let Some(row) = heads.min_by_key(|source| source.rows[0].mark).and_then(|source| source.rows.pop_front())
        else {
            self.is_finished = true;
            return Ok(None);
        };
        let mark = row.mark.min(horizon).max(self.since);
        Ok(Some(row.value.map(|record| Change { record, at: row.mark.at(), mark })))
    }

    /// The newest date that the server knew before the first page was read, less the overlap. It is asked for afterwards, if at
    /// all; so the time that this took is taken off as well.
    async fn look_ahead(&mut self, began: Instant) -> Result<Mark> {
        let mut newest = self.sources.iter().flat_map(|source| &source.rows).map(|row| row.mark.at()).max();
        if !self.sources.iter().all(|source| source.is_read) {
            for date in [M::CREATE_DATE, M::WRITE_DATE] {
                newest = newest.max(newest_of(date, &*self.connection).await?);
            }
        }
        let newest = newest.unwrap_or_else(|| self.since.at());
        Ok(newest.saturating_sub(self.overlap.saturating_add(began.elapsed())).into())
    }
}

/// What the columns want, with the dates.
///
/// # Errors
///
/// [`is_invalid_request`](Error::is_invalid_request) for a search that has an order of its own.
async fn settle<M: Model, C: Columns<M>>(select: &Select<M, C>, connection: &dyn Connection) -> Result<Settled> {
    let mut wanted = Settled::of(&select.columns, connection).await?;
    if !select.search.order.is_empty() || select.search.offset > 0 || wanted.context.is_of_the_past() {
        let why =
            "changes come in their own order, from a mark on: a search for them has no order, no offset and no time";
        return Err(Error::invalid_request(why));
    }
    for date in Kind::DATES {
        if !wanted.names.iter().any(|name| name == date) {
            wanted.names.push(date.to_owned());
        }
    }
    Ok(wanted)
}

/// The newest of these dates.
async fn newest_of<M: Model>(
    date: Field<M, Option<DateTime>, ReadOnly>,
    connection: &dyn Connection,
) -> Result<Option<DateTime>> {
    let dated = Domain::clause(date.name(), Operator::NotEqual, Value::Null, true);
    let newest = M::search().with_inactive().filter(dated).order(date.desc()).select(date);
    Ok(newest.first(connection).await?.flatten())
}
