//! The calls that change records.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroUsize;

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::chosen::known;
use crate::any_draft::AnyDraft;
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::unsendable::Unsendable;
use crate::value::Id;
use crate::value::ModelName;

pub(crate) async fn create<M: ModelName>(connection: &dyn Connection, draft: Draft<M>) -> Result<Id<M>> {
    let ids = create_all(connection, vec![draft]).await?;
    Ok(ids[0])
}

pub(crate) async fn create_many<M: ModelName>(
    connection: &dyn Connection,
    drafts: Vec<Draft<M>>,
) -> Result<Vec<Id<M>>> {
    if drafts.is_empty() { Ok(Vec::new()) } else { create_all(connection, drafts).await }
}

/// The values of the drafts, and those that cannot be sent.
fn in_json<M>(drafts: impl IntoIterator<Item = Draft<M>>) -> (Vec<Value>, Unsendable) {
    let mut unsendable = Unsendable::default();
    let take = |draft: Draft<M>| {
        unsendable.join(draft.unsendable().clone());
        draft.into_json()
    };
    (drafts.into_iter().map(take).collect(), unsendable)
}

/// One id for each draft.
async fn create_all<M: ModelName>(connection: &dyn Connection, drafts: Vec<Draft<M>>) -> Result<Vec<Id<M>>> {
    let count = drafts.len();
    let (values, unsendable) = in_json(drafts);
    let call = Call::of::<M>("create", vec![values.into()], connection.context()).noting(unsendable);
    let subject = call.subject().clone();
    let ids = ids(connection, call).await?;
    if ids.len() != count {
        let reason = format!("expected the ids of {count} new records, got {}", ids.len());
        return Err(Error::decode(None, String::new(), reason, true).about(&subject));
    }
    Ok(ids)
}

pub(crate) async fn create_in_batches<M: ModelName>(
    connection: &dyn Connection,
    mut drafts: Vec<Draft<M>>,
    size: NonZeroUsize,
    mut created: impl FnMut(&[Id<M>]),
) -> Result<Vec<Id<M>>, Unfinished<M>> {
    let mut ids = Vec::with_capacity(drafts.len());
    while !drafts.is_empty() {
        let left = drafts.split_off(size.get().min(drafts.len()));
        match create_all(connection, drafts.clone()).await {
            Ok(more) => {
                created(&more);
                ids.extend(more);
            }
            Err(error) => return Err(Unfinished::new(ids, drafts, left, error)),
        }
        drafts = left;
    }
    Ok(ids)
}

/// The progress of [`create_in_batches`](super::Records::create_in_batches) before it failed. Each draft is in one of its
/// lists.
#[non_exhaustive]
pub struct Unfinished<M> {
    /// The created records, in the order of their drafts.
    pub created: Vec<Id<M>>,
    /// The drafts of a batch whose outcome, or whose ids, are unknown: check before you create them again.
    pub unsure: Vec<Draft<M>>,
    /// The drafts whose records were not created, those of the refused batch first.
    pub left: Vec<Draft<M>>,
    /// The reason why it stopped.
    pub error: Error,
}

/// Whether a write that failed may have been carried out: nobody knows, or its answer could not be read.
pub(super) fn may_be_done(error: &Error) -> bool {
    error.is_outcome_unknown() || error.is_decode()
}

/// Says how much is not done, and why where the alternate form is asked for.
pub(super) fn write_rest(f: &mut fmt::Formatter<'_>, unsure: usize, left: usize, error: &Error) -> fmt::Result {
    if unsure > 0 {
        write!(f, "{unsure} may be, ")?;
    }
    write!(f, "{left} are left")?;
    if f.alternate() { write!(f, ": {error:#}") } else { Ok(()) }
}

impl<M> Unfinished<M> {
    fn new(created: Vec<Id<M>>, mut batch: Vec<Draft<M>>, left: Vec<Draft<M>>, error: Error) -> Self {
        if may_be_done(&error) {
            return Self { created, unsure: batch, left, error };
        }
        batch.extend(left);
        Self { created, unsure: Vec::new(), left: batch, error }
    }
}

impl<M> fmt::Display for Unfinished<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { created, unsure, left, error } = self;
        write!(f, "{} records are created, ", created.len())?;
        write_rest(f, unsure.len(), left.len(), error)
    }
}

impl<M> fmt::Debug for Unfinished<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl<M> std::error::Error for Unfinished<M> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

pub(crate) async fn write<M: ModelName>(connection: &dyn Connection, ids: &[Id<M>], draft: Draft<M>) -> Result<()> {
    write_in(connection, connection.context(), vec![(ids.to_vec(), draft)]).await
}

