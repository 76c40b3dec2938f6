//! The values of a draft as a wizard takes them.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// The values of a record as a wizard takes them, which sets them one by one: of a list, the ids or the values of its
/// records instead of steps, and nothing of what `party.` says of the record that `party` leads to.
pub(super) fn plain(values: &Map<String, Value>, state: &str) -> Result<Value> {
    let values = values.iter().filter(|(field, _)| !field.contains('.'));
    values.map(|(field, value)| Ok((field.clone(), plain_value(value, &format!("{state}.{field}"))?))).collect()
}

fn plain_value(value: &Value, path: &str) -> Result<Value> {
    match value {
        Value::Array(items) => plain_list(items, path).map(Value::Array),
        other => Ok(other.clone()),
    }
}

fn plain_list(items: &[Value], path: &str) -> Result<Vec<Value>> {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        let (step, records) = match item {
            Value::Object(record) => {
                list.push(plain(record, path)?);
                continue;
            }
            Value::Array(step) => (step.first().and_then(Value::as_str), step.get(1).and_then(Value::as_array)),
            _ => (None, None),
        };
        match (step, records) {
            (Some("add"), Some(ids)) => list.extend_from_slice(ids),
            (Some("create"), Some(records)) => list.extend(plain_list(records, path)?),
            (Some(step @ ("remove" | "delete" | "write" | "copy")), _) => {
                let why = format!(
                    "`{step}` of the list `{path}`: a wizard takes the whole list, of records that exist (`link`) and of \
                     new ones (`add`)"
                );
                return Err(Error::invalid_request(why));
            }
            _ => list.push(item.clone()),
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plainly(values: Value) -> Result<Value> {
        plain(values.as_object().expect("an object"), "ask")
    }

    #[test]
    fn steps_become_the_lists_that_they_make() {
        let values = json!({
            "moves": [["add", [1, 2]], ["add", [3]]],
            "lines": [["create", [{"n": 1, "taxes": [["add", [4]]]}]], ["add", [5]]],
            "none": [["add", []]],
            "shown": [6, 7],
            "shown_lines": [{"party": 1, "party.": {"rec_name": "A"}, "subs": [["create", [{"n": 2}]]]}],
            "party.": {"rec_name": "A"},
            "choices": ["add", "remove"],
            "text": "remove",
        });
        let expected = json!({
            "moves": [1, 2, 3],
            "lines": [{"n": 1, "taxes": [4]}, 5],
            "none": [],
            "shown": [6, 7],
            "shown_lines": [{"party": 1, "subs": [{"n": 2}]}],
            "choices": ["add", "remove"],
            "text": "remove",
        });
        assert_eq!(plainly(values).expect("plain"), expected);
    }

    #[test]
    fn a_wizard_cannot_be_told_other_steps() {
        for step in
            [json!(["remove", [1]]), json!(["delete", [1]]), json!(["write", [1], {}]), json!(["copy", [1], {}])]
        {
            let lines = json!([["create", [{"taxes": [step]}]]]);
            let error = plainly(json!({ "lines": lines })).expect_err("no list");
            assert!(error.is_invalid_request() && error.to_string().contains("`ask.lines.taxes`"), "{error}");
        }
    }
}
