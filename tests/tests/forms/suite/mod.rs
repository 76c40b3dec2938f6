//! The tests that every series passes.

mod document;
mod entered;
mod requests;
mod sales;
mod saved;

use tryton_sdk::{Client, Decimal, Draft, Id};

use super::erp::{AccountInvoicePaymentTerm, Party, PartyAddress, Product};
use super::{SERIES, erp};
use crate::support;

/// A client with the user's own context: without a company nobody may sell.
async fn client() -> Client {
    let tryton = support::client(SERIES);
    let context = tryton.user_context().await.expect("the user's context");
    tryton.with(context)
}

/// A customer with one address, who pays in 30 days. Codes that the server counts up would collide between the tests.
async fn customer(tryton: &Client, name: &str) -> Id<Party> {
    let address = Draft::new().set(PartyAddress::F.city, "Bergen");
    let customer = Draft::new().set(Party::F.name, name).set(Party::F.code, name).add(Party::F.addresses, [address]);
    let terms = AccountInvoicePaymentTerm::search().filter(AccountInvoicePaymentTerm::F.name.is("30 days"));
    let term = terms.select(AccountInvoicePaymentTerm::F.id).one(tryton).await.expect("the payment term");
    Party::create(tryton, customer.set(Party::F.customer_payment_term, term)).await.expect("a customer")
}

async fn product(tryton: &Client, code: &str) -> Id<Product> {
    Product::search().filter(Product::F.code.is(code)).select(Product::F.id).one(tryton).await.expect("the product")
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("a decimal")
}
