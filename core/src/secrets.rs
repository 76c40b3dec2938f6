//! Secrets in a call and its answer, which must not appear in a file or on a screen.
//!
//! Only text and binary content is secret. Ids and times are not, whatever the field's name, nor is whether a field has a
//! value. Replacements have the same type, so that programs can read them.

use serde_json::{Map, Value, json};

use crate::query::is_operator;
use crate::subject::Subject;

const REMOVED: &str = "removed";
/// The same word as binary content.
const REMOVED_BASE64: &str = "cmVtb3ZlZA==";

/// Words in the names of secrets.
const WORDS: &[&str] = &["password", "passwd", "secret", "token", "cookie", "api_key", "private_key"];

/// Models whose records have their keys as names.
const CALLED_BY_KEY: &[&str] = &["model.res.user.application.", "model.web.user.session."];

/// Replaces the secrets in the result of a call by the word `removed`: passwords, keys, tokens, cookies.
///
/// The names of fields and columns show which values are secret; some methods return only secrets. Only text and binary
/// content is replaced, by content of the same type. A secret without such a name is not replaced.
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::connection::remove_secrets;
///
/// let mut result = json!([{"id": 1, "key": "0123456789", "state": "validated"}]);
/// remove_secrets("model.res.user.application.read", &[], &mut result);
/// assert_eq!(result, json!([{"id": 1, "key": "removed", "state": "validated"}]));
/// ```
pub fn remove_secrets(method: &str, params: &[Value], result: &mut Value) {
    // Completions are names and nothing else.
    let is_completion = is_called_by_key(method) && method.ends_with(".autocomplete");
    if Subject::new(method).gives_a_secret() || is_completion {
        return remove_texts(result);
    }
    // It says by each field's name what the field is, and no value of it.
    if method.ends_with(".fields_get") {
        return;
    }
    if let Some(columns) = exported_columns(method, params) {
        remove_columns(result, columns, method);
    }
    remove(result, method);
}

/// Removes values with names of secrets from a call of this method, or from its answer.
pub(crate) fn remove(value: &mut Value, method: &str) {
    remove_from(value, is_called_by_key(method));
}

/// Removes them from the entries of an object.
#[cfg(feature = "testing")]
pub(crate) fn remove_from_entries(entries: &mut Map<String, Value>, method: &str) {
    remove_named(entries, is_called_by_key(method));
}

fn is_called_by_key(method: &str) -> bool {
    CALLED_BY_KEY.iter().any(|model| method.starts_with(model))
}

fn is_secret(name: &str, is_called_by_key: bool) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit('.').next();
    WORDS.iter().any(|word| name.contains(word))
        || last == Some("key")
        || (is_called_by_key && last == Some("rec_name"))
}

/// Whether the first parameter names the columns of the rows that are the second.
#[cfg(feature = "testing")]
pub(crate) fn is_import(method: &str) -> bool {
    method.ends_with(".import_data")
}

/// Returns the names of the columns if the result of the call is rows without names.
fn exported_columns<'p>(method: &str, params: &'p [Value]) -> Option<&'p Value> {
    let is_export = method.ends_with(".export_data") || method.ends_with(".export_data_domain");
    params.get(1).filter(|_| is_export)
}

/// Removes the values of columns with names of secrets from rows.
pub(crate) fn remove_columns(rows: &mut Value, names: &Value, method: &str) {
    let names = names.as_array().into_iter().flatten().map(|name| name.as_str().unwrap_or_default());
    let is_secret: Vec<_> = names.map(|name| is_secret_column(name, is_called_by_key(method))).collect();
    for row in rows.as_array_mut().into_iter().flatten().filter_map(Value::as_array_mut) {
        row.iter_mut().zip(&is_secret).filter(|(_, is_secret)| **is_secret).for_each(|(cell, _)| remove_texts(cell));
    }
}

/// A column of a relation holds the names of its records.
fn is_secret_column(path: &str, is_called_by_key: bool) -> bool {
    let (relations, name) = path.rsplit_once('/').unwrap_or(("", path));
    let is_application = |name: &str| name.starts_with("applications");
    let is_called_by_key = is_called_by_key || relations.split('/').any(is_application);
    WORDS.iter().any(|word| relations.to_lowercase().contains(word))
        || is_secret(name, is_called_by_key)
        || is_application(name)
}

fn remove_from(value: &mut Value, is_called_by_key: bool) {
    match value {
        Value::Array(items) => match items.as_mut_slice() {
            [Value::String(name), Value::String(operator), value, ..]
                if is_secret(name, is_called_by_key) && is_operator(operator) =>
            {
                remove_texts(value);
            }
            items => items.iter_mut().for_each(|item| remove_from(item, is_called_by_key)),
        },
        Value::Object(entries) => remove_named(entries, is_called_by_key),
        _ => {}
    }
}

fn remove_named(entries: &mut Map<String, Value>, is_called_by_key: bool) {
    for (name, value) in entries {
        if is_secret(name, is_called_by_key) {
            remove_texts(value);
        } else {
            // A user's field, whose records are applications.
            remove_from(value, is_called_by_key || name.starts_with("applications"));
        }
    }
}

/// Removes all text and all binary content.
pub(crate) fn remove_texts(value: &mut Value) {
    match value {
        Value::String(_) => *value = REMOVED.into(),
        Value::Array(items) => items.iter_mut().for_each(remove_texts),
        Value::Object(entries) => match entries.get("__class__").and_then(Value::as_str) {
            Some("bytes") => *value = json!({"__class__": "bytes", "base64": REMOVED_BASE64}),
            // A number or a time.
            Some(_) => {}
            None => entries.values_mut().for_each(remove_texts),
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
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
    fn the_name_of_an_application_is_its_key() {
        let mut rows = json!([{"rec_name": "k", "user.": {"login": "a"}}]);
        remove(&mut rows, "model.res.user.application.read");
        assert_eq!(rows, json!([{"rec_name": "removed", "user.": {"login": "a"}}]));
        let mut users = json!([{"rec_name": "Ann", "applications.": [{"rec_name": "k"}]}]);
        remove(&mut users, "model.res.user.read");
        assert_eq!(users, json!([{"rec_name": "Ann", "applications.": [{"rec_name": "removed"}]}]));
    }

    #[test]
    fn results_that_are_secrets_lose_all_text() {
        for (method, result, expected) in [
            ("common.db.login", json!([1, "session"]), json!([1, "removed"])),
            ("model.res.user.device.renew", json!("cookie"), json!("removed")),
            (
                "model.res.user.application.autocomplete",
                json!([{"id": 1, "name": "k"}]),
                json!([{"id": 1, "name": "removed"}]),
            ),
            ("model.web.user.session.read", json!([{"rec_name": "k"}]), json!([{"rec_name": "removed"}])),
            ("model.res.user.fields_get", json!({"password": {"string": "P"}}), json!({"password": {"string": "P"}})),
            ("model.party.party.autocomplete", json!([{"id": 1, "name": "A"}]), json!([{"id": 1, "name": "A"}])),
        ] {
            let mut removed = result;
            remove_secrets(method, &[], &mut removed);
            assert_eq!(removed, expected, "{method}");
        }
    }
}
