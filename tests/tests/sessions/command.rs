//! `cargo tryton` for an administrator whom the server asks for more than a password.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Series};
use tryton_sdk_tests::build::CARGO_TRYTON;

use crate::support::{server, user};

/// Runs a command on a terminal of its own, and answers what it asks.
const TERMINAL: &str = r#"
import os, pty, sys, time
child, terminal = pty.fork()
if not child:
    os.execv(sys.argv[1], sys.argv[1:])
answers = {b"The PIN of": b"2468\n", b"your badge": b"A-17\n"}
output = b""
while True:
    try:
        data = os.read(terminal, 1024)
    except OSError:
        break
    if not data:
        break
    output += data
    for question in [question for question in answers if question in output]:
        # What is typed before the echo is off is thrown away.
        time.sleep(0.5)
        os.write(terminal, answers.pop(question))
sys.stdout.buffer.write(output)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;

/// A machine of its own: what programs remember is in its folder.
struct Machine {
    folder: PathBuf,
    at: Endpoint,
}

impl Machine {
    /// With a new user, an administrator who is asked for a second factor.
    async fn new(series: Series, name: &str) -> Self {
        let at = user(series, name).await;
        let admin = server(series).endpoint().client().build().expect("the sandbox's settings are right");
        let find = async |model: &str, name: &str, value: &str| {
            let method = format!("model.{model}.search");
            admin.call::<Vec<i64>>(&method, (json!([[name, "=", value]]),)).await.expect("ids")
        };
        let (users, groups) =
            (find("res.user", "login", name).await, find("res.group", "name", "Administration").await);
        let values = json!({"groups": [["add", groups]]});
        admin.call::<Value>("model.res.user.write", (users, values)).await.expect("an administrator");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("machine-{name}-{series}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self { folder, at }
    }

    fn prepared(&self, mut command: Command) -> Command {
        command.envs(self.at.variables()).env("XDG_STATE_HOME", self.folder.join("state"));
        command.env_remove("TRYTON_REDIS_URL").current_dir(&self.folder).stdin(Stdio::null());
        command
    }

    /// The exit code of a command, and what it says.
    async fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = self.prepared(Command::new(&*CARGO_TRYTON));
        command.args(arguments);
        said(command).await
    }

    /// The same by somebody at a terminal.
    async fn type_in(&self, series: Series, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = self.prepared(Command::new(server(series).python()));
        command.args(["-c", TERMINAL]).arg(&*CARGO_TRYTON).args(arguments);
        said(command).await
    }

    fn devices(&self) -> PathBuf {
        self.folder.join("state/cargo-tryton/devices.json")
    }
}

async fn said(mut command: Command) -> (Option<i32>, String) {
    let run = tokio::task::spawn_blocking(move || command.output());
    let Output { status, stdout, stderr } = run.await.expect("it ends").expect("it runs");
    (status.code(), format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr)))
}

const PULL: [&str; 5] = ["pull", "--models", "res.group", "--out", "schema"];

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_given_once_and_the_device_is_known() {
    for series in [Series::V6_0, Series::V8_2] {
        let machine = Machine::new(series, "guarded-cli").await;
        let (code, said) = machine.run(&PULL).await;
        assert_eq!(code, Some(4), "{said}");
        assert!(
            said.contains("The PIN of guarded-cli; answer it with --code, or run the command on a terminal"),
            "{said}"
        );

        let codes = ["--code", "badge=A-17", "--code", "2468"];
        let (code, said) = machine.run(&[&["login"][..], &codes].concat()).await;
        assert_eq!(code, Some(0), "{series}: {said}");
        let file = fs::metadata(machine.devices()).expect("a cookie");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        let cookies = fs::read_to_string(machine.devices()).expect("a cookie");
        let cookies: Value = serde_json::from_str(&cookies).expect("JSON");
        let at = format!("{}/{}", machine.at.url, machine.at.database);
        let cookie = cookies[&at]["guarded-cli"].as_str().expect("a cookie").to_owned();
        assert!(!said.contains(&cookie), "{said}");

        // Nobody is asked any more, and nothing else is remembered.
        let (code, said) = machine.run(&PULL).await;
        assert_eq!(code, Some(0), "{series}: {said}");
        assert!(said.contains("schema: written, 1 models"), "{said}");
        let (code, said) = machine.run(&["ping"]).await;
        assert_eq!(code, Some(0), "{series}: {said}");
        fs::write(machine.devices(), "{").expect("a broken file");
        let (code, said) = machine.run(&["ping"]).await;
        assert!(code == Some(4) && said.contains("the cookie of this device cannot be read from "), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_code_is_named_among_what_may_be_wrong() {
    let machine = Machine::new(Series::V8_2, "guarded-guesser").await;
    let (code, said) = machine.run(&["login", "--code", "0000"]).await;
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("check the code, ") && !said.contains("0000"), "{said}");
    assert!(!machine.devices().exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_are_asked_on_the_terminal() {
    let series = Series::V8_2;
    let machine = Machine::new(series, "guarded-terminal").await;
    let (code, said) = machine.type_in(series, &PULL).await;
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("The PIN of guarded-terminal: ") && said.contains("The number on your badge: A-17"),
        "{said}"
    );
    assert!(!said.contains("2468"), "a hidden answer is not shown: {said}");
    assert!(machine.devices().exists());
    let (code, said) = machine.run(&["check", "--schema", "schema"]).await;
    assert_eq!(code, Some(0), "{said}");
}
