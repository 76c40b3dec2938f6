//! Windows: actions that show records.

use std::marker::PhantomData;

use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::{Error, Result};
use crate::pyson::Expression;
use crate::selected::Selected;
use crate::value::{Id, ModelName};

/// A window on records: those that a wizard has created or found, or those that satisfy a domain.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::action::{Action, WizardStep};
/// use tryton_sdk::{Client, Id, Result};
///
/// async fn shown(tryton: &Client, step: &WizardStep) -> Result<Vec<Id<Party>>> {
///     let mut parties = Vec::new();
///     for next in &step.actions {
///         if let Action::Window(window) = next.read(tryton).await? {
///             parties.extend(window.ids::<Party>(tryton).await?);
///         }
///     }
///     Ok(parties)
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Window {
    action: Value,
    data: Map<String, Value>,
}

impl Window {
    pub(super) fn of(action: Value, data: Map<String, Value>) -> Self {
        Self { action, data }
    }

    /// The server's description of the action: its name, its views, …
    pub fn action(&self) -> &Value {
        &self.action
    }

    /// The model of its records; `None` if it shows something else, such as a board.
    pub fn model(&self) -> Option<&str> {
        self.given("res_model").and_then(Value::as_str)
    }

    /// Returns the ids of its records. If the action does not list them, one request searches for them by its domain.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if the window shows another model, or its domain cannot be
    /// evaluated; otherwise as for [`Connection::send`].
    pub async fn ids<M: ModelName>(&self, connection: &dyn Connection) -> Result<Vec<Id<M>>> {
        if self.model() != Some(M::NAME) {
            let shown = self.model().unwrap_or("no model");
            return Err(Error::invalid_request(format!("the window shows `{shown}`, not `{}`", M::NAME)));
        }
        match self.given("res_id") {
            Some(Value::Array(ids)) => Ok(ids.iter().filter_map(Value::as_i64).map(Id::new).collect()),
            Some(id) if id.is_i64() => Ok(id.as_i64().map(Id::new).into_iter().collect()),
            _ => self.search(connection).await,
        }
    }

    async fn search<M: ModelName>(&self, connection: &dyn Connection) -> Result<Vec<Id<M>>> {
        let mut names = Selected::of(&self.data).into_context();
        names.extend(connection.context().clone().into_keys());
        let keys = match self.expression("pyson_context", &names)? {
            Value::Object(keys) => keys,
            _ => Map::new(),
        };
        names.extend(keys.clone());
        names.insert("context".to_owned(), names.clone().into());
        let domain = match self.expression("pyson_domain", &names)? {
            Value::Null => json!([]),
            domain => domain,
        };
        let context = connection.context().clone().merge(keys.into());
        let params = vec![domain, json!(0), json!(null), json!(null)];
        fetch(connection, Call::on_model(M::NAME, "search", params, &context), PhantomData).await
    }

    /// The value of an attribute that is an expression; null where it has none.
    fn expression(&self, attribute: &str, names: &Map<String, Value>) -> Result<Value> {
        let Some(text) = self.action.get(attribute).and_then(Value::as_str) else { return Ok(Value::Null) };
        Expression::parse(text).and_then(|expression| expression.value(names)).map_err(|fault| {
            let action = self.action.get("id").and_then(Value::as_i64).unwrap_or_default();
            Error::invalid_request(format!("the `{attribute}` of the action {action} cannot be evaluated: {fault}"))
        })
    }

    /// What the action says, or else its data.
    fn given(&self, key: &str) -> Option<&Value> {
        [self.action.get(key), self.data.get(key)].into_iter().flatten().find(|value| !value.is_null())
    }
}
