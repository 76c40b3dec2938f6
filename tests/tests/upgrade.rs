//! An application moves to the next series by changing one path: the compiler stops at the places that `cargo tryton diff
//! --used` has named before, and at no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tryton_sdk_tests::build::{cargo, program, workspace};

const APPLICATION: &str = include_str!("upgrade/application.rs");

struct Application(PathBuf);

impl Application {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("upgrade");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("src")).expect("a folder");
        let sdk = workspace().join("sdk");
        let manifest = format!(
            "[package]\nname = \"upgrade\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
             [dependencies]\ntryton-sdk = {{ path = {sdk:?}, default-features = false }}\n"
        );
        fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
        fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the versions that were fetched");
        // Settings about a module of its own, which neither of the snapshots holds.
        let settings = "[rename]\n\"shop.shop\" = \"Store\"\n[override]\n\"sale.sale,shop\" = { required = true }\n";
        fs::write(folder.join("tryton.toml"), settings).expect("settings");
        Self(folder)
    }

    /// The lines at which the compiler finds errors where the types are those of a series.
    fn errors(&self, series: &str) -> BTreeSet<u64> {
        let schema = workspace().join("schemas").join(series);
        let text = APPLICATION.replace("SCHEMA", schema.to_str().expect("text"));
        fs::write(self.0.join("src/lib.rs"), text).expect("a program");
        let check = cargo()
            .args(["check", "--offline", "--quiet", "--message-format=json", "--target-dir"])
            .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole-target"))
            .current_dir(&self.0)
            .output()
            .expect("cargo runs");
        let messages = String::from_utf8(check.stdout).expect("text");
        let messages = messages.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let errors = messages.map(|message| message["message"].clone()).filter(|message| message["level"] == "error");
        let spans = errors.flat_map(|message| message["spans"].as_array().cloned().unwrap_or_default());
        let places = spans.filter(|span| span["is_primary"] == true && span["file_name"] == "src/lib.rs");
        let places: BTreeSet<u64> = places.filter_map(|span| span["line_start"].as_u64()).collect();
        let said = String::from_utf8_lossy(&check.stderr);
        assert_eq!(check.status.success(), places.is_empty(), "{said}");
        places
    }

    /// The lines where something is used that an upgrade breaks.
    fn breaking(&self) -> BTreeSet<u64> {
        let [old, new] = ["7.0", "8.2"].map(|series| workspace().join("schemas").join(series));
        let mut diff = Command::new(program("bin", "cargo-tryton"));
        let said = diff.arg("diff").args([old, new]).args(["--used", "--json"]).current_dir(&self.0).output();
        let said = said.expect("it runs");
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        let answer: Value = serde_json::from_slice(&said.stdout).expect("JSON");
        let breaking =
            answer["differences"].as_array().expect("a list").iter().filter(|found| found["weight"] == "breaking");
        let places = breaking.flat_map(|found| found["used_at"].as_array().cloned().expect("places"));
        let places = places.map(|place| place.as_str().expect("a place").to_owned());
        places.map(|place| place.rsplit(':').next().and_then(|line| line.parse().ok()).expect("a line")).collect()
    }
}

#[test]
fn the_compiler_stops_where_the_diff_said() {
    let application = Application::new();
    assert_eq!(application.errors("7.0"), BTreeSet::new());
    let named = application.breaking();
    assert_eq!(named.len(), 6, "{named:?}");
    assert_eq!(application.errors("8.2"), named);
}
