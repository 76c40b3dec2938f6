//! Real [Tryton](https://www.tryton.org) servers for an application's own tests, from nothing but Python 3.10 or newer.
//!
//! [`Sandbox`] says which server it is: the series, the modules, the demo data, the backend of the database. [`Sandbox::start`]
//! installs trytond from PyPI into a venv, initialises a database and fills it. All of that is done once and kept. Then it
//! starts a server on a copy of the database, on a free port. The [`Server`] stops when it is dropped, and with the process
//! however that ends.
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
//! The dependencies are `tryton-sandbox`, `tryton-sdk` and `tokio`, which are development dependencies where only tests use them.
//!
//! A first start takes a minute or two and says on standard error what it is doing. Later ones take about two seconds.
//! Nothing here is asynchronous and nothing needs a runtime: a `static` may start a server in the middle of an
//! asynchronous test, as above. Elsewhere, use `tokio::task::spawn_blocking`.
//!
//! Each test program that starts a server has one of its own. Tests that change what others count on start another
//! server, which takes two seconds too, or look only at records that they created themselves.
//!
//! # Where files are kept
//!
//! In the folder that `TRYTON_SANDBOX_DIR` names; else in `sandbox/` within the target folder of the Cargo workspace or
//! package; else, outside of any, in the user's cache (`$XDG_CACHE_HOME` or `~/.cache`). A series with its modules and databases
//! takes about 150 MB. A CI that caches this folder installs nothing anew.
//!
//! # What it needs
//!
//! Linux or macOS, and Python with its `venv` module (on Debian and Ubuntu: `apt install python3-venv`). `TRYTON_PYTHON` names
//! another Python than `python3`. pip's own settings choose the package index: `PIP_INDEX_URL`, `PIP_PROXY`. With
//! [`Backend::Postgresql`] each server has a PostgreSQL of its own: the machine's programs, or those of the PyPI package `pgserver`.
//! As root they are run by the user `postgres` or `nobody`, in a folder below the system's temporary one.
//!
//! [`SandboxError`] says in one sentence what is missing and what to do.
//!
//! # Without a program
//!
//! `cargo tryton sandbox up` starts the same servers from the command line, where they go on until `cargo tryton sandbox down`.
//! [`background`] is what the command is made of.

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

/// Servers that go on after the process that started them, one for each series: what `cargo tryton sandbox` is made of.
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
