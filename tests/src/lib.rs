//! Real Tryton servers for the tests, the demo and you; and what watches a client at work with them.

pub mod build;
pub mod fake;
pub mod log;
pub mod nginx;
pub mod process;
pub mod proteus;
pub mod proxy;
pub mod pyson;
pub mod sandbox;
pub mod scratch;
pub mod socks;
pub mod terminal;
pub mod tls;

/// The README, whose snippets are documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
