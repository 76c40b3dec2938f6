//! What the tests, the demo and the measurements share: what watches a client at work with a real server, and what stands
//! between them.

pub mod build;
pub mod fake;
pub mod log;
pub mod nginx;
pub mod process;
pub mod proteus;
pub mod proxy;
pub mod pyson;
pub mod scratch;
pub mod socks;
pub mod terminal;
pub mod tls;

/// The README, whose snippets are documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
