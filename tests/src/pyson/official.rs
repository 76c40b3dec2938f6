use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tryton_sdk::{Client, Result};

/// The attributes of a field that servers send as expressions.
const ATTRIBUTES: [&str; 8] =
    ["add_remove", "context", "digits", "domain", "search_context", "search_order", "size", "states"];

/// Returns the distinct expressions of all fields of all models on a server.
///
/// # Errors
///
/// Returns the errors of the calls.
pub async fn official(tryton: &Client) -> Result<BTreeSet<String>> {
    let models: Vec<String> = tryton.call("model.ir.model.list_models", ()).await?;
    let mut expressions = BTreeSet::new();
    for model in models {
        let fields: Map<String, Value> = match tryton.call(&format!("model.{model}.fields_get"), ()).await {
            // Internal models of the server.
            Err(error) if error.is_forbidden() => continue,
            fields => fields?,
        };
        let attributes = fields.values().flat_map(|field| ATTRIBUTES.iter().filter_map(|name| field.get(name)));
        expressions.extend(attributes.filter_map(Value::as_str).map(str::to_owned));
    }
    Ok(expressions)
}
