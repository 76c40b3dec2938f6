//! What the sandbox promises when things go wrong.
//!
//! Tests that need no server work in a folder of their own with a shell script in the place of Python.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use tryton_sandbox::{Backend, Redis, Sandbox, Seed, Server};
use tryton_sdk_tests::build::CARGO_TRYTON;
use tryton_sdk_tests::scratch::{Folder, lend};

/// Stands for Python: a new enough version that makes venvs, and then does what `THEN` says.
const PYTHON: &str = r#"#!/bin/sh
case "$*" in
    *version_info*) echo 3 12 ;;
    *"-m venv"*)
        for folder; do :; done
        mkdir "$folder/bin" && cp "$0" "$folder/bin/python"
        case "$THEN" in venv:*) eval "${THEN#venv:}" ;; esac ;;
    *"import trytond"*) ;;
    *"-m pip"*) case "$THEN" in pip:*) eval "${THEN#pip:}" ;; esac ;;
    *initialise.py*) case "$THEN" in initialise:*) eval "${THEN#initialise:}" ;; esac ;;
    *) exit 3 ;;
esac
"#;

/// A folder for a sandbox that has nothing yet.
struct Fresh(Folder);

impl Fresh {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = Folder::new(&format!("sandbox-{number}"));
        let python = folder.path().join("python");
        fs::write(&python, PYTHON).expect("a fresh file");
        fs::set_permissions(&python, fs::Permissions::from_mode(0o755)).expect("our own file");
        Fresh(folder)
    }

    /// The command line of the sandbox in this folder.
    fn sandbox(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&*CARGO_TRYTON);
        command
            .arg("sandbox")
            .args(arguments)
            .env("TRYTON_SANDBOX_DIR", self.0.path())
            .env("TRYTON_PYTHON", self.0.path().join("python"));
        command
    }

    /// Runs `up` with a Python that does `then`, and returns the error.
    fn refusal(&self, then: &str) -> String {
        failure(self.sandbox(&["up"]).env("THEN", then))
    }

    /// Kills `up` with SIGKILL when its Python is at `then`, and says what there is of `kept` afterwards.
    fn killed_during(&self, step: &str, kept: &str) -> Vec<String> {
        let reached = self.0.path().join("reached");
        // What it started goes on, as it would in earnest, until the folder is removed.
        let then = format!("{step}:touch {0}; while [ -e {0} ]; do sleep 0.1; done", reached.display());
        let mut up = self.sandbox(&["up"]).env("THEN", then).stderr(Stdio::null()).spawn().expect("it is built");
        wait_until("the step is reached", || reached.exists());
        up.kill().expect("it runs");
        up.wait().expect("it ran");
        names(&self.0.path().join(kept))
    }
}

