//! Records are created or changed, whichever it takes, by a key.

mod key;
mod outcome;
mod same;

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::write;
use crate::connection::Connection;
use crate::draft::Draft;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;
use crate::value::Id;

pub(super) use key::ids_by;
use key::{BATCH, Key};
pub use outcome::{UnfinishedUpsert, Upserted};
use same::is_same;

pub(super) async fn upsert<M: Model>(
    connection: &dyn Connection,
    key: &str,
    drafts: &[Draft<M>],
) -> Result<Vec<Upserted<M>>, UnfinishedUpsert<M>> {
    let mut run = Run { connection, key, drafts, rows: drafts.iter().map(|_| State::Left).collect() };
    let keyed = run.keyed();
    let mut rest = &keyed[..];
    let mut size = BATCH;
    while !rest.is_empty() {
        let (batch, later) = rest.split_at(size.min(rest.len()));
        match run.batch(batch).await {
            Ok(()) => rest = later,
            // So says a server about a search whose answer, or whose domain, is too long.
            Err(error) if error.is_too_large() && batch.len() > 1 => size = batch.len() / 2,
            Err(error) => return Err(run.stopped(error)),
        }
    }
    Ok(run.finished())
}

/// The progress of a draft.
enum State<M> {
    Left,
    Unsure,
    Done(Upserted<M>),
}

/// The request that drafts are sent by.
enum Work<M> {
    Create,
    /// The record of each draft, and what of it is to be changed.
    Change(HashMap<usize, (Id<M>, Draft<M>)>),
}

struct Run<'a, M> {
    connection: &'a dyn Connection,
    key: &'a str,
    drafts: &'a [Draft<M>],
    rows: Vec<State<M>>,
}

impl<M: Model> Run<'_, M> {
    /// The drafts that can be looked for, with their keys. Others are refused.
    fn keyed(&mut self) -> Vec<(usize, Key)> {
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        let mut keyed = Vec::with_capacity(self.drafts.len());
        for (row, draft) in self.drafts.iter().enumerate() {
            match key_of(draft, self.key) {
                Ok(key) => {
                    places.entry(key.clone()).or_default().push(row);
                    keyed.push((row, key));
                }
                Err(error) => self.refuse(row, error),
            }
        }
        for rows in places.values().filter(|rows| rows.len() > 1) {
            let places: Vec<_> = rows.iter().map(usize::to_string).collect();
            let why = format!("the drafts {} have the same `{}`", places.join(", "), self.key);
            rows.iter().for_each(|row| self.refuse(*row, Error::invalid_request(why.clone())));
        }
        keyed.retain(|(row, _)| matches!(self.rows[*row], State::Left));
        keyed
    }

    /// Reads what there is, creates what is missing, and writes what differs.
    async fn batch(&mut self, batch: &[(usize, Key)]) -> Result<()> {
        let values = |row: &usize| self.drafts[*row].value(self.key).cloned();
        let keys = batch.iter().filter_map(|(row, _)| values(row)).collect();
        let fields: BTreeSet<&str> =
            batch.iter().flat_map(|(row, _)| self.drafts[*row].values()).map(|(field, _)| field).collect();
        let there = key::records::<M>(self.connection, self.key, keys, fields.into_iter().collect()).await?;
        let (mut missing, mut changes, mut changed) = (Vec::new(), HashMap::new(), Vec::new());
        for (row, key) in batch {
            match there.get(key).map(Vec::as_slice) {
                None | Some([]) => missing.push(*row),
                Some([record]) => {
                    let (id, change) = (key::id(record)?, differing(&self.drafts[*row], record));
                    if change.is_empty() {
                        self.rows[*row] = State::Done(Upserted::Unchanged(id));
                    } else {
                        changes.insert(*row, (id, change));
                        changed.push(*row);
                    }
                }
                Some(records) => self.refuse(*row, key::several::<M>(self.key, records)),
            }
        }
        self.carry_out(missing, &Work::Create).await?;
        self.carry_out(changed, &Work::Change(changes)).await
    }

    /// Sends drafts together. Where the server refuses them, each half is tried, until the one that is at fault is alone.
    async fn carry_out(&mut self, rows: Vec<usize>, work: &Work<M>) -> Result<()> {
        let mut batches = vec![rows];
        while let Some(mut rows) = batches.pop() {
            if rows.is_empty() {
                continue;
            }
            match self.send(&rows, work).await {
                Ok(outcomes) => {
                    rows.iter().zip(outcomes).for_each(|(row, outcome)| self.rows[*row] = State::Done(outcome));
                }
                Err(error) if !is_about_a_record(&error) => {
                    if write::may_be_done(&error) {
                        rows.iter().for_each(|row| self.rows[*row] = State::Unsure);
                    }
                    return Err(error);
                }
                Err(error) if rows.len() == 1 => self.refuse(rows[0], error),
                Err(_) => {
                    let second = rows.split_off(rows.len() / 2);
                    batches.extend([second, rows]);
                }
            }
        }
        Ok(())
    }

    /// Makes one request.
    async fn send(&self, rows: &[usize], work: &Work<M>) -> Result<Vec<Upserted<M>>> {
        match work {
            Work::Create => {
                let drafts = rows.iter().map(|row| self.drafts[*row].clone()).collect();
                let ids = write::create_many(self.connection, drafts).await?;
                Ok(ids.into_iter().map(Upserted::Created).collect())
            }
            Work::Change(changes) => {
                let changes: Vec<_> = rows.iter().map(|row| &changes[row]).collect();
                write::write_many(self.connection, grouped(&changes)).await?;
                Ok(changes.iter().map(|(id, _)| Upserted::Changed(*id)).collect())
            }
        }
    }

    fn refuse(&mut self, row: usize, error: Error) {
        self.rows[row] = State::Done(Upserted::Refused(error));
    }

    fn finished(self) -> Vec<Upserted<M>> {
        let done = |state| if let State::Done(outcome) = state { Some(outcome) } else { None };
        self.rows.into_iter().filter_map(done).collect()
    }

    fn stopped(self, error: Error) -> UnfinishedUpsert<M> {
        let (mut done, mut unsure, mut left) = (Vec::new(), Vec::new(), Vec::new());
        for (row, state) in self.rows.into_iter().enumerate() {
            match state {
                State::Done(outcome) => done.push((row, outcome)),
                State::Unsure => unsure.push(row),
                State::Left => left.push(row),
            }
        }
        UnfinishedUpsert { done, unsure, left, error }
    }
}

