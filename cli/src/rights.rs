//! Advice for calls that the server refuses because the login lacks rights.

use std::collections::HashMap;

use serde_json::{Value, json};
use tryton_sdk::Client;
use tryton_sdk::connection::Subject;

use crate::error::Error;

/// A reference to the page on giving rights.
const GUIDE: &str = "the page on rights in the guide shows how";

/// The rights on a model, as the server names them.
const RIGHTS: [&str; 4] = ["read", "write", "create", "delete"];

/// Returns the error of a call about `subject` with the rights that its user lacks.
///
/// A lack of rights is reported like any other user error, in the user's language, so the access to the model is
/// requested from the server. The text of the message is used only as a last resort, for fields, buttons and rules.
pub(crate) async fn refused(error: tryton_sdk::Error, client: &Client, login: &str, subject: &Subject) -> Error {
    let Some(model) = subject.model().filter(|_| error.is_user_error()) else { return error.into() };
    let lacking = lacking(client, model).await;
    let is_about = subject.is_write() || lacking.contains(&"read");
    let remedy = if is_about && !lacking.is_empty() {
        let rights = lacking.join(", ");
        format!(
            "; `{login}` lacks these rights on `{model}`: {rights}. Give them to a group of the login, in Tryton under \
             Administration → Users → Groups → Access Permissions: {GUIDE}"
        )
    } else if error.to_string().contains("not allowed") {
        format!(
            "; `{login}` may use `{model}`, so look at the rules of its records and at the access to its fields and \
             buttons, in Tryton under Administration → Models: {GUIDE}"
        )
    } else {
        String::new()
    };
    Error::server(format!("{error:#}{remedy}"))
}

/// Returns the rights on the model that the user lacks, or none if the server does not state them.
async fn lacking(client: &Client, model: &str) -> Vec<&'static str> {
    type Access = HashMap<String, HashMap<String, Value>>;
    let access = client.call::<Access>("model.ir.model.access.get_access", ([model],)).await;
    let access = access.ok().and_then(|mut access| access.remove(model)).unwrap_or_default();
    // Rights from groups are 0 or 1; rights of all users are booleans.
    let is_lacking = |right: &&str| access.get(*right).is_some_and(|may| *may == json!(false) || *may == json!(0));
    RIGHTS.into_iter().filter(is_lacking).collect()
}
