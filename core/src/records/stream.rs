//! Records one after the other, in pages.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll};

use futures_core::Stream;
use futures_util::stream::{StreamExt as _, unfold};

use super::columns::Projected;
use super::settled::Settled;
use super::{Columns, Search, Select};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::{Projection, Row};
use crate::query::{Domain, Operator, Order};
use crate::subject::Subject;
use crate::value::Id;

/// Records one after the other, as [`Search::stream`] and [`Select::stream`] read them.
///
/// It is a [`Stream`], for the combinators of the crate `futures-util`; its own [`next`](Self::next) needs no crate.
/// It asks nothing before it is polled, and one page at a time; dropped, it asks nothing more.
/// A record that cannot be read is an item of its own, an error that names it ([`is_decode`](Error::is_decode) with a
/// [`record_id`](Error::record_id)), and the next item is the record behind it. After any other error the stream ends.
#[must_use = "a stream asks nothing until it is polled"]
pub struct RecordStream<T>(Pin<Box<dyn Stream<Item = Result<T>> + Send>>);

impl<T> RecordStream<T> {
    /// The next record, or `None` behind the last one.
    ///
    /// # Errors
    ///
    /// As for [`Search::fetch`]; [`is_decode`](Error::is_decode) where the server sends records again that it
    /// has sent already, which would go on for ever.
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
    /// The records, with related ones that the projection nests, in pages of [`page_size`](Self::page_size).
    ///
    /// However many there are, one page of them is in memory. Without an order of its own the search goes by rising ids,
    /// and each page begins behind the last id of the one before: no record is missed or comes twice, whatever changes
    /// meanwhile. **With another [`order`](Self::order) pages are counted off**: of records that are created, changed or
    /// deleted meanwhile, some may be missed and others may come twice.
    ///
    /// Limit and offset count for the stream as a whole.
    ///
    /// Of the past ([`Context::at`](crate::Context::at)), the pages of a server before 8.0 cannot be relied on, because it
    /// counts what was deleted or replaced by then. There, all ids are asked for at first and kept, eight bytes a record,
    /// and the pages are those of these records; a record that the model no longer has by then is left out.
    ///
    /// # Errors
    ///
    /// Each item may be an error as of [`fetch`](Self::fetch). Where it is a record that cannot be read, the stream goes on
    /// behind it for whoever polls it again; any other error is its last item.
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
    /// The records' values, in pages, as [`Search::stream`] reads them.
    pub fn stream(self, connection: &dyn Connection) -> RecordStream<C::Row>
    where
        C::Row: Send + 'static,
    {
        let pages = Pages::new(self, connection.share());
        RecordStream(Box::pin(unfold(pages, |mut pages| async { Some((pages.next().await?, pages)) })))
    }
}

/// Where a stream is.
struct Pages<M, C: Columns<M>> {
    connection: Arc<dyn Connection>,
    /// The search for the pages that are still to come.
    select: Select<M, C>,
    /// What the columns want; settled before the first page.
    wanted: Option<Settled>,
    progress: Progress,
    rows: VecDeque<Result<C::Row>>,
    finished: bool,
}

impl<M: Model, C: Columns<M>> Pages<M, C> {
    fn new(mut select: Select<M, C>, connection: Arc<dyn Connection>) -> Self {
        let progress = Progress::of(&mut select.search);
        Self { connection, select, wanted: None, progress, rows: VecDeque::new(), finished: false }
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
        let Select { search, columns } = &mut self.select;
        let size = search.limit.map_or(search.page_size, |left| left.min(search.page_size));
        if size == 0 {
            self.finished = true;
            return Ok(());
        }
        let wanted = match &mut self.wanted {
            Some(wanted) => wanted,
            none => {
                let wanted = Settled::of(columns, &*self.connection).await?;
                if wanted.context.is_of_the_past() && self.connection.series().await?.filters_history_after_limit() {
                    self.progress = Progress::by_list(search, &*self.connection).await?;
                }
                none.insert(wanted)
            }
        };
        if matches!(&self.progress, Progress::List(left) if left.is_empty()) {
            self.finished = true;
            return Ok(());
        }
        let rows = match self.progress.page(search, size).each(&*self.connection, columns, wanted).await {
            Err(error) if error.is_too_large() && size > 1 => {
                search.page_size = size / 2;
                return Ok(());
            }
            rows => rows?,
        };
        self.progress.advance(search, size, &rows)?;
        let count = rows.len() as u64;
        search.limit = search.limit.map(|left| left.saturating_sub(count));
        // A list is at its end when it is empty, whatever its pages hold.
        self.finished = count < size && !matches!(self.progress, Progress::List(_));
        self.rows.extend(rows.into_iter().map(|row| row.value));
        Ok(())
    }
}

/// How the next page is found.
enum Progress {
    /// By ids greater than the last that came.
    Keyset(Option<i64>),
    /// By the number of records that came. The ids of the last page are kept, to see that the next one is another.
    Offset(Vec<Option<i64>>),
    /// By a list of the ids that are still to come, where the server can count neither past an id nor an offset.
    List(VecDeque<i64>),
}

impl Progress {
    fn of<M: Model>(search: &mut Search<M>) -> Self {
        if search.order.is_empty() {
            search.order.push(Order::rising_id());
        }
        match &search.order[..] {
            [order] if order.is_by_rising_id() => Self::Keyset(None),
            _ => Self::Offset(Vec::new()),
        }
    }

    /// Asks for all ids, of which those that offset and limit leave are to come: without either, they are right.
    async fn by_list<M: Model>(search: &mut Search<M>, connection: &dyn Connection) -> Result<Self> {
        let (offset, limit) = (search.offset, search.limit.take());
        search.offset = 0;
        if !search.order.iter().any(|order| order.is_by_id()) {
            // As the server itself does where it counts off.
            search.order.push(Order::rising_id());
        }
        let ids = search.clone().ids(connection).await?.into_iter().map(Id::get);
        let [offset, limit] = [offset, limit.unwrap_or(u64::MAX)].map(count);
        Ok(Self::List(ids.skip(offset).take(limit).collect()))
    }

    /// The search for the next page.
    fn page<M: Model>(&self, search: &Search<M>, size: u64) -> Search<M> {
        let page = search.clone().limit(size);
        match self {
            Self::List(left) => {
                let ids = left.iter().take(count(size)).copied().collect();
                // The limit stays out of it. The search's own domain and order hold again, and leave these records as they are.
                search.clone().filter(Domain::clause("id", Operator::In, ids, false))
            }
            Self::Keyset(Some(last)) => {
                page.filter(Domain::clause("id", Operator::Greater, (*last).into(), false)).offset(0)
            }
            Self::Keyset(None) | Self::Offset(_) => page,
        }
    }

    /// Notes what came, and makes sure that it is not what has come before.
    fn advance<M: Model, T>(&mut self, search: &mut Search<M>, size: u64, rows: &[Row<T>]) -> Result<()> {
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
            Self::List(left) => drop(left.drain(..count(size).min(left.len()))),
        }
        Ok(())
    }
}

/// As many as memory can hold, where it is more.
fn count(records: u64) -> usize {
    usize::try_from(records).unwrap_or(usize::MAX)
}
