//! What can go wrong at a real server, each told apart.

use serde_json::{Value, json};
use tryton_sdk::{Client, Result};

use super::SERIES;
use super::support::{client, endpoint};
use tryton_sdk_tests::sandbox::Series;

async fn fails(method: &str, params: impl serde::Serialize) -> tryton_sdk::Error {
    let outcome: Result<Value> = client(SERIES).call(method, params).await;
    let error = outcome.expect_err(method);
    assert_eq!(error.method(), Some(method));
    assert!(error.to_string().starts_with(method), "{error}");
    error
}

#[tokio::test]
async fn an_unknown_database() {
    let at = endpoint(SERIES);
    let tryton = Client::builder(&at.url, "nowhere").credentials(&at.user, at.password.as_str()).build();
    let error = tryton.expect("built").ping().await.expect_err("no such database");
    assert!(error.is_unknown_database() && error.to_string().contains("`nowhere`"), "{error}");
}

#[tokio::test]
async fn wrong_credentials() {
    let at = endpoint(SERIES);
    let tryton = Client::builder(&at.url, &at.database).credentials("stranger", "guess").build().expect("built");
    let error = tryton.login().await.expect_err("a stranger");
    assert!(error.is_bad_credentials() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("`stranger`") && !error.to_string().contains("guess"), "{error}");
}

#[tokio::test]
async fn no_credentials_at_all() {
    let at = endpoint(SERIES);
    let tryton = Client::builder(&at.url, &at.database).build().expect("built");
    let error = tryton.ping().await.expect_err("no credentials");
    assert!(error.is_configuration(), "{error}");
    let _: String = tryton.call("common.server.version", ()).await.expect("it needs none");
}

#[tokio::test]
async fn a_method_that_is_not_exposed() {
    let error = fails("model.party.party.browse", ([1],)).await;
    assert!(error.is_forbidden() && error.http_status() == Some(403), "{error}");
}

#[tokio::test]
async fn an_unknown_model_and_an_unknown_field() {
    let error = fails("model.no.such.model.read", ([1], ["name"])).await;
    assert!(error.is_server_exception() && error.to_string().contains("no.such.model"), "{error}");
    let error = fails("model.party.party.read", ([1], ["no_such_field"])).await;
    assert!(error.is_server_exception() && error.ids() == [1], "{error}");
}

#[tokio::test]
async fn a_validation_is_a_user_error() {
    let error = fails("model.sale.sale.create", [json!([{"party": null}])]).await;
    assert!(error.is_user_error() && error.user_message().is_some_and(|message| !message.is_empty()), "{error}");
    assert!(error.to_string().len() < 2_000, "the definition of the field is left out");
}

#[tokio::test]
async fn a_warning_carries_its_name() {
    // Changing the party of an invoice address and the like do not warn on every series; an own warning does.
    let tryton = client(SERIES);
    let ids: Vec<i64> =
        tryton.call("model.sale.sale.search", (json!([["state", "=", "draft"]]), 0, 1)).await.expect("a draft");
    let _: Value = tryton.call("model.sale.sale.write", (&ids, json!({"sale_date": null}))).await.expect("write");
    let error = tryton.call::<Value>("model.sale.sale.quote", [[0_i64]]).await.expect_err("no such sale");
    assert!(!error.is_warning() && error.is_user_error(), "{error}");
}

#[tokio::test]
async fn a_stale_timestamp_is_a_concurrency_error() {
    let tryton = client(SERIES);
    let created = [json!([{"name": "Zweimal"}])];
    let ids: Vec<i64> = tryton.call("model.party.party.create", created).await.expect("create");
    let key = format!("party.party,{}", ids[0]);
    let stale = tryton.with(tryton_sdk::Context::new().set("_timestamp", json!({ key: "1.000001" })));
    let outcome: Result<Value> = stale.call("model.party.party.write", (&ids, json!({"name": "Einmal"}))).await;
    let error = outcome.expect_err("somebody else was faster");
    assert!(error.is_concurrency() && !error.is_outcome_unknown(), "{error}");
    let _: Value = tryton.call("model.party.party.delete", [ids]).await.expect("delete");
}

#[tokio::test]
async fn parameters_that_make_no_sense() {
    let error = fails("model.party.party.write", ([1, 1], json!({}))).await;
    if SERIES >= Series::V8_0 {
        assert!(error.is_unprocessable(), "{error}");
    } else {
        assert!(error.is_server_exception(), "{error}");
    }
    let error = client(SERIES).call::<Value>("model.party.party.read", "no list").await.expect_err("no list");
    assert!(error.is_invalid_request(), "{error}");
}

#[tokio::test]
async fn a_result_of_another_type_than_asked_for() {
    let error = client(SERIES).call::<u64>("common.server.version", ()).await.expect_err("a string");
    assert!(error.is_decode() && error.field().is_none(), "{error}");
    let outcome = client(SERIES).call::<u64>("model.party.party.create", [json!([{"name": "Once"}])]).await;
    let error = outcome.expect_err("a list of ids");
    assert!(error.to_string().ends_with("the server has carried out the call"), "{error}");
}
