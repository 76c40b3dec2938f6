//! Wizards know the records that they are started on, show forms, and lead on.

use serde_json::{Value, json};
use tryton_sdk::action::{Action, NextAction};
use tryton_sdk::{Client, Draft, Id};

use super::client;
use super::erp::{Party, PartyAddress, Sale, SaleState, wizard};

async fn sale(tryton: &Client) -> Id<Sale> {
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    Sale::create(tryton, Draft::new().set(Sale::F.party, party)).await.expect("create")
}

#[tokio::test]
async fn a_wizard_knows_its_records() {
    let tryton = &client().await;
    let sale = sale(tryton).await;
    let mut wizard = wizard::SALE_MODIFY_HEADER.start(tryton, &[sale]).await.expect("start");
    let first = wizard.first_state().to_owned();
    let view = wizard.execute(&first).await.expect("the view").view.expect("a view");
    // Series before 7.0 know them as defaults.
    let party = view.values.get("party").or(view.defaults.get("party"));
    assert!(party.is_some_and(|party| party.is_i64()), "{view:?}");
    wizard.end().await.expect("end");
    let state = Sale::search().filter(Sale::F.id.is(sale)).select(Sale::F.state);
    assert_eq!(state.one(tryton).await.expect("read"), SaleState::Draft);
}

/// The addresses follow from the party: the server computes them where a person would see them.
#[tokio::test]
async fn a_state_is_a_form() {
    let tryton = &client().await;
    let sale = sale(tryton).await;
    let other = Draft::new().set(Party::F.name, "Other").add(Party::F.addresses, [Draft::new()]);
    let other = Party::create(tryton, other).await.expect("create");

    let mut wizard = wizard::SALE_MODIFY_HEADER.start(tryton, &[sale]).await.expect("start");
    let error = wizard.form::<Sale>().await.expect_err("nothing is shown yet");
    assert!(error.is_invalid_request() && error.to_string().contains("shows no state"), "{error}");
    wizard.execute("start").await.expect("the view");
    let error = wizard.form::<Party>().await.expect_err("it is a sale");
    assert!(error.to_string().contains("is a record of `sale.sale`, not of `party.party`"), "{error}");

    let mut header = wizard.form::<Sale>().await.expect("a form");
    header.set(Sale::F.party, other).await.expect("set");
    let address: Option<Id<PartyAddress>> = header.get(Sale::F.invoice_address).await.expect("computed");
    assert!(address.is_some(), "{header:?}");
    let step = wizard.execute_form("modify", &mut header).await.expect("modify");
    assert_eq!((step.view, wizard.view()), (None, None));
    wizard.end().await.expect("end");

    let saved = Sale::search().filter(Sale::F.id.is(sale)).select((Sale::F.party, Sale::F.invoice_address));
    let saved: (Id<Party>, Option<Id<PartyAddress>>) = saved.one(tryton).await.expect("read");
    assert_eq!(saved, (other, address));
}

#[tokio::test]
async fn a_wizard_leads_to_the_records_that_it_made() {
    let tryton = &client().await;
    let sale = sale(tryton).await;
    let mut wizard = wizard::SALE_RETURN_SALE.start(tryton, &[sale]).await.expect("start");
    wizard.execute("start").await.expect("the view");
    let step = wizard.execute("return_").await.expect("return");
    wizard.end().await.expect("end");

    let [next] = &step.actions[..] else { panic!("one action: {step:?}") };
    let Action::Window(window) = next.read(tryton).await.expect("read") else { panic!("no window: {next:?}") };
    assert_eq!(window.model(), Some("sale.sale"));
    let returned = window.ids::<Sale>(tryton).await.expect("the copies");
    assert!(returned.len() == 1 && returned[0] > sale, "{returned:?}");
    let error = window.ids::<Party>(tryton).await.expect_err("it shows sales");
    assert!(
        error.is_invalid_request() && error.to_string().contains("shows `sale.sale`, not `party.party`"),
        "{error}"
    );
}

/// The window on all sales, and one whose domain names the record that it is opened on.
#[tokio::test]
async fn a_window_is_searched_by_its_domain() {
    let tryton = &client().await;
    let sale = sale(tryton).await;
    let windows = (json!([["res_model", "=", "sale.sale"]]), 0, (), (), ["action", "pyson_domain"]);
    let windows: Vec<Value> = tryton.call("model.ir.action.act_window.search_read", windows).await.expect("windows");
    let mut found = Vec::new();
    for window in &windows {
        let next = NextAction::new(window["action"].clone()).on(&[sale]);
        let Action::Window(shown) = next.read(tryton).await.expect("read") else { panic!("no window: {next:?}") };
        found.extend(shown.ids::<Sale>(tryton).await.unwrap_or_else(|error| panic!("{window}: {error}")));
    }
    assert!(windows.len() > 1 && found.contains(&sale), "{found:?}");
}

#[tokio::test]
async fn a_wizard_on_several_models_is_on_no_other() {
    let tryton = &client().await;
    let error = wizard::PRODUCT_MODIFY_COST_PRICE.start::<Sale>(tryton, &[]).await.expect_err("not of sales");
    assert!(error.is_invalid_request() && error.to_string().contains("`product.template`"), "{error}");
}
