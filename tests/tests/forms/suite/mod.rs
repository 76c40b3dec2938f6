//! The tests that every series passes.

mod requests;
mod sales;
mod saved;

use tryton_sdk::{Client, Decimal, Draft, Id, Model};

use super::erp::{Party, PartyAddress, Product, Sale};
use super::{SERIES, erp};
use crate::support;

/// A client with the user's own context: without a company nobody may sell.
async fn client() -> Client {
    let tryton = support::client(SERIES);
    let context = tryton.user_context().await.expect("the user's context");
    tryton.with(context)
}

/// A customer with one address, who pays in 30 days.
async fn customer(tryton: &Client, name: &str) -> Id<Party> {
    let address = Draft::new().set(PartyAddress::F.city, "Bergen");
    let customer = Draft::new().set(Party::F.name, name).add(Party::F.addresses, [address]);
    let term: Vec<i64> = tryton
        .call(
            "model.account.invoice.payment_term.search",
            (serde_json::json!([["name", "=", "30 days"]]), 0, 1, None::<()>),
        )
        .await
        .expect("search");
    Party::create(tryton, customer.raw("customer_payment_term", term[0].into())).await.expect("a customer")
}

async fn product(tryton: &Client, code: &str) -> Id<Product> {
    Product::search().filter(Product::F.code.is(code)).select(Product::F.id).one(tryton).await.expect("the product")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}
