//! PostgreSQL: each database has its own server, on a copy of a kept data folder.
//!
//! Copying a folder and starting a server on it takes less than a second. Restoring a dump takes several seconds.

mod programs;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Serialize;

use crate::account;
use crate::detached::{Detached, Down, Whose};
use crate::endpoint::{DATABASE, PASSWORD};
use crate::http;
use crate::layout::Layout;
use crate::owned::Owned;
use crate::progress::Progress;
use crate::python;
use crate::run;
use crate::sandbox::{SandboxError, Series};
use crate::step;
use crate::tree;
use crate::trytond;

pub(crate) use programs::Programs;

const WHAT: &str = "PostgreSQL";

/// The settings of every server. Its data need not survive a crash, and its log is in English.
///
/// Statistics must be updated immediately: without those of the tables that trytond has just created, each of its many
/// queries about the next table takes seconds.
const SETTINGS: [&str; 7] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "unix_socket_directories=",
    "timezone=UTC",
    "lc_messages=C",
    "autovacuum_naptime=1s",
];

/// A PostgreSQL that belongs to this process and serves one database.
#[derive(Debug)]
pub(crate) struct Postgresql {
    owned: Owned,
    programs: Programs,
    port: u16,
}

impl Postgresql {
    /// Starts a server with an empty database.
    pub(crate) fn empty(programs: &Programs, log: &Path) -> Result<Self, SandboxError> {
        Self::start(programs, |folder| initialise(programs, folder, log))
    }

    /// Starts a server on a copy of the data that [`Postgresql::keep`] left in a folder.
    pub(crate) fn copy_of(kept: &Path, programs: &Programs) -> Result<Self, SandboxError> {
        Self::start(programs, |folder| tree::copy(&data(kept), &data(folder), programs.account()))
    }

    fn start(programs: &Programs, fill: impl FnOnce(&Path) -> Result<(), SandboxError>) -> Result<Self, SandboxError> {
        let (folder, lock) = run::claim(&programs.runs())?;
        if programs.account().is_some() {
            account::open_to_all(&programs.runs())?;
            account::open_to_all(&folder)?;
        }
        fill(&folder)?;
        let port = http::free_port()?;
        let command = command(programs, &folder, port);
        let python = python::find()?;
        let mut owned = Owned::start(&python, (folder, lock), programs.account(), &command)?;
        let data = data(owned.folder());
        trytond::wait_for(WHAT, &owned.log(), || is_ready(&data), || owned.has_ended())?;
        Ok(Postgresql { owned, programs: programs.clone(), port })
    }

    /// Returns its URI for trytond's configuration.
    pub(crate) fn uri(&self) -> String {
        uri(self.port)
    }

    /// Returns the data folder.
    pub(crate) fn data(&self) -> PathBuf {
        data(self.owned.folder())
    }

    /// Stops the server and copies its database into a folder, for [`Postgresql::copy_of`].
    pub(crate) fn keep(self, folder: &Path, log: &Path) -> Result<(), SandboxError> {
        let running = self.owned.folder();
        let mut stop = self.programs.command("pg_ctl", running);
        stop.args(["stop", "--wait", "--mode=fast", "-D"]).arg(self.data());
        step::run(&mut stop, "closing the database", log, &Progress::silent())?;
        tree::copy(&self.data(), &data(folder), None)
    }
}

/// Returns the PostgreSQL of a series' background server, in its account's folder.
fn up(series: Series, place: &Path) -> Detached {
    Detached::new(place.join("up").join(format!("postgresql-{series}")))
}

/// The record of a PostgreSQL that outlives this process.
#[derive(Serialize)]
struct Record {
    pid: u32,
}

/// Starts the PostgreSQL of a background server on a copy of a kept database, and returns its URI.
pub(crate) fn start_up(series: Series, kept: &Path, programs: &Programs) -> Result<String, SandboxError> {
    let server = up(series, programs.place());
    server.clear()?;
    if programs.account().is_some() {
        server.folder().parent().map_or(Ok(()), account::open_to_all)?;
        account::open_to_all(server.folder())?;
    }
    tree::copy(&data(kept), &data(server.folder()), programs.account())?;
    let port = http::free_port()?;
    let mut child: Child = server.spawn(command(programs, server.folder(), port))?;
    server.write(&Record { pid: child.id() })?;
    let data = data(server.folder());
    trytond::wait_for(WHAT, &server.log(), || is_ready(&data), || !matches!(child.try_wait(), Ok(None)))?;
    Ok(uri(port))
}

/// Stops the PostgreSQL of a background server if `whose` includes it.
pub(crate) fn stop_up(series: Series, layout: &Layout, whose: Whose) -> Result<Down, SandboxError> {
    let Some(place) = account::place_so_far(layout)? else { return Ok(Down::NoneRuns) };
    up(series, &place).down(whose)
}

fn uri(port: u16) -> String {
    format!("postgresql://{DATABASE}:{PASSWORD}@127.0.0.1:{port}/")
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// Returns the command that serves the database in a folder.
fn command(programs: &Programs, folder: &Path, port: u16) -> Command {
    let mut command = programs.command("postgres", folder);
    command.arg("-D").arg(data(folder)).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", *setting]));
    command
}

/// Returns whether the server of a data folder is ready, by the line of its PID file that `pg_ctl` also waits for.
fn is_ready(data: &Path) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

/// Creates the data folder with an empty database and its owner, who has no rights outside it.
fn initialise(programs: &Programs, folder: &Path, log: &Path) -> Result<(), SandboxError> {
    let data = data(folder);
    tree::create(&data, programs.account())?;
    let mut initdb = programs.command("initdb", folder);
    initdb.args(["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=reject", "--no-sync"]);
    // Every copy would include a segment of the default size, 16 MB.
    initdb.arg("--wal-segsize=1").arg("-D").arg(&data);
    step::run(&mut initdb, "PostgreSQL: initialising the data folder", log, &Progress::silent())?;
    let access = data.join("pg_hba.conf");
    // Keeps the owner: writing changes only the text of the existing file.
    fs::write(&access, format!("host all {DATABASE} 127.0.0.1/32 scram-sha-256\n"))
        .map_err(SandboxError::io("write", &access))?;
    create_database(programs, folder, log)
}

/// Creates the role and its database in single-user mode, because nobody could log in to a server yet.
fn create_database(programs: &Programs, folder: &Path, log: &Path) -> Result<(), SandboxError> {
    let errors = fs::File::options().append(true).open(log).map_err(SandboxError::io("write", log))?;
    let mut single = programs.command("postgres", folder);
    single.arg("--single").arg("-D").arg(data(folder)).args(SETTINGS.iter().flat_map(|setting| ["-c", *setting]));
    let program = PathBuf::from(single.get_program());
    let mut child = single
        .arg("postgres")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(errors)
        .spawn()
        .map_err(SandboxError::io("run", &program))?;
    if let Some(mut input) = child.stdin.take() {
        let statements = format!(
            "CREATE ROLE {DATABASE} LOGIN PASSWORD '{PASSWORD}'\n\
             CREATE DATABASE {DATABASE} OWNER {DATABASE} TEMPLATE template0 ENCODING 'UTF8'\n"
        );
        input.write_all(statements.as_bytes()).map_err(SandboxError::io("write to", &program))?;
    }
    child.wait().map_err(SandboxError::io("run", &program)).map(drop)
}
