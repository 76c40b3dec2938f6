use std::env;
use std::fs;
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::layout::Layout;
use crate::sandbox::SandboxError;

/// The user that runs PostgreSQL when we are root, because PostgreSQL refuses to run as root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    /// Finds the account. `None`: we are not root, and PostgreSQL runs as the current user.
    pub(crate) fn find() -> Result<Option<Self>, SandboxError> {
        if id(&["-u"]) != Some(0) {
            return Ok(None);
        }
        let named = |name| Some(Account { uid: id(&["-u", name])?, gid: id(&["-g", name])? });
        ["postgres", "nobody"].into_iter().find_map(named).map(Some).ok_or(SandboxError::NoAccount)
    }

    /// Makes a command run as this user.
    pub(crate) fn run(self, command: &mut Command) {
        command.uid(self.uid).gid(self.gid);
    }

    /// Makes this user the owner of a file or folder.
    pub(crate) fn own(self, path: &Path) -> Result<(), SandboxError> {
        chown(path, Some(self.uid), Some(self.gid)).map_err(SandboxError::io("give away", path))
    }
}

/// The form that the supervisor reads.
impl std::fmt::Display for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.uid, self.gid)
    }
}

/// Returns a folder in which the account can run programs and access its files, and creates it if it is missing.
///
/// The sandbox's own folder may be accessible to root alone, so another user gets one below the system's temporary
/// folder.
pub(crate) fn place(account: Option<Account>, layout: &Layout) -> Result<PathBuf, SandboxError> {
    if account.is_none() {
        return Ok(layout.root().to_owned());
    }
    let place = apart(layout);
    match fs::DirBuilder::new().mode(0o755).create(&place) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            return Err(SandboxError::io("create", &place)(error));
        }
        _ => (),
    }
    trust(&place)?;
    open_to_all(&place)?;
    Ok(place)
}

/// Returns the folder of [`place`] if it exists. `None`: nothing has run in it yet.
pub(crate) fn place_so_far(layout: &Layout) -> Result<Option<PathBuf>, SandboxError> {
    match Account::find() {
        Ok(None) => Ok(Some(layout.root().to_owned())),
        Err(SandboxError::NoAccount) => Ok(None),
        Err(error) => Err(error),
        Ok(Some(_)) => {
            let place = apart(layout);
            if fs::symlink_metadata(&place).is_err() {
                return Ok(None);
            }
            trust(&place)?;
            Ok(Some(place))
        }
    }
}

fn apart(layout: &Layout) -> PathBuf {
    env::temp_dir().join(format!("tryton-sandbox-{:016x}", layout.fingerprint()))
}

/// Checks that the folder belongs to root. Anybody can create folders in the temporary folder, and root must not work in
/// another user's folder.
fn trust(place: &Path) -> Result<(), SandboxError> {
    let found = fs::symlink_metadata(place).map_err(SandboxError::io("read", place))?;
    if !found.is_dir() || found.uid() != 0 {
        return Err(SandboxError::io("trust", place)(io::ErrorKind::PermissionDenied.into()));
    }
    Ok(())
}

/// Lets every user enter a folder, regardless of the umask.
pub(crate) fn open_to_all(folder: &Path) -> Result<(), SandboxError> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).map_err(SandboxError::io("open", folder))
}

fn id(arguments: &[&str]) -> Option<u32> {
    let output = Command::new("id").args(arguments).stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
