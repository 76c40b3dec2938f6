//! Code shared by the tests, the demo and the measurements: it observes a client and a real server, or stands between
//! them.

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
