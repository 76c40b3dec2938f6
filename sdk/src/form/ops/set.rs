//! Fields are set.

use serde_json::Value;

use crate::error::Result;
use crate::form::model::{FormField, Kind};
use crate::form::tree::{NodeId, Work};

impl Work {
    pub(super) async fn set(&mut self, node: NodeId, field: &str, value: Value) -> Result<()> {
        self.know(node).await?;
        self.settle(node).await?;
        if self.store(node, field, value).await? {
            self.changed(&[(node, vec![field.to_owned()])]).await?;
            self.tell(node).await?;
        }
        Ok(())
    }

    /// Stores a value, and says whether it is another than before.
    pub(super) async fn store(&mut self, node: NodeId, field: &str, value: Value) -> Result<bool> {
        let model = self.model(node)?;
        let definition = model.field(field)?;
        let mut unread = Vec::new();
        self.unread(node, [field].into_iter(), &mut unread)?;
        self.read(unread).await?;
        let value = normal(definition, value);
        let before = self.known(node, field);
        if before.as_ref() == Some(&value) {
            // A new record that was never given a value is given this one: it will be sent.
            if !definition.kind.is_list() {
                self.node_mut(node).values.insert(field.to_owned(), value);
            }
            return Ok(false);
        }
        self.take(node, &[(field.to_owned(), value)].into_iter().collect()).await?;
        Ok(true)
    }
}

/// The value as the server would keep it.
fn normal(field: &FormField, value: Value) -> Value {
    match (field.kind, value) {
        (Kind::Text, Value::String(text)) => field.strip.apply(&text).into(),
        (Kind::Boolean, Value::Null) => false.into(),
        (_, value) => value,
    }
}
