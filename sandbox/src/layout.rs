use std::env;
use std::path::{Path, PathBuf};

use super::series::Series;
use super::spec::fingerprint;

/// Where the sandbox keeps what.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout under `TRYTON_SANDBOX_DIR`, or in the `target` folder that cargo uses.
    pub(crate) fn from_env() -> Self {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = match (env::var_os("TRYTON_SANDBOX_DIR"), env::var_os("CARGO_TARGET_DIR")) {
            (Some(root), _) => env::current_dir().unwrap_or_default().join(root),
            (None, Some(target)) => workspace.join(target).join("sandbox"),
            (None, None) => workspace.join("target/sandbox"),
        };
        // `..` within it would show in every message.
        Layout { root: std::path::absolute(&root).map_or(root, |path| without_parents(&path)) }
    }

    /// The folder that everything is in.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A short mark of this folder.
    pub(crate) fn fingerprint(&self) -> u64 {
        fingerprint(&[&self.root.to_string_lossy()])
    }

    /// The venvs.
    pub(crate) fn venvs(&self) -> PathBuf {
        self.root.join("venv")
    }

    /// The databases that servers get copies of.
    pub(crate) fn databases(&self) -> PathBuf {
        self.root.join("database")
    }

    /// The folders of the servers that belong to a running process.
    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("run")
    }

    /// The folder of the server of a series that goes on by itself.
    pub(crate) fn up(&self, series: Series) -> PathBuf {
        self.root.join("up").join(series.as_str())
    }

    /// The folder of the Redis that goes on by itself.
    pub(crate) fn up_redis(&self) -> PathBuf {
        self.root.join("up").join("redis")
    }

    /// The output of a step.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("log").join(format!("{name}.log"))
    }
}

/// Resolves `..` by the text alone.
fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_resolved() {
        assert_eq!(without_parents(Path::new("/a/tests/../target/sandbox")), Path::new("/a/target/sandbox"));
    }
}