/// The key that a draft sets.
///
/// # Errors
///
/// Where it sets none, or says what cannot be compared with a record.
fn key_of<M>(draft: &Draft<M>, key: &str) -> Result<Key> {
    draft.unsendable().check()?;
    if let Some(list) = draft.values().find_map(|(field, value)| value.is_none().then_some(field)) {
        let why =
            format!("`{list}` is changed step by step, which is not compared: an upsert takes single values only");
        return Err(Error::invalid_request(why));
    }
    let value = draft.value(key).unwrap_or(&Value::Null);
    if value.as_str().is_some_and(|text| text.trim() != text) {
        let why = format!("white space around the `{key}`, which some servers take off: trim it");
        return Err(Error::invalid_request(why));
    }
    Key::of(value)
        .ok_or_else(|| Error::invalid_request(format!("the draft sets no `{key}`, by which it would be found")))
}

/// The values of the draft that the record does not have.
fn differing<M>(draft: &Draft<M>, record: &Map<String, Value>) -> Draft<M> {
    let has = |field: &str, set| record.get(field).is_some_and(|read| is_same(read, set));
    let values = draft.values().filter_map(|(field, value)| Some((field, value?)));
    let differing = values.filter(|(field, value)| !has(field, value));
    differing.fold(Draft::new(), |change, (field, value)| change.value_of(field, Ok(value.clone())))
}

/// The records that are changed in the same way together, in the order in which they come.
fn grouped<M>(changes: &[&(Id<M>, Draft<M>)]) -> Vec<(Vec<Id<M>>, Draft<M>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(Vec<Id<M>>, Draft<M>)> = Vec::new();
    for (id, change) in changes {
        let place = *places.entry(change.to_json().to_string()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((ids, _)) => ids.push(*id),
            None => groups.push((vec![*id], change.clone())),
        }
    }
    groups
}

/// Whether one record may be the reason, so that others can be written without it. Nothing was written.
fn is_about_a_record(error: &Error) -> bool {
    let kinds = [
        ErrorKind::UserError,
        ErrorKind::Warning,
        ErrorKind::Concurrency,
        ErrorKind::ServerException,
        ErrorKind::TooLarge,
        ErrorKind::TooComplex,
        ErrorKind::Unprocessable,
    ];
    !error.is_outcome_unknown() && kinds.contains(&error.kind())
}
