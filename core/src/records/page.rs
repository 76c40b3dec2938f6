//! One page of a search, with the number of all records.

use super::columns::Projected;
use super::{Columns, Search, Select};
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::Projection;

/// A page of search results, from [`Search::page`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records; empty after the last page.
    pub rows: Vec<T>,
    /// The number of the page; the first is 0.
    pub number: u64,
    /// The page size; the last page may have fewer records.
    pub size: u64,
    /// The number of records on all pages.
    pub total: u64,
}

impl<T> Page<T> {
    /// The number of pages.
    pub fn pages(&self) -> u64 {
        self.total.div_ceil(self.size)
    }

    /// Whether there is a next page.
    pub fn has_next(&self) -> bool {
        self.number + 1 < self.pages()
    }
}

impl<M: Model> Search<M> {
    /// Fetches a page of the records and their total number. The first page is 0. Limit and offset of the search are
    /// ignored.
    ///
    /// One request reads the records. A second one counts them, unless the page turns out to be the last.
    ///
    /// Records that are equal in the search's order are sorted by id. A record that is created or deleted between two
    /// requests shifts the following ones: to read all records, use [`stream`](Self::stream).
    ///
    /// # Errors
    ///
    /// As for [`fetch`](Self::fetch); [`is_invalid_request`](Error::is_invalid_request) for pages of no records.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let found = Party::search().filter(Party::F.name.icontains("gmbh")).order(Party::F.name.asc());
    /// let page = found.select((Party::F.id, Party::F.name)).page(&tryton, 0, 20).await?;
    /// println!("{} of {} parties, page 1 of {}", page.rows.len(), page.total, page.pages());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn page<P: Projection<Model = M>>(
        self,
        connection: &dyn Connection,
        number: u64,
        size: u64,
    ) -> Result<Page<P>> {
        self.select(Projected::<P>::new()).page(connection, number, size).await
    }
}

impl<M: Model, C: Columns<M>> Select<M, C> {
    /// Fetches a page of the records' values and their total number, like [`Search::page`].
    ///
    /// # Errors
    ///
    /// As for [`Search::page`].
    pub async fn page(mut self, connection: &dyn Connection, number: u64, size: u64) -> Result<Page<C::Row>> {
        let offset = number.checked_mul(size).filter(|_| size > 0);
        let Some(offset) = offset else {
            return Err(Error::invalid_request(format!("there is no page {number} of {size} records each")));
        };
        self.search = self.search.offset(offset).limit(size);
        let search = self.search.clone();
        let rows = self.fetch(connection).await?;
        let read = rows.len() as u64;
        let is_last = read < size && (read > 0 || number == 0);
        let total = if is_last { offset + read } else { search.count(connection).await? };
        Ok(Page { rows, number, size, total })
    }
}
