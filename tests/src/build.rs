//! The workspace's own programs, built in the same way as its tests.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The command `cargo tryton`, built when it is first used.
pub static CARGO_TRYTON: LazyLock<PathBuf> = LazyLock::new(|| program("bin", "cargo-tryton"));

/// Returns the folder of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the crate is in a workspace")
}

/// Returns a command that runs Cargo from a program that Cargo runs.
///
/// It removes the variables about that program's package: some build scripts depend on them and would run again, and
/// everything that depends on these scripts would be rebuilt.
#[must_use]
pub fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}

/// Builds a program of the workspace and returns its path. `kind` is `bin` or `example`.
///
/// # Panics
///
/// Panics if it cannot be built.
#[must_use]
pub fn program(kind: &str, name: &str) -> PathBuf {
    // With the features of the whole workspace, because `cargo test --workspace` has built everything with them.
    let build = ["build", "--quiet", "--workspace", &format!("--{kind}"), name];
    let done = cargo().args(build).current_dir(workspace()).status().expect("cargo runs");
    assert!(done.success(), "{name} cannot be built");
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("a test is below the folder of its profile");
    if kind == "example" { profile.join("examples").join(name) } else { profile.join(name) }
}
