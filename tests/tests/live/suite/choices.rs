//! The choices of selections, and the methods that every model has.

use serde_json::{Value, json};
use tryton_sdk::types::{Choice, Id};
use tryton_sdk::{Context, Records};

use super::SERIES;
use super::erp::{self, IrAttachment, Party, PartyCategory, PartyIdentifier, Sale, SaleState};
use super::support::client;

#[tokio::test]
async fn choices_come_from_a_list_or_a_method() {
    let tryton = client(SERIES);
    let states = Sale::F.state.choices(&tryton).await.expect("a list");
    let draft = states.iter().find(|choice| choice.value == Some(SaleState::Draft)).expect("a draft");
    assert_eq!(draft.label, "Draft");
    let types = PartyIdentifier::F.r#type.choices(&tryton).await.expect("a method");
    assert!(types.iter().any(|choice| choice.value == Some(Choice::from("eu_vat")) && !choice.label.is_empty()));
    assert!(types.iter().any(|choice| choice.value.is_none()), "to choose nothing is a choice");
}

#[tokio::test]
async fn choices_may_depend_on_the_record() {
    let tryton = client(SERIES);
    let field = IrAttachment::F.copy_to_resources;
    let error = field.choices(&tryton).await.expect_err("it depends on another field");
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(
        error.to_string(),
        "the choices of ir.attachment.copy_to_resources depend on `resource`: give their values to `choices_for`"
    );
    let sale = Sale::search().limit(1).ids(&tryton).await.expect("ids")[0].get();
    let values = json!({"resource": format!("sale.sale,{sale}")});
    let choices = field.choices_for(&tryton, values).await.expect("a method");
    assert!(choices.iter().all(|choice| choice.value.is_some()), "{choices:?}");
    let error = field.choices_for(&tryton, [1]).await.expect_err("no record");
    assert!(error.is_invalid_request(), "{error}");
}

#[tokio::test]
async fn choices_that_only_the_server_knows() {
    let field = erp::ProductCostPriceMethod::F.cost_price_method;
    let error = field.choices(&client(SERIES)).await.expect_err("no method for clients");
    assert!(error.is_forbidden(), "{error}");
    assert_eq!(
        error.to_string(),
        "model.product.cost_price_method.get_cost_price_methods: the server does not expose this method to its clients \
         (HTTP 403); the choices of this field are known to the server alone"
    );
}

#[tokio::test]
async fn tables_go_out_and_come_in() {
    let tryton = client(SERIES);
    // A relation is looked up by name before anything of the same table is there.
    for (name, parent) in [("Aus der Tabelle", ""), ("Darunter", "Aus der Tabelle")] {
        let row = vec![json!(name), json!(parent)];
        assert_eq!(PartyCategory::import_data(&tryton, &["name", "parent"], &[row]).await.expect("import"), 1);
    }
    let mine = PartyCategory::F.name.is_in(["Aus der Tabelle", "Darunter"]);
    let ids = PartyCategory::search().filter(mine).order(PartyCategory::F.id.asc()).ids(&tryton).await.expect("ids");
    assert_eq!(ids.len(), 2);
    let table =
        PartyCategory::export_data(&tryton, &ids, &["name", "parent/rec_name", "parent/id"]).await.expect("export");
    assert_eq!(table[1], [json!("Darunter"), json!("Aus der Tabelle"), json!(ids[0].get())]);
    let raw: Vec<i64> = ids.iter().rev().map(|id| id.get()).collect();
    let _: Value = tryton.call("model.party.category.delete", [raw]).await.expect("delete");

    let wrong = PartyCategory::import_data(&tryton, &["name", "parent"], &[vec![json!("A"), json!("nowhere")]]).await;
    assert!(wrong.as_ref().is_err_and(tryton_sdk::Error::is_user_error), "{wrong:?}");
}

#[tokio::test]
async fn a_model_without_history_has_no_revisions() {
    let tryton = client(SERIES);
    let ids: Vec<Id<Party>> = Party::search().limit(1).ids(&tryton).await.expect("ids");
    let error = Party::history_revisions(&tryton, &ids).await.expect_err("no history");
    assert!(error.is_server_exception(), "{error}");
    let now = "2020-01-01T00:00:00".parse().expect("a time");
    let then = tryton.with(Context::new().at(now));
    assert_eq!(Party::search().limit(1).ids(&then).await.expect("a model without history stays as it is"), ids);
}
