use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use crate::account::Account;
use crate::sandbox::SandboxError;

/// Copies a folder recursively, and makes the account the owner of the copy.
pub(crate) fn copy(from: &Path, to: &Path, account: Option<Account>) -> Result<(), SandboxError> {
    create(to, account)?;
    for entry in fs::read_dir(from).map_err(SandboxError::io("read", from))? {
        let entry = entry.map_err(SandboxError::io("read", from))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy(&source, &target, account)?;
        } else {
            fs::copy(&source, &target).map_err(SandboxError::io("write", &target))?;
            account.map_or(Ok(()), |account| account.own(&target))?;
        }
    }
    Ok(())
}

/// Creates a folder that only the account, or else the current user, can access.
pub(crate) fn create(folder: &Path, account: Option<Account>) -> Result<(), SandboxError> {
    fs::DirBuilder::new().mode(0o700).create(folder).map_err(SandboxError::io("create", folder))?;
    account.map_or(Ok(()), |account| account.own(folder))
}
