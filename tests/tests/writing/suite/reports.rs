//! Reports make documents, and wizards know the records that they are started on.

use tryton_sdk::{Client, Draft, Id};

use super::client;
use super::erp::{Party, Sale, SaleState, report, wizard};

async fn sale(tryton: &Client) -> Id<Sale> {
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    Sale::create(tryton, Draft::new().set(Sale::F.party, party)).await.expect("create")
}

#[tokio::test]
async fn a_report_makes_a_document() {
    let tryton = &client().await;
    let parties = Party::search().order(Party::F.id.asc()).limit(2).select((Party::F.id, Party::F.rec_name));
    let parties: Vec<(Id<Party>, Option<String>)> = parties.fetch(tryton).await.expect("two parties");
    let ids: Vec<Id<Party>> = parties.iter().map(|(id, _)| *id).collect();

    let labels = report::PARTY_LABEL.execute(tryton, &ids).await.expect("labels");
    assert_eq!((labels.extension.as_str(), labels.direct_print), ("odt", false));
    assert!(labels.content.starts_with(b"PK"), "{labels:?}");
    // The name of the report, then the records that it is of.
    for part in parties.iter().filter_map(|(_, name)| name.as_deref()).chain(["Labels"]) {
        assert!(labels.name.contains(part), "{part} in {labels:?}");
    }

    let sale = sale(tryton).await;
    let offer = report::SALE.execute(tryton, &[sale]).await.expect("an offer");
    assert!(offer.content.starts_with(b"PK") && offer.content.len() > 5_000, "{offer:?}");
}

#[tokio::test]
async fn a_report_of_a_record_that_is_not_there() {
    let tryton = &client().await;
    let error = report::SALE.execute(tryton, &[Id::new(999_999)]).await.expect_err("there is no such sale");
    assert_eq!(error.method(), Some("report.sale.sale.execute"), "{error}");
    assert!(!error.is_decode() && !error.is_outcome_unknown(), "{error}");
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

#[tokio::test]
async fn a_wizard_on_several_models_is_on_no_other() {
    let tryton = &client().await;
    let error = wizard::PRODUCT_MODIFY_COST_PRICE.start::<Sale>(tryton, &[]).await.expect_err("not of sales");
    assert!(error.is_invalid_request() && error.to_string().contains("`product.template`"), "{error}");
}
