//! Buttons, and what they leave to be done.

mod next;
mod probe;

use std::marker::PhantomData;

use serde_json::json;

pub use next::{NextAction, NextStep};
pub use probe::{Button, method_of};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::reply::Reply;
use crate::selected::Selected;
use crate::value::{Id, ModelName};

/// Presses a button on records; on none, nothing is sent.
#[inline(never)]
pub fn press<'a, M: ModelName>(
    connection: &'a dyn Connection,
    name: &'static str,
    ids: &'a [Id<M>],
) -> Reply<'a, NextStep> {
    Reply::new(async move {
        if ids.is_empty() {
            return Ok(NextStep::Nothing);
        }
        let call = Call::of::<M>(name, vec![json!(ids)], connection.context());
        let answer = fetch(connection, call, PhantomData).await?;
        Ok(NextStep::of(answer, Selected::records(ids)))
    })
}
