//! Converts a field's definition from the response of `fields_get` to the form of a snapshot.

use std::collections::BTreeMap;

use serde_json::Value;
use tryton_sdk_codegen::plan::MAX_VARIANTS;
use tryton_sdk_codegen::snapshot::{Choice, Field};

use super::{flag, text};

/// Fields by name.
pub(super) type Fields = BTreeMap<String, Field>;

/// Returns the fields in a response of `fields_get`, or why it is invalid.
pub(super) fn fields(answer: &Value) -> Result<Fields, String> {
    let definitions = answer.as_object().ok_or("the response of `fields_get` is not an object")?;
    let named = |(name, definition): (&String, &Value)| {
        if definition.is_object() {
            Ok((name.clone(), field(definition)))
        } else {
            Err(format!("the definition of the field `{name}` is not an object"))
        }
    };
    definitions.iter().map(named).collect()
}

fn field(definition: &Value) -> Field {
    let optional = |key| Some(text(definition, key)).filter(|text| !text.is_empty());
    let is = |key| flag(&definition[key]);
    let selects = definition.get("selection").is_some();
    Field {
        kind: definition["type"].as_str().map(str::to_owned),
        label: text(definition, "string"),
        help: text(definition, "help"),
        required: is("required"),
        readonly: is("readonly"),
        searchable: is("searchable"),
        sortable: is("sortable"),
        lazy: definition["loading"] == "lazy",
        translate: is("translate"),
        relation: optional("relation"),
        relation_field: optional("relation_field"),
        schema_model: optional("schema_model"),
        selection: definition["selection"].as_array().map(|choices| selection(choices)),
        selection_method: optional("selection"),
        selection_with: names(&definition["selection_change_with"]),
        unsorted: selects && !is("sort"),
        digits: digits(&definition["digits"]),
    }
}

/// Returns the pairs of value and label; anything else is left out.
///
/// Lists that are too long for an enum are sorted: some of them, like the time zones, change their order with each
/// start of the server.
fn selection(choices: &[Value]) -> Vec<Choice> {
    let choice = |choice: &Value| {
        let value = match choice.get(0)? {
            Value::Null => None,
            Value::String(value) => Some(value.clone()),
            other => Some(other.to_string()),
        };
        Some((value, choice.get(1)?.as_str().unwrap_or_default().to_owned()))
    };
    let mut choices: Vec<Choice> = choices.iter().filter_map(choice).collect();
    if choices.len() > MAX_VARIANTS {
        choices.sort();
    }
    choices
}

/// Returns a set of names, which servers list in any order.
fn names(list: &Value) -> Vec<String> {
    let names = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut names: Vec<String> = names.map(str::to_owned).collect();
    names.sort();
    names
}

/// Digits are JSON inside a string. A pair of numbers is kept. Names of other fields and expressions, which depend on
/// the record, are not.
fn digits(encoded: &Value) -> Option<(Option<u32>, Option<u32>)> {
    let digits: Value = serde_json::from_str(encoded.as_str()?).ok()?;
    let [before, after] = digits.as_array()?.as_slice() else {
        return None;
    };
    let number = |value: &Value| match value {
        Value::Null => Some(None),
        value => u32::try_from(value.as_u64()?).ok().map(Some),
    };
    Some((number(before)?, number(after)?))
}
