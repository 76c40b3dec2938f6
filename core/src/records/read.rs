use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::json;

use super::columns::{Projected, Rows};
use super::settled::Settled;
use crate::answer;
use crate::call::Call;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::projection::{Projection, Row};
use crate::value::Id;

/// How many records one of the requests of [`read_many`] asks for.
const BATCH: usize = 500;

/// How many of them are under way at once: a server works on few at a time, whoever asks.
pub(super) const AT_ONCE: usize = 4;

/// Reads any number of records by id, in several requests.
pub(crate) async fn read_many<P: Projection + Send>(
    connection: &dyn Connection,
    ids: &[Id<P::Model>],
) -> Result<Vec<P>> {
    let size = AtomicUsize::new(BATCH);
    let batches: Vec<_> = ids.chunks(BATCH).map(|batch| read_batch(connection, batch, &size)).collect();
    let mut batches = stream::iter(batches).buffered(AT_ONCE);
    let mut records = Vec::with_capacity(ids.len());
    while let Some(batch) = batches.try_next().await? {
        records.extend(batch);
    }
    Ok(records)
}

/// Reads records in as many requests as the server wants. `size` is how many it has given at once so far.
async fn read_batch<P: Projection + Send>(
    connection: &dyn Connection,
    mut ids: &[Id<P::Model>],
    size: &AtomicUsize,
) -> Result<Vec<P>> {
    let mut records = Vec::with_capacity(ids.len());
    while !ids.is_empty() {
        let count = size.load(Ordering::Relaxed).min(ids.len());
        match read(connection, &ids[..count]).await {
            Err(error) if error.is_too_large() && count > 1 => drop(size.fetch_min(count / 2, Ordering::Relaxed)),
            some => {
                records.extend(some?);
                ids = &ids[count..];
            }
        }
    }
    Ok(records)
}

/// Reads records by id, and puts them into the order that was asked for, which the server does not keep.
pub(crate) async fn read<P: Projection>(connection: &dyn Connection, ids: &[Id<P::Model>]) -> Result<Vec<P>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut places: HashMap<i64, Vec<usize>> = HashMap::with_capacity(ids.len());
    let mut once = Vec::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        let known = places.entry(id.get()).or_default();
        if known.is_empty() {
            once.push(id.get());
        }
        known.push(place);
    }

    let columns = Projected::<P>::new();
    let Settled { names, context } = Settled::of(&columns, connection).await?;
    let call = Call::of::<P::Model>("read", vec![json!(once), json!(names)], &context);
    let times = places.values().map(Vec::len).max().unwrap_or(1);
    let copies = copies(connection, &call, &columns, times).await?;
    let mut ordered: Vec<Option<P>> = ids.iter().map(|_| None).collect();
    for rows in copies {
        for Row { id, value } in rows {
            let free = id.and_then(|id| places.get_mut(&id)?.pop());
            if let Some(place) = free {
                ordered[place] = Some(value);
            }
        }
    }
    let missing = |id: Id<_>| {
        let reason = "the server left it out of its answer".to_owned();
        Error::decode(Some(id.get()), String::new(), reason, false).about(call.subject())
    };
    ordered.into_iter().zip(ids).map(|(value, id)| value.ok_or_else(|| missing(*id))).collect()
}

/// Reads the records of one answer so many times: a projection cannot be cloned.
async fn copies<P: Projection>(
    connection: &dyn Connection,
    call: &Call,
    columns: &Projected<P>,
    times: usize,
) -> Result<Vec<Vec<Row<P>>>> {
    let rows = Rows::<P::Model, _>::of(columns);
    let body = connection.send(call).await?;
    let read = |_| answer::read(&body, rows.clone(), call.subject()).map_err(|e| e.about(call.subject()));
    (0..times).map(read).collect()
}
