//! Questions to the server about the current values of a record.

use serde_json::{Map, Value, json};

use crate::error::Result;
use crate::form::ask::Question;
use crate::form::context::States;
use crate::form::records::NodeId;
use crate::form::tree::Work;

impl Work {
    pub(super) async fn values(&mut self, node: NodeId) -> Result<Value> {
        self.know(node).await?;
        self.settle(node).await?;
        self.record(node, None)
    }

    pub(super) async fn notifications(&mut self, node: NodeId) -> Result<Value> {
        let values = self.values(node).await?;
        let question = Question::new(&self.node(node).model, "on_change_notify", vec![values], self.context(node)?);
        self.ask_one(question).await
    }

    pub(super) async fn choices(&mut self, node: NodeId, field: &str) -> Result<Value> {
        self.know(node).await?;
        let model = self.model(node)?;
        let definition = model.field(field)?;
        let Value::String(method) = &definition.selection else { return Ok(definition.selection.clone()) };
        let params = match definition.selection_change_with.is_empty() {
            true => Vec::new(),
            false => vec![self.read_args(node, &definition.selection_change_with).await?],
        };
        self.ask_one(Question::new(&model.name, method, params, self.context(node)?)).await
    }

    pub(super) async fn autocomplete(&mut self, node: NodeId, field: &str) -> Result<Value> {
        self.know(node).await?;
        let model = self.model(node)?;
        let definition = model.field(field)?;
        if definition.autocomplete.is_empty() {
            return Ok(json!([]));
        }
        let values = self.read_args(node, &definition.autocomplete).await?;
        let method = format!("autocomplete_{field}");
        self.ask_one(Question::new(&model.name, &method, vec![values], self.context(node)?)).await
    }

    /// Evaluates the states of a field, after the record was notified of all changes below it.
    pub(super) async fn states_of(&mut self, node: NodeId, field: &str, context: Map<String, Value>) -> Result<States> {
        self.client_context = Some(context);
        self.know(node).await?;
        self.settle(node).await?;
        self.model(node)?.field(field)?;
        self.read_for(node, &[field.to_owned()], &["states"]).await?;
        self.states(node, field)
    }

    /// Evaluates an attribute that is an expression.
    pub(super) async fn evaluated(&mut self, node: NodeId, field: &str, attribute: &str) -> Result<Value> {
        self.know(node).await?;
        self.settle(node).await?;
        self.model(node)?.field(field)?;
        self.read_for(node, &[field.to_owned()], &[attribute]).await?;
        self.attribute(node, field, attribute)
    }

    /// Returns the arguments of a method that takes the values of these fields.
    pub(super) async fn read_args(&mut self, node: NodeId, names: &[String]) -> Result<Value> {
        self.settle(node).await?;
        let names = || names.iter().map(String::as_str);
        let mut unread = Vec::new();
        self.unread(node, names(), &mut unread)?;
        self.read(unread).await?;
        let mut args = self.args(node, names())?;
        args.remove("id");
        Ok(args.into())
    }
}
