//! Bare exceptions of the server: a name in the call that it does not know, or a domain that is nested too deeply.
//!
//! For an unknown field or model, all series return only the text of Python's `KeyError`: `'the_name'`. It is treated as
//! a field name only if the call has that name where fields are expected.

use serde_json::Value;

use crate::call::Call;
use crate::error::Error;

/// Python's message for a domain that is nested too deeply. In other calls it indicates a bug in the server's code.
const TOO_DEEP: &str = "maximum recursion depth exceeded";

/// Explains the error if the server lacks a field or model that the call names, or if a domain is too deep.
pub(super) fn explained(error: Error, call: &Call) -> Error {
    let Some(text) = error.exception_text() else { return error };
    let Some(subject) = target(call) else { return error };
    if text.starts_with(TOO_DEEP)
        && call.subject().method().rsplit('.').next().is_some_and(|name| name.starts_with("search"))
    {
        return error.of_query();
    }
    let key = quoted(text);
    if key == Some(subject) || text == format!("<class 'trytond.pool.{subject}'> not found") {
        return error.lacking(subject, None);
    }
    let (Some(model), Some(name)) = (call.subject().model(), key.or_else(|| attribute(text)).or_else(|| default(text)))
    else {
        return error;
    };
    match place(call, name) {
        Some(path) => error.lacking(model, Some(path)),
        None => error,
    }
}

/// Returns the model, wizard or report whose method is called.
fn target(call: &Call) -> Option<&str> {
    let (service, rest) = call.subject().method().split_once('.')?;
    let (name, _) = rest.rsplit_once('.')?;
    matches!(service, "model" | "wizard" | "report").then_some(name)
}

/// Extracts the name from `'name'`, the text of a `KeyError`.
fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('\'')?.strip_suffix('\'')
}

/// Extracts the name from `'sale.sale' Model has no attribute 'name': …`, raised for a record's values.
fn attribute(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("Model has no attribute '")?;
    let name = rest.split('\'').next()?;
    Some(name.strip_prefix("on_change_with_").unwrap_or(name))
}

/// Extracts the name from `Invalid default fields {'name'} for sale.sale`, raised for the values of copies.
fn default(text: &str) -> Option<&str> {
    text.strip_prefix("Invalid default fields {'")?.split('\'').next()
}

/// Returns the path of a field with this name in the call.
fn place(call: &Call, name: &str) -> Option<String> {
    let method = call.subject().method().rsplit('.').next()?;
    // The context is the last parameter.
    let (_, params) = call.params().split_last()?;
    let at = |index: usize| params.get(index);
    match method {
        "search" | "search_count" | "search_read" => at(0)
            .and_then(|domain| in_domain(domain, name))
            .or_else(|| at(3).and_then(Value::as_array)?.iter().find_map(|order| in_path(order.get(0)?, name)))
            .or_else(|| in_paths(at(4)?, name)),
        "read" | "export_data" => in_paths(at(1)?, name),
        "default_get" | "import_data" => in_paths(at(0)?, name),
        "create" | "write" | "copy" => params.iter().find_map(|values| in_values(values, name)),
        _ if method.starts_with("on_change") => {
            params.iter().find_map(|values| in_values(values, name)).or_else(|| in_paths(at(1)?, name))
        }
        _ => None,
    }
}

fn in_paths(paths: &Value, name: &str) -> Option<String> {
    paths.as_array()?.iter().find_map(|path| in_path(path, name))
}

/// Returns the path up to the name.
fn in_path(path: &Value, name: &str) -> Option<String> {
    let path = path.as_str()?;
    let mut end = 0;
    for segment in path.split_inclusive(['.', ':', '/']) {
        let field = segment.trim_end_matches(['.', ':', '/']);
        if field == name {
            return Some(path[..end + field.len()].to_owned());
        }
        end += segment.len();
    }
    None
}

