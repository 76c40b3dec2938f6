//! Wizards whose views are forms of the SDK.

use serde_json::{Map, Value, json};
use tryton_sdk::form::{NodeId, Op};
use tryton_sdk::{Client, Result};

use crate::bridge::call;

/// The context keys about the records on which a wizard was started. Its forms do not get them.
const ABOUT: &[&str] = &["active_id", "active_ids", "active_model", "action_id"];

/// The wizards of a scenario, by number.
#[derive(Debug, Default)]
pub(crate) struct Wizards(Vec<Wizard>);

#[derive(Debug)]
struct Wizard {
    name: String,
    session: Value,
    /// The state of the last view, and its record.
    form: Option<(String, NodeId)>,
}

/// The result of a state.
pub(crate) struct Next {
    /// A view, and the operation that creates its record.
    pub(crate) view: Option<(View, Op)>,
    /// Pairs of an action and its data.
    pub(crate) actions: Vec<Value>,
}

/// The description of a view for Python.
pub(crate) struct View {
    pub(crate) model: String,
    pub(crate) state: String,
    /// The states that the buttons lead to.
    pub(crate) buttons: Vec<Value>,
}

impl Wizards {
    pub(crate) async fn begin(&mut self, client: &Client, name: String, context: Map<String, Value>) -> Result<Value> {
        let begun = call(client, &format!("wizard.{name}.create"), Vec::new(), context).await?;
        self.0.push(Wizard { name, session: begun[0].clone(), form: None });
        Ok(json!({"wizard": self.0.len() - 1, "session": begun[0], "start": begun[1], "end": begun[2]}))
    }

    /// Returns the record of the last view.
    pub(crate) fn form(&self, wizard: usize) -> Option<NodeId> {
        self.0[wizard].form.as_ref().map(|(_, node)| *node)
    }

    /// Sets the record of the current view.
    pub(crate) fn show(&mut self, wizard: usize, node: NodeId, state: &str) {
        self.0[wizard].form = Some((state.to_owned(), node));
    }

    /// Executes a state. `values` are those of the last view's record.
    pub(crate) async fn execute(
        &self,
        client: &Client,
        wizard: usize,
        state: &str,
        values: Option<Value>,
        context: Map<String, Value>,
    ) -> Result<Next> {
        let Wizard { name, session, form } = &self.0[wizard];
        let data: Map<String, Value> =
            form.iter().zip(values).map(|((state, _), values)| (state.clone(), values)).collect();
        let params = vec![session.clone(), data.into(), state.into()];
        let answer = call(client, &format!("wizard.{name}.execute"), params, context.clone()).await?;
        let actions = answer["actions"].as_array().into_iter().flatten();
        let actions = actions.map(|action| json!([action[0], action.get(1)])).collect();
        Ok(Next { view: answer.get("view").map(|view| shown(view, context)), actions })
    }

    pub(crate) async fn delete(&self, client: &Client, wizard: usize, context: Map<String, Value>) -> Result<Value> {
        let Wizard { name, session, .. } = &self.0[wizard];
        call(client, &format!("wizard.{name}.delete"), vec![session.clone()], context).await
    }
}

/// Returns a view of the server, and the operation that creates its record.
fn shown(view: &Value, mut context: Map<String, Value>) -> (View, Op) {
    context.retain(|key, _| !ABOUT.contains(&key.as_str()));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let values = |key: &str| view[key].as_object().cloned().unwrap_or_default();
    let model = text(&view["fields_view"]["model"]);
    let buttons = view["buttons"].as_array().into_iter().flatten().map(|button| button["state"].clone()).collect();
    let op = Op::View { model: model.clone(), defaults: values("defaults"), values: values("values"), context };
    (View { model, state: text(&view["state"]), buttons }, op)
}
