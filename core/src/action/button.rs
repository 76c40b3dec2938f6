//! Buttons, and what they leave to be done.

use std::marker::PhantomData;

use serde_json::{Value, json};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::reply::Reply;
use crate::value::{Id, ModelName};

/// The next step that a button leaves to Tryton's own clients.
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
        fetch(connection, call, PhantomData).await.map(NextStep::of)
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

    /// The answer that says so, for a mock server.
    #[doc(hidden)]
    pub fn into_answer(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::View(step) => step.into(),
            Self::Action(id) => id.into(),
            Self::Other(value) => value,
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
}
