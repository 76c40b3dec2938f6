use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::Path;

use crate::progress::Progress;
use crate::sandbox::SandboxError;

/// Opens a lock file, and creates it and its folder if they are missing.
pub(crate) fn open(path: &Path) -> Result<File, SandboxError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(SandboxError::io("create", folder))?;
    }
    OpenOptions::new().create(true).truncate(false).write(true).open(path).map_err(SandboxError::io("open", path))
}

/// Takes a lock for as long as the file is open. Reports progress while another process holds the lock.
pub(crate) fn wait(path: &Path, what: &str, progress: &Progress) -> Result<File, SandboxError> {
    let file = open(path)?;
    if !take(&file, path)? {
        let step = progress.step(format!("{what}: waiting for another process that is at it"));
        file.lock().map_err(SandboxError::io("lock", path))?;
        step.done();
    }
    Ok(file)
}

/// Takes a lock if it is free, and returns whether it did.
pub(crate) fn take(file: &File, path: &Path) -> Result<bool, SandboxError> {
    answer(file.try_lock(), path)
}

/// Returns whether a process holds the lock. The shared lock taken for the test does not disturb other such tests.
pub(crate) fn is_held(path: &Path) -> Result<bool, SandboxError> {
    if !path.exists() {
        return Ok(false);
    }
    Ok(!answer(open(path)?.try_lock_shared(), path)?)
}

fn answer(result: Result<(), TryLockError>, path: &Path) -> Result<bool, SandboxError> {
    match result {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(source)) => Err(SandboxError::io("lock", path)(source)),
    }
}
