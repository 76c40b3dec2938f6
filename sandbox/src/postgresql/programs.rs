use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::account::{self, Account};
use crate::keep::{always, keep};
use crate::layout::Layout;
use crate::progress::Progress;
use crate::python;
use crate::sandbox::SandboxError;
use crate::step;
use crate::venv;

use super::WHAT;

/// Debian's folder for the programs, with one subfolder per version. It is not in `PATH`.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The programs of PostgreSQL, and the account and folder they run with.
#[derive(Clone, Debug)]
pub(crate) struct Programs {
    bin: PathBuf,
    version: String,
    account: Option<Account>,
    place: PathBuf,
}

impl Programs {
    /// Finds the machine's own PostgreSQL, else installs the PyPI package `pgserver`, which contains one.
    pub(crate) fn find(layout: &Layout, progress: &Progress) -> Result<Self, SandboxError> {
        let account = Account::find()?;
        let place = account::place(account, layout)?;
        let fit = |bin: PathBuf| {
            let version = version(&bin, account)?;
            Some(Programs { bin, version, account, place: place.clone() })
        };
        if let Some(programs) = in_path().into_iter().chain(of_debian()).find_map(fit) {
            return Ok(programs);
        }
        let bin = from_package(&place, layout, progress)?;
        fit(bin.clone()).ok_or(SandboxError::PostgresqlUnfit(bin))
    }

    /// Returns the major version. Data folders are compatible only within a major version.
    pub(crate) fn version(&self) -> &str {
        &self.version
    }

    /// Returns the user that must run the programs, if it is not the current user.
    pub(crate) fn account(&self) -> Option<Account> {
        self.account
    }

    /// Returns the account's folder.
    pub(crate) fn place(&self) -> &Path {
        &self.place
    }

    /// Returns the folder that contains the servers' folders.
    pub(crate) fn runs(&self) -> PathBuf {
        self.place.join("run")
    }

    /// Returns a command that runs one of the programs in a folder.
    pub(crate) fn command(&self, name: &str, folder: &Path) -> Command {
        let mut command = command(&self.bin.join(name), self.account);
        command.current_dir(folder);
        command
    }
}

/// Returns a command that runs a program as the account, without the environment variables for PostgreSQL clients.
fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    if let Some(account) = account {
        account.run(&mut command);
    }
    for (name, _) in env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(&name);
        }
    }
    command
}

/// Returns the major version. `None`: the programs are missing, or the account cannot run them.
fn version(bin: &Path, account: Option<Account>) -> Option<String> {
    if !bin.join("initdb").exists() {
        return None;
    }
    let mut postgres = command(&bin.join("postgres"), account);
    let output = postgres.current_dir("/").arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    major(&String::from_utf8_lossy(&output.stdout))
}

/// Extracts `17` from `postgres (PostgreSQL) 17.2 (Debian 17.2-1)`.
fn major(text: &str) -> Option<String> {
    let (_, version) = text.split_once("(PostgreSQL) ")?;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    (!digits.is_empty()).then_some(digits)
}

/// Returns the folder of the programs found through `PATH`, with links resolved.
fn in_path() -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let initdb = env::split_paths(&path).map(|folder| folder.join("initdb")).find(|program| program.exists())?;
    Some(fs::canonicalize(initdb).ok()?.parent()?.to_owned())
}

/// Returns the program folders of Debian's versions, newest first.
fn of_debian() -> Vec<PathBuf> {
    let entries = fs::read_dir(DEBIAN).into_iter().flatten().flatten();
    let number = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    let mut folders: Vec<_> = entries.filter_map(|entry| Some((number(&entry.path())?, entry.path()))).collect();
    folders.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    folders.into_iter().map(|(_, folder)| folder.join("bin")).collect()
}

/// Installs the package where the account can access it, and returns the folder of its programs.
fn from_package(place: &Path, layout: &Layout, progress: &Progress) -> Result<PathBuf, SandboxError> {
    let log = layout.log("pip-postgresql");
    let kept = place.join("venv");
    fs::create_dir_all(&kept).map_err(SandboxError::io("create", &kept))?;
    account::open_to_all(&kept)?;
    let folder = keep(&kept.join("postgresql"), WHAT, progress, always, |folder| {
        venv::create(&python::find()?, folder, WHAT, &layout.log("venv-postgresql"), progress)?;
        account::open_to_all(folder)?;
        let what = format!("{WHAT}: installing from the package index");
        let mut pip = venv::pip_install(folder);
        // The programs do not need Python, but their package exists only for some Python versions.
        pip.args(["--no-deps", "--only-binary", ":all:", "--python-version", "3.11", "pgserver", "--target"]);
        let installed = step::run(pip.arg(folder.join("packages")), &what, &log, progress);
        installed.map_err(|error| error.for_want_of_postgresql(&log))
    })?;
    Ok(folder.join("packages/pgserver/pginstall/bin"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_part_of_the_version_is_read() {
        assert_eq!(major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n").as_deref(), Some("15"));
        assert_eq!(major("postgres (PostgreSQL) 18beta1\n").as_deref(), Some("18"));
        assert_eq!(major("Permission denied"), None);
    }
}
