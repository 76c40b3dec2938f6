use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tryton_sdk::{Client, Result};

/// The attributes of a field that servers write as expressions.
const ATTRIBUTES: [&str; 8] =
    ["add_remove", "context", "digits", "domain", "search_context", "search_order", "size", "states"];

/// The distinct expressions of all fields of all models that a server has.
///
/// # Errors
///
/// Those of the calls.
pub async fn official(tryton: &Client) -> Result<BTreeSet<String>> {
    let models: Vec<String> = tryton.call("model.ir.model.list_models", ()).await?;
    let mut expressions = BTreeSet::new();
    for model in models {
        let fields: Map<String, Value> = match tryton.call(&format!("model.{model}.fields_get"), ()).await {
            // Models of the server's own.
            Err(error) if error.is_forbidden() => continue,
            fields => fields?,
        };
        let attributes = fields.values().flat_map(|field| ATTRIBUTES.iter().filter_map(|name| field.get(name)));
        expressions.extend(attributes.filter_map(Value::as_str).map(str::to_owned));
    }
    Ok(expressions)
}
