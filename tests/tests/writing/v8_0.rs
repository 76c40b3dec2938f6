//! The suite for Tryton 8.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V8_0;

erp!("snapshots/sale/8.0");

#[path = "suite/mod.rs"]
mod suite;
