//! The records that a button, a report or a wizard is on.

use serde_json::{Map, Value, json};

use crate::value::{Id, ModelName};

/// Records of one model, or none of no model.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Selected {
    pub model: Option<String>,
    pub ids: Vec<i64>,
}

impl Selected {
    pub(crate) fn records<M: ModelName>(ids: &[Id<M>]) -> Self {
        Self { model: Some(M::NAME.to_owned()), ids: ids.iter().map(|id| id.get()).collect() }
    }

    /// The records that the data of an action names.
    pub(crate) fn of(data: &Map<String, Value>) -> Self {
        let ids = data.get("ids").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64);
        Self { model: data.get("model").and_then(Value::as_str).map(str::to_owned), ids: ids.collect() }
    }

    /// The data of an action that is run on these records.
    pub(crate) fn into_data(self) -> Map<String, Value> {
        let (id, ids) = (json!(self.ids.first()), json!(self.ids));
        let data = [("model", json!(self.model)), ("id", id), ("ids", ids)];
        data.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }

    /// The same for the context in which Tryton's own clients start a wizard or open a window.
    pub(crate) fn into_context(self) -> Map<String, Value> {
        self.into_data().into_iter().map(|(key, value)| (format!("active_{key}"), value)).collect()
    }
}
