//! What is secret of a call and its answer, and is not to be in a file.
//!
//! Only text and binary content is: what a field is named says nothing of ids and times, nor whether it has a value.
//! What stands in its place is of the same type, so that a program that reads it takes it for the same.

use serde_json::{Map, Value, json};

use crate::query::is_operator;

const REMOVED: &str = "removed";
/// The same as binary content.
const REMOVED_BASE64: &str = "cmVtb3ZlZA==";

/// Words that the names of secrets hold.
const WORDS: &[&str] = &["password", "passwd", "secret", "token", "cookie", "api_key", "private_key"];

/// Gives a device's cookie for another, neither by a name.
pub(super) fn is_secret_call(method: &str) -> bool {
    method == "model.res.user.device.renew"
}

/// The result says by each field's name what the field is, and no value of it.
pub(super) fn gives_definitions(method: &str) -> bool {
    method.ends_with(".fields_get")
}

/// Removes the values whose names say that they are secret from a call of this method, or from its answer.
pub(super) fn remove(value: &mut Value, method: &str) {
    remove_from(value, is_of_application(method));
}

/// The same of the entries of an object.
pub(super) fn remove_from_entries(entries: &mut Map<String, Value>, method: &str) {
    remove_named(entries, is_of_application(method));
}

fn is_of_application(method: &str) -> bool {
    method.starts_with("model.res.user.application.")
}

/// A record of `res.user.application` is called by its key.
fn is_secret(name: &str, is_of_application: bool) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit('.').next();
    WORDS.iter().any(|word| name.contains(word))
        || last == Some("key")
        || (is_of_application && last == Some("rec_name"))
}

/// Whether the first parameter names the columns of the rows that are the second.
pub(super) fn is_import(method: &str) -> bool {
    method.ends_with(".import_data")
}

/// The names of the columns, where the result of the call is rows without names.
pub(super) fn exported_columns<'p>(method: &str, params: &'p [Value]) -> Option<&'p Value> {
    let is_export = method.ends_with(".export_data") || method.ends_with(".export_data_domain");
    params.get(1).filter(|_| is_export)
}

/// Removes from rows what stands in the columns whose names say that it is secret.
pub(super) fn remove_columns(rows: &mut Value, names: &Value, method: &str) {
    let names = names.as_array().into_iter().flatten().map(|name| name.as_str().unwrap_or_default());
    let is_secret: Vec<_> = names.map(|name| is_secret_column(name, is_of_application(method))).collect();
    for row in rows.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut) {
        row.iter_mut().zip(&is_secret).filter(|(_, is_secret)| **is_secret).for_each(|(cell, _)| remove_texts(cell));
    }
}

