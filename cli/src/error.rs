//! Errors of commands: one sentence, what to do next, and the exit code.

use std::path::Path;
use std::{fmt, io};

use tryton_sdk_codegen::snapshot::SnapshotError;
use tryton_sdk_metadata::introspect::IntrospectError;

/// The exit codes, for the end of `--help`.
pub(crate) const EXIT_CODES: &str = "Exit codes:\n  \
    0  done, and nothing breaks\n  \
    1  `check`, `generate --check` or `diff --exit-code` found differences\n  \
    2  wrong arguments, settings or names\n  \
    3  files that cannot be read or written\n  \
    4  the server cannot be reached, or refuses";

/// The exit code of an error.
#[derive(Clone, Copy, Debug)]
enum Code {
    Usage = 2,
    Files = 3,
    Server = 4,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Error {
    sentence: String,
    code: Code,
    /// The command that helps to find the cause.
    look: Option<&'static str>,
}

impl Error {
    /// Creates an error about something that the user gave.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: Code::Usage, look: None }
    }

    /// Creates an error about files or the system.
    pub(crate) fn files(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: Code::Files, look: None }
    }

    /// Creates an error about an action on a file or folder.
    pub(crate) fn io(action: &str, path: &Path, error: &io::Error) -> Self {
        Self::files(format!("cannot {action} {}: {error}", path.display()))
    }

    /// Creates an error about the server.
    pub(crate) fn server(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into(), code: Code::Server, look: None }
    }

    /// Returns the whole message for `command`, without the advice to run `command` itself.
    pub(crate) fn said_by(&self, command: &str) -> String {
        match self.look {
            Some(look) if look != command => format!("{self} with `cargo tryton {look}`"),
            _ => self.to_string(),
        }
    }

    pub(crate) fn code(&self) -> u8 {
        self.code as u8
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// An error of the SDK is a whole sentence with its cause; this adds the remedy.
impl From<tryton_sdk::Error> for Error {
    fn from(error: tryton_sdk::Error) -> Self {
        if error.is_configuration() {
            return Self::usage(format!("{error:#}"));
        }
        let (remedy, look) = if error.is_bad_credentials() {
            ("; check TRYTON_USER and TRYTON_PASSWORD", Some("login"))
        } else if error.is_login_challenge() {
            ("; answer it with --code, or run the command on a terminal", None)
        } else if error.is_unknown_database() {
            ("; check TRYTON_DATABASE, --database, or `database` in tryton.toml", None)
        } else if error.is_unreachable() || error.is_not_tryton() {
            ("; check the URL (TRYTON_RPC_URL, --url, or `url` in tryton.toml)", Some("ping"))
        } else if error.is_forbidden() || error.is_unknown_method() {
            ("; `cargo tryton describe MODEL` lists what can be called", None)
        } else {
            ("", None)
        };
        Self { look, ..Self::server(format!("{error:#}{remedy}")) }
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        Self::files(with_cause(&error))
    }
}

/// Returns the message of an error with that of its cause.
fn with_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

impl From<IntrospectError<tryton_sdk::Error>> for Error {
    fn from(error: IntrospectError<tryton_sdk::Error>) -> Self {
        match error {
            IntrospectError::Call { source, .. } => source.into(),
            IntrospectError::NoModel(_) => Self::usage(error.to_string()),
            other => Self::server(other.to_string()),
        }
    }
}

/// An error of the sandbox says what to do; its cause is added.
#[cfg(unix)]
impl From<tryton_sandbox::SandboxError> for Error {
    fn from(error: tryton_sandbox::SandboxError) -> Self {
        use tryton_sandbox::SandboxError;

        let sentence = with_cause(&error);
        match error {
            SandboxError::SeedWithoutModule { .. }
            | SandboxError::ModuleName(_)
            | SandboxError::NoModule(_)
            | SandboxError::NoSuchPackage { .. }
            | SandboxError::PortInUse(_)
            | SandboxError::Other { .. } => Self::usage(sentence),
            SandboxError::NoNetwork { .. }
            | SandboxError::Stuck { .. }
            | SandboxError::Died { .. }
            | SandboxError::Silent { .. }
            | SandboxError::NotRunning(_) => Self::server(sentence),
            _ => Self::files(sentence),
        }
    }
}