fn in_domain(domain: &Value, name: &str) -> Option<String> {
    let items = domain.as_array()?;
    match items.as_slice() {
        [Value::String(path), Value::String(operator), value, ..] => {
            in_path(&items[0], name).or_else(|| match operator.as_str() {
                "where" | "not where" => Some(format!("{path}.{}", in_domain(value, name)?)),
                _ => None,
            })
        }
        items => items.iter().find_map(|item| in_domain(item, name)),
    }
}

/// Searches a record's values, including those of the records in its lists, which are inside lists of commands.
fn in_values(values: &Value, name: &str) -> Option<String> {
    match values {
        Value::Array(items) => items.iter().find_map(|item| in_values(item, name)),
        Value::Object(values) if values.contains_key(name) => Some(name.to_owned()),
        Value::Object(values) => values.iter().find_map(|(field, value)| match value {
            Value::Array(_) => Some(format!("{field}.{}", in_values(value, name)?)),
            _ => None,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Context;
    use crate::error::fault;

    fn explain(method: &str, params: Value, text: &str) -> Error {
        let call = Call::new(method, params, &Context::new().set("alien", 1)).expect("a call");
        explained(fault(json!([text, ""])), &call)
    }

    #[test]
    fn a_bare_name_is_that_of_a_field_where_the_call_has_one() {
        let search =
            json!([[["OR", ["lines", "where", [["alien", "=", 1]]]]], 0, 5, [["party.alien2", "ASC"]], ["a.alien3.b"]]);
        for (method, params, name, path) in [
            ("search_read", search.clone(), "alien", "lines.alien"),
            ("search_read", search.clone(), "alien2", "party.alien2"),
            ("search_read", search, "alien3", "a.alien3"),
            ("read", json!([[1], ["name", "alien:string"]]), "alien", "alien"),
            ("create", json!([[{"lines": [["create", [{"alien": 1}]]]}]]), "alien", "lines.alien"),
            ("write", json!([[1], {"name": "x"}, [2], {"alien": 1}]), "alien", "alien"),
            ("default_get", json!([["name", "alien"]]), "alien", "alien"),
            ("import_data", json!([["lines/alien"], [["x"]]]), "alien", "lines/alien"),
        ] {
            let error = explain(&format!("model.sale.sale.{method}"), params, &format!("'{name}'"));
            assert!(error.is_unknown_field() && error.field() == Some(path), "{method} {name}: {error}");
            assert_eq!(error.exception_text(), Some(&*format!("'{name}'")));
        }
        // A value, a key of the context, a key of a dictionary: bugs in the server's code.
        for (method, params) in [
            ("search", json!([[["state", "=", "alien"]], 0, null, null])),
            ("read", json!([[1], ["name"]])),
            ("write", json!([[1], {"attributes": {"alien": 1}}])),
            ("quote", json!([[1], {"alien": 1}])),
        ] {
            let error = explain(&format!("model.sale.sale.{method}"), params, "'alien'");
            assert!(error.is_server_exception(), "{method}: {error}");
        }
    }

    #[test]
    fn only_a_search_is_too_deep_for_python() {
        let text = "maximum recursion depth exceeded in comparison";
        assert!(explain("model.sale.sale.search_count", json!([[]]), text).is_too_complex());
        assert!(explain("model.sale.sale.quote", json!([[1]]), text).is_server_exception());
    }

    #[test]
    fn a_name_of_the_call_itself_is_that_of_a_model() {
        for (method, text) in [
            ("model.no.such.read", "'no.such'"),
            ("wizard.no.such.create", "'no.such'"),
            ("report.no.such.execute", "<class 'trytond.pool.no.such'> not found"),
        ] {
            let error = explain(method, json!([]), text);
            assert!(error.is_unknown_model() && error.field().is_none(), "{method}: {error}");
            assert!(error.to_string().contains("the server has no `no.such`: "), "{error}");
        }
    }
}
