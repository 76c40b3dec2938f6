//! `tryton-sandbox` in the tests of an application that is no part of this workspace: the program of its README, unchanged.

use std::fs;
use std::path::Path;
use std::process::Command;

use tryton_sandbox::Sandbox;
use tryton_sdk_tests::build::{CARGO_TRYTON, cargo, workspace};
use tryton_sdk_tests::scratch::{Folder, lend};

const README: &str = include_str!("../../sandbox/README.md");

/// A package in an empty folder outside of the workspace.
struct Application(Folder);

impl Application {
    fn new() -> Self {
        let application = Self(Folder::new("outside"));
        application.write("Cargo.toml", &manifest());
        application.write("src/lib.rs", "");
        application.write("tests/orders.rs", block("rust,no_run"));
        fs::copy(workspace().join("Cargo.lock"), application.0.path().join("Cargo.lock"))
            .expect("the versions that were fetched");
        application
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a fresh folder");
        fs::write(path, text).expect("a fresh file");
    }

    /// Runs a command in this folder, without a sandbox in the environment, and returns its output.
    fn run(&self, command: &mut Command) -> String {
        let bare = command.env_remove("TRYTON_SANDBOX_DIR").env_remove("CARGO_TARGET_DIR").current_dir(self.0.path());
        let done = bare.output().expect("it runs");
        let [said, errors] = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(done.status.success(), "{said}{errors}");
        said
    }
}

/// The first block of the README that is marked so.
fn block(mark: &str) -> &'static str {
    let (_, rest) = README.split_once(&format!("```{mark}\n")).expect("a block");
    rest.split_once("```").expect("its end").0
}

/// The README's dependencies, as they are in this workspace.
fn manifest() -> String {
    let path = |folder: &str| format!("{{ path = {:?} }}", workspace().join(folder));
    let dependencies = block("toml")
        .replace("tryton-sandbox = \"0.1\"", &format!("tryton-sandbox = {}", path("sandbox")))
        .replace("tryton-sdk = \"0.1\"", &format!("tryton-sdk = {}", path("sdk")));
    assert!(dependencies.matches("path").count() == 2, "{dependencies}");
    format!("[package]\nname = \"orders\"\nversion = \"0.0.0\"\nedition = \"2024\"\n{dependencies}")
}

#[test]
fn an_application_elsewhere_has_a_server_for_its_tests() {
    let kept = Sandbox::default().start().expect("a server");
    let application = Application::new();
    let place = application.0.path().join("target/sandbox");
    lend(&kept, &place);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole-target");
    let said = application.run(cargo().args(["test", "--offline", "--test", "orders", "--target-dir"]).arg(target));
    assert!(said.contains("test result: ok. 2 passed"), "{said}");
    assert!(place.join("run.lock").exists(), "the application's own folder is used");

    // The command in the same folder finds the same place, and its server is this application's.
    let command = || {
        let mut command = Command::new(&*CARGO_TRYTON);
        command.args(["--json", "sandbox"]);
        command
    };
    let up: serde_json::Value = serde_json::from_str(&application.run(command().arg("up"))).expect("JSON");
    let starter = fs::read_to_string(place.join("up/8.2/project")).expect("a record");
    assert_eq!(Path::new(&starter), application.0.path().canonicalize().expect("it is there"));
    let status: serde_json::Value = serde_json::from_str(&application.run(command().arg("status"))).expect("JSON");
    assert_eq!(status["servers"][0]["url"], up["url"]);
    application.run(command().arg("down"));
    let none = serde_json::json!({"servers": [], "redis": null});
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&application.run(command().arg("status"))).expect("JSON"),
        none
    );
}
