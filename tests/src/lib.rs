//! Real Tryton servers for the tests, the demo and you.

pub mod sandbox;
