//! The server itself: its modules, and the user who reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::{Server, User};

use super::models::Methods;
use super::{IntrospectError, Options, Reader, Rpc, flag, text};

pub(super) async fn read<R: Rpc>(
    reader: &mut Reader<'_, R>,
    options: &Options<'_>,
    methods: &Methods,
) -> Result<Server, IntrospectError<R::Error>> {
    let modules = modules(reader).await?;
    let user = user(reader, options.login, methods).await?;
    Ok(Server { modules, user, ..super::server(options) })
}

async fn modules<R: Rpc>(reader: &mut Reader<'_, R>) -> Result<BTreeMap<String, String>, IntrospectError<R::Error>> {
    let activated = json!([["state", "=", "activated"]]);
    let records = reader.records("ir.module", activated, &["name", "version"]).await?;
    Ok(records.iter().map(|module| (text(module, "name"), text(module, "version"))).collect())
}

/// Returns the user's groups, and whether the user is an administrator: since 8.2 according to the preferences, before
/// that if the user belongs to the group `res.group_admin`.
async fn user<R: Rpc>(
    reader: &mut Reader<'_, R>,
    login: &str,
    methods: &Methods,
) -> Result<User, IntrospectError<R::Error>> {
    let mut user = User { login: login.to_owned(), ..User::default() };
    let params = vec![json!(true)];
    let preferences = reader.want("res.user", "model.res.user.get_preferences", params).await?;
    let preferences = preferences.unwrap_or_default();
    let groups = &preferences["groups"];
    if groups.as_array().is_some_and(|groups| !groups.is_empty()) {
        user.groups = group_names(reader, groups).await?;
    }
    user.administrator = match preferences.get("administrator") {
        Some(administrator) => flag(administrator),
        None => administrators(reader, methods).await?.is_some_and(|id| contains(groups, &id)),
    };
    Ok(user)
}

async fn group_names<R: Rpc>(
    reader: &mut Reader<'_, R>,
    groups: &Value,
) -> Result<BTreeSet<String>, IntrospectError<R::Error>> {
    let records = reader.records("res.group", json!([["id", "in", groups]]), &["name"]).await?;
    Ok(records.iter().map(|group| text(group, "name")).collect())
}

/// Returns the id of the administrators' group: with `get_id` if the server exposes it (8.0 does, and refuses to
/// search), else with a search (6.0 and 7.0).
async fn administrators<R: Rpc>(
    reader: &mut Reader<'_, R>,
    methods: &Methods,
) -> Result<Option<Value>, IntrospectError<R::Error>> {
    const MODEL: &str = "ir.model.data";
    if methods.get(MODEL).is_some_and(|methods| methods.contains("get_id")) {
        let params = vec![json!("res"), json!("group_admin")];
        return reader.want(MODEL, "model.ir.model.data.get_id", params).await;
    }
    let domain = json!([["module", "=", "res"], ["fs_id", "=", "group_admin"]]);
    let records = reader.records(MODEL, domain, &["db_id"]).await?;
    Ok(records.first().map(|record| record["db_id"].clone()))
}

fn contains(list: &Value, value: &Value) -> bool {
    list.as_array().is_some_and(|list| list.contains(value))
}
