//! The errors of the first hour: each one names the setting to change or the command to run next.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tryton_sandbox::{Endpoint, Sandbox, Seed, Server};
use tryton_sdk_tests::build::{CARGO_TRYTON, workspace};

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}")));

/// An empty folder outside the workspace, which goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tryton-sdk-first-hour-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    /// What the command says when it fails, with these variables instead of the sandbox's.
    fn failure(&self, variables: &[(&str, &str)], arguments: &[&str]) -> String {
        let mut command = Command::new(&*CARGO_TRYTON);
        command.envs(SERVER.endpoint().variables()).envs(variables.iter().copied()).stdin(Stdio::null());
        let said = command.arg("tryton").args(arguments).current_dir(&self.0).output().expect("it runs");
        assert!(!said.status.success(), "{variables:?} {arguments:?}");
        String::from_utf8(said.stderr).expect("text")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn endpoint() -> &'static Endpoint {
    SERVER.endpoint()
}

#[test]
fn what_is_wrong_with_the_server_names_the_setting() {
    let folder = Folder::new("server");
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let silent = format!("http://{silent}");
    let encrypted = endpoint().url.replacen("http://", "https://", 1);
    let path = format!("{}/no/such/path", endpoint().url.trim_end_matches('/'));
    for (what, variables, expected) in [
        ("no server", &[("TRYTON_RPC_URL", "")][..], "set TRYTON_RPC_URL, give --url"),
        ("nobody listens", &[("TRYTON_RPC_URL", &silent)], "check the URL (TRYTON_RPC_URL, --url"),
        ("no scheme", &[("TRYTON_RPC_URL", "localhost")], "write it like http://host:8000"),
        ("another path", &[("TRYTON_RPC_URL", &path)], "check the URL (TRYTON_RPC_URL, --url"),
        ("TLS", &[("TRYTON_RPC_URL", &encrypted)], "http://"),
        ("no database", &[("TRYTON_DATABASE", "")], "set TRYTON_DATABASE, give --database"),
        ("another database", &[("TRYTON_DATABASE", "nowhere")], "check TRYTON_DATABASE, --database"),
        ("no login", &[("TRYTON_USER", "")], "set TRYTON_USER, give --user"),
        ("no password", &[("TRYTON_PASSWORD", "")], "set TRYTON_PASSWORD or TRYTON_PASSWORD_FILE"),
        ("another password", &[("TRYTON_PASSWORD", "guessed-Wr0ng")], "check TRYTON_USER and TRYTON_PASSWORD"),
    ] {
        let said = folder.failure(variables, &["pull", "--models", "party.party", "--out", "schema"]);
        println!("{what}: {said}");
        assert!(said.contains(expected), "{what}: {said}");
    }
}

#[test]
fn what_is_missing_from_the_snapshot_names_the_command() {
    let folder = Folder::new("snapshot");
    let snapshot = workspace().join("tests/snapshots/sale/8.2");
    let snapshot = snapshot.to_str().expect("text");
    for (what, arguments, expected) in [
        ("no folder", &["pull", "--models", "party.party"][..], "give --out FOLDER, or set `schema` in tryton.toml"),
        ("no models", &["pull", "--out", "schema"], "give --models 'sale.*,party.party'"),
        ("no such model", &["pull", "--models", "party.parti", "--out", "schema"], "party.party"),
        ("no snapshot", &["describe", "party.party"], "`cargo tryton pull` makes one"),
        ("no such snapshot", &["describe", "party.party", "--schema", "schemas/mine"], "`cargo tryton pull"),
        ("not selected", &["describe", "ir.cron", "--schema", snapshot], "`cargo tryton pull --models"),
        ("no such field", &["describe", "sale.sale", "nummer", "--schema", snapshot], "`number`"),
        ("no field like it", &["describe", "sale.sale", "xyzzy", "--schema", snapshot], "leave the field out"),
        ("a write", &["call", "model.party.party.write", "[[1], {}]"], "--write"),
        ("no such method", &["call", "model.party.party.reed", "[]", "--write"], "`cargo tryton describe MODEL`"),
    ] {
        let said = folder.failure(&[], arguments);
        println!("{what}: {said}");
        assert!(said.contains(expected), "{what}: {said}");
    }
    assert!(!Path::new(&folder.0).join("schema").exists(), "nothing was written");
}
