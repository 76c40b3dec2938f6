//! Reports make documents.

use serde_json::json;
use tryton_sdk::{Client, Date, Draft, Id};

use super::client;
use super::erp::{Party, Sale, report};

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
async fn a_chosen_template() {
    let tryton = &client().await;
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    let named = json!([["report_name", "=", report::PARTY_LABEL.name()]]);
    let templates: Vec<i64> = tryton.call("model.ir.action.report.search", (named,)).await.expect("search");

    let made = report::PARTY_LABEL.request(&[party]).action(templates[0]).execute(tryton).await.expect("labels");
    assert!(made.content.starts_with(b"PK"), "{made:?}");
    let other = report::PARTY_LABEL.request(&[party]).action(999_999).execute(tryton).await;
    assert!(other.is_err(), "there is no such template: {other:?}");
}

#[tokio::test]
async fn data_that_no_server_takes() {
    let tryton = &client().await;
    let request = report::PARTY_LABEL.request(&[]).data("from_date", Date::constant(0, 1, 1));
    let error = request.execute(tryton).await.expect_err("it cannot be sent");
    assert!(error.is_invalid_request() && error.to_string().contains("from_date"), "{error}");
}
