//! Records that are read one by one where they cannot be read together.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error as _};
use serde_json::value::RawValue;

use super::Columns;
use super::columns::Rows;
use crate::answer;
use crate::error::{Result, reason};
use crate::projection::Row;
use crate::subject::Subject;

/// Reads a list of records like [`Rows`], but a record that does not fit is an error for itself.
///
/// The usual list is gone through once. Only of one that holds such a record, each is read alone.
pub(super) struct Each<'c, M, C> {
    rows: Rows<'c, M, C>,
    subject: &'c Subject,
}

impl<'c, M, C> Each<'c, M, C> {
    pub(super) fn of(columns: &'c C, subject: &'c Subject) -> Self {
        Self { rows: Rows::of(columns), subject }
    }
}

impl<M, C> Clone for Each<'_, M, C> {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), subject: self.subject }
    }
}

impl<'de, M, C: Columns<M>> DeserializeSeed<'de> for Each<'_, M, C> {
    type Value = Vec<Row<Result<C::Row>>>;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        let list = <&RawValue>::deserialize(from)?;
        let together = self.rows.clone().deserialize(&mut serde_json::Deserializer::from_str(list.get()));
        match together {
            Ok(rows) => Ok(rows.into_iter().map(|Row { id, value }| Row { id, value: Ok(value) }).collect()),
            Err(error) => match serde_json::from_str::<Vec<&RawValue>>(list.get()) {
                Ok(records) => Ok(records.into_iter().map(|record| self.alone(record)).collect()),
                Err(_) => Err(D::Error::custom(reason(&error))),
            },
        }
    }
}

impl<M, C: Columns<M>> Each<'_, M, C> {
    fn alone(&self, record: &RawValue) -> Row<Result<C::Row>> {
        // In an answer of its own, so that its error says where it is.
        let body = format!(r#"{{"result":[{record}]}}"#);
        let rows: Result<Vec<Row<C::Row>>> = answer::read(body.as_bytes(), self.rows.clone(), self.subject);
        let value = rows.map(|mut rows| rows.pop().expect("a list of one record is read into one").value);
        Row { id: answer::id(record), value: value.map_err(|error| error.about(self.subject)) }
    }
}
