//! The suite for Tryton 8.2.

const SERIES: tryton_sdk_tests::sandbox::Series = tryton_sdk_tests::sandbox::Series::V8_2;

erp!("snapshots/sale/8.2");

#[path = "suite/mod.rs"]
mod suite;
