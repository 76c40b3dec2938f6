//! The calls that change records, and the buttons.

use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroUsize;

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::any_draft::AnyDraft;
use crate::client::Client;
use crate::draft::Draft;
use crate::error::{Error, Result};
use crate::model::{Model, ModelName};
use crate::reply::Reply;
use crate::rpc::Call;
use crate::value::Id;

pub(crate) async fn create<M: ModelName>(client: &Client, draft: Draft<M>) -> Result<Id<M>> {
    let ids = created(client, &[draft]).await?;
    Ok(ids[0])
}

pub(crate) async fn create_many<M: ModelName>(client: &Client, drafts: Vec<Draft<M>>) -> Result<Vec<Id<M>>> {
    if drafts.is_empty() { Ok(Vec::new()) } else { created(client, &drafts).await }
}

/// One id for each draft.
async fn created<M: ModelName>(client: &Client, drafts: &[Draft<M>]) -> Result<Vec<Id<M>>> {
    let call = Call::on_model(M::NAME, "create", vec![json!(drafts)], client.context());
    let subject = call.subject().clone();
    let ids = ids(client, call).await?;
    if ids.len() != drafts.len() {
        let reason = format!("expected the ids of {} new records, got {}", drafts.len(), ids.len());
        return Err(Error::decode(None, String::new(), reason, true).about(&subject));
    }
    Ok(ids)
}

pub(crate) async fn create_in_batches<M: ModelName>(
    client: &Client,
    mut drafts: Vec<Draft<M>>,
    size: NonZeroUsize,
) -> Result<Vec<Id<M>>, Unfinished<M>> {
    let mut ids = Vec::with_capacity(drafts.len());
    while !drafts.is_empty() {
        let left = drafts.split_off(size.get().min(drafts.len()));
        match created(client, &drafts).await {
            Ok(more) => ids.extend(more),
            Err(error) => return Err(Unfinished::new(ids, drafts, left, error)),
        }
        drafts = left;
    }
    Ok(ids)
}

/// How far [`create_in_batches`](crate::Model::create_in_batches) came before it failed. Each draft is in one of its lists.
#[non_exhaustive]
pub struct Unfinished<M> {
    /// The records that are created, in the order of their drafts.
    pub created: Vec<Id<M>>,
    /// The drafts of a batch of which nobody knows whether its records are created, or which ids they have: look before
    /// you create them again.
    pub unsure: Vec<Draft<M>>,
    /// The drafts whose records are not created; those of a batch that the server refused come first.
    pub left: Vec<Draft<M>>,
    /// Why it went no further.
    pub error: Error,
}

