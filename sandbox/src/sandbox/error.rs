use std::env::VarError;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::sandbox::{Sandbox, Series};

/// The oldest Python that all series run on.
pub(crate) const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// The reason why a sandbox cannot be provided. Its message states what to do.
///
/// ```
/// let error = "9.9".parse::<tryton_sandbox::Series>().unwrap_err();
/// assert_eq!(error.to_string(), "there is no sandbox for Tryton 9.9: choose 6.0, 7.0, 8.0 or 8.2");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum SandboxError {
    /// There is no sandbox for this series.
    UnknownSeries(String),
    /// There is no such seed.
    UnknownSeed(String),
    /// There is no such backend.
    UnknownBackend(String),
    /// The seed needs a module that is not among the sandbox's modules.
    SeedWithoutModule {
        /// The seed.
        seed: &'static str,
        /// The module.
        module: &'static str,
    },
    /// This is not a valid module name.
    ModuleName(String),
    /// There is no module in this folder.
    NoModule(PathBuf),
    /// An environment variable is missing or not valid Unicode.
    Environment {
        /// The variable.
        name: &'static str,
        /// The reason why it cannot be read.
        reason: VarError,
    },
    /// No Python was found.
    PythonMissing {
        /// The command in `TRYTON_PYTHON`, if it is set and does not run.
        named: Option<PathBuf>,
    },
    /// The installed Python is too old.
    PythonTooOld {
        /// The version found.
        found: (u32, u32),
    },
    /// Python lacks its `venv` module or `ensurepip`, as on Debian.
    PythonWithoutVenv(PathBuf),
    /// The package index cannot be reached.
    NoNetwork {
        /// pip's output.
        log: PathBuf,
    },
    /// A module has no release in the series.
    NoSuchPackage {
        /// The reason that pip gives.
        reason: String,
        /// pip's output.
        log: PathBuf,
    },
    /// The machine has no PostgreSQL, and the package index provides none.
    PostgresqlMissing {
        /// pip's output.
        log: PathBuf,
    },
    /// The PostgreSQL from the package index does not run on this machine.
    PostgresqlUnfit(PathBuf),
    /// Root cannot run PostgreSQL, and the machine has no user `postgres` or `nobody`.
    NoAccount,
    /// The disk is full.
    DiskFull(PathBuf),
    /// Another program listens on the requested port.
    PortInUse(u16),
    /// A server of the series is already running, but with other settings than those requested.
    Other {
        /// The requested sandbox.
        wanted: Box<Sandbox>,
        /// The running sandbox.
        running: Box<Sandbox>,
    },
    /// A server of the series that another project started is running but does not answer.
    Stuck {
        /// The series.
        series: Series,
        /// The folder of the project, if it is known.
        starter: Option<PathBuf>,
    },
    /// A process without a record holds the lock of a server.
    Unrecorded(PathBuf),
    /// A step failed.
    Step {
        /// The step.
        what: String,
        /// The last lines of its output.
        tail: String,
        /// All of its output.
        log: PathBuf,
    },
    /// A server ended before it answered.
    Died {
        /// The server.
        what: String,
        /// The last lines of its output.
        tail: String,
    },
    /// A server did not answer in time.
    Silent {
        /// The server.
        what: String,
        /// The last lines of its output.
        tail: String,
    },
    /// No server of the series runs in the sandbox.
    NotRunning(Series),
    /// A file or process operation failed.
    Io {
        /// The operation.
        what: &'static str,
        /// The path of the file or program.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl SandboxError {
    /// Wraps an I/O error with the operation and the path.
    pub(crate) fn io(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => SandboxError::DiskFull(path),
            _ => SandboxError::Io { what, path, source },
        }
    }

    /// Turns a failure to install the PostgreSQL package into [`PostgresqlMissing`](Self::PostgresqlMissing).
    pub(crate) fn for_want_of_postgresql(self, log: &Path) -> Self {
        match self {
            Self::NoNetwork { .. } | Self::NoSuchPackage { .. } => Self::PostgresqlMissing { log: log.to_owned() },
            other => other,
        }
    }

    /// Determines why a step failed from the last lines of its output.
    pub(crate) fn step(what: &str, log: &Path, tail: String) -> Self {
        const DISK: [&str; 3] = ["No space left on device", "database or disk is full", "Disk quota exceeded"];
        const NETWORK: [&str; 6] = [
            "Failed to establish a new connection",
            "NewConnectionError",
            "Temporary failure in name resolution",
            "Network is unreachable",
            "ConnectTimeoutError",
            "ProxyError",
        ];
        let says = |words: &[&str]| words.iter().any(|words| tail.contains(words));
        let log = log.to_owned();
        if says(&DISK) {
            SandboxError::DiskFull(log)
        } else if says(&NETWORK) {
            SandboxError::NoNetwork { log }
        } else if let Some(reason) = tail.lines().find(|line| line.contains("No matching distribution found")) {
            SandboxError::NoSuchPackage { reason: reason.trim_start_matches("ERROR: ").to_owned(), log }
        } else {
            SandboxError::Step { what: what.to_owned(), tail, log }
        }
    }
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let oldest = format!("{}.{}", OLDEST_PYTHON.0, OLDEST_PYTHON.1);
        match self {
            Self::UnknownSeries(text) => {
                write!(f, "there is no sandbox for Tryton {text}: choose 6.0, 7.0, 8.0 or 8.2")
            }
            Self::UnknownSeed(text) => write!(f, "there is no seed `{text}`: choose small, large, records or none"),
            Self::UnknownBackend(text) => write!(f, "there is no backend `{text}`: choose sqlite or postgresql"),
            Self::SeedWithoutModule { seed, module } => {
                write!(f, "the seed `{seed}` needs the module `{module}`: name it among the modules")
            }
            Self::NoModule(folder) => {
                let folder = folder.display();
                write!(f, "there is no Tryton module in {folder}: its folder holds a file `tryton.cfg`")
            }
            Self::ModuleName(text) => {
                write!(f, "`{text}` cannot be a module: write names as Tryton does, like account_invoice")
            }
            Self::Environment { name, reason: VarError::NotPresent } => {
                write!(f, "TRYTON_RPC_URL names a server, but {name} is not set: set it too")
            }
            Self::Environment { name, reason: VarError::NotUnicode(_) } => {
                write!(f, "the value of {name} is not UTF-8: set it anew")
            }
            Self::PythonMissing { named: Some(path) } => write!(
                f,
                "TRYTON_PYTHON names `{}`, which does not run: name a Python {oldest} or newer",
                path.display()
            ),
            Self::PythonMissing { named: None } => {
                write!(f, "Python is missing: install Python {oldest} or newer, or name one with TRYTON_PYTHON")
            }
            Self::PythonTooOld { found: (found_major, found_minor) } => write!(
                f,
                "Python {found_major}.{found_minor} is too old: install Python {oldest} or newer, \
                 or name one with TRYTON_PYTHON"
            ),
            Self::PythonWithoutVenv(python) => write!(
                f,
                "`{}` has no venv module: install it (on Debian and Ubuntu: apt install python3-venv)",
                python.display()
            ),
            Self::NoNetwork { log } => write!(
                f,
                "pip cannot reach the package index: check the network, or pip's settings (PIP_INDEX_URL, PIP_PROXY), then try again; \
                 its output is in {}",
                log.display()
            ),
            Self::NoSuchPackage { reason, log } => {
                write!(f, "{reason}: check the modules' names; pip's output is in {}", log.display())
            }
            Self::PostgresqlMissing { log } => write!(
                f,
                "PostgreSQL is missing, and pip cannot install the package that carries one: \
                 install it (on Debian and Ubuntu: apt install postgresql); pip's output is in {}",
                log.display()
            ),
            Self::PostgresqlUnfit(bin) => write!(
                f,
                "PostgreSQL is missing, and the one in {} does not run here: \
                 install it (on Debian and Ubuntu: apt install postgresql)",
                bin.display()
            ),
            Self::NoAccount => write!(
                f,
                "PostgreSQL does not run as root: run the sandbox as another user, or make a user `postgres` for it"
            ),
            Self::DiskFull(path) => write!(
                f,
                "the disk is full at {}: make room (a sandbox takes about 150 MB), then try again",
                path.display()
            ),
            Self::PortInUse(port) => {
                write!(f, "port {port} is in use: choose another one, or leave the choice to the sandbox")
            }
            Self::Other { wanted, running } => {
                write!(f, "cannot provide {wanted}: {running} runs already")?;
                if let (Some(port), true) = (wanted.port, wanted.port != running.port) {
                    write!(f, " at another port than {port}")?;
                }
                write!(f, "; stop it first with `cargo tryton sandbox down --series {}`", running.series)
            }
            Self::Stuck { series, starter } => {
                let starter = starter.as_ref().map(|starter| format!(" {}", starter.display())).unwrap_or_default();
                write!(f, "the Tryton {series} that another project{starter} started does not answer: ")?;
                write!(f, "wait for it, or stop it with `cargo tryton sandbox down --series {series}`")
            }
            Self::Unrecorded(lock) => {
                write!(f, "a server of which there is no record holds {}: end its process", lock.display())
            }
            Self::Step { what, tail, log } => {
                write!(f, "{what} failed; all of its output is in {}, the end of it:\n{tail}", log.display())
            }
            Self::Died { what, tail } => write!(f, "{what} ended before it answered; the end of its output:\n{tail}"),
            Self::Silent { what, tail } => write!(f, "{what} did not answer in time; the end of its output:\n{tail}"),
            Self::NotRunning(series) => {
                write!(f, "no Tryton {series} runs: start one with `cargo tryton sandbox up --series {series}`")
            }
            Self::Io { what, path, .. } => write!(f, "cannot {what} {}", path.display()),
        }
    }
}

