//! What the SDK does, against real servers: the whole suite once for each series.
//!
//! It is one program, so that each server is started once, by the first test that needs it.

#![allow(clippy::duplicate_mod, reason = "the suite is compiled once for each series, with the types of that series")]

mod restricted;
mod support;

/// The types of one series, made of that series' own snapshot.
macro_rules! erp {
    ($schema:literal) => {
        mod erp {
            tryton_sdk::models! {
                schema = $schema,
                models = [
                    "sale.sale", "sale.line", "party.party", "party.address", "party.contact_mechanism",
                    "party.category", "party.identifier", "product.*", "company.company", "ir.attachment", "ir.lang",
                    "currency.currency", "country.country",
                ],
            }
        }
    };
}

mod v6_0;
mod v7_0;
mod v8_0;
mod v8_2;