impl<M> Unfinished<M> {
    fn new(created: Vec<Id<M>>, mut batch: Vec<Draft<M>>, left: Vec<Draft<M>>, error: Error) -> Self {
        // An answer that cannot be read came after the records were created.
        if error.is_outcome_unknown() || error.is_decode() {
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
        if !unsure.is_empty() {
            write!(f, "{} may be, ", unsure.len())?;
        }
        write!(f, "{} are left: {error}", left.len())
    }
}

impl<M> fmt::Debug for Unfinished<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<M> std::error::Error for Unfinished<M> {}

pub(crate) async fn write<M: ModelName>(client: &Client, ids: &[Id<M>], draft: Draft<M>) -> Result<()> {
    write_many(client, vec![(ids.to_vec(), draft)]).await
}

pub(crate) async fn write_many<M: ModelName>(client: &Client, changes: Vec<(Vec<Id<M>>, Draft<M>)>) -> Result<()> {
    let changes = changes.into_iter().filter(|(ids, _)| !ids.is_empty());
    let params: Vec<Value> = changes.flat_map(|(ids, draft)| [json!(ids), json!(draft)]).collect();
    nothing::<M>(client, "write", params).await
}

pub(crate) async fn delete<M: ModelName>(client: &Client, ids: &[Id<M>]) -> Result<()> {
    let params = if ids.is_empty() { Vec::new() } else { vec![json!(ids)] };
    nothing::<M>(client, "delete", params).await
}

pub(crate) async fn copy<M: ModelName>(client: &Client, from: &[Id<M>], changes: Draft<M>) -> Result<Vec<Id<M>>> {
    if from.is_empty() {
        return Ok(Vec::new());
    }
    ids(client, Call::on_model(M::NAME, "copy", vec![json!(from), json!(changes)], client.context())).await
}

pub(crate) async fn defaults<M: Model>(client: &Client) -> Result<Draft<M>> {
    let names: Vec<_> = M::FIELDS.settable().collect();
    // Without the names of the records that the defaults lead to.
    let call = Call::on_model(M::NAME, "default_get", vec![json!(names), json!(false)], client.context());
    let values: Map<String, Value> = client.fetch(call, PhantomData).await?;
    Ok(Draft::of(steps_of(values).into_iter().fold(AnyDraft::new(), |said, (name, value)| said.set(&name, value))))
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

async fn ids<M>(client: &Client, call: Call) -> Result<Vec<Id<M>>> {
    let ids: Vec<i64> = client.fetch(call, PhantomData).await?;
    Ok(ids.into_iter().map(Id::new).collect())
}

/// Makes a call whose result says nothing; none at all where there is nothing to do.
async fn nothing<M: ModelName>(client: &Client, method: &str, params: Vec<Value>) -> Result<()> {
    if params.is_empty() {
        return Ok(());
    }
    let call = Call::on_model(M::NAME, method, params, client.context());
    client.fetch(call, PhantomData::<IgnoredAny>).await.map(drop)
}

/// What a button leaves to be done, as it tells Tryton's own clients.
///
/// The button has done its work whatever the next step is. An application without such views can ignore it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NextStep {
    /// Nothing.
    Nothing,
    /// A step in the views of Tryton's own clients: `reload`, `close`, `switch tree`, `delete`, …
    View(String),
    /// An action to run: the id of an `ir.action`.
    Action(i64),
    /// An action with values of its own, or changes of the fields that a view shows, as the server wrote them.
    Other(Value),
}

/// The function of a button, as [`buttons!`](crate::buttons) makes it: `Sale::quote`.
pub(crate) type Button<M> = for<'a> fn(&'a Client, &'a [Id<M>]) -> Reply<'a, NextStep>;

/// Presses a button on records; on none, nothing is sent.
#[inline(never)]
pub fn press<'a, M: ModelName>(client: &'a Client, name: &'static str, ids: &'a [Id<M>]) -> Reply<'a, NextStep> {
    Reply::new(async move {
        if ids.is_empty() {
            return Ok(NextStep::Nothing);
        }
        let call = Call::on_model(M::NAME, name, vec![json!(ids)], client.context());
        client.fetch(call, PhantomData).await.map(NextStep::of)
    })
}

impl NextStep {
    pub(crate) fn of(answer: Value) -> Self {
        match answer {
            Value::Null => Self::Nothing,
            Value::String(step) => Self::View(step),
            other => other.as_i64().map_or(Self::Other(other), Self::Action),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_button_leaves_to_be_done() {
        assert_eq!(NextStep::of(json!(null)), NextStep::Nothing);
        assert_eq!(NextStep::of(json!("switch tree")), NextStep::View("switch tree".to_owned()));
        assert_eq!(NextStep::of(json!(7)), NextStep::Action(7));
        assert_eq!(NextStep::of(json!({"type": "ir.action.url"})), NextStep::Other(json!({"type": "ir.action.url"})));
    }

    #[test]
    fn defaults_of_lists_become_steps() {
        assert_eq!(as_steps(json!([3, 4])), json!([["add", [3, 4]]]));
        assert_eq!(as_steps(json!([{"lines": [5]}])), json!([["create", [{"lines": [["add", [5]]]}]]]));
        for same in [json!(["a", "b"]), json!([]), json!({"a": 1}), json!(7)] {
            assert_eq!(as_steps(same.clone()), same);
        }
    }
}
