//! Saved records are changed by their forms.

use std::time::Duration;

use tryton_sandbox::Series;
use tryton_sdk::{Client, Draft, Id, Records};

use super::erp::*;
use super::{SERIES, client, customer, decimal, product};

/// A sale of two hammers and ten bolts.
async fn sale(tryton: &Client, name: &str) -> Id<Sale> {
    let party = customer(tryton, name).await;
    let lines = [("HAMMER", 2.0), ("BOLT-M8", 10.0)];
    let mut drafts = Vec::new();
    for (code, quantity) in lines {
        let product = product(tryton, code).await;
        drafts.push(Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, quantity));
    }
    let mut sale = Sale::form(tryton).await.expect("a form");
    sale.fill(Draft::new().set(Sale::F.party, party).add(Sale::F.lines, drafts)).await.expect("filled in");
    sale.save().await.expect("save")
}

#[tokio::test]
async fn lines_change_and_go() {
    let tryton = &client().await;
    let id = sale(tryton, "Changed").await;
    let mut sale = Sale::open(tryton, id).await.expect("open");
    assert_eq!(sale.peek(Sale::F.total_amount).expect("a decimal").flatten(), Some(decimal("63.43")));
    assert_eq!((sale.len(Sale::F.lines).await.expect("lines"), sale.is_modified()), (2, false));

    let mut hammers = sale.row(Sale::F.lines, 0).await.expect("a line");
    assert_eq!(hammers.get(SaleLine::F.quantity).await.expect("a number"), Some(2.0));
    hammers.set(SaleLine::F.quantity, 3.0).await.expect("set");
    assert_eq!(hammers.get(SaleLine::F.amount).await.expect("computed"), Some(decimal("74.70")));
    // 74.70 and 3.50, and 19 % of them.
    assert_eq!(sale.get(Sale::F.total_amount).await.expect("computed"), Some(decimal("93.06")));
    sale.delete(Sale::F.lines, 1).await.expect("deleted");
    assert_eq!(sale.get(Sale::F.total_amount).await.expect("computed"), Some(decimal("88.89")));
    assert!(sale.is_modified());
    assert_eq!(sale.save().await.expect("save"), id);

    assert_eq!(sale.get(Sale::F.total_amount).await.expect("read again"), Some(decimal("88.89")));
    let lines = SaleLine::search().filter(SaleLine::F.sale.is(id)).select(SaleLine::F.quantity);
    assert_eq!(lines.fetch(tryton).await.expect("read"), [Some(3.0)]);
}

#[tokio::test]
async fn nothing_is_sent_where_nothing_changed() {
    let tryton = &client().await;
    let id = sale(tryton, "Unchanged").await;
    let mut sale = Sale::open(tryton, id).await.expect("open");
    let party = sale.get(Sale::F.party).await.expect("an id");
    sale.set(Sale::F.party, party).await.expect("the same");
    assert!(!sale.is_modified());
    sale.set(Sale::F.reference, "PO-7").await.expect("set");
    assert!(sale.is_modified());
    sale.reload().await.expect("reload");
    assert_eq!((sale.is_modified(), sale.peek(Sale::F.reference).expect("text").flatten()), (false, None));
}

/// Nobody overwrites what somebody else has changed meanwhile. Before 8.0 SQLite tells seconds apart only.
#[tokio::test]
async fn somebody_else_was_faster() {
    let tryton = &client().await;
    let id = sale(tryton, "Concurrent").await;
    let mut mine = Sale::open(tryton, id).await.expect("open");
    let mut theirs = Sale::open(tryton, id).await.expect("open");
    if SERIES < Series::V8_0 {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    theirs.set(Sale::F.reference, "theirs").await.expect("set");
    theirs.save().await.expect("save");
    mine.set(Sale::F.reference, "mine").await.expect("set");
    let error = mine.save().await.expect_err("it has changed");
    assert!(error.is_concurrency(), "{error}");
    assert!(mine.is_modified(), "the change is kept");
    mine.reload().await.expect("reload");
    mine.set(Sale::F.reference, "mine").await.expect("set");
    mine.save().await.expect("save");
}

#[tokio::test]
async fn what_the_server_says_of_a_record() {
    let tryton = &client().await;
    let id = sale(tryton, "Looked at").await;
    let mut sale = Sale::open(tryton, id).await.expect("open");
    let methods = sale.choices(Sale::F.invoice_method).await.expect("choices");
    assert!(
        methods.iter().any(|it| it.value == Some(SaleInvoiceMethod::Order) && it.label == "On Order Processed"),
        "{methods:?}"
    );
    assert_eq!(sale.notifications().await.expect("none"), []);
    assert_eq!(sale.autocomplete(Sale::F.reference).await.expect("none"), [""; 0]);
}
