use std::fs::File;
use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::database::{self, Databases};
use crate::detached::{Detached, Down, Up, Whose};
use crate::endpoint::Endpoint;
use crate::http;
use crate::layout::Layout;
use crate::lock;
use crate::postgresql;
use crate::progress::Progress;
use crate::redis;
use crate::sandbox::{Sandbox, SandboxError, Series};
use crate::trytond;
use crate::venv::Venv;

/// The record of a server that outlives the command that started it.
///
/// ```no_run
/// use tryton_sandbox::background;
///
/// for server in background::status()?.0 {
///     println!("{} at {} (process {})", server.sandbox(), server.endpoint().url, server.pid());
/// }
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Running {
    sandbox: Sandbox,
    endpoint: Endpoint,
    pid: u32,
}

impl Running {
    /// Returns the sandbox that the server was started for, with its actual port.
    ///
    /// ```no_run
    /// for server in tryton_sandbox::background::status()?.0 {
    ///     println!("{}", server.sandbox());
    /// }
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Returns the server's address and login.
    ///
    /// ```no_run
    /// for server in tryton_sandbox::background::status()?.0 {
    ///     println!("{}", server.endpoint().url);
    /// }
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns the server's process ID.
    ///
    /// ```no_run
    /// for server in tryton_sandbox::background::status()?.0 {
    ///     println!("{}", server.pid());
    /// }
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }
}

/// Starts a server that outlives this process, or finds the running one for the same sandbox.
///
/// ```no_run
/// use tryton_sandbox::{Progress, Sandbox, background};
///
/// let up = background::up(&Sandbox::default(), &Progress::stderr())?;
/// print!("{}", up.server().exports());
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns a [`SandboxError`] whose message states what to do. Only one such server can run per series: if one with other
/// settings is running, the error is [`SandboxError::Other`]. A server that does not answer is replaced; if another
/// project started it, the error is [`SandboxError::Stuck`].
pub fn up(sandbox: &Sandbox, progress: &Progress) -> Result<Up<Endpoint>, SandboxError> {
    sandbox.check()?;
    let layout = Layout::from_env();
    let server = Detached::new(layout.up(sandbox.series));
    let what = format!("Tryton {}", sandbox.series);
    let _gate = lock::wait(&server.gate(), &what, progress)?;
    if server.is_running()? {
        let running: Running = server.read()?;
        if !sandbox.is_met_by(&running.sandbox) {
            return Err(SandboxError::Other { wanted: sandbox.clone().into(), running: running.sandbox.into() });
        }
        if running.sandbox.port.is_some_and(|port| http::is_tryton(port, sandbox.series)) {
            return Ok(Up::Found(running.endpoint, server.starter()));
        }
        if !server.is(Whose::Ours) {
            return Err(SandboxError::Stuck { series: sandbox.series, starter: server.starter() });
        }
        server.stop(running.pid)?;
    }
    // PostgreSQL may have outlived a server that failed.
    postgresql::stop_up(sandbox.series, &layout, Whose::Anybodys)?;
    // Check early, because the following work can take minutes; the server checks again when it needs the port.
    trytond::check_port(sandbox)?;
    let venv = Venv::keep(sandbox, &layout, progress)?;
    let databases = Databases::new(sandbox, &venv, &layout, progress)?;
    let kept = databases.kept()?;
    let step = progress.step(format!("{what}: starting"));
    server.clear()?;
    let uri = match databases.programs() {
        Some(programs) => postgresql::start_up(sandbox.series, &kept, programs)?,
        None => {
            database::copy_file(&kept, server.folder())?;
            database::SQLITE.to_owned()
        }
    };
    let endpoint = start(sandbox, &server, &venv, &uri)?;
    step.done();
    Ok(Up::Started(endpoint))
}

fn start(sandbox: &Sandbox, server: &Detached, venv: &Venv, uri: &str) -> Result<Endpoint, SandboxError> {
    let mut child = server.spawn(trytond::command(venv, server.folder(), uri, sandbox)?)?;
    // Record the server before it answers, so that it can be stopped if the wait is interrupted.
    let mut running = Running { sandbox: sandbox.clone(), endpoint: trytond::endpoint(0), pid: child.id() };
    server.write(&running)?;
    let port = trytond::wait(sandbox, &server.log(), || !matches!(child.try_wait(), Ok(None)))?;
    running.sandbox.port = Some(port);
    running.endpoint = trytond::endpoint(port);
    server.write(&running)?;
    Ok(running.endpoint)
}

/// Stops the server of a series if `whose` includes it, and removes its copy of the database.
///
/// ```no_run
/// use tryton_sandbox::Series;
/// use tryton_sandbox::background::{self, Down, Whose};
///
/// if background::down(Series::V8_2, Whose::Ours)? == Down::NoneRuns {
///     println!("nothing was running");
/// }
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns a [`SandboxError`] whose message states what to do.
pub fn down(series: Series, whose: Whose) -> Result<Down, SandboxError> {
    let layout = Layout::from_env();
    let server = Detached::new(layout.up(series));
    let _gate = lock::wait(&server.gate(), &format!("Tryton {series}"), &Progress::stderr())?;
    let down = server.down(whose)?;
    if let Down::Left(_) = down {
        return Ok(down);
    }
    let postgresql = postgresql::stop_up(series, &layout, whose)?;
    Ok(if down == Down::Stopped { down } else { postgresql })
}

/// Returns the running background servers, and the URL of the background Redis.
///
/// ```no_run
/// let (servers, redis) = tryton_sandbox::background::status()?;
/// println!("{} servers, Redis: {redis:?}", servers.len());
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns a [`SandboxError`] whose message states what to do.
pub fn status() -> Result<(Vec<Running>, Option<String>), SandboxError> {
    let layout = Layout::from_env();
    let mut running = Vec::new();
    for series in Series::ALL {
        let server = Detached::new(layout.up(series));
        if server.is_running()? {
            running.push(server.read()?);
        }
    }
    Ok((running, redis::running(&layout)?))
}

/// Copies the log of a series' server to `out`. With `follow`, continues until the server ends.
///
/// ```no_run
/// use tryton_sandbox::{Series, background};
///
/// background::logs(Series::V8_2, false, &mut std::io::stdout())?;
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
///
/// # Errors
///
/// Returns [`SandboxError::NotRunning`] if no server is running, and [`SandboxError::Io`] if its log cannot be read or
/// `out` cannot be written to.
pub fn logs(series: Series, follow: bool, out: &mut impl Write) -> Result<(), SandboxError> {
    let server = Detached::new(Layout::from_env().up(series));
    if !server.is_running()? {
        return Err(SandboxError::NotRunning(series));
    }
    let path = server.log();
    let mut log = File::open(&path).map_err(SandboxError::io("read", &path))?;
    loop {
        let goes_on = follow && server.is_running()?;
        let copied = io::copy(&mut log, out).and_then(|_| out.flush());
        copied.map_err(SandboxError::io("copy", &path))?;
        if !goes_on {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(200));
    }
}