fn failure(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("it is built");
    let stderr = String::from_utf8_lossy(&stderr).into_owned();
    assert!(matches!(status.code(), Some(2..=4)), "{stderr}");
    assert_eq!(String::from_utf8_lossy(&stdout), "", "nothing to export");
    stderr
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("it was made")
        .map(|entry| entry.expect("it is there").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// What a sandbox takes for whole among the names of a folder.
fn whole(names: &[String]) -> Option<&String> {
    names.iter().find(|name| !name.contains('@') && !name.ends_with(".lock"))
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "{what}: not within 20 s");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_venv_that_was_interrupted_is_not_taken_for_a_whole_one() {
    let fresh = Fresh::new();
    for step in ["venv", "pip"] {
        let left = fresh.killed_during(step, "venv");
        assert!(left.iter().any(|name| name.starts_with("8.2-purchase+sale-") && name.contains('@')), "{left:?}");
        assert_eq!(whole(&left), None, "taken for whole: {left:?}");
        fs::remove_file(fresh.0.path().join("reached")).expect("it was reached");
    }
    // The next one gets past the venv, and removes what the others left.
    fresh.refusal("initialise:exit 1");
    let left = names(&fresh.0.path().join("venv"));
    assert_eq!(left.len(), 3, "the venv, the link to it and the lock: {left:?}");
    assert!(whole(&left).is_some(), "{left:?}");
}

#[test]
fn a_venv_whose_python_is_gone_is_made_anew() {
    let fresh = Fresh::new();
    for _ in 0..2 {
        let error = fresh.refusal("initialise:exit 1");
        assert!(error.contains("initialising the database failed"), "it gets past the venv: {error}");
        let venvs = fresh.0.path().join("venv");
        let kept = names(&venvs);
        let kept = whole(&kept).expect("it was used");
        fs::remove_file(venvs.join(kept).join("bin/python")).expect("it was used");
    }
}

#[test]
fn a_database_that_was_interrupted_is_not_taken_for_a_whole_one() {
    let fresh = Fresh::new();
    let left = fresh.killed_during("initialise", "database");
    assert!(left.iter().any(|name| name.contains('@')), "half made: {left:?}");
    assert_eq!(whole(&left), None, "taken for whole: {left:?}");
    let error = fresh.refusal("initialise:echo out of luck >&2; exit 1");
    assert!(error.contains("initialising the database failed"), "it is tried again: {error}");
    assert!(error.contains("out of luck"), "{error}");
    let left = names(&fresh.0.path().join("database"));
    assert!(left.iter().all(|name| name.ends_with(".lock")), "swept: {left:?}");
}

#[test]
fn settings_of_another_trytond_do_not_reach_the_sandbox() {
    let fresh = Fresh::new();
    let then = r#"initialise:echo "config=$TRYTOND_CONFIG." >&2; exit 1"#;
    let error = failure(fresh.sandbox(&["up"]).env("TRYTOND_CONFIG", "/etc/trytond.conf").env("THEN", then));
    assert!(error.contains("config=."), "{error}");
}

#[test]
fn without_python_the_message_says_what_to_install() {
    let fresh = Fresh::new();
    let error = failure(fresh.sandbox(&["up"]).env_remove("TRYTON_PYTHON").env("PATH", fresh.0.path().join("nothing")));
    assert_eq!(
        error.lines().last(),
        Some("error: Python is missing: install Python 3.10 or newer, or name one with TRYTON_PYTHON")
    );
    let error = failure(fresh.sandbox(&["up"]).env("TRYTON_PYTHON", "/no/python"));
    assert!(error.contains("TRYTON_PYTHON names `/no/python`, which does not run"), "{error}");
}

#[test]
fn an_old_python_is_named_with_the_version_that_is_needed() {
    let fresh = Fresh::new();
    let python = fresh.0.path().join("python");
    fs::write(&python, "#!/bin/sh\necho 3 8\n").expect("our own file");
    let error = failure(&mut fresh.sandbox(&["up"]));
    assert!(error.contains("Python 3.8 is too old: install Python 3.10 or newer"), "{error}");
    fs::write(&python, "#!/bin/sh\necho 3 12\nexit 1\n").expect("our own file");
    let error = failure(&mut fresh.sandbox(&["up"]));
    assert!(error.contains("has no venv module: install it"), "{error}");
}

#[test]
fn failures_of_pip_are_told_apart() {
    let fresh = Fresh::new();
    let offline = fresh.refusal("pip:echo 'Failed to establish a new connection: [Errno 101]' >&2; exit 1");
    assert!(offline.contains("pip cannot reach the package index: check the network"), "{offline}");
    let full = fresh.refusal("pip:echo 'OSError: [Errno 28] No space left on device' >&2; exit 1");
    assert!(full.contains("the disk is full"), "{full}");
    let unknown = fresh.refusal("pip:echo 'ERROR: No matching distribution found for trytond-sael==8.2.*' >&2; exit 1");
    assert!(unknown.contains("trytond-sael==8.2.*: check the modules' names"), "{unknown}");
}

#[test]
fn a_port_that_is_in_use_is_refused_before_any_work() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("it listens").port().to_string();
    let fresh = Fresh::new();
    let error = failure(&mut fresh.sandbox(&["up", "--port", &port]));
    assert_eq!(
        error,
        format!("error: port {port} is in use: choose another one, or leave the choice to the sandbox\n")
    );
}

#[test]
fn a_folder_that_is_no_module_is_refused_before_any_work() {
    let fresh = Fresh::new();
    let folder = fresh.0.path().join("webshop");
    let error = failure(fresh.sandbox(&["up", "--module-at"]).arg("webshop").current_dir(fresh.0.path()));
    let folder = folder.display();
    let expected = format!("error: there is no Tryton module in {folder}: its folder holds a file `tryton.cfg`\n");
    assert_eq!(error, expected);
}

#[test]
fn a_command_that_concerns_a_server_says_when_there_is_none() {
    let fresh = Fresh::new();
    let error = failure(&mut fresh.sandbox(&["logs"]));
    assert_eq!(error, "error: no Tryton 8.2 runs: start one with `cargo tryton sandbox up --series 8.2`\n");
    let status = fresh.sandbox(&["status"]).output().expect("it is built");
    // Servers of another project are in another folder, so the folder is named.
    assert_eq!(String::from_utf8_lossy(&status.stdout), format!("nothing runs in {}\n", fresh.0.path().display()));
}

/// What a command says, which succeeds: its output and its errors.
fn said(mut command: Command) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().expect("it is built");
    let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{stderr}");
    (stdout, stderr)
}

