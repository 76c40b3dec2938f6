//! `cargo tryton init`: from an empty folder to a program that reads a real server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tryton_sandbox::{Sandbox, Seed, Server};
use tryton_sdk_tests::build::{CARGO_TRYTON, cargo, workspace};
use tryton_sdk_tests::scratch::Folder;
use tryton_sdk_tests::terminal;
use tryton_sdk_tests::terminal::Answer::{Hidden, Open};

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}")));

/// `init` with nothing of the sandbox in the environment.
fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(&*CARGO_TRYTON);
    for (name, _) in SERVER.endpoint().variables() {
        command.env_remove(name);
    }
    command.args(["tryton", "init"]).args(arguments).current_dir(folder.path());
    command
}

/// Runs it without a terminal, and with the password in the environment.
fn init(folder: &Folder, arguments: &[&str]) -> Output {
    let mut command = command(folder, arguments);
    command.env("TRYTON_PASSWORD", &*SERVER.endpoint().password).stdin(Stdio::null());
    command.output().expect("it runs")
}

/// The same with the flags of the sandbox.
fn init_here(folder: &Folder, arguments: &[&str]) -> Output {
    let endpoint = SERVER.endpoint();
    let server = ["--url", &endpoint.url, "--database", &endpoint.database, "--user", &endpoint.user];
    init(folder, &[&server[..], arguments].concat())
}

