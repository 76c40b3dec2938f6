//! Forms against real servers: records are entered as a user of Tryton's own clients enters them, once for each series.

#![allow(clippy::duplicate_mod, reason = "the suite is compiled once for each series, with the types of that series")]

mod counted;
mod postgresql;
#[path = "../live/support.rs"]
mod support;

/// The types of one series, made of that series' own snapshot.
macro_rules! erp {
    ($schema:literal) => {
        mod erp {
            tryton_sdk::models! {
                schema = $schema,
                models = [
                    "sale.sale", "sale.line", "party.party", "party.address", "product.product", "product.uom",
                    "account.tax", "account.invoice.payment_term",
                ],
            }
        }
    };
}

mod v6_0;
mod v7_0;
mod v8_0;
mod v8_2;
