//! The suite for Tryton 7.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V7_0;

erp!("snapshots/sale/7.0");

#[path = "suite/mod.rs"]
mod suite;
