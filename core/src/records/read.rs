use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::json;

use super::columns::{Projected, Rows};
use super::settled::Settled;
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::projection::{Projection, Row};
use crate::value::Id;
use crate::{Model, ModelName};

/// How many records one of the requests of [`read_many`] asks for.
const BATCH: usize = 500;

/// How many of them are under way at once: a server works on few at a time, whoever asks.
const AT_ONCE: usize = 4;

/// Reads any number of records by id, in several requests.
pub(crate) async fn read_many<P: Projection + Send>(
    connection: &dyn Connection,
    ids: &[Id<P::Model>],
) -> Result<Vec<P>> {
    places(ids)?;
    let batches: Vec<_> = ids.chunks(BATCH).map(|batch| read(connection, batch)).collect();
    let mut batches = stream::iter(batches).buffered(AT_ONCE);
    let mut records = Vec::with_capacity(ids.len());
    while let Some(batch) = batches.try_next().await? {
        records.extend(batch);
    }
    Ok(records)
}

/// Reads records by id, and puts them into the order that was asked for, which the server does not keep.
pub(crate) async fn read<P: Projection>(connection: &dyn Connection, ids: &[Id<P::Model>]) -> Result<Vec<P>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let places = places(ids)?;
    let columns = Projected::<P>::new();
    let Settled { names, context } = Settled::of(&columns, connection).await?;
    let call = Call::on_model(P::Model::NAME, "read", vec![json!(ids), json!(names)], &context);
    let subject = call.subject().clone();
    let rows = fetch(connection, call, Rows::<P::Model, _>::of(&columns)).await?;

    let mut ordered: Vec<Option<P>> = ids.iter().map(|_| None).collect();
    for Row { id, value } in rows {
        if let Some(place) = id.and_then(|id| places.get(&id)) {
            ordered[*place] = Some(value);
        }
    }
    let missing = |id: Id<_>| {
        let reason = "the server left it out of its answer".to_owned();
        Error::decode(Some(id.get()), String::new(), reason, false).about(&subject)
    };
    ordered.into_iter().zip(ids).map(|(value, id)| value.ok_or_else(|| missing(*id))).collect()
}

/// Where each id is in the list. An id that is given twice is answered once: there would be nothing for its other place.
fn places<M: Model>(ids: &[Id<M>]) -> Result<HashMap<i64, usize>> {
    let mut places = HashMap::with_capacity(ids.len());
    for (place, id) in ids.iter().enumerate() {
        if places.insert(id.get(), place).is_some() {
            return Err(Error::invalid_request(format!("the id {id:?} is given twice: read each record once")));
        }
    }
    Ok(places)
}
