//! Questions that an operation has already asked.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::ask::Question;

/// The answers to questions that only read. Two new lines of an order ask the same questions until they differ.
///
/// They are valid for one operation: after it, anybody may have changed the data they were computed from.
#[derive(Clone, Default)]
pub(super) struct Memo(HashMap<String, Arc<Value>>);

impl Memo {
    pub(super) fn get(&self, key: &str) -> Option<Value> {
        self.0.get(key).map(|answer| Value::clone(answer))
    }

    pub(super) fn insert(&mut self, key: String, answer: &Value) {
        self.0.insert(key, Arc::new(answer.clone()));
    }
}

/// Returns the key by which questions are equal. The id of a new record is only a name: `own` is left out of the first
/// parameter.
pub(super) fn key(question: &Question, own: Option<i64>) -> String {
    let mut params = question.params.clone();
    if let (Some(id), Some(Value::Object(values))) = (own, params.first_mut())
        && values.get("id").and_then(Value::as_i64) == Some(id)
    {
        values.remove("id");
    }
    format!("{} {} {}", question.method, Value::Array(params), Value::Object(question.context.clone()))
}
