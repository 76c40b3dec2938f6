//! The sources of an application.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A Rust file.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// Whether it is code for tests, benchmarks or examples, according to its place or name.
    pub(super) is_test: bool,
}

/// Returns the Rust files in a folder and below, sorted; without hidden folders and `target`.
pub(super) fn of_rust(folder: &Path) -> io::Result<Vec<Source>> {
    let mut files = Vec::new();
    collect(folder, false, &mut files)?;
    Ok(files)
}

fn collect(folder: &Path, is_test: bool, files: &mut Vec<Source>) -> io::Result<()> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        let is_test = is_test || is_of_tests(name.strip_suffix(".rs").unwrap_or(&name));
        if path.is_dir() {
            collect(&path, is_test, files)?;
        } else if name.ends_with(".rs") {
            files.push(Source { path, is_test });
        }
    }
    Ok(())
}

/// Whether folders, files or modules with this name are for tests.
pub(super) fn is_of_tests(name: &str) -> bool {
    matches!(name, "test" | "tests" | "benches" | "examples") || name.ends_with("_test") || name.ends_with("_tests")
}
