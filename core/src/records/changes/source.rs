//! One of the two lists that changes are merged of, page by page.

use std::collections::VecDeque;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Mark;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::model::Model;
use crate::projection::Row;
use crate::query::{Domain, Operator, Order};
use crate::records::each::Each;
use crate::records::settled::Settled;
use crate::records::{Columns, Search, Select};
use crate::subject::Subject;
use crate::value::{DateTime, Decode, Encode};

/// Which records a source has, and by which date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Those that were created and never written.
    Created,
    /// Those that were written.
    Written,
}

impl Kind {
    pub(super) const DATES: [&'static str; 2] = ["create_date", "write_date"];

    fn date(self) -> &'static str {
        Self::DATES[self as usize]
    }
}

/// A record that was read, with the place behind it.
pub(super) struct Placed<T> {
    pub(super) mark: Mark,
    pub(super) value: Result<T>,
}

/// The records of one kind behind a place, in the order of their dates and ids.
pub(super) struct Source<T> {
    kind: Kind,
    /// Behind what has been read.
    position: Mark,
    pub(super) rows: VecDeque<Placed<T>>,
    /// Whether all that there was is among the rows.
    pub(super) is_read: bool,
}

impl<T> Source<T> {
    pub(super) fn new(kind: Kind, since: Mark) -> Self {
        Self { kind, position: since, rows: VecDeque::new(), is_read: false }
    }

    /// Reads pages until there is a row, or no more.
    pub(super) async fn fill<M: Model, C: Columns<M, Row = T>>(
        &mut self,
        select: &mut Select<M, C>,
        connection: &dyn Connection,
        wanted: &Settled,
    ) -> Result<()> {
        while self.rows.is_empty() && !self.is_read {
            let size = select.search.limit.map_or(select.search.page_size, |left| left.min(select.search.page_size));
            let page = self.page(&select.search, size)?;
            match read(&page, &select.columns, connection, wanted).await {
                Err(error) if error.is_too_large() && size > 1 => select.search.page_size = size / 2,
                dated => self.take::<M>(dated?, size)?,
            }
        }
        Ok(())
    }

    /// The search for the next page. The date and the id of a record are compared together, because many records may
    /// have one date: all that one transaction has written.
    fn page<M: Model>(&self, search: &Search<M>, size: u64) -> Result<Search<M>> {
        let at = self.position.at().encode()?;
        let date = |operator| Domain::clause(self.kind.date(), operator, at.clone(), true);
        let behind = match self.position.id() {
            None => date(Operator::GreaterOrEqual),
            Some(id) => {
                let greater = Domain::clause("id", Operator::Greater, id.into(), false);
                date(Operator::Greater).or(date(Operator::Equal).and(greater))
            }
        };
        let mut page = search.clone().filter(behind).limit(size);
        if self.kind == Kind::Created {
            page = page.filter(Domain::clause(Kind::Written.date(), Operator::Equal, Value::Null, true));
        }
        Ok(page.order(Order::raw(self.kind.date(), "ASC")).order(Order::rising_id()))
    }

    /// Notes what came, and makes sure that it is behind what has come before.
    fn take<M: Model>(&mut self, page: Vec<Dated<T>>, size: u64) -> Result<()> {
        self.is_read = (page.len() as u64) < size;
        for Dated { dates, row } in page {
            let at = match self.kind {
                Kind::Created => dates.create_date,
                Kind::Written => dates.write_date,
            };
            let mark = at.zip(row.id).map(|(at, id)| Mark::behind(at, id));
            let Some(mark) = mark.filter(|mark| *mark > self.position) else {
                let reason = "the server sends records that are not in the order of their dates".to_owned();
                let call = Subject::new(&format!("model.{}.search_read", M::NAME));
                return Err(Error::decode(row.id, self.kind.date().to_owned(), reason, false).about(&call));
            };
            self.position = mark;
            self.rows.push_back(Placed { mark, value: row.value });
        }
        Ok(())
    }
}

async fn read<M: Model, C: Columns<M>>(
    page: &Search<M>,
    columns: &C,
    connection: &dyn Connection,
    wanted: &Settled,
) -> Result<Vec<Dated<C::Row>>> {
    let call = page.read(wanted);
    let subject = call.subject().clone();
    fetch(connection, call, WithDates(Each::of(columns, &subject))).await
}

/// A record with its dates.
struct Dated<T> {
    dates: Dates,
    row: Row<Result<T>>,
}

#[derive(Deserialize)]
struct Dates {
    #[serde(deserialize_with = "Decode::decode")]
    create_date: Option<DateTime>,
    #[serde(deserialize_with = "Decode::decode")]
    write_date: Option<DateTime>,
}

/// Reads the dates beside what the columns read, which may be the dates as well.
struct WithDates<'c, M, C>(Each<'c, M, C>);

impl<M, C> Clone for WithDates<'_, M, C> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<'de, M, C: Columns<M>> DeserializeSeed<'de> for WithDates<'_, M, C> {
    type Value = Vec<Dated<C::Row>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        let list = <&RawValue>::deserialize(from)?;
        let mut again = serde_json::Deserializer::from_str(list.get());
        let rows = self.0.deserialize(&mut again).map_err(D::Error::custom)?;
        let dates: Vec<Dates> = serde_json::from_str(list.get()).map_err(D::Error::custom)?;
        Ok(dates.into_iter().zip(rows).map(|(dates, row)| Dated { dates, row }).collect())
    }
}
