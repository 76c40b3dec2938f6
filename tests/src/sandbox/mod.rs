//! The sandbox: real servers, provided from nothing and without a word of set-up.
//!
//! trytond comes from PyPI into a venv and keeps its database in SQLite, all of it under `target/sandbox/`
//! (or the folder that `TRYTON_SANDBOX_DIR` names). What takes long is done once and kept: the venv, the initialised
//! database and the seeded one. Every server works on a copy of its own.
//!
//! - [`up`], [`down`], [`status`] and [`logs`] handle servers that go on after the command that started them.
//! - [`Server`] and [`Redis`] belong to the process that starts them and end with it, however it ends.

mod database;
mod detached;
mod endpoint;
mod error;
mod http;
mod keep;
mod layout;
mod lock;
mod owned;
mod progress;
mod python;
mod redis;
mod run;
mod series;
mod server;
mod spec;
mod step;
mod trytond;
mod up;
mod venv;

pub use endpoint::{Endpoint, export};
pub use error::SandboxError;
pub use progress::Progress;
pub use redis::{Redis, redis_down, redis_up};
pub use series::Series;
pub use server::Server;
pub use spec::{Seed, Spec};
pub use up::{Running, down, logs, status, up};

/// The password of the users `admin` and `limited` of every sandbox.
pub const PASSWORD: &str = "sandbox-Tr1ton";
