//! The suite for Tryton 7.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V7_0;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/7.0", models = ["test.*"] }
}

#[path = "suite/mod.rs"]
mod suite;