/// A column of a relation holds the names of its records.
fn is_secret_column(path: &str, is_of_application: bool) -> bool {
    let (relations, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_application = |name: &str| name.starts_with("applications");
    let is_of_application = is_of_application || relations.split('/').any(is_application);
    WORDS.iter().any(|word| relations.to_lowercase().contains(word))
        || is_secret(name, is_of_application)
        || is_application(name)
}

fn remove_from(value: &mut Value, is_of_application: bool) {
    match value {
        Value::Array(items) => match items.as_mut_slice() {
            [Value::String(name), Value::String(operator), value, ..]
                if is_secret(name, is_of_application) && is_operator(operator) =>
            {
                remove_texts(value);
            }
            items => items.iter_mut().for_each(|item| remove_from(item, is_of_application)),
        },
        Value::Object(entries) => remove_named(entries, is_of_application),
        _ => {}
    }
}

fn remove_named(entries: &mut Map<String, Value>, is_of_application: bool) {
    for (name, value) in entries {
        if is_secret(name, is_of_application) {
            remove_texts(value);
        } else {
            // The field of a user.
            remove_from(value, is_of_application || name.starts_with("applications"));
        }
    }
}

/// Removes all text and all binary content.
pub(super) fn remove_texts(value: &mut Value) {
    match value {
        Value::String(_) => *value = REMOVED.into(),
        Value::Array(items) => items.iter_mut().for_each(remove_texts),
        Value::Object(entries) => match entries.get("__class__").and_then(Value::as_str) {
            Some("bytes") => *value = json!({"__class__": "bytes", "base64": REMOVED_BASE64}),
            // Of a number or a time.
            Some(_) => {}
            None => entries.values_mut().for_each(remove_texts),
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::call::Call;
    use super::super::recording::Said;
    use super::*;

    #[test]
    fn what_is_named_a_secret_is_removed_whatever_holds_it() {
        let time = json!({"__class__": "datetime", "year": 2026});
        let binary = |base64: &str| json!({"__class__": "bytes", "base64": base64});
        for (value, expected) in [
            (json!({"password": "geheim", "name": "a"}), json!({"password": "removed", "name": "a"})),
            (
                json!([{"sub": [{"SMTP_Token": "t", "n": 1, "token": null, "is_secret": true}]}]),
                json!([{"sub": [{"SMTP_Token": "removed", "n": 1, "token": null, "is_secret": true}]}]),
            ),
            (json!({"tokens": ["a", ["b"]]}), json!({"tokens": ["removed", ["removed"]]})),
            (json!({"secrets": {"a": "b", "n": 1}}), json!({"secrets": {"a": "removed", "n": 1}})),
            (json!({"private_key": binary("Z2VoZWlt")}), json!({"private_key": binary("cmVtb3ZlZA==")})),
            (json!({"reset_password_token_expire": time}), json!({"reset_password_token_expire": time})),
            (json!([{"key": "k", "keyword": "a"}]), json!([{"key": "removed", "keyword": "a"}])),
            (json!([["key", "=", "k"], ["a", "=", "b"]]), json!([["key", "=", "removed"], ["a", "=", "b"]])),
            (json!([["key", "in", ["k"]]]), json!([["key", "in", ["removed"]]])),
            (json!(["password", "name", "key"]), json!(["password", "name", "key"])),
        ] {
            let mut removed = value.clone();
            remove(&mut removed, "model.res.user.read");
            assert_eq!(removed, expected, "{value}");
        }
    }

    #[test]
    fn columns_are_secret_by_their_names_though_no_cell_has_one() {
        let names = json!(["login", "password", "applications/rec_name", "applications", "lines/key", "keyword", "no"]);
        let mut rows = json!([["anna", "geheim", "k", "k", "k", "a", 7], ["bob", null, "", "k", "k"], []]);
        remove_columns(&mut rows, &names, "model.res.user.import_data");
        let expected = json!([
            ["anna", "removed", "removed", "removed", "removed", "a", 7],
            ["bob", null, "removed", "removed", "removed"],
            [],
        ]);
        assert_eq!(rows, expected);
        let mut rows = json!([["k", "a"]]);
        remove_columns(&mut rows, &json!(["rec_name", "user/rec_name"]), "model.res.user.application.export_data");
        assert_eq!(rows[0][0], "removed");
        // What names no columns removes nothing, and breaks nothing.
        let mut odd = json!({"a": 1});
        remove_columns(&mut odd, &json!(null), "model.res.user.import_data");
        assert_eq!(odd, json!({"a": 1}));
    }

    #[test]
    fn calls_and_answers_in_rows_lose_their_secrets() {
        let body = |method: &str, params: Value| json!({"id": "1", "method": method, "params": params}).to_string();
        let read = |text: String| Call::read(text.as_bytes()).expect("a call");
        let rows = json!([["login", "password"], [["anna", "geheim"]], {}]);
        let mut import = read(body("model.res.user.import_data", rows));
        import.remove_secrets();
        assert_eq!(import.params, [json!(["login", "password"]), json!([["anna", "removed"]])]);
        for (method, first) in
            [("model.any.model.export_data", json!([7])), ("model.any.model.export_data_domain", json!([]))]
        {
            let export = read(body(method, json!([first, ["name", "secret_key"], {}])));
            let mut said =
                Said::of(200, br#"{"id": "1", "result": [["A", "geheim"], ["B", null]]}"#).expect("an answer");
            said.remove_secrets(&export);
            let Said::Result(result) = said else { panic!("it is a result") };
            assert_eq!(result, json!([["A", "removed"], ["B", null]]));
        }
    }

    #[test]
    fn the_name_of_an_application_is_its_key() {
        let mut rows = json!([{"rec_name": "k", "user.": {"login": "a"}}]);
        remove(&mut rows, "model.res.user.application.read");
        assert_eq!(rows, json!([{"rec_name": "removed", "user.": {"login": "a"}}]));
        let mut users = json!([{"rec_name": "Ann", "applications.": [{"rec_name": "k"}]}]);
        remove(&mut users, "model.res.user.read");
        assert_eq!(users, json!([{"rec_name": "Ann", "applications.": [{"rec_name": "removed"}]}]));
    }
}
