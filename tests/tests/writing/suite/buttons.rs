//! Buttons are functions, and say what comes next.

use tryton_sandbox::Series;
use tryton_sdk::action::Action;
use tryton_sdk::{Client, Draft, Id, NextStep};

use super::SERIES;
use super::client;
use super::erp::{Party, Sale, SaleLine, SaleLineType, SaleState, StockMove};

async fn draft_sale(tryton: &Client) -> Id<Sale> {
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    let line = Draft::new().set(SaleLine::F.r#type, SaleLineType::Comment).set(SaleLine::F.description, "Thank you");
    let sale = Draft::new().set(Sale::F.party, party).add(Sale::F.lines, [line]);
    Sale::create(tryton, sale).await.expect("create")
}

async fn state(tryton: &Client, sale: Id<Sale>) -> SaleState {
    Sale::search().filter(Sale::F.id.is(sale)).select(Sale::F.state).one(tryton).await.expect("read")
}

#[tokio::test]
async fn a_button_changes_the_record() {
    let tryton = &client().await;
    let sale = draft_sale(tryton).await;
    assert_eq!(Sale::cancel(tryton, &[sale]).await.expect("cancel"), NextStep::Nothing);
    assert_eq!(state(tryton, sale).await, SaleState::Cancelled);
    assert_eq!(Sale::draft(tryton, &[sale]).await.expect("draft"), NextStep::Nothing);
    assert_eq!(state(tryton, sale).await, SaleState::Draft);
}

/// From 8.0 on it is refused; before, it does nothing.
#[tokio::test]
async fn a_button_in_the_wrong_state() {
    let tryton = &client().await;
    let sale = draft_sale(tryton).await;
    let outcome = Sale::confirm(tryton, &[sale]).await;
    if SERIES >= Series::V8_0 {
        let error = outcome.expect_err("it is not a quotation");
        assert!(error.is_user_error() && error.ids() == [sale.get()], "{error}");
    } else {
        assert_eq!(outcome.expect("nothing"), NextStep::Nothing);
    }
    assert_eq!(state(tryton, sale).await, SaleState::Draft);
}

#[tokio::test]
async fn a_button_may_lead_to_an_action() {
    let tryton = &client().await;
    let sale = draft_sale(tryton).await;
    let next = Sale::modify_header(tryton, &[sale]).await.expect("the button");
    let NextStep::Action(action) = next else { panic!("no action: {next:?}") };
    assert!(action.id().is_some_and(|id| id > 0), "{action:?}");
    let Action::Wizard(wizard) = action.read(tryton).await.expect("read") else { panic!("no wizard: {action:?}") };
    assert_eq!(wizard.name(), "sale.modify_header");
    let mut wizard = wizard.start(tryton).await.expect("start");
    let first = wizard.first_state().to_owned();
    let view = wizard.execute(&first).await.expect("the view").view.expect("a view");
    assert_eq!(view.model, "sale.sale");
    assert!(view.buttons.iter().any(|button| button.state == "modify" && !button.label.is_empty()), "{view:?}");
    wizard.end().await.expect("end");
}

#[tokio::test]
async fn a_button_named_by_a_keyword() {
    let tryton = &client().await;
    let error = StockMove::r#do(tryton, &[Id::new(999_999)]).await.expect_err("there is no such move");
    assert_eq!(error.method(), Some("model.stock.move.do"), "{error}");
    assert_eq!(StockMove::r#do(tryton, &[]).await.expect("nothing is sent"), NextStep::Nothing);
}
