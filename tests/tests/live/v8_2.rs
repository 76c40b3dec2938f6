//! The suite for Tryton 8.2.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V8_2;

erp!("snapshots/sale/8.2");

#[path = "suite/mod.rs"]
mod suite;
