//! The suite for Tryton 8.2.

const SERIES: tryton_sdk_tests::sandbox::Series = tryton_sdk_tests::sandbox::Series::V8_2;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.2", models = ["test.*"] }
}

#[path = "suite/mod.rs"]
mod suite;
