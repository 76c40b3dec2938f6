//! Pages of records whose ids are known before, several of them at once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesOrdered, TryStreamExt as _};

use super::settled::Settled;
use super::{Columns, Search};
use crate::connection::Connection;
use crate::error::Result;
use crate::model::Model;
use crate::query::{Domain, Operator, Order};
use crate::value::Id;

type Rows<T> = Vec<Result<T>>;

/// The pages that are still to come, in order.
pub(super) struct Listed<M, C: Columns<M>> {
    source: Source<M, C>,
    left: VecDeque<i64>,
    size: usize,
    /// Those that are under way, or have come before their turn.
    pages: FuturesOrdered<BoxFuture<'static, Result<Rows<C::Row>>>>,
    concurrency: usize,
}

/// What each page is read by.
pub(super) struct Source<M, C> {
    pub(super) connection: Arc<dyn Connection>,
    pub(super) search: Search<M>,
    pub(super) columns: Arc<C>,
    pub(super) wanted: Arc<Settled>,
    /// How many records the server has given at once so far.
    given: Arc<AtomicUsize>,
}

impl<M, C> Clone for Source<M, C> {
    fn clone(&self) -> Self {
        Self {
            connection: Arc::clone(&self.connection),
            search: self.search.clone(),
            columns: Arc::clone(&self.columns),
            wanted: Arc::clone(&self.wanted),
            given: Arc::clone(&self.given),
        }
    }
}

impl<M: Model, C: Columns<M> + 'static> Listed<M, C> {
    /// Asks for all ids, of which those that offset and limit leave are to come: without either, they are right.
    pub(super) async fn begin(
        mut search: Search<M>,
        columns: Arc<C>,
        wanted: Arc<Settled>,
        connection: Arc<dyn Connection>,
    ) -> Result<Self> {
        let (offset, limit) = (search.offset, search.limit.take());
        search.offset = 0;
        if !search.order.iter().any(|order| order.is_by_id()) {
            // As the server itself does where it counts off.
            search.order.push(Order::rising_id());
        }
        let ids = search.clone().ids(&*connection).await?.into_iter().map(Id::get);
        let [offset, limit, size] = [offset, limit.unwrap_or(u64::MAX), search.page_size].map(count);
        let (left, concurrency) = (ids.skip(offset).take(limit).collect(), search.concurrency);
        let given = Arc::new(AtomicUsize::new(size));
        let source = Source { connection, search, columns, wanted, given };
        Ok(Self { source, left, size, pages: FuturesOrdered::new(), concurrency })
    }
}

impl<M: Model, C: Columns<M> + 'static> Listed<M, C>
where
    C::Row: Send + 'static,
{
    /// The next page; none behind the last one. It may be empty.
    pub(super) async fn next(&mut self) -> Result<Option<Rows<C::Row>>> {
        while self.pages.len() < self.concurrency && !self.left.is_empty() {
            let ids = self.left.drain(..self.size.min(self.left.len())).collect();
            self.pages.push_back(Box::pin(self.source.clone().page(ids)));
        }
        self.pages.try_next().await
    }
}

impl<M: Model, C: Columns<M>> Source<M, C> {
    async fn page(self, ids: Vec<i64>) -> Result<Rows<C::Row>> {
        let mut rows = Vec::with_capacity(ids.len());
        let mut left = &ids[..];
        while !left.is_empty() {
            let size = self.given.load(Ordering::Relaxed).min(left.len());
            let (now, later) = left.split_at(size);
            // The search's own domain and order hold again, and leave these records as they are.
            let page = self.search.clone().filter(Domain::clause("id", Operator::In, now.into(), false));
            match page.each(&*self.connection, &*self.columns, &self.wanted).await {
                Err(error) if error.is_too_large() && size > 1 => {
                    self.given.fetch_min(size / 2, Ordering::Relaxed);
                }
                page => {
                    rows.extend(page?.into_iter().map(|row| row.value));
                    left = later;
                }
            }
        }
        Ok(rows)
    }
}

/// As many as memory can hold, where it is more.
fn count(records: u64) -> usize {
    usize::try_from(records).unwrap_or(usize::MAX)
}
