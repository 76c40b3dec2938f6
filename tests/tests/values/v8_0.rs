//! The suite for Tryton 8.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V8_0;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/8.0", models = ["test.*"] }
}

#[path = "suite/mod.rs"]
mod suite;
