//! The suite for Tryton 8.2.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V8_2;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.2", models = ["test.*"] }
}

#[path = "suite/mod.rs"]
mod suite;
