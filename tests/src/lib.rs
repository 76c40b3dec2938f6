//! Real Tryton servers for the tests, the demo and you; and what watches a client at work with them.

pub mod log;
pub mod proxy;
pub mod sandbox;
