//! Writing a snapshot to its folder: all of it or nothing.

mod json;
mod mount;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tryton_sdk_codegen::snapshot::{SERVER_FILE, Snapshot, SnapshotError, file_name};

/// The result of [`write()`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The bytes of all files of the snapshot.
    pub bytes: u64,
    /// Whether the folder already held exactly this snapshot, so that nothing was touched.
    pub unchanged: bool,
}

/// Writes `snapshot` to the folder `dir`, replacing a snapshot that is there.
///
/// The new files are written to a sibling folder first, which then replaces `dir`. An interruption leaves the old
/// snapshot intact, at worst under its sibling name `.NAME.old`, which the next write moves back. Files that are not
/// JSON, such as notes, are kept. A folder that holds anything but a snapshot is refused.
pub fn write(dir: &Path, snapshot: &Snapshot) -> Result<Written, SnapshotError> {
    let files = render(dir, snapshot)?;
    let bytes = files.values().map(|content| content.len() as u64).sum();
    let place = Place::of(dir)?;
    place.restore_interrupted()?;
    place.refuse_foreign()?;
    if place.holds(&files)? {
        return Ok(Written { bytes, unchanged: true });
    }
    place.replace(&files)?;
    Ok(Written { bytes, unchanged: false })
}

/// Checks whether [`write()`] could replace the folder `dir`, before the work of reading a snapshot for it.
///
/// It creates a folder beside `dir`, and removes it again.
///
/// # Errors
///
/// [`NotASnapshot`](SnapshotError::NotASnapshot) if the folder holds something else,
/// [`MountPoint`](SnapshotError::MountPoint) if something is mounted there, and [`Io`](SnapshotError::Io) if nothing
/// can be written beside it.
///
/// ```
/// use tryton_sdk_metadata::folder::check_place;
///
/// assert!(check_place(&std::env::temp_dir().join("a/snapshot/that/is/new")).is_ok());
/// assert!(check_place(&std::env::current_exe()?).is_err(), "a file");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn check_place(dir: &Path) -> Result<(), SnapshotError> {
    let place = Place::of(dir)?;
    place.refuse_mount_point()?;
    place.refuse_foreign()?;
    place.try_beside()
}

type Files = BTreeMap<String, Vec<u8>>;

/// Returns the content of every file by its name.
fn render(dir: &Path, snapshot: &Snapshot) -> Result<Files, SnapshotError> {
    let unwritable =
        |name: &str, reason: String| SnapshotError::Broken { file: dir.join(name), line: 0, column: 0, reason };
    let mut files = Files::new();
    let server = json::to_bytes(&snapshot.server);
    files.insert(SERVER_FILE.to_owned(), server.map_err(|error| unwritable(SERVER_FILE, error.to_string()))?);
    for model in &snapshot.models {
        let Some(name) = file_name(&model.model) else {
            let reason = format!("the name of the model `{}` cannot be a file name", model.model);
            return Err(unwritable(SERVER_FILE, reason));
        };
        let content = json::to_bytes(model);
        let content = content.map_err(|error| unwritable(&name, error.to_string()))?;
        files.insert(name, content);
    }
    Ok(files)
}

/// The folder to write, and its siblings during the exchange.
struct Place {
    dir: PathBuf,
    new: PathBuf,
    old: PathBuf,
}