pub(crate) async fn write_many<M: ModelName>(
    connection: &dyn Connection,
    changes: Vec<(Vec<Id<M>>, Draft<M>)>,
) -> Result<()> {
    write_in(connection, connection.context(), changes).await
}

/// The same in a context that says more than the connection's own.
pub(super) async fn write_in<M: ModelName>(
    connection: &dyn Connection,
    context: &Context,
    changes: Vec<(Vec<Id<M>>, Draft<M>)>,
) -> Result<()> {
    let changes: Vec<_> = changes.into_iter().filter(|(ids, _)| !ids.is_empty()).collect();
    let (ids, drafts): (Vec<_>, Vec<_>) = changes.into_iter().unzip();
    let (values, unsendable) = in_json(drafts);
    let params = ids.into_iter().zip(values).flat_map(|(ids, values)| [json!(ids), values]).collect();
    nothing::<M>(connection, context, "write", params, unsendable).await
}

pub(crate) async fn delete<M: ModelName>(connection: &dyn Connection, ids: &[Id<M>]) -> Result<()> {
    let params = if ids.is_empty() { Vec::new() } else { vec![json!(ids)] };
    nothing::<M>(connection, connection.context(), "delete", params, Unsendable::default()).await
}

pub(crate) async fn copy<M: ModelName>(
    connection: &dyn Connection,
    from: &[Id<M>],
    changes: Draft<M>,
) -> Result<Vec<Id<M>>> {
    if from.is_empty() {
        return Ok(Vec::new());
    }
    let params = vec![json!(from), changes.to_json()];
    ids(connection, Call::of::<M>("copy", params, connection.context()).noting(changes.unsendable().clone())).await
}

pub(crate) async fn defaults<M: Model>(connection: &dyn Connection) -> Result<Draft<M>> {
    let mut names: Vec<_> = M::FIELDS.settable().collect();
    let mut values = default_get::<M>(connection, &names).await;
    if values.as_ref().is_err_and(Error::is_unknown_field) {
        let known = known::<M>(connection).await?;
        names.retain(|name| known.contains_key(*name));
        values = default_get::<M>(connection, &names).await;
    }
    let values = values?;
    Ok(Draft::of(steps_of(values).into_iter().fold(AnyDraft::new(), |said, (name, value)| said.raw(&name, value))))
}

async fn default_get<M: Model>(connection: &dyn Connection, names: &[&str]) -> Result<Map<String, Value>> {
    // Without the names of the records that the defaults lead to.
    let call = Call::of::<M>("default_get", vec![json!(names), json!(false)], connection.context());
    fetch(connection, call, PhantomData).await
}

fn steps_of(values: Map<String, Value>) -> Map<String, Value> {
    values.into_iter().map(|(name, value)| (name, as_steps(value))).collect()
}

/// A default of a list of records comes as their ids, or as the values of records to create.
fn as_steps(value: Value) -> Value {
    let Value::Array(items) = &value else {
        return value;
    };
    let all = |is: fn(&Value) -> bool| !items.is_empty() && items.iter().all(is);
    if all(Value::is_number) {
        json!([["add", items]])
    } else if all(Value::is_object) {
        let drafts = items.iter().filter_map(Value::as_object).map(|values| steps_of(values.clone()));
        json!([["create", drafts.collect::<Vec<_>>()]])
    } else {
        value
    }
}

async fn ids<M>(connection: &dyn Connection, call: Call) -> Result<Vec<Id<M>>> {
    let ids: Vec<i64> = fetch(connection, call, PhantomData).await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Makes a call whose result says nothing; none at all where there is nothing to do.
async fn nothing<M: ModelName>(
    connection: &dyn Connection,
    context: &Context,
    method: &str,
    params: Vec<Value>,
    unsendable: Unsendable,
) -> Result<()> {
    if params.is_empty() {
        return Ok(());
    }
    let call = Call::of::<M>(method, params, context).noting(unsendable);
    fetch(connection, call, PhantomData::<IgnoredAny>).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_of_lists_become_steps() {
        assert_eq!(as_steps(json!([3, 4])), json!([["add", [3, 4]]]));
        assert_eq!(as_steps(json!([{"lines": [5]}])), json!([["create", [{"lines": [["add", [5]]]}]]]));
        for same in [json!(["a", "b"]), json!([]), json!({"a": 1}), json!(7)] {
            assert_eq!(as_steps(same.clone()), same);
        }
    }
}