#[test]
fn a_server_is_stopped_by_who_started_it_or_by_its_name() {
    let fresh = Fresh::new();
    let kept = Sandbox::default().start().expect("a server");
    lend(&kept, fresh.0.path());
    let sandbox = |arguments: &[&str]| {
        let mut command = fresh.sandbox(arguments);
        command.env_remove("TRYTON_PYTHON");
        said(command)
    };
    assert_eq!(sandbox(&["down"]).1, format!("nothing was running in {}\n", fresh.0.path().display()));
    let (exports, started) = sandbox(&["up", "--redis"]);
    assert!(started.contains("seed runs at http://") && started.contains("\nRedis runs at redis://"), "{started}");
    let (again, found) = sandbox(&["up", "--redis"]);
    assert_eq!(again, exports);
    assert!(found.contains("seed was running already, at http://"), "{found}");
    assert!(found.contains("Redis was running already, at redis://"), "{found}");

    for server in ["8.2", "redis"] {
        fs::write(fresh.0.path().join("up").join(server).join("project"), "/somebody/else").expect("a record");
    }
    let (_, found) = sandbox(&["up"]);
    assert!(
        found.ends_with(
            "the project /somebody/else started it, and `cargo tryton sandbox down --series 8.2` stops it\n"
        ),
        "{found}"
    );
    // One that does not answer is somebody else's to look after.
    let record = fresh.0.path().join("up/8.2/server.json");
    let kept = fs::read_to_string(&record).expect("a record");
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let mut silent: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
    silent["sandbox"]["port"] = port.into();
    fs::write(&record, silent.to_string()).expect("a record");
    let error = failure(fresh.sandbox(&["up"]).env_remove("TRYTON_PYTHON"));
    assert!(error.contains("another project /somebody/else started does not answer: "), "{error}");
    fs::write(&record, kept).expect("a record");
    let left = sandbox(&["down"]).1;
    let line = |what: &str, name: &str| {
        format!(
            "left {what} running, which the project /somebody/else started: `cargo tryton sandbox down {name}` stops it\n"
        )
    };
    assert_eq!(left, line("Tryton 8.2", "--series 8.2") + &line("Redis", "--redis"));
    assert_eq!(sandbox(&["down", "--series", "8.2"]).1, "stopped Tryton 8.2\n");
    assert!(sandbox(&["status"]).0.starts_with("Redis at redis://"));
    assert_eq!(sandbox(&["down", "--redis"]).1, "stopped Redis\n");

    sandbox(&["up"]);
    assert_eq!(sandbox(&["down"]).1, "stopped Tryton 8.2\n");
    assert_eq!(sandbox(&["status"]).0, format!("nothing runs in {}\n", fresh.0.path().display()));
}

#[test]
fn whoever_reads_the_output_may_go_away() {
    let fresh = Fresh::new();
    for arguments in ["status", "up --port 1", "logs", "help", "down"] {
        let program = CARGO_TRYTON.display();
        let mut shell = Command::new("bash");
        // `true` ends at once, and reads nothing.
        shell.args([
            "-c",
            &format!("{{ sleep 0.1; {program} sandbox {arguments}; echo $? >code; }} 2>&1 | true; cat code"),
        ]);
        let shell = shell
            .current_dir(fresh.0.path())
            .env("TRYTON_SANDBOX_DIR", fresh.0.path())
            .env("TRYTON_PYTHON", "/no/python");
        let code = shell.output().expect("a shell").stdout;
        assert!(
            matches!(code.trim_ascii(), b"0" | b"2" | b"3" | b"4"),
            "{arguments}: {}",
            String::from_utf8_lossy(&code)
        );
    }
}

