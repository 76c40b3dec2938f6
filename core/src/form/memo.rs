//! Questions that have been asked already.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::Value;
use std::sync::Arc;

use super::ask::Question;

/// How long an answer is good for: as long as it takes to fill in a form, and not as long as one may lie open.
const GOOD_FOR: Duration = Duration::from_secs(30);

/// The answers to questions that only read. Two new lines of one order ask the same until they differ.
#[derive(Clone, Default)]
pub(super) struct Memo(HashMap<String, (Instant, Arc<Value>)>);

impl Memo {
    pub(super) fn get(&self, key: &str) -> Option<Value> {
        let (asked, answer) = self.0.get(key)?;
        (asked.elapsed() < GOOD_FOR).then(|| Value::clone(answer))
    }

    pub(super) fn insert(&mut self, key: String, answer: &Value) {
        self.0.insert(key, (Instant::now(), Arc::new(answer.clone())));
    }
}

/// What makes two questions equal. The id of a new record is only a name: `own` is left out of the first parameter.
pub(super) fn key(question: &Question, own: Option<i64>) -> String {
    let mut params = question.params.clone();
    if let (Some(id), Some(Value::Object(values))) = (own, params.first_mut())
        && values.get("id").and_then(Value::as_i64) == Some(id)
    {
        values.remove("id");
    }
    format!("{} {} {}", question.method, Value::Array(params), Value::Object(question.context.clone()))
}
