//! What is secret of a call and its answer, and is not to be in a file.
//!
//! Only text and binary content is: what a field is named says nothing of ids and times, nor whether it has a value.
//! What stands in its place is of the same type, so that a program that reads it takes it for the same.

use serde_json::{Map, Value, json};

use tryton_sdk_core::__private::is_operator;

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
    fn the_name_of_an_application_is_its_key() {
        let mut rows = json!([{"rec_name": "k", "user.": {"login": "a"}}]);
        remove(&mut rows, "model.res.user.application.read");
        assert_eq!(rows, json!([{"rec_name": "removed", "user.": {"login": "a"}}]));
        let mut users = json!([{"rec_name": "Ann", "applications.": [{"rec_name": "k"}]}]);
        remove(&mut users, "model.res.user.read");
        assert_eq!(users, json!([{"rec_name": "Ann", "applications.": [{"rec_name": "removed"}]}]));
    }
}
