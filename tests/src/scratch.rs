//! Folders outside the workspace, as an application's own are.

use std::fs;
use std::path::{Path, PathBuf};

/// An empty folder outside the workspace, which is removed with all that is in it when this is dropped.
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
    /// Makes the folder. The name must differ from that of any other that the process has at the same time.
    ///
    /// # Panics
    ///
    /// If it cannot be made.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tryton-sdk-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The text of a file in it.
    ///
    /// # Panics
    ///
    /// If there is no such file, or it is no text.
    #[must_use]
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
