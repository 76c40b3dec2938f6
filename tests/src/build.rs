//! The workspace's own programs, built as its tests are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

/// The command `cargo tryton`, built when it is first used.
pub static CARGO_TRYTON: LazyLock<PathBuf> = LazyLock::new(|| program("bin", "cargo-tryton"));

/// The folder of the workspace.
#[must_use]
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().expect("the crate is in a workspace")
}

/// Cargo, from within a program that cargo runs.
///
/// Without what cargo tells that program about its package: some build scripts ask for it, and would run again because of
/// it, and everything that depends on them would be built again.
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

/// Builds a program of the workspace, `kind` being `bin` or `example`, and tells where it is.
///
/// # Panics
///
/// Where it cannot be built.
#[must_use]
pub fn program(kind: &str, name: &str) -> PathBuf {
    // With the features of the whole workspace, as `cargo test --workspace` has built everything before.
    let build = ["build", "--quiet", "--workspace", &format!("--{kind}"), name];
    let done = cargo().args(build).current_dir(workspace()).status().expect("cargo runs");
    assert!(done.success(), "{name} cannot be built");
    let test = env::current_exe().expect("a test has a path");
    let profile = test.ancestors().nth(2).expect("a test is below the folder of its profile");
    if kind == "example" { profile.join("examples").join(name) } else { profile.join(name) }
}
