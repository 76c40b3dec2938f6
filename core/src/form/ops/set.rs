//! Sets fields.

use serde_json::Value;

use crate::error::Result;
use crate::form::model::{FormField, Kind};
use crate::form::records::NodeId;
use crate::form::tree::Work;
use crate::value::{Decimal, Decode as _};

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

    /// Stores a value, and returns whether it differs from the previous one.
    pub(super) async fn store(&mut self, node: NodeId, field: &str, value: Value) -> Result<bool> {
        let model = self.model(node)?;
        let definition = model.field(field)?;
        let mut unread = Vec::new();
        self.unread(node, [field].into_iter(), &mut unread)?;
        self.read(unread).await?;
        let value = normal(definition, value);
        let before = self.known(node, field);
        if before.is_some_and(|before| are_equal(&before, &value) || definition.kind.are_blank(&before, &value)) {
            // A new record without a value is given this one: it will be sent.
            if !definition.kind.is_list() {
                self.node_mut(node).values.insert(field.to_owned(), value);
            }
            return Ok(false);
        }
        self.take(node, &[(field.to_owned(), value)].into_iter().collect()).await?;
        Ok(true)
    }
}

/// Returns the value as the server would store it.
fn normal(field: &FormField, value: Value) -> Value {
    match (field.kind, value) {
        (Kind::Text, Value::String(text)) => field.strip.apply(&text).into(),
        (kind, value) => kind.normal(value),
    }
}

/// Whether two values are equal, however they are written: `2` is `2.0`, and the decimal 10 is 10.00.
fn are_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Object(_), Value::Object(_)) => {
            let decimal = |value: &Value| Decimal::decode(value).ok();
            one == other || decimal(one).is_some_and(|one| Some(one) == decimal(other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_equal_however_they_are_written() {
        let decimal = |text: &str| json!({"__class__": "Decimal", "decimal": text});
        for (one, other) in [(json!(2), json!(2.0)), (decimal("10"), decimal("10.00")), (json!([1]), json!([1]))] {
            assert!(are_equal(&one, &other), "{one} {other}");
        }
        for (one, other) in
            [(json!(2), json!(3)), (decimal("1"), decimal("2")), (json!(""), Value::Null), (json!({}), json!({"a": 1}))]
        {
            assert!(!are_equal(&one, &other), "{one} {other}");
        }
    }
}
