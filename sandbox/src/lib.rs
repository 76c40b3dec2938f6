//! Real [Tryton](https://www.tryton.org) servers for an application's own tests. All you need is Python 3.10 or newer.
//!
//! [`Sandbox`] describes a server: its series, modules, demo data and database backend. [`Sandbox::start`] installs
//! trytond from PyPI into a venv, initialises a database and fills it. It does this once and keeps the result. Then it
//! starts a server on a copy of the database, on a free port. The [`Server`] stops when it is dropped or when the process
//! ends, however it ends.
//!
//! # An application's own test
//!
//! ```
//! use std::sync::LazyLock;
//!
//! use tryton_sandbox::{Sandbox, Seed, Series, Server};
//!
//! /// One server for all tests of this file. It ends with their process.
//! static SERVER: LazyLock<Server> = LazyLock::new(|| {
//!     let sandbox = Sandbox::new(Series::V8_2).modules(["sale", "purchase"]).seed(Seed::Small);
//!     sandbox.start().unwrap_or_else(|error| panic!("{error}"))
//! });
//!
//! #[tokio::test]
//! async fn there_are_sales_to_work_with() -> tryton_sdk::Result<()> {
//!     let tryton = SERVER.endpoint().client().build()?;
//!     let sales: u32 = tryton.call("model.sale.sale.search_count", ([(); 0],)).await?;
//!     assert_eq!(sales, 50);
//!     Ok(())
//! }
//! ```
//!
//! This takes the dependencies `tryton-sandbox`, `tryton-sdk` and `tokio`: development dependencies if only tests use
//! them.
//!
//! The first start takes a minute or two and reports its progress on standard error. Later starts take about two seconds.
//! The crate blocks and needs no runtime: a `static` may start a server in the middle of an asynchronous test, as above.
//! Elsewhere, use `tokio::task::spawn_blocking`.
//!
//! Each test program starts its own server. Tests that change data other tests rely on should start another server, which
//! also takes about two seconds, or use only records that they created themselves.
//!
//! # Where files are kept
//!
//! In the folder set in `TRYTON_SANDBOX_DIR`; else in `sandbox/` within the target folder of the Cargo workspace or
//! package; else, outside any workspace or package, in the user's cache (`$XDG_CACHE_HOME` or `~/.cache`). A series with
//! its modules and databases takes about 150 MB. A CI that caches this folder reinstalls nothing.
//!
//! # What it needs
//!
//! Linux or macOS, and Python with its `venv` module (on Debian and Ubuntu: `apt install python3-venv`). Set
//! `TRYTON_PYTHON` to use a Python other than `python3`. pip's own settings choose the package index: `PIP_INDEX_URL`,
//! `PIP_PROXY`. With [`Backend::Postgresql`] each server has its own PostgreSQL, from the programs installed on the
//! machine or those of the PyPI package `pgserver`. When the sandbox runs as root, PostgreSQL runs as the user `postgres`
//! or `nobody`, in a folder below the system's temporary folder.
//!
//! A [`SandboxError`] states in one sentence what is missing and what to do about it.
//!
//! # Without a program
//!
//! `cargo tryton sandbox up` starts the same servers from the command line; they run until `cargo tryton sandbox down`.
//! The command uses [`background`].

#[cfg(not(unix))]
compile_error!("tryton-sandbox needs Linux or macOS: on Windows, use it within WSL");

mod account;
mod database;
mod detached;
mod endpoint;
mod fingerprint;
mod http;
mod keep;
mod layout;
mod lock;
mod own_modules;
mod owned;
mod postgresql;
mod programs;
mod progress;
mod project;
mod python;
mod redis;
mod run;
mod sandbox;
mod server;
mod step;
mod tree;
mod trytond;
mod up;
mod venv;

pub use endpoint::{Endpoint, PASSWORD};
pub use programs::Programs;
pub use progress::Progress;
pub use redis::{Redis, RedisCluster, RedisSentinel};
pub use sandbox::{Backend, Sandbox, SandboxError, Seed, Series};
pub use server::Server;

/// Servers that outlive the process that started them, one for each series. `cargo tryton sandbox` uses this module.
///
/// ```no_run
/// use tryton_sandbox::background::{self, Whose};
/// use tryton_sandbox::{Progress, Sandbox, Series};
///
/// let up = background::up(&Sandbox::new(Series::V8_2), &Progress::stderr())?;
/// println!("{}", up.server().url);
/// background::down(Series::V8_2, Whose::Ours)?;
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
pub mod background {
    pub use crate::detached::{Down, Up, Whose};
    pub use crate::endpoint::export;
    pub use crate::layout::folder;
    pub use crate::project::project;
    pub use crate::redis::{redis_down, redis_up};
    pub use crate::up::{Running, down, logs, status, up};
}

/// The README, whose program is a documentation test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
