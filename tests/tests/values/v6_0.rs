//! The suite for Tryton 6.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V6_0;

mod models {
    tryton_sdk::models! { schema = "tests/snapshots/6.0", models = ["test.*"] }
}

#[path = "suite/mod.rs"]
mod suite;
