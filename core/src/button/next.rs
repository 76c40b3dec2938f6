//! The next step after a button.

use serde_json::{Map, Value};

use crate::selected::Selected;
use crate::value::{Id, ModelName};

/// The next step after a button, for Tryton's own clients.
///
/// The button has done its work, whatever the next step. An application without such views can ignore it.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
/// use erp::Sale;
/// use tryton_sdk::action::Action;
/// use tryton_sdk::{Client, Id, NextStep, Result};
///
/// async fn confirm(tryton: &Client, sale: Id<Sale>) -> Result<()> {
///     if let NextStep::Action(action) = Sale::confirm(tryton, &[sale]).await? {
///         match action.read(tryton).await? {
///             Action::Wizard(wizard) => println!("the server asks for the wizard {}", wizard.name()),
///             Action::Url(url) => println!("see {url}"),
///             other => println!("{other:?}"),
///         }
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NextStep {
    /// Nothing.
    Nothing,
    /// A step in the views of Tryton's own clients: `reload`, `close`, `switch tree`, `delete`, …
    View(String),
    /// An action to run: [`NextAction::read`] describes it.
    Action(NextAction),
    /// Anything else, as the server sent it.
    Other(Value),
}

/// An action to run after a button or a wizard: a wizard, a report, a window on records, a URL.
///
/// [`read`](Self::read) returns it as an [`Action`](crate::action::Action), which can be run.
#[derive(Clone, Debug, PartialEq)]
pub struct NextAction {
    /// Its id, or the server's description of it.
    pub(crate) action: Value,
    /// What it is run with: the records, and other data of a report.
    pub(crate) data: Map<String, Value>,
}

impl NextStep {
    /// The next step after a button on these records.
    pub(crate) fn of(answer: Value, on: Selected) -> Self {
        let action = |action| Self::Action(NextAction { action, data: on.into_data() });
        match answer {
            Value::Null => Self::Nothing,
            Value::String(step) => Self::View(step),
            Value::Number(id) if id.is_i64() => action(id.into()),
            Value::Object(values) if values.get("type").is_some_and(Value::is_string) => action(values.into()),
            other => Self::Other(other),
        }
    }

    /// The answer that says so, for a mock server.
    #[doc(hidden)]
    pub fn into_answer(self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::View(step) => step.into(),
            Self::Action(next) => next.action,
            Self::Other(value) => value,
        }
    }
}

impl NextAction {
    /// Creates an action without records: the id of an `ir.action`, or a server's description of one.
    ///
    /// ```
    /// use tryton_sdk::action::NextAction;
    ///
    /// assert_eq!(NextAction::new(7).id(), Some(7));
    /// ```
    pub fn new(action: impl Into<Value>) -> Self {
        Self { action: action.into(), data: Map::new() }
    }

    /// Returns the same action on these records.
    #[must_use]
    pub fn on<M: ModelName>(mut self, ids: &[Id<M>]) -> Self {
        self.data.extend(Selected::records(ids).into_data());
        self
    }

    /// The action's id.
    pub fn id(&self) -> Option<i64> {
        self.action.as_i64().or_else(|| self.action.get("id")?.as_i64())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn next(answer: Value) -> NextStep {
        NextStep::of(answer, Selected { model: Some("sale.sale".to_owned()), ids: vec![3, 4] })
    }

    #[test]
    fn what_a_button_leaves_to_be_done() {
        assert_eq!(next(json!(null)), NextStep::Nothing);
        assert_eq!(next(json!("switch tree")), NextStep::View("switch tree".to_owned()));
        assert_eq!(next(json!({"party": 3})), NextStep::Other(json!({"party": 3})));
    }

    #[test]
    fn an_action_is_on_the_records_of_its_button() {
        let data = json!({"model": "sale.sale", "id": 3, "ids": [3, 4]});
        for answer in [json!(7), json!({"id": 7, "type": "ir.action.url", "url": "https://example.com"})] {
            let NextStep::Action(action) = next(answer.clone()) else { panic!("no action: {answer}") };
            assert_eq!((action.id(), &action.action, &json!(action.data)), (Some(7), &answer, &data));
        }
    }
}
