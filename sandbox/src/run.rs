use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::keep::unique;
use crate::lock;
use crate::progress::Progress;
use crate::sandbox::SandboxError;

/// Creates a folder in `runs` for a server that belongs to this process, and takes the lock that marks it as in use.
pub(crate) fn claim(runs: &Path) -> Result<(PathBuf, File), SandboxError> {
    // No process may sweep between the creation of a folder and the taking of its lock.
    let _sweeping = lock::wait(&runs.with_extension("lock"), "sandbox", &Progress::silent())?;
    fs::create_dir_all(runs).map_err(SandboxError::io("create", runs))?;
    sweep(runs)?;
    let folder = runs.join(unique());
    let path = folder.join("lock");
    let lock = lock::open(&path)?;
    lock::take(&lock, &path)?;
    Ok((folder, lock))
}

/// Removes the folders of processes that have ended.
fn sweep(runs: &Path) -> Result<(), SandboxError> {
    for entry in fs::read_dir(runs).map_err(SandboxError::io("read", runs))? {
        let folder = entry.map_err(SandboxError::io("read", runs))?.path();
        if !lock::is_held(&folder.join("lock"))? {
            // A supervisor may be removing it at the same time. The next sweep removes what remains.
            let _ = fs::remove_dir_all(&folder);
        }
    }
    Ok(())
}
