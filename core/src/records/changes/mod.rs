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

/// A record that was changed, as [`Search::changed_since`] reads it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Change<T> {
    /// The record as it is when it is read.
    pub record: T,
    /// When it was last written, or else created, by the server's clock.
    pub at: DateTime,
    /// Where to begin the next time, once this change and those before it are dealt with.
    pub mark: Mark,
}

/// Changed records one after the other, as [`Search::changed_since`] and [`Select::changed_since`] read them.
///
/// It is a [`Stream`], for the combinators of the crate `futures-util`; its own [`next`](Self::next) needs no crate.
/// It asks nothing before it is polled. A record that cannot be read is an item of its own, an error that names it, and
/// the next item is the record behind it. After any other error the stream ends.
#[must_use = "a stream asks nothing until it is polled"]
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
    /// For how long a transaction on the server may have been at work when it is committed: ten minutes unless told.
    ///
    /// What was changed within that time before the reading began comes again the next time. Of a transaction that takes
    /// longer, changes may be missed: think of imports and scheduled tasks. It counts before the stream is polled first.
    pub fn overlap(mut self, longest: Duration) -> Self {
        self.overlap = longest;
        self
    }

    /// The next change, or `None` behind the last one.
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
    /// The records that were created or written since a mark, in the order of these changes, inactive ones included: for
    /// copies of a server's records that are kept up to date.
    ///
    /// A program keeps the [`mark`](Change::mark) of the last change that it has dealt with, and begins there the next time;
    /// at first with [`Mark::default`], which gives all records. It may stop anywhere. No change is missed then: not of
    /// records that are written meanwhile, which may come a second time, and not of many that have one date. **Records come
    /// again**: those that were changed within the [`overlap`](Changes::overlap) before the newest change come the next time
    /// as well, because an older transaction may be committed late. So a program does with each record what it may do twice,
    /// as an upsert does.
    ///
    /// Dates are those of the server's clock, whatever the program's own says. A change is one of the record itself: that of
    /// a sale's line is one of the line. These do not come: what was deleted; what the [`filter`](Self::filter) no longer finds;
    /// and records that the server has never dated, such as `ir.model` as the installation left it.
    ///
    /// **What was deleted** is found by comparison: a search for all [`ids`](Self::ids), about 1 MB for 100,000, tells which of a
    /// program's own are not there any more. [`Records::presence`](crate::Records::presence) looks for a few. No server has a
    /// list of deletions: `ir.model.log`, since 7.0, tells who deleted a record when asked for its id, but not which ones
    /// were, and holds nothing of those that went with another or that the server deleted by itself.
    ///
    /// Two requests read the first pages of what was created and what was written, of [`page_size`](Self::page_size) records each.
    /// Where these are not all, two more ask for the newest dates, and one reads each further page. Servers have no index
    /// of these dates, and look at all records of the model for each page. A [`limit`](Self::limit) counts for the whole.
    ///
    /// # Errors
    ///
    /// Each item may be an error as of [`fetch`](Self::fetch). Where it is a record that cannot be read, the stream goes on
    /// behind it for whoever polls it again; any other error is its last item. It is
    /// [`is_invalid_request`](Error::is_invalid_request) for a search with an order or an offset, and for the past
    /// ([`Context::at`](crate::Context::at)).
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
    /// /// Takes over what was changed, and gives the mark to begin with the next time.
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
    /// The values of the records that were changed since a mark, as [`Search::changed_since`] reads them.
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