impl Error for SandboxError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(tail: &str) -> SandboxError {
        SandboxError::step("installing", Path::new("pip.log"), tail.to_owned())
    }

    #[test]
    fn pip_without_a_network_is_told_apart_from_other_failures() {
        let offline = step(
            "WARNING: Retrying … Failed to establish a new connection: [Errno 111]\nERROR: No matching distribution found for trytond",
        );
        assert!(matches!(offline, SandboxError::NoNetwork { .. }), "{offline}");
        let unknown = step("ERROR: No matching distribution found for trytond-sael==8.2.*");
        assert_eq!(
            unknown.to_string(),
            "No matching distribution found for trytond-sael==8.2.*: check the modules' names; pip's output is in pip.log"
        );
        let postgresql = offline.for_want_of_postgresql(Path::new("pip.log")).to_string();
        assert!(postgresql.contains("apt install postgresql") && postgresql.ends_with("pip.log"), "{postgresql}");
        let other = step("error: metadata-generation-failed");
        assert!(matches!(other, SandboxError::Step { .. }), "{other}");
    }

    #[test]
    fn a_full_disk_is_recognised_in_our_own_and_in_other_programs_words() {
        let ours = SandboxError::io("write", Path::new("x"))(io::ErrorKind::StorageFull.into());
        let theirs = step("sqlite3.OperationalError: database or disk is full");
        for error in [ours, theirs] {
            assert!(error.to_string().starts_with("the disk is full"), "{error}");
        }
    }
}
