use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::lock;
use crate::progress::Progress;
use crate::sandbox::SandboxError;

/// Creates the folder `place` once and keeps it for as long as it is usable.
///
/// `make` works in a folder with a unique name, which never changes (a venv cannot be moved, and children of a killed
/// process may still be writing into their folder). `place` is a link to that folder, created when it is complete, so an
/// incomplete folder is never used.
pub(crate) fn keep(
    place: &Path,
    what: &str,
    progress: &Progress,
    is_usable: impl Fn(&Path) -> bool,
    make: impl FnOnce(&Path) -> Result<(), SandboxError>,
) -> Result<PathBuf, SandboxError> {
    let kept = || fs::canonicalize(place).ok().filter(|folder| is_usable(folder));
    if let Some(folder) = kept() {
        return Ok(folder);
    }
    let _lock = lock::wait(&beside(place, ".lock"), what, progress)?;
    if let Some(folder) = kept() {
        return Ok(folder);
    }
    remove_left_behind(place)?;
    let folder = beside(place, &format!("@{}", unique()));
    fs::create_dir(&folder).map_err(SandboxError::io("create", &folder))?;
    if let Err(error) = make(&folder) {
        // Report the original error; the next attempt removes what this one could not.
        let _ = fs::remove_dir_all(&folder);
        return Err(error);
    }
    let link = beside(place, &format!("@{}", unique()));
    symlink(&folder, &link).map_err(SandboxError::io("create", &link))?;
    fs::rename(&link, place).map_err(SandboxError::io("create", place))?;
    Ok(folder)
}

/// Reports every folder as usable, for content that depends on nothing else on the machine.
pub(crate) fn always(_: &Path) -> bool {
    true
}

/// Removes what interrupted processes left. The caller must hold the lock.
fn remove_left_behind(place: &Path) -> Result<(), SandboxError> {
    let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else { return Ok(()) };
    let prefix = format!("{}@", name.to_string_lossy());
    for entry in fs::read_dir(parent).map_err(SandboxError::io("read", parent))? {
        let path = entry.map_err(SandboxError::io("read", parent))?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)) {
            let removed = if path.is_symlink() { fs::remove_file(&path) } else { fs::remove_dir_all(&path) };
            removed.map_err(SandboxError::io("remove", &path))?;
        }
    }
    Ok(())
}

fn beside(place: &Path, suffix: &str) -> PathBuf {
    let mut name = place.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Returns a name that is unique across processes and time.
pub(crate) fn unique() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", process::id(), now.as_nanos())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::{env, thread};

    use super::*;

    /// A folder that is removed at the end of the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new() -> Self {
            let path = env::temp_dir().join(format!("tryton-sdk-keep-{}", unique()));
            fs::create_dir(&path).expect("a fresh folder");
            Folder(path)
        }

        fn place(&self) -> PathBuf {
            self.0.join("8.2-sale")
        }

        /// Returns the kept content of `place`, and creates it first if necessary.
        fn keep(&self, content: &str) -> Result<String, SandboxError> {
            let folder = keep(&self.place(), "thing", &Progress::silent(), always, |folder| {
                fs::write(folder.join("content"), content).map_err(SandboxError::io("write", folder))
            })?;
            Ok(fs::read_to_string(folder.join("content")).expect("it is whole"))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn what_was_made_is_kept() {
        let folder = Folder::new();
        assert_eq!(folder.keep("first").expect("made"), "first");
        assert_eq!(folder.keep("second").expect("kept"), "first");
    }

    #[test]
    fn what_an_interrupted_process_left_is_removed_and_made_anew() {
        let folder = Folder::new();
        let left = beside(&folder.place(), "@1-2");
        fs::create_dir(&left).expect("a fresh folder");
        fs::write(left.join("content"), "half").expect("a fresh file");
        assert_eq!(folder.keep("whole").expect("made"), "whole");
        assert!(!left.exists());
    }

    #[test]
    fn what_failed_is_not_kept() {
        let folder = Folder::new();
        let failed = keep(&folder.place(), "thing", &Progress::silent(), always, |_| Err(SandboxError::PortInUse(1)));
        assert!(failed.is_err());
        assert!(!folder.place().exists());
        assert_eq!(folder.keep("whole").expect("made"), "whole");
    }

    #[test]
    fn several_at_once_make_it_once() {
        let folder = Folder::new();
        let times = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    keep(&folder.place(), "thing", &Progress::silent(), always, |_| {
                        times.fetch_add(1, Ordering::Relaxed);
                        Ok(())
                    })
                });
            }
        });
        assert_eq!(times.load(Ordering::Relaxed), 1);
    }
}
