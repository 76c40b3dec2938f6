//! The models of a server, their methods and their buttons.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::Button;

use super::{IntrospectError, Reader, Rpc, text};

/// The methods that clients may call, by model.
pub(super) type Methods = BTreeMap<String, BTreeSet<String>>;

/// Returns the technical names and labels of all models.
///
/// `ir.model` holds them in `model` and `name` up to 7.x, and in `name` and `string` since 8.0. The code checks which
/// fields the server has, because some series in between moved them.
pub(super) async fn list<R: Rpc>(
    reader: &mut Reader<'_, R>,
) -> Result<BTreeMap<String, String>, IntrospectError<R::Error>> {
    const METHOD: &str = "model.ir.model.search_read";
    let fields = reader.need("model.ir.model.fields_get", vec![json!([])]).await?;
    let (name, label) = if fields.get("string").is_some() { ("name", "string") } else { ("model", "name") };
    let params = vec![json!([]), json!(0), Value::Null, json!([["id", "ASC"]]), json!([name, label])];
    let answer = reader.need(METHOD, params).await?;
    let bad = || IntrospectError::Answer { method: METHOD.to_owned(), expected: "a list of records with a name each" };
    let records = answer.as_array().ok_or_else(bad)?;
    let mut models = BTreeMap::new();
    for record in records {
        let model = record[name].as_str().ok_or_else(bad)?;
        models.insert(model.to_owned(), text(record, label));
    }
    Ok(models)
}

/// Asks the server for its methods.
pub(super) async fn methods<R: Rpc>(reader: &mut Reader<'_, R>) -> Result<Methods, IntrospectError<R::Error>> {
    const METHOD: &str = "system.listMethods";
    let answer = reader.need(METHOD, Vec::new()).await?;
    let Some(names) = answer.as_array() else {
        let expected = "a list of names";
        return Err(IntrospectError::Answer { method: METHOD.to_owned(), expected });
    };
    let mut methods = Methods::new();
    for name in names.iter().filter_map(Value::as_str) {
        let of_model = name.strip_prefix("model.").and_then(|name| name.rsplit_once('.'));
        if let Some((model, method)) = of_model {
            methods.entry(model.to_owned()).or_default().insert(method.to_owned());
        }
    }
    Ok(methods)
}

/// Returns the buttons by model.
///
/// A button's `model` is a record up to 7.x and a name since 8.0; the code checks which.
pub(super) async fn buttons<R: Rpc>(
    reader: &mut Reader<'_, R>,
) -> Result<BTreeMap<String, BTreeMap<String, Button>>, IntrospectError<R::Error>> {
    const MODEL: &str = "ir.model.button";
    let params = vec![json!(["model"])];
    let fields = reader.want(MODEL, "model.ir.model.button.fields_get", params).await?;
    let by_record = fields.is_some_and(|fields| fields["model"]["type"] == "many2one");
    let model = if by_record { "model.model" } else { "model" };
    let columns = ["name", "string", "help", "confirm", model];
    let mut buttons: BTreeMap<String, BTreeMap<String, Button>> = BTreeMap::new();
    for record in reader.records(MODEL, json!([]), &columns).await? {
        let model = if by_record { text(&record["model."], "model") } else { text(&record, "model") };
        let button =
            Button { label: text(&record, "string"), help: text(&record, "help"), confirm: text(&record, "confirm") };
        buttons.entry(model).or_default().insert(text(&record, "name"), button);
    }
    Ok(buttons)
}