fn cargo_in(folder: &Folder, arguments: &[&str]) -> Output {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole-target");
    let mut cargo = cargo();
    cargo.args(arguments).arg("--target-dir").arg(target).envs(SERVER.endpoint().variables());
    cargo.current_dir(folder.path()).output().expect("cargo runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn an_empty_folder_becomes_a_program_that_runs() {
    let folder = Folder::new("init-empty");
    let sdk = workspace().join("sdk");
    let sdk = sdk.to_str().expect("text");
    let said = init_here(&folder, &["--models", "party.*,!party.*.*", "--sdk", sdk, "--json"]);
    assert!(said.status.success(), "{}", text(&said.stderr));
    let answer: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!(answer["written"], json!(["tryton.toml", "Cargo.toml", "src/main.rs"]));
    assert_eq!((&answer["kept"], &answer["pull"]["out"]), (&json!([]), &json!("schemas/mine")));
    assert!(folder.read("src/main.rs").contains("models! {}"), "the settings are said once");
    assert!(!folder.read("tryton.toml").contains(&*SERVER.endpoint().password), "no password is written");

    fs::copy(workspace().join("Cargo.lock"), folder.path().join("Cargo.lock")).expect("the versions that were fetched");
    let check = cargo_in(&folder, &["check", "--offline", "--quiet"]);
    assert!(check.status.success(), "{}", text(&check.stderr));
    assert_eq!(text(&check.stderr), "", "no warning");
    let run = cargo_in(&folder, &["run", "--offline", "--quiet"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(text(&run.stdout).lines().count() > 1, "the server's records: {}", text(&run.stdout));

    // Nothing of it is written again, and the settings are enough.
    let before = files(folder.path());
    let again = init(&folder, &[]);
    assert!(again.status.success(), "{}", text(&again.stderr));
    for name in ["tryton.toml", "Cargo.toml"] {
        let line = format!("note: {name} is there already, and stays as it is\n");
        assert!(text(&again.stderr).contains(&line), "{}", text(&again.stderr));
    }
    let mut after = files(folder.path());
    let second = after.remove(Path::new("examples/first.rs")).expect("a program beside the one that is there");
    assert_eq!(second, before[Path::new("src/main.rs")]);
    assert!(before == after, "something was overwritten");
    assert!(text(&again.stderr).contains("[dependencies]\ntryton-sdk = \""), "{}", text(&again.stderr));
    assert!(text(&again.stderr).contains("`cargo run --example first`"), "{}", text(&again.stderr));
    let endpoint = SERVER.endpoint();
    let export = format!("`export TRYTON_RPC_URL={} TRYTON_DATABASE={} ", endpoint.url, endpoint.database);
    assert!(text(&again.stderr).contains(&export), "{}", text(&again.stderr));
    let run = cargo_in(&folder, &["run", "--offline", "--quiet", "--example", "first"]);
    assert!(run.status.success(), "{}", text(&run.stderr));
}

#[test]
fn what_is_missing_without_a_terminal_has_a_flag() {
    let folder = Folder::new("init-missing");
    let endpoint = SERVER.endpoint();
    let url = format!("{}/{}", endpoint.url.trim_end_matches('/'), endpoint.database);
    let all = ["--url", &url, "--user", "admin", "--models", "party.party"];
    for (given, flag) in [(0, "--url"), (2, "--user"), (4, "--models")] {
        let said = init(&folder, &all[..given]);
        assert_eq!(said.status.code(), Some(2), "{}", text(&said.stderr));
        assert!(text(&said.stderr).contains(flag), "{}", text(&said.stderr));
    }
    let said = init(&folder, &["--url", &endpoint.url, "--user", "admin", "--models", "party.party"]);
    assert!(text(&said.stderr).contains("--database"), "{}", text(&said.stderr));
    let secret = init(&folder, &["--url", "http://admin:secret@localhost/demo", "--user", "admin", "--models", "*"]);
    assert_eq!(secret.status.code(), Some(2));
    let said = text(&secret.stderr);
    assert!(said.contains("TRYTON_USER and TRYTON_PASSWORD") && !said.contains("secret"), "{said}");
    // Nor is anything written for a server that refuses.
    let said = init_here(&folder, &["--models", "no.such"]);
    assert!(!said.status.success());
    assert_eq!(files(folder.path()), BTreeMap::new());
}

#[test]
fn somebody_on_a_terminal_is_asked() {
    let folder = Folder::new("init-asked");
    let endpoint = SERVER.endpoint();
    let asked = terminal::run(
        command(&folder, &[]),
        &[
            ("the URL of the server, such as http://localhost:8000: ", Open(&endpoint.url)),
            ("the database: ", Open(&endpoint.database)),
            ("the login; an administrator sees all fields: ", Open(" admin ")),
            ("the models, such as sale.*,party.party; * for all: ", Open("currency.currency,ir.lang")),
            ("the password: ", Hidden(&endpoint.password)),
        ],
    );
    assert!(asked.status.success() && asked.echoes, "{}", asked.shown);
    assert!(!asked.shown.contains(&*endpoint.password), "{}", asked.shown);
    let expected = format!(
        "schema = \"schemas/mine\"\nmodels = [\"currency.currency\", \"ir.lang\"]\n\n\
         [server] # the password is TRYTON_PASSWORD alone\nurl = \"{}\"\ndatabase = \"{}\"\nuser = \"admin\"\n",
        endpoint.url, endpoint.database
    );
    assert_eq!(folder.read("tryton.toml"), expected);
    assert!(folder.read("src/main.rs").contains("Currency::search()"));
}

#[test]
fn questions_end_with_the_first_answer_that_does_not_do() {
    let folder = Folder::new("init-unanswered");
    let url = &*SERVER.endpoint().url;
    let question = "the URL of the server";
    for (answers, expected) in [
        (&[(question, Open(""))][..], "set TRYTON_RPC_URL, give --url"),
        (&[(question, Open(url)), ("the database: ", Open(""))], "set TRYTON_DATABASE, give --database"),
        (&[(question, Open("http://ann:secret@localhost/demo"))], "TRYTON_PASSWORD"),
        (&[(question, Open("localhost")), ("the database: ", Open("a"))], "http://host"),
    ] {
        let asked = terminal::run(command(&folder, &[]), answers);
        assert_eq!(asked.status.code(), Some(2), "{}", asked.shown);
        assert!(asked.shown.contains(expected) && !asked.shown.contains("the models"), "{}", asked.shown);
    }
    assert_eq!(files(folder.path()), BTreeMap::new());
}

#[test]
fn a_file_that_is_there_is_kept_and_what_it_lacks_is_said() {
    let folder = Folder::new("init-there");
    let endpoint = SERVER.endpoint();
    let begun = "models = \"currency.currency,ir.lang\"\n\n[server]\nuser = \"admin\"\n";
    fs::write(folder.path().join("tryton.toml"), begun).expect("written");
    let asked = terminal::run(
        command(&folder, &[]),
        &[
            ("the URL of the server", Open(&endpoint.url)),
            ("the database: ", Open(&endpoint.database)),
            ("the password: ", Hidden(&endpoint.password)),
        ],
    );
    assert!(asked.status.success(), "{}", asked.shown);
    assert_eq!(folder.read("tryton.toml"), begun);
    let shown = asked.shown.replace('\r', "");
    let server = format!("url = \"{}\"\ndatabase = \"{}\"\n", endpoint.url, endpoint.database);
    for line in [
        "tryton.toml is there already, and stays as it is",
        "add to tryton.toml what it lacks, at its top:\nschema = \"schemas/mine\"\n",
        &format!("add to tryton.toml what it lacks, below `[server]`:\n{server}"),
    ] {
        assert!(shown.contains(line), "{line}: {shown}");
    }
    assert!(!shown.contains("other values"), "{shown}");
    // The macro has to be told what the file does not say.
    assert!(folder.read("src/main.rs").contains("schema = \"schemas/mine\", models = [\"currency.currency\","));

    // With these lines in their places, nothing is missing, and a flag changes no file.
    let whole = format!("schema = \"schemas/mine\"\n{begun}{server}");
    fs::write(folder.path().join("tryton.toml"), &whole).expect("written");
    let said = init(&folder, &["--json"]);
    assert!(said.status.success(), "{}", text(&said.stderr));
    let answer: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!((&answer["lacking"], &answer["differing"]), (&json!([]), &json!([])));
    let said = init(&folder, &["--json", "--models", "ir.lang"]);
    let answer: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!((&answer["lacking"], &answer["differing"]), (&json!([]), &json!(["models"])));
    assert!(text(&said.stderr).contains("tryton.toml keeps other values than those of this run: `models`"));
    assert_eq!(folder.read("tryton.toml"), whole);
}

#[test]
fn a_file_in_a_folder_above_is_told_of_the_folder_below_it() {
    let folder = Folder::new("init-above");
    fs::write(folder.path().join("tryton.toml"), "models = \"ir.lang\"\n").expect("written");
    fs::create_dir(folder.path().join("app")).expect("a folder");
    let endpoint = SERVER.endpoint();
    let mut command = command(&folder, &["--url", &endpoint.url, "--database", &endpoint.database, "--user", "admin"]);
    command.env("TRYTON_PASSWORD", &*endpoint.password).current_dir(folder.path().join("app")).stdin(Stdio::null());
    let said = command.output().expect("it runs");
    assert!(said.status.success(), "{}", text(&said.stderr));
    let line = "add to ../tryton.toml what it lacks, at its top:\nschema = \"app/schemas/mine\"\n";
    assert!(text(&said.stderr).contains(line), "{}", text(&said.stderr));
}

/// What is in a folder, without what Cargo writes.
fn files(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_none_or(|extension| extension != "lock") {
                let name = path.strip_prefix(folder).expect("below it").to_owned();
                found.insert(name, fs::read_to_string(path).expect("text"));
            }
        }
    }
    found
}
