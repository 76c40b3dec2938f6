//! What the SDK changes, on real servers: the whole suite once for each series. Each series has a server with the small
//! seed, which the tests change as they like, and one without any data for the flow of a sale.

#![allow(clippy::duplicate_mod, reason = "the suite is compiled once for each series, with the types of that series")]

#[path = "../live/support.rs"]
mod support;

/// The types of one series, made of that series' own snapshot.
macro_rules! erp {
    ($schema:literal) => {
        mod erp {
            tryton_sdk::models! {
                schema = $schema,
                models = [
                    "sale.*", "party.party", "party.address", "party.category", "product.*", "company.company",
                    "company.employee", "currency.*", "res.user", "ir.lang", "ir.sequence.*",
                    "purchase.product_supplier", "stock.move", "stock.shipment.out", "stock.inventory.*",
                    "stock.location", "account.account", "account.account.template", "account.create_chart.*",
                    "account.fiscalyear", "account.journal", "account.tax", "account.invoice", "account.invoice.line",
                    "account.invoice.payment_term.*", "account.invoice.payment_term", "stock.inventory",
                    "account.fiscalyear.invoice_sequence",
                ],
            }
        }
    };
}

mod postgresql;
mod v6_0;
mod v7_0;
mod v8_0;
mod v8_2;
