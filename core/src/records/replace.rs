//! A list of records becomes exactly what a program wants it to be.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde_json::{Map, Value, json};

use super::write;
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::{Error, Result, reason};
use crate::model::{Field, FieldType, Model, Target, ToMany, Writable};
use crate::value::{Id, Timestamp};

/// The changes of a list by [`Records::replace`](super::Records::replace). If both are empty, nothing was written.
#[non_exhaustive]
pub struct Replaced<M> {
    /// The records that were added to the list, in the given order.
    pub added: Vec<Id<M>>,
    /// The records that were removed from the list.
    pub removed: Vec<Id<M>>,
}

// A derive would ask the same of `M`, which is only a name.
impl<M> Clone for Replaced<M> {
    fn clone(&self) -> Self {
        Self { added: self.added.clone(), removed: self.removed.clone() }
    }
}

impl<M> PartialEq for Replaced<M> {
    fn eq(&self, other: &Self) -> bool {
        self.added == other.added && self.removed == other.removed
    }
}

impl<M> fmt::Debug for Replaced<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers = |ids: &[Id<M>]| ids.iter().map(|id| id.get()).collect::<Vec<_>>();
        write!(f, "Replaced(+{:?} -{:?})", numbers(&self.added), numbers(&self.removed))
    }
}

pub(super) async fn replace<M, T, Q>(
    connection: &dyn Connection,
    id: Id<M>,
    list: Field<M, T, Q>,
    ids: Vec<Id<Target<T>>>,
) -> Result<Replaced<Target<T>>>
where
    M: Model,
    T: FieldType<Base: ToMany>,
    Q: Writable,
{
    // Records that are inactive are on the list as well. The server takes off only those that it finds.
    let context = connection.context().clone().active_test(false);
    let (there, read_at) = read(connection, &context, id, list.name()).await?;
    let there: Vec<Id<Target<T>>> = there.into_iter().map(Id::new).collect();
    let (added, removed) = (missing(&ids, &there), missing(&there, &ids));
    let mut draft = Draft::new();
    if !removed.is_empty() {
        draft = draft.unlink(list, removed.iter().copied());
    }
    if !added.is_empty() {
        draft = draft.link(list, added.iter().copied());
    }
    if !draft.is_empty() {
        let checked = read_at.map(|read_at| Context::new().unchanged_since(id, &read_at)).unwrap_or_default();
        // An earlier time that the caller gives counts more.
        write::write_in(connection, &checked.merge(context), vec![(vec![id], draft)]).await?;
    }
    Ok(Replaced { added, removed })
}

/// The ids on the list, and when the record was last changed; what is no table of the database has no such time.
async fn read<M: Model>(
    connection: &dyn Connection,
    context: &Context,
    id: Id<M>,
    list: &str,
) -> Result<(Vec<i64>, Option<Timestamp>)> {
    let timestamp = M::TIMESTAMP.name();
    let call = Call::of::<M>("read", vec![json!([id]), json!([list, timestamp])], context);
    let subject = call.subject().clone();
    let mut records: Vec<Map<String, Value>> = fetch(connection, call, PhantomData).await?;
    let Some(mut record) = records.pop() else { return Err(Error::not_one(0).about(&subject)) };
    let mut take = |name: &str| record.remove(name).unwrap_or_default();
    let wrong = |name: &str, e| Error::decode(Some(id.get()), name.to_owned(), reason(&e), false).about(&subject);
    let ids: Option<_> = serde_json::from_value(take(list)).map_err(|e| wrong(list, e))?;
    let read_at = serde_json::from_value(take(timestamp)).map_err(|e| wrong(timestamp, e))?;
    Ok((ids.unwrap_or_default(), read_at))
}

/// Those of `these` that are not among `others`, each once.
fn missing<M>(these: &[Id<M>], others: &[Id<M>]) -> Vec<Id<M>> {
    let mut known: HashSet<i64> = others.iter().map(|id| id.get()).collect();
    these.iter().copied().filter(|id| known.insert(id.get())).collect()
}