impl Place {
    fn of(dir: &Path) -> Result<Self, SnapshotError> {
        // The target of a link is replaced, and not the link; the folder itself if `dir` is `.`.
        let target = target(dir).map_err(failed("find", dir))?;
        let Some(name) = target.file_name() else {
            return Err(SnapshotError::NotASnapshot { dir: dir.to_owned() });
        };
        let sibling = |suffix: String| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(suffix);
            target.with_file_name(hidden)
        };
        Ok(Self { new: sibling(format!(".new-{}", std::process::id())), old: sibling(".old".to_owned()), dir: target })
    }

    /// Moves back what an interrupted write has moved away, or the notes if only they are missing.
    fn restore_interrupted(&self) -> Result<(), SnapshotError> {
        // If the notes were moved and half of the rest was removed, a snapshot may consist of some JSON only.
        let is_ours = || Ok(is_snapshot(&self.old.join(SERVER_FILE)) || entries(&self.old)?.iter().all(is_json));
        if !self.old.is_dir() || !is_ours()? {
            return Ok(());
        }
        if self.dir.exists() {
            self.keep_notes()?;
            return remove(&self.old);
        }
        fs::rename(&self.old, &self.dir).map_err(failed("restore", &self.dir))
    }

    /// Refuses a folder with foreign files in it.
    fn refuse_foreign(&self) -> Result<(), SnapshotError> {
        let foreign = || SnapshotError::NotASnapshot { dir: self.dir.clone() };
        if !self.dir.exists() {
            return Ok(());
        }
        if !self.dir.is_dir() {
            return Err(foreign());
        }
        let names = entries(&self.dir)?;
        // A merge may have left its marks in `server.json`, and in some of the models.
        let is_broken_snapshot =
            || self.dir.join(SERVER_FILE).exists() && names.iter().any(|name| is_model(&self.dir.join(name)));
        let ours = names.is_empty() || is_snapshot(&self.dir.join(SERVER_FILE)) || is_broken_snapshot();
        if ours { Ok(()) } else { Err(foreign()) }
    }

    /// Refuses a folder that cannot be renamed because it is a mount point.
    fn refuse_mount_point(&self) -> Result<(), SnapshotError> {
        if mount::is_mount_point(&self.dir) {
            return Err(SnapshotError::MountPoint { dir: self.dir.clone() });
        }
        Ok(())
    }

    /// Creates the sibling folder for a moment, or a folder above it if its parent does not exist yet.
    fn try_beside(&self) -> Result<(), SnapshotError> {
        let name = self.new.file_name().unwrap_or_default();
        let above = self.dir.ancestors().skip(1).find(|folder| folder.exists()).unwrap_or(Path::new("/"));
        let trial = above.join(name);
        fs::create_dir(&trial).map_err(failed("create", &trial))?;
        fs::remove_dir(&trial).map_err(failed("remove", &trial))
    }

    /// Whether the folder's JSON files are exactly `files`, whose lines may end as Git ends them on Windows.
    fn holds(&self, files: &Files) -> Result<bool, SnapshotError> {
        if !self.dir.exists() {
            return Ok(false);
        }
        let present = entries(&self.dir)?.into_iter().filter(is_json);
        if !present.eq(files.keys().map(OsString::from)) {
            return Ok(false);
        }
        for (name, content) in files {
            let file = self.dir.join(name);
            let present = fs::read(&file).map_err(failed("read", &file))?;
            if present != *content && without_carriage_returns(&present) != *content {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Writes the new folder and exchanges it for the old one.
    fn replace(&self, files: &Files) -> Result<(), SnapshotError> {
        let made = self.write_new(files).and_then(|()| self.exchange());
        if made.is_err() && self.new.exists() {
            // The first error is the one to report.
            let _ = fs::remove_dir_all(&self.new);
        }
        made
    }

    fn write_new(&self, files: &Files) -> Result<(), SnapshotError> {
        if self.new.exists() {
            remove(&self.new)?;
        }
        fs::create_dir_all(&self.new).map_err(failed("create", &self.new))?;
        for (name, content) in files {
            let file = self.new.join(name);
            let written = fs::File::create(&file).and_then(|mut open| {
                io::Write::write_all(&mut open, content)?;
                open.sync_all()
            });
            written.map_err(failed("write", &file))?;
        }
        Ok(())
    }

    fn exchange(&self) -> Result<(), SnapshotError> {
        let replaces = self.dir.exists();
        if replaces {
            fs::rename(&self.dir, &self.old).map_err(failed("replace", &self.old))?;
        }
        if let Err(error) = fs::rename(&self.new, &self.dir) {
            if replaces {
                // Restores the old snapshot; the error that stopped the exchange is reported.
                let _ = fs::rename(&self.old, &self.dir);
            }
            return Err(failed("create", &self.dir)(error));
        }
        if replaces {
            self.keep_notes()?;
            remove(&self.old)?;
        }
        Ok(())
    }

    /// Carries over the files in the old folder that do not belong to a snapshot.
    fn keep_notes(&self) -> Result<(), SnapshotError> {
        for name in entries(&self.old)?.into_iter().filter(|name| !is_json(name)) {
            let (from, to) = (self.old.join(&name), self.dir.join(&name));
            if to.exists() {
                return Err(failed("keep", &from)(io::ErrorKind::AlreadyExists.into()));
            }
            fs::rename(from, &to).map_err(failed("keep", &to))?;
        }
        Ok(())
    }
}

/// Returns where a folder is: the target of a link, even if nothing is there yet.
fn target(dir: &Path) -> io::Result<PathBuf> {
    /// The limit of Linux.
    const LINKS: usize = 40;
    if dir.exists() {
        return fs::canonicalize(dir);
    }
    let mut target = std::path::absolute(dir)?;
    for _ in 0..LINKS {
        let Ok(link) = fs::read_link(&target) else { return Ok(target) };
        target = target.parent().unwrap_or(Path::new("/")).join(link);
    }
    Err(io::Error::other("too many links"))
}

fn without_carriage_returns(text: &[u8]) -> Vec<u8> {
    let is_kept = |at: &usize| !(text[*at] == b'\r' && text.get(at + 1) == Some(&b'\n'));
    (0..text.len()).filter(is_kept).map(|at| text[at]).collect()
}

/// Returns the names in a folder, sorted.
fn entries(dir: &Path) -> Result<Vec<OsString>, SnapshotError> {
    let list = || -> io::Result<Vec<OsString>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(dir)? {
            names.push(entry?.file_name());
        }
        names.sort();
        Ok(names)
    };
    list().map_err(failed("list", dir))
}

fn is_json(name: &OsString) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "json")
}

fn remove(dir: &Path) -> Result<(), SnapshotError> {
    fs::remove_dir_all(dir).map_err(failed("remove", dir))
}

/// The keys of `server.json` in every version of the format, so that a newer pull may replace it.
#[derive(Deserialize)]
struct Mark {
    #[serde(rename = "format")]
    _format: u64,
    #[serde(rename = "series")]
    _series: String,
}

/// The keys of a model's file in every version of the format.
#[derive(Deserialize)]
struct ModelMark {
    #[serde(rename = "format")]
    _format: u64,
    model: String,
}

/// Whether the file is that of the model in its name.
fn is_model(file: &Path) -> bool {
    let mark: Option<ModelMark> = mark(file);
    mark.is_some_and(|mark| file_name(&mark.model).as_deref().map(OsStr::new) == file.file_name())
}

fn is_snapshot(server_file: &Path) -> bool {
    mark::<Mark>(server_file).is_some()
}

/// Returns the keys that a file has in every version of the format, if it has them.
fn mark<T: DeserializeOwned>(file: &Path) -> Option<T> {
    serde_json::from_slice(&fs::read(file).ok()?).ok()
}

/// For `map_err`: the system's error with the action and the path.
fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> SnapshotError {
    let path = path.to_owned();
    move |source| SnapshotError::Io { action, path, source }
}

#[cfg(test)]
mod tests;
