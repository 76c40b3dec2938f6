//! Folders outside the workspace, like those of an application.

use std::fs;
use std::path::{Path, PathBuf};

use tryton_sandbox::Server;

/// An empty folder outside the workspace. It is removed with its contents when this value is dropped.
///
/// ```
/// use tryton_sdk_tests::scratch::Folder;
///
/// let folder = Folder::new("example");
/// std::fs::write(folder.path().join("a.txt"), "text").unwrap();
/// assert_eq!(folder.read("a.txt"), "text");
/// ```
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Creates the folder. The name must differ from those of the process's other current folders.
    ///
    /// # Panics
    ///
    /// Panics if it cannot be created.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tryton-sdk-{}-{name}", std::process::id()));
        fs::create_dir(&folder).expect("a folder");
        Self(folder)
    }

    /// Returns its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns the text of a file in it.
    ///
    /// # Panics
    ///
    /// Panics if there is no such file, or it is not text.
    #[must_use]
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// Links what every sandbox keeps from that of a server into the sandbox folder `place`, to save a new installation.
///
/// # Panics
///
/// Panics if it cannot be linked.
#[cfg(unix)]
pub fn lend(server: &Server, place: &Path) {
    let root = server.config().ancestors().find(|folder| folder.join("venv").is_dir()).expect("the sandbox");
    fs::create_dir_all(place).expect("a folder");
    for kept in ["venv", "database"] {
        std::os::unix::fs::symlink(root.join(kept), place.join(kept)).expect("a link");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
