use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use crate::account::Account;
use crate::sandbox::SandboxError;

const SUPERVISE: &str = include_str!("scripts/supervise.py");

/// A server that stops when this process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Owned {
    folder: PathBuf,
    supervisor: Child,
    /// The server runs for as long as this is open.
    life: Option<ChildStdin>,
    /// Shows that the folder is in use, even if the server has died.
    _lock: File,
}

impl Owned {
    /// Starts a server under the supervisor, as the account. Its files are in `folder`, which is removed with the server.
    pub(crate) fn start(
        python: &Path,
        (folder, lock): (PathBuf, File),
        account: Option<Account>,
        command: &Command,
    ) -> Result<Self, SandboxError> {
        let shared = lock.try_clone().map_err(SandboxError::io("open", &folder))?;
        let mut supervisor = Command::new(python);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => supervisor.env(name, value),
                None => supervisor.env_remove(name),
            };
        }
        let mut supervisor = supervisor
            .args([OsStr::new("-c"), OsStr::new(SUPERVISE), folder.as_os_str()])
            .arg(account.map(|account| account.to_string()).unwrap_or_default())
            .arg(command.get_program())
            .args(command.get_args())
            .stdin(Stdio::piped())
            // The supervisor never writes to it; the open file holds the lock until the folder is removed.
            .stdout(shared)
            .stderr(Stdio::inherit())
            .spawn()
            .map_err(SandboxError::io("run", python))?;
        let life = supervisor.stdin.take();
        Ok(Owned { folder, supervisor, life, _lock: lock })
    }

    /// Returns the folder of the server's files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the path of the server's log.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Returns whether the server has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        !matches!(self.supervisor.try_wait(), Ok(None))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        drop(self.life.take());
        // A drop cannot report errors.
        let _ = self.supervisor.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
