//! PostgreSQL: a server for every database, which is a copy of a data folder that was kept.
//!
//! Copying a folder and starting a server on it takes less than a second. Restoring a dump takes several.

mod programs;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::{Deserialize, Serialize};

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

/// How every server runs: what it holds need not outlive it, and its log is to be in English.
///
/// Statistics have to follow at once: without those of the tables that trytond has just made, each of its many
/// questions about the next one takes seconds.
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
    /// Starts a server whose database is empty.
    pub(crate) fn empty(programs: &Programs, log: &Path) -> Result<Self, SandboxError> {
        Self::start(programs, |folder| initialise(programs, folder, log))
    }

    /// Starts a server with a copy of what [`Postgresql::keep`] left in a folder.
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

    /// Where it is, as trytond's configuration says it.
    pub(crate) fn uri(&self) -> String {
        uri(self.port)
    }

    /// The files of the database.
    pub(crate) fn data(&self) -> PathBuf {
        data(self.owned.folder())
    }

    /// Ends the server and leaves its database in a folder, for [`Postgresql::copy_of`].
    pub(crate) fn keep(self, folder: &Path, log: &Path) -> Result<(), SandboxError> {
        let running = self.owned.folder();
        let mut stop = self.programs.command("pg_ctl", running);
        stop.args(["stop", "--wait", "--mode=fast", "-D"]).arg(self.data());
        step::run(&mut stop, "closing the database", log, &Progress::silent())?;
        tree::copy(&self.data(), &data(folder), None)
    }
}

/// The PostgreSQL of the server of a series that goes on by itself, in the place of its account.
fn up(series: Series, place: &Path) -> Detached {
    Detached::new(place.join("up").join(format!("postgresql-{series}")))
}

/// What is written down about a PostgreSQL that goes on by itself.
#[derive(Serialize, Deserialize)]
struct Record {
    pid: u32,
}

/// Starts the PostgreSQL of a server that goes on by itself with a copy of a kept database, and returns where it is.
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

/// Ends the PostgreSQL of a server that goes on by itself, if it is one of `whose`.
pub(crate) fn stop_up(series: Series, layout: &Layout, whose: Whose) -> Result<Down, SandboxError> {
    let Some(place) = account::place_so_far(layout)? else { return Ok(Down::NoneRuns) };
    let server = up(series, &place);
    if !server.is_running()? {
        return Ok(Down::NoneRuns);
    }
    if !server.is(whose) {
        return Ok(Down::Left(server.starter()));
    }
    server.stop(server.read::<Record>()?.pid)?;
    Ok(Down::Stopped)
}

fn uri(port: u16) -> String {
    format!("postgresql://{DATABASE}:{PASSWORD}@127.0.0.1:{port}/")
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// The command that serves the database in a folder.
fn command(programs: &Programs, folder: &Path, port: u16) -> Command {
    let mut command = programs.command("postgres", folder);
    command.arg("-D").arg(data(folder)).args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    command.args(SETTINGS.iter().flat_map(|setting| ["-c", *setting]));
    command
}

/// Whether the server of a data folder answers: the last line of this file is for `pg_ctl`, which waits for it too.
fn is_ready(data: &Path) -> bool {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    text.lines().nth(7).is_some_and(|line| line.trim() == "ready")
}

/// Makes the data folder, with an empty database and its owner, who may do nothing outside of it.
fn initialise(programs: &Programs, folder: &Path, log: &Path) -> Result<(), SandboxError> {
    let data = data(folder);
    tree::create(&data, programs.account())?;
    let mut initdb = programs.command("initdb", folder);
    initdb.args(["--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--auth=reject", "--no-sync"]);
    // Every copy would carry the sixteen megabytes that are usual.
    initdb.arg("--wal-segsize=1").arg("-D").arg(&data);
    step::run(&mut initdb, "PostgreSQL: initialising the data folder", log, &Progress::silent())?;
    let access = data.join("pg_hba.conf");
    // The file is the account's already: its text alone changes.
    fs::write(&access, format!("host all {DATABASE} 127.0.0.1/32 scram-sha-256\n"))
        .map_err(SandboxError::io("write", &access))?;
    create_database(programs, folder, log)
}

/// Without a server, to which nobody could log in yet.
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
