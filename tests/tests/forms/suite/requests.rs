//! How many requests a form takes. Each saving leaves the values the same.

use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::form::{AnyDraft, NodeId, Op, Options};
use tryton_sdk::{Client, Id};

use super::erp::Product;
use super::{SERIES, client, customer};
use crate::counted::Counted;

/// What is compared of a sale.
const FIELDS: [&str; 11] = [
    "party",
    "invoice_address",
    "shipment_address",
    "payment_term",
    "total_amount",
    "lines.product",
    "lines.unit_price",
    "lines.quantity",
    "lines.taxes",
    "lines.unit",
    "lines.amount",
];

async fn products(tryton: &Client) -> Vec<Id<Product>> {
    let products = Product::search().order(Product::F.id.asc()).limit(10).select(Product::F.id);
    products.fetch(tryton).await.expect("products")
}

async fn line_by_line(form: &mut Counted<'_>, party: &Value, products: &[Id<Product>]) -> NodeId {
    let sale = form.new_record("sale.sale").await;
    form.set(sale, "party", party.clone()).await;
    for product in products {
        let line = form.add(sale, "lines").await;
        form.set(line, "product", json!(product)).await;
        form.set(line, "quantity", json!(2.0)).await;
    }
    sale
}

/// The total is looked at and the sale saved. Gives the requests that all of it took, and the sale as it is saved.
async fn finish(tryton: &Client, form: &mut Counted<'_>, sale: NodeId) -> (usize, Value) {
    let total = form.get(sale, "total_amount").await;
    form.run(Op::Save { nodes: vec![sale] }).await.expect("save");
    let requests = form.requests();
    let id = form.tree.id(sale);
    let mut read: Vec<Value> = tryton.call("model.sale.sale.read", (json!([id]), json!(FIELDS))).await.expect("read");
    let mut saved = read.pop().expect("the sale");
    assert_eq!(saved["total_amount"], total, "what was computed before is what is saved");
    let record = saved.as_object_mut().expect("a record");
    record.remove("id");
    for line in record["lines."].as_array_mut().expect("lines") {
        line.as_object_mut().expect("a line").remove("id");
    }
    (requests, saved)
}

#[tokio::test]
async fn each_saving_leaves_the_values_the_same() {
    let tryton = &client().await;
    let party = json!(customer(tryton, "Requests").await);
    let products = products(tryton).await;
    let none = Options::NONE;
    let defer = Options { defer: true, ..none };
    let memo = Options { memo: true, ..defer };
    let slim = Options { slim: true, ..memo };
    // The series 6.0 computes one thing less for each line.
    let expected = if SERIES >= Series::V7_0 { [107, 78, 78, 78, 78] } else { [97, 68, 68, 68, 68] };

    let mut known = None;
    for (options, expected) in [none, defer, memo, slim, Options::ALL].into_iter().zip(expected) {
        let mut form = Counted::new(tryton, options);
        let sale = line_by_line(&mut form, &party, &products).await;
        let (requests, saved) = finish(tryton, &mut form, sale).await;
        assert_eq!(saved["total_amount"], json!({"__class__": "Decimal", "decimal": "850.54"}));
        assert_eq!(*known.get_or_insert_with(|| saved.clone()), saved, "{options:?}");
        assert_eq!(requests, expected, "{options:?}");
    }
}

#[tokio::test]
async fn a_draft_takes_the_fewest() {
    let tryton = &client().await;
    let party = json!(customer(tryton, "Fewest").await);
    let products = products(tryton).await;
    let expected = if SERIES >= Series::V7_0 { [15, 31] } else { [14, 30] };
    for (count, expected) in [2, 10].into_iter().zip(expected) {
        let mut form = Counted::new(tryton, Options::NONE);
        let sale = line_by_line(&mut form, &party, &products[..count]).await;
        let (_, by_hand) = finish(tryton, &mut form, sale).await;

        let mut form = Counted::new(tryton, Options::ALL);
        let sale = form.new_record("sale.sale").await;
        let line = |product| AnyDraft::new().set("product", json!(product)).set("quantity", json!(2.0));
        let draft = AnyDraft::new().set("party", party.clone()).add("lines", products[..count].iter().map(line));
        form.run(Op::Fill { node: sale, draft }).await.expect("filled in");
        let (requests, saved) = finish(tryton, &mut form, sale).await;
        assert_eq!(saved, by_hand);
        assert_eq!(requests, expected);
        assert!(form.steps <= 13, "{} after one another: the lines are filled in at once", form.steps);
    }
}
