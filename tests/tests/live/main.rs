//! What the SDK does, against real servers: the whole suite once for each series.
//!
//! It is one program, so that each server is started once, by the first test that needs it.

mod support;

/// The suite for one series, with types made of that series' own snapshot.
macro_rules! series {
    ($module:ident, $series:expr, $schema:literal) => {
        mod $module {
            pub(crate) const SERIES: tryton_sdk_tests::sandbox::Series = $series;

            pub(crate) mod erp {
                tryton_sdk::models! {
                    schema = $schema,
                    models = [
                        "sale.sale", "sale.line", "party.party", "party.address", "party.contact_mechanism",
                        "product.*", "company.company", "ir.lang", "currency.currency", "country.country",
                    ],
                }
            }

            #[path = "../suite/mod.rs"]
            mod suite;
        }
    };
}

use tryton_sdk_tests::sandbox::Series;

series!(v6_0, Series::V6_0, "schemas/6.0");
series!(v7_0, Series::V7_0, "schemas/7.0");
series!(v8_0, Series::V8_0, "schemas/8.0");
series!(v8_2, Series::V8_2, "schemas/8.2");
