use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::fingerprint::fingerprint;
use crate::project::cargo_project;
use crate::sandbox::Series;

/// The layout of the sandbox's folder.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Returns the layout under `TRYTON_SANDBOX_DIR`, else in the `target` folder of the project, else in the user's
    /// cache.
    pub(crate) fn from_env() -> Self {
        let root = root(|name| env::var_os(name), cargo_project());
        // Remove `..`, which would show in every message.
        Layout { root: std::path::absolute(&root).map_or(root, |path| without_parents(&path)) }
    }

    /// Returns the folder that contains everything.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns a fingerprint of this folder's path.
    pub(crate) fn fingerprint(&self) -> u64 {
        fingerprint(&[self.root.as_os_str().as_encoded_bytes()])
    }

    /// Returns the folder of the venvs.
    pub(crate) fn venvs(&self) -> PathBuf {
        self.root.join("venv")
    }

    /// Returns the folder of the databases that servers copy.
    pub(crate) fn databases(&self) -> PathBuf {
        self.root.join("database")
    }

    /// Returns the folder for servers that belong to a running process.
    pub(crate) fn runs(&self) -> PathBuf {
        self.root.join("run")
    }

    /// Returns the folder of a series' background server.
    pub(crate) fn up(&self, series: Series) -> PathBuf {
        self.root.join("up").join(series.as_str())
    }

    /// Returns the folder of the background Redis.
    pub(crate) fn up_redis(&self) -> PathBuf {
        self.root.join("up").join("redis")
    }

    /// Returns the log file of a step.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.root.join("log").join(format!("{name}.log"))
    }
}

/// Returns the folder in which this process starts and finds servers: that of `TRYTON_SANDBOX_DIR`, else one in the
/// `target` folder of the project, else one in the user's cache.
///
/// ```
/// assert!(tryton_sandbox::background::folder().is_absolute());
/// ```
#[must_use]
pub fn folder() -> PathBuf {
    Layout::from_env().root
}

fn root(variable: impl Fn(&str) -> Option<OsString>, project: Option<PathBuf>) -> PathBuf {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    if let Some(root) = set("TRYTON_SANDBOX_DIR") {
        return env::current_dir().unwrap_or_default().join(root);
    }
    if let Some(project) = project {
        return project.join(set("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into())).join("sandbox");
    }
    let home = || set("HOME").map(|home| Path::new(&home).join(".cache"));
    let cache = set("XDG_CACHE_HOME").map(PathBuf::from).filter(|cache| cache.is_absolute()).or_else(home);
    cache.unwrap_or_else(env::temp_dir).join("tryton-sandbox")
}

/// Resolves `..` lexically.
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
    fn files_are_where_the_environment_says_or_in_the_project_or_in_the_cache() {
        let root = |variables: &[(&str, &str)], project: Option<&str>| {
            let find = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
            root(find, project.map(PathBuf::from)).display().to_string()
        };
        let named = [("TRYTON_SANDBOX_DIR", "/sandbox"), ("CARGO_TARGET_DIR", "/out"), ("HOME", "/home/ada")];
        assert_eq!(root(&named, Some("/shop")), "/sandbox");
        assert_eq!(root(&named[1..], Some("/shop")), "/out/sandbox");
        assert_eq!(root(&[("CARGO_TARGET_DIR", "out")], Some("/shop")), "/shop/out/sandbox");
        assert_eq!(root(&named[2..], Some("/shop")), "/shop/target/sandbox");
        assert_eq!(root(&named[1..], None), "/home/ada/.cache/tryton-sandbox");
        assert_eq!(root(&[("XDG_CACHE_HOME", "/cache"), ("HOME", "/home/ada")], None), "/cache/tryton-sandbox");
    }

    #[test]
    fn parents_are_resolved() {
        assert_eq!(without_parents(Path::new("/a/tests/../target/sandbox")), Path::new("/a/target/sandbox"));
    }
}
