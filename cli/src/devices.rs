//! The cookies by which servers recognize this machine, so that they need not ask for a second factor each time.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tryton_sdk::{ExposeSecret, SecretString};

use crate::app::note;

/// The file below the user's folder for the state of programs.
const FILE: &str = "cargo-tryton/devices.json";

/// The cookie of one user at one database.
pub(crate) struct Device {
    /// `None` if the user has no such folder.
    file: Option<PathBuf>,
    /// The server and the database: `https://erp.example.com/prod`.
    at: String,
    user: String,
}

/// Cookies by user, by server and database.
type Cookies = BTreeMap<String, BTreeMap<String, String>>;

impl Device {
    pub(crate) fn new(url: &str, database: &str, user: &str) -> Self {
        let mut at = url.trim_end_matches('/').to_owned();
        if !database.is_empty() {
            at.push('/');
            at.push_str(database);
        }
        Self { file: place(|name| std::env::var_os(name).map(PathBuf::from)), at, user: user.to_owned() }
    }

    /// Returns the stored cookie. If the file cannot be read, the server just asks again.
    pub(crate) fn cookie(&self) -> Option<SecretString> {
        let file = self.file.as_deref()?;
        match read(file) {
            Ok(mut cookies) => cookies.remove(&self.at)?.remove(&self.user).map(SecretString::from),
            Err(error) => {
                note(format!("the cookie of this device cannot be read from {}: {error}", file.display()));
                None
            }
        }
    }

    /// Stores a cookie for the next time.
    pub(crate) fn keep(&self, cookie: &SecretString) {
        let Some(file) = self.file.as_deref() else { return };
        // Replaces a file that cannot be read.
        let mut cookies = read(file).unwrap_or_default();
        cookies.entry(self.at.clone()).or_default().insert(self.user.clone(), cookie.expose_secret().to_owned());
        match write(file, &cookies) {
            Ok(()) => note(format!("the server will recognize this device, by a cookie in {}", file.display())),
            Err(error) => {
                note(format!("the cookie of this device cannot be kept in {}: {error}", file.display()));
            }
        }
    }
}

/// Returns the path of the file, according to the environment.
fn place(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).filter(|folder| folder.is_absolute());
    let folder = absolute("XDG_STATE_HOME").or_else(|| absolute("LOCALAPPDATA"));
    Some(folder.or_else(|| Some(absolute("HOME")?.join(".local/state")))?.join(FILE))
}

fn read(file: &Path) -> io::Result<Cookies> {
    match fs::read(file) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Cookies::new()),
        Err(error) => Err(error),
    }
}

/// Replaces the file as a whole, with one that only the user may read.
fn write(file: &Path, cookies: &Cookies) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    let mut open = fs::OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folder.mode(0o700);
        open.mode(0o600);
    }
    if let Some(parent) = file.parent() {
        folder.create(parent)?;
    }
    let new = file.with_extension(format!("new-{}", std::process::id()));
    let written = open.open(&new).and_then(|mut open| {
        open.write_all(&serde_json::to_vec_pretty(cookies)?)?;
        open.sync_all()?;
        fs::rename(&new, file)
    });
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&new);
    }
    written
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::place;

    #[test]
    fn the_file_is_where_programs_keep_what_they_remember() {
        let of = |variables: &[(&str, &str)]| {
            place(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| PathBuf::from(value)))
        };
        let home = ("HOME", "/home/ada");
        let at = |folder: &str| Some(PathBuf::from(folder).join("cargo-tryton/devices.json"));
        assert_eq!(of(&[home]), at("/home/ada/.local/state"));
        assert_eq!(of(&[home, ("XDG_STATE_HOME", "/state")]), at("/state"));
        assert_eq!(of(&[home, ("XDG_STATE_HOME", "relative")]), at("/home/ada/.local/state"));
        assert_eq!(of(&[]), None);
    }
}
