//! What to do where the server refuses a call because the login lacks rights.

use std::collections::HashMap;

use serde_json::{Value, json};
use tryton_sdk::Client;
use tryton_sdk::connection::Subject;

use crate::error::Error;

/// The page that says how to give rights.
const GUIDE: &str = "the page on rights in the guide shows how";

/// The rights on a model, as the server names them.
const RIGHTS: [&str; 4] = ["read", "write", "create", "delete"];

/// The error of a call about `subject`, and which right its user lacks.
///
/// A lack of rights comes as any other user error does, in the user's language, so the server is asked for the access to
/// the model. The words of the message count only for what has the least to say: fields, buttons and rules.
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

/// The rights on the model that the user does not have; none if the server does not say.
async fn lacking(client: &Client, model: &str) -> Vec<&'static str> {
    type Access = HashMap<String, HashMap<String, Value>>;
    let access = client.call::<Access>("model.ir.model.access.get_access", ([model],)).await;
    let access = access.ok().and_then(|mut access| access.remove(model)).unwrap_or_default();
    // What groups add comes as 0 or 1, and what all may do as a boolean.
    let is_lacking = |right: &&str| access.get(*right).is_some_and(|may| *may == json!(false) || *may == json!(0));
    RIGHTS.into_iter().filter(is_lacking).collect()
}
