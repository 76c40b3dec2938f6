//! A sale is entered, changed and saved on PostgreSQL.

use serde_json::{Value, json};
use tryton_sandbox::{Backend, Sandbox};
use tryton_sdk::form::{AnyDraft, AnyForm};

fn decimal(text: &str) -> Value {
    json!({"__class__": "Decimal", "decimal": text})
}

#[tokio::test]
async fn a_sale_is_entered_and_changed_on_postgresql() {
    let sandbox = Sandbox::default().backend(Backend::Postgresql);
    let server = tokio::task::spawn_blocking(move || sandbox.start()).await.expect("no panic");
    let server = server.unwrap_or_else(|e| panic!("{e}"));
    let tryton = server.endpoint().client().build().expect("the settings are right");
    let tryton = tryton.with(tryton.user_context().await.expect("the user's context"));
    let find = |model: &str, field: &str, value: &str| {
        let (tryton, method) = (tryton.clone(), format!("model.{model}.search"));
        let params = json!([[[field, "=", value]], 0, 1, null]);
        async move { tryton.call::<Vec<i64>>(&method, params).await.expect("found")[0] }
    };
    let party = find("party.party", "name", "Atelier Rousseau").await;
    let mut sale = AnyForm::new(&tryton, "sale.sale").await.expect("a form");
    let mut draft = AnyDraft::new().set("party", json!(party));
    for (code, quantity) in [("HAMMER", 2.0), ("BOLT-M8", 10.0)] {
        let product = find("product.product", "code", code).await;
        let line = AnyDraft::new().set("product", json!(product)).set("quantity", json!(quantity));
        draft = draft.add("lines", [line]);
    }
    sale.fill(draft).await.expect("filled in");
    assert_eq!(sale.get("total_amount").await.expect("computed"), decimal("63.43"));
    let violations = sale.check().await.expect("checked");
    assert!(violations.is_empty(), "{violations}");
    let id = sale.save().await.expect("saved");

    let mut mine = AnyForm::open(&tryton, "sale.sale", id).await.expect("open");
    mine.row("lines", 0).await.expect("a line").set("quantity", json!(3.0)).await.expect("set");
    sale.set("reference", json!("theirs")).await.expect("set");
    sale.save().await.expect("saved");
    // PostgreSQL tells microseconds apart.
    assert!(mine.save().await.expect_err("it has changed").is_concurrency());
    mine.reload_keeping_changes().await.expect("read again");
    mine.save().await.expect("saved");
    assert_eq!(mine.get("reference").await.expect("read"), json!("theirs"));
    assert_eq!(mine.get("total_amount").await.expect("read"), decimal("93.06"));
}
