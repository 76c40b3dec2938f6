//! The errors of the first hour: each one names the setting to change or the command to run next.

use std::net::TcpListener;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::json;
use tryton_sandbox::{Endpoint, Sandbox, Seed, Server};
use tryton_sdk_tests::build::{CARGO_TRYTON, workspace};
use tryton_sdk_tests::scratch::Folder;

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}")));

/// Runs the command with these variables instead of the sandbox's.
fn run(folder: &Folder, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(&*CARGO_TRYTON);
    command.envs(SERVER.endpoint().variables()).envs(variables.iter().copied()).stdin(Stdio::null());
    command.arg("tryton").args(arguments).current_dir(folder.path()).output().expect("it runs")
}

/// Runs the command, which must fail, and returns its error.
fn failure(folder: &Folder, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let said = run(folder, variables, arguments);
    assert!(!said.status.success(), "{variables:?} {arguments:?}");
    String::from_utf8(said.stderr).expect("text")
}

fn endpoint() -> &'static Endpoint {
    SERVER.endpoint()
}

#[test]
fn what_is_wrong_with_the_server_names_the_setting() {
    let folder = Folder::new("first-hour-server");
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
        let said = failure(&folder, variables, &["pull", "--models", "party.party", "--out", "schema"]);
        println!("{what}: {said}");
        assert!(said.contains(expected), "{what}: {said}");
    }
}

#[test]
fn what_is_missing_from_the_snapshot_names_the_command() {
    let folder = Folder::new("first-hour-snapshot");
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
        let said = failure(&folder, &[], arguments);
        println!("{what}: {said}");
        assert!(said.contains(expected), "{what}: {said}");
    }
    assert!(!folder.path().join("schema").exists(), "nothing was written");
}

#[test]
fn what_a_user_may_not_do_names_the_right() {
    let folder = Folder::new("first-hour-rights");
    let limited = [("TRYTON_USER", "limited")];
    let rule = json!([[{
        "name": "Nothing forbidden", "model": "party.party", "global_p": true, "perm_create": true,
        "rules": [["create", [{"domain": r#"[["name", "!=", "Forbidden"]]"#}]]],
    }]]);
    let made = run(&folder, &[], &["call", "model.ir.rule.group.create", &rule.to_string(), "--write"]);
    assert!(made.status.success(), "{made:?}");
    let forbidden = r#"[[{"name": "Forbidden"}]]"#;
    let lacks = "; `limited` lacks these rights on `sale.sale`: read, write, create, delete. Give them to a group";
    for (what, arguments, expected) in [
        ("no access to the model", &["call", "model.sale.sale.search_count", "[[]]"][..], lacks),
        ("a button of such a model", &["call", "model.sale.sale.quote", "[[1]]", "--write"], lacks),
        ("no right to write", &["call", "model.res.group.write", "[[1], {}]", "--write"], "`res.group`: write, create"),
        (
            "a rule of records",
            &["call", "model.party.party.create", forbidden, "--write"],
            "; `limited` may use `party.party`, so look at the rules of its records",
        ),
    ] {
        let said = failure(&folder, &limited, arguments);
        println!("{what}: {said}");
        assert!(said.contains(expected) && said.contains("the page on rights in the guide"), "{what}: {said}");
    }
    // Other errors get no such advice.
    let said = failure(&folder, &limited, &["call", "model.res.user.read", "[[99], [\"name\"]]"]);
    assert!(said.contains("don't exist") && !said.contains("rights"), "{said}");
    let pulled = run(&folder, &limited, &["pull", "--models", "party.party", "--out", "schema"]);
    let said = String::from_utf8(pulled.stderr).expect("text");
    assert!(pulled.status.success() && said.contains("limited is not an administrator"), "{said}");
    assert!(said.contains("pull as an administrator"), "{said}");
}
