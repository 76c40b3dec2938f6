//! Buttons.

use serde_json::{Value, json};

use crate::error::Result;
use crate::form::ask::Question;
use crate::form::records::NodeId;
use crate::form::settle::changes;
use crate::form::tree::Work;

impl Work {
    pub(super) async fn press(&mut self, nodes: &[NodeId], button: &str) -> Result<Value> {
        self.save(nodes).await?;
        let Some((model, mut context)) = self.common(nodes)? else { return Ok(Value::Null) };
        self.check_timestamps(&mut context, nodes);
        let ids: Vec<i64> = nodes.iter().map(|node| self.node(*node).id).collect();
        let answer = self.ask_one(Question::new(&model.name, button, vec![json!(ids)], context)).await?;
        nodes.iter().for_each(|node| self.forget(*node));
        self.keep();
        Ok(answer)
    }

    pub(super) async fn press_on(&mut self, node: NodeId, button: &str, fields: &[String]) -> Result<()> {
        self.know(node).await?;
        let mut values = self.read_args(node, fields).await?;
        values["id"] = self.node(node).id.into();
        let model = self.node(node).model.clone();
        let answer = self.ask_one(Question::new(&model, button, vec![values], self.context(node)?)).await?;
        for change in changes(&answer) {
            self.take(node, change).await?;
        }
        self.tell(node).await
    }
}
