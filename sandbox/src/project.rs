use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// Returns the project folder for which this process starts servers: that of the Cargo workspace or package around the
/// current folder, else the current folder.
///
/// ```
/// let project = tryton_sandbox::background::project();
/// assert!(project.join("Cargo.toml").is_file());
/// ```
#[must_use]
pub fn project() -> PathBuf {
    cargo_project().unwrap_or_else(current)
}

/// Returns the folder of the Cargo workspace or package around the current folder.
pub(crate) fn cargo_project() -> Option<PathBuf> {
    around(&current())
}

fn current() -> PathBuf {
    let current = env::current_dir().unwrap_or_default();
    fs::canonicalize(&current).unwrap_or(current)
}

/// Returns the nearest workspace, else the nearest package, as Cargo does, without running Cargo.
fn around(folder: &Path) -> Option<PathBuf> {
    let manifest = |folder: &&Path| folder.join("Cargo.toml").is_file();
    let is_workspace = |folder: &&Path| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        text.lines().any(|line| line.starts_with("[workspace]") || line.starts_with("[workspace."))
    };
    let workspace = folder.ancestors().find(is_workspace);
    workspace.or_else(|| folder.ancestors().find(manifest)).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_is_the_workspace_or_else_the_package() {
        let root = env::temp_dir().join(format!("tryton-sandbox-project-{}", std::process::id()));
        let write = |folder: &str, text: &str| {
            fs::create_dir_all(root.join(folder).join("src")).expect("a fresh folder");
            fs::write(root.join(folder).join("Cargo.toml"), text).expect("a fresh file");
        };
        write("shop", "[workspace]\nmembers = [\"api\"]\n");
        write("shop/api", "[package]\nname = \"api\"\n");
        write("alone", "[package]\nname = \"alone\"\n");
        assert_eq!(around(&root.join("shop/api/src")), Some(root.join("shop")));
        assert_eq!(around(&root.join("alone/src")), Some(root.join("alone")));
        assert_eq!(around(&root).filter(|found| found.starts_with(&root)), None);
        fs::remove_dir_all(&root).expect("our own folder");
    }
}
