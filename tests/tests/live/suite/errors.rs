//! What can go wrong at a real server, each told apart.

use serde_json::{Value, json};
use tryton_sdk::{Client, Result};

use super::SERIES;
use super::support::{client, endpoint};
use tryton_sandbox::Series;

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

    // Without a login nobody learns it.
    let tryton = Client::builder(&at.url, "nowhere").basic(&at.user, at.password.as_str()).retries(0).build();
    let error = tryton.expect("built").ping().await.expect_err("no such database");
    let is_failure = if SERIES <= Series::V7_0 { error.is_server_exception() } else { error.is_unavailable() };
    assert!(is_failure, "{error}");
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
async fn a_defect_of_the_servers_code() {
    let error = fails("model.party.party.history_revisions", ([1],)).await;
    assert!(error.is_server_exception() && error.exception_text() == Some("No history table"), "{error}");
    assert_eq!(error.ids(), [1]);
}

#[tokio::test]
async fn a_validation_is_a_user_error() {
    let error = fails("model.sale.sale.create", [json!([{"party": null}])]).await;
    assert!(error.is_user_error() && error.user_message().is_some_and(|message| !message.is_empty()), "{error}");
    assert!(error.to_string().len() < 2_000, "the definition of the field is left out");
}

/// The purchase module warns when the unit of a product changes that has a supplier.
#[tokio::test]
async fn a_warning_carries_its_name() {
    let tryton = client(SERIES);
    let read = |model: &str, fields: [&str; 2]| {
        let (tryton, method) = (tryton.clone(), format!("model.{model}.search_read"));
        let params = (json!([]), 0, 2, json!([["id", "ASC"]]), json!(fields));
        async move { tryton.call::<Vec<Value>>(&method, params).await.expect("search") }
    };
    let product = &read("product.product", ["template", "template.purchase_uom"]).await[0];
    let company = &read("company.company", ["currency", "party"]).await[0];
    let other_unit = read("product.uom", ["name", "category"]).await;
    let other_unit = other_unit.iter().find(|unit| unit["id"] != product["template."]["purchase_uom"]);
    let supplier = json!([{
        "template": product["template"], "product": product["id"], "party": company["party"],
        "company": company["id"], "currency": company["currency"],
    }]);
    let created: Vec<i64> = tryton.call("model.purchase.product_supplier.create", [supplier]).await.expect("create");

    let change = (json!([product["template"]]), json!({"purchase_uom": other_unit.expect("another unit")["id"]}));
    let outcome: Result<Value> = tryton.call("model.product.template.write", change).await;
    let error = outcome.expect_err("the server asks first");
    let warning = error.warning().expect("a warning");
    assert_eq!(warning.name, format!("{}@product_template", product["template"]));
    assert_eq!(error.user_message(), Some(&*warning.message));
    assert!(!warning.message.is_empty() && !error.is_retryable() && !error.is_outcome_unknown(), "{error}");
    let _: Value = tryton.call("model.purchase.product_supplier.delete", [created]).await.expect("delete");
}

#[tokio::test]
async fn a_stale_timestamp_is_a_concurrency_error() {
    let tryton = client(SERIES);
    let created = [json!([{"name": "Zweimal"}])];
    let ids: Vec<i64> = tryton.call("model.party.category.create", created).await.expect("create");
    let key = format!("party.category,{}", ids[0]);
    let stale = tryton.with(tryton_sdk::Context::new().set("_timestamp", json!({ key: "1.000001" })));
    let outcome: Result<Value> = stale.call("model.party.category.write", (&ids, json!({"name": "Einmal"}))).await;
    let error = outcome.expect_err("somebody else was faster");
    assert!(error.is_concurrency() && !error.is_outcome_unknown(), "{error}");
    let _: Value = tryton.call("model.party.category.delete", [ids]).await.expect("delete");
}

#[tokio::test]
async fn parameters_that_make_no_sense() {
    let error = fails("model.party.category.write", ([1, 1], json!({}))).await;
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
    let outcome = client(SERIES).call::<u64>("model.party.category.create", [json!([{"name": "Once"}])]).await;
    let error = outcome.expect_err("a list of ids");
    assert!(error.to_string().ends_with("the server has carried out the call"), "{error}");
}
