//! The suite for Tryton 6.0.

const SERIES: tryton_sandbox::Series = tryton_sandbox::Series::V6_0;

erp!("snapshots/sale/6.0");

#[path = "suite/mod.rs"]
mod suite;
