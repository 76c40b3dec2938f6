//! The sandbox: real servers, provided from nothing and without a word of set-up.
//!
//! trytond comes from PyPI into a venv and keeps its database in SQLite, all of it under `target/sandbox/`
//! (or the folder that `TRYTON_SANDBOX_DIR` names). What takes long is done once and kept: the venv, the initialised
//! database and the seeded one. Every server works on a copy of its own.
//!
//! With [`Backend::Postgresql`] the copy is a data folder, and a PostgreSQL of the server's own serves it. The programs
//! are the machine's, or those of the PyPI package `pgserver`. As root they are run by the user `postgres` or `nobody`,
//! in a folder below the system's temporary one.
//!
//! - [`up`], [`down`], [`status`] and [`logs`] handle servers that go on after the command that started them.
//! - [`Server`] and [`Redis`] belong to the process that starts them and end with it, however it ends.
//! - [`Programs`] are what a server is run with, for those who run it themselves.

mod account;
mod backend;
mod database;
mod detached;
mod endpoint;
mod error;
mod http;
mod keep;
mod layout;
mod lock;
mod own_modules;
mod owned;
mod postgresql;
mod programs;
mod progress;
mod python;
mod redis;
mod redis_group;
mod run;
mod series;
mod server;
mod spec;
mod step;
mod tree;
mod trytond;
mod up;
mod venv;

pub use backend::Backend;
pub use detached::{Down, Up, Whose, checkout};
pub use endpoint::{Endpoint, export};
pub use error::SandboxError;
pub use programs::Programs;
pub use progress::Progress;
pub use redis::{Redis, redis_down, redis_up};
pub use redis_group::{RedisCluster, RedisSentinel};
pub use series::Series;
pub use server::Server;
pub use spec::{Seed, Spec};
pub use up::{Running, down, logs, status, up};

/// The password of the users `admin` and `limited` of every sandbox.
pub const PASSWORD: &str = "sandbox-Tr1ton";
