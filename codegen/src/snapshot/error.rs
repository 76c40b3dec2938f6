//! Errors of reading or writing a snapshot.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::FORMAT;

/// A snapshot cannot be read or written: the file, the position, the reason, and the remedy.
#[derive(Debug)]
#[non_exhaustive]
pub enum SnapshotError {
    /// There is no such folder.
    Missing {
        /// The folder that was looked for.
        dir: PathBuf,
    },
    /// The folder exists and contains something else.
    NotASnapshot {
        /// The folder.
        dir: PathBuf,
    },
    /// Something is mounted at the folder, so it cannot be replaced as a whole.
    MountPoint {
        /// The folder.
        dir: PathBuf,
    },
    /// `server.json` lists a model whose file is gone.
    MissingModel {
        /// The file that should be there.
        file: PathBuf,
    },
    /// The file has a version that this crate does not know.
    Version {
        /// The file.
        file: PathBuf,
        /// The version it states.
        found: u64,
    },
    /// The file does not match its format.
    Broken {
        /// The file.
        file: PathBuf,
        /// The line, from 1; 0 for the whole file.
        line: usize,
        /// The column, from 1; 0 for the whole line.
        column: usize,
        /// The reason.
        reason: String,
    },
    /// The operating system reported an error.
    Io {
        /// The operation, such as `read` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl SnapshotError {
    /// Creates the error for a file whose JSON does not fit the format, with the position.
    pub(super) fn broken(file: &Path, error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        let place = format!(" at line {line} column {column}");
        let text = error.to_string();
        let reason = text.strip_suffix(&place).unwrap_or(&text).to_owned();
        Self::Broken { file: file.to_owned(), line, column, reason }
    }
}

/// Returns the command that creates the snapshot in `dir`.
fn pull(dir: &Path) -> String {
    format!("`cargo tryton pull --models '…' --out {}`", dir.display())
}

/// Returns the folder of `file`, which a pull writes.
fn folder(file: &Path) -> &Path {
    file.parent().unwrap_or(file)
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { dir } => {
                write!(f, "there is no snapshot at {}: create it with {}", dir.display(), pull(dir))
            }
            Self::NotASnapshot { dir } => write!(
                f,
                "{} is not a snapshot (it has no server.json of one): name another folder, or \
                 empty this one and create the snapshot with {}",
                dir.display(),
                pull(dir)
            ),
            Self::MountPoint { dir } => write!(
                f,
                "{0} is a mount point, so a snapshot cannot replace it as a whole: name a folder below it, such as \
                 {0}/schema",
                dir.display()
            ),
            Self::MissingModel { file } => write!(
                f,
                "{} is missing, although server.json lists its model: restore the file, or pull \
                 the snapshot again with {}",
                file.display(),
                pull(folder(file))
            ),
            Self::Version { file, found } => write!(
                f,
                "{} has format {found}, but this version of tryton-sdk reads format {FORMAT}: \
                 pull the snapshot again with {} of the same version",
                file.display(),
                pull(folder(file))
            ),
            Self::Broken { file, line, column, reason } => {
                write!(f, "{}", file.display())?;
                if *line > 0 {
                    write!(f, ":{line}:{column}")?;
                }
                let folder = folder(file);
                write!(f, ": {reason}; fix it, or pull the snapshot again with {}", pull(folder))
            }
            Self::Io { action, path, .. } => write!(f, "cannot {action} {}", path.display()),
        }
    }
}

impl Error for SnapshotError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
