//! The context of a record's calls.

use serde_json::{Map, Value};

use super::records::NodeId;
use super::tree::Work;
use crate::error::Result;

impl Work {
    /// The keys that the calls of a record have over the client's own: its own ones, or those of the record whose list it
    /// is in and of the list itself.
    pub(super) fn context(&self, node: NodeId) -> Result<Map<String, Value>> {
        let record = self.node(node);
        let Some(place) = &record.place else { return Ok(record.context.clone()) };
        let mut context = self.context(place.parent)?;
        let model = self.model(place.parent)?;
        if let Some(expression) = model.fields.get(&place.list).and_then(|list| list.expression("context")) {
            context.extend(self.evaluate(place.parent, expression)?);
        }
        Ok(context)
    }

    /// The object that an expression stands for, of the values of a record.
    ///
    /// What is an expression in it is left out; constants are kept.
    fn evaluate(&self, _node: NodeId, expression: &str) -> Result<Map<String, Value>> {
        let keys: Map<String, Value> = serde_json::from_str(expression).unwrap_or_default();
        let is_constant = |value: &Value| value.get("__class__").is_none();
        Ok(keys.into_iter().filter(|(_, value)| is_constant(value)).collect())
    }
}