/// The variable that makes [`owner`] own servers instead of passing at once.
const OWNER: &str = "TRYTON_SANDBOX_TEST_OWNER";

/// Not a test by itself: the process that `a_server_dies_with_its_owner` kills.
#[test]
fn owner() {
    if env::var_os(OWNER).is_none() {
        return;
    }
    let server = Sandbox::default().start().expect("a server");
    let stored = on_postgresql().start().expect("a server");
    let redis = Redis::start().expect("a Redis");
    let address = stored.database_uri();
    let (_, postgresql) = address.split_once('@').expect("a user and a host");
    println!("{}\n{}\nsql://{}", server.endpoint().url, redis.url(), postgresql.trim_end_matches('/'));
    println!("{}\n{}", server.database().display(), stored.database().display());
    println!("ready");
    thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_server_dies_with_its_owner() {
    let program = env::current_exe().expect("this test");
    let mut owner = Command::new(program)
        .args(["--exact", "owner", "--nocapture"])
        .env(OWNER, "1")
        .env_remove("TRYTON_REDIS_URL")
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs already");
    let output = BufReader::new(owner.stdout.take().expect("it is piped"));
    let lines: Vec<String> = output.lines().map_while(Result::ok).take_while(|line| line != "ready").collect();
    let [.., tryton, redis, postgresql, file, data] = &lines[..] else { panic!("not ready: {lines:?}") };
    let is_open = |url: &str| TcpStream::connect(url.split_once("://").expect("a URL").1).is_ok();
    // The test's harness may have written something in front of the first line.
    let tryton = &tryton[tryton.find("http://").expect("a URL")..];
    assert!(is_open(tryton) && is_open(redis) && is_open(postgresql));
    assert!(Path::new(file).is_file() && Path::new(data).is_dir());

    owner.kill().expect("it runs");
    owner.wait().expect("it ran");
    wait_until("the servers are gone", || !is_open(tryton) && !is_open(redis) && !is_open(postgresql));
    wait_until("the databases are gone", || !Path::new(file).exists() && !Path::new(data).exists());
}

/// A server on PostgreSQL whose database takes little to make.
fn on_postgresql() -> Sandbox {
    Sandbox::default().modules(["tests"]).seed(Seed::None).backend(Backend::Postgresql)
}

#[test]
fn postgresql_ends_with_its_server() {
    let server = on_postgresql().start().expect("a server");
    let data = server.database();
    assert!(data.join("PG_VERSION").is_file());
    drop(server);
    assert!(!data.exists());
}

#[test]
fn a_server_takes_entries_for_its_configuration_and_ends_when_it_is_dropped() {
    let sandbox = Sandbox::default().config("database", "list", "false");
    let server = sandbox.start().expect("a server");
    let config = fs::read_to_string(server.config()).expect("it is there");
    assert!(config.contains("list = false"), "{config}");
    assert!(server.database().is_file() && server.log().is_file() && server.python().exists());
    let address = server.endpoint().url.replace("http://", "");
    let folder = server.config().parent().expect("it is in a folder").to_owned();
    drop(server);
    assert!(TcpStream::connect(address).is_err());
    assert!(!folder.exists());
}

#[test]
fn several_servers_at_once_share_what_is_kept_and_nothing_else() {
    let sandbox = Sandbox::default().seed(Seed::Small);
    let servers: Vec<Server> = thread::scope(|scope| {
        let starting: Vec<_> = (0..2).map(|_| scope.spawn(|| sandbox.start().expect("a server"))).collect();
        starting.into_iter().map(|thread| thread.join().expect("it started")).collect()
    });
    assert_ne!(servers[0].endpoint().url, servers[1].endpoint().url);
    assert_ne!(servers[0].database(), servers[1].database());
}
