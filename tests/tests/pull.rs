//! `cargo tryton` against a real server: a pull by way of Redis, and a check after the server has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Redis, Sandbox, Seed, Series};
use tryton_sdk_tests::build::program;
use tryton_sdk_tests::proxy::Proxy;
use tryton_sdk_tests::scratch::Folder;

/// Enough models that it matters whether they are asked for.
const MODELS: &str = "party.*,product.*";

const PULL: [&str; 6] = ["pull", "--models", MODELS, "--out", "schema", "--json"];

/// What a pull asks for besides models: the session, the server itself, and whether anything has changed.
const PROOF: usize = 24;

/// The command, in a folder of its own.
struct Tryton {
    program: PathBuf,
    folder: Folder,
    url: String,
    redis: String,
    endpoint: Endpoint,
}

/// What it said.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Tryton {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.folder.path()).envs(self.endpoint.variables());
        command.env("TRYTON_RPC_URL", &self.url).env("TRYTON_REDIS_URL", &self.redis);
        command
    }

    async fn run(&self, arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        let run = tokio::task::spawn_blocking(move || command.output());
        let Output { status, stdout, stderr } = run.await.expect("it ends").expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Said { code: status.code(), out: text(stdout), err: text(stderr) }
    }

    async fn pull(&self) -> Value {
        let said = self.run(&PULL).await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        serde_json::from_str(&said.out).expect("JSON")
    }
}

/// The file of a model in the snapshot, as it is on disk.
fn file(folder: &Path, model: &str) -> Value {
    let text = fs::read(folder.join("schema").join(format!("{model}.json"))).expect("the file of the model");
    serde_json::from_slice(&text).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_lives_with_its_server() {
    let sandbox = Sandbox::new(Series::V8_0).seed(Seed::Small);
    let server = sandbox.start().unwrap_or_else(|error| panic!("{error}"));
    let redis = Redis::start_own(&[]).unwrap_or_else(|error| panic!("{error}"));
    let proxy = Proxy::start(&server.endpoint().url).await;
    let mut tryton = Tryton {
        program: program("bin", "cargo-tryton"),
        folder: Folder::new("pull"),
        url: proxy.url().to_owned(),
        redis: redis.url().to_owned(),
        endpoint: server.endpoint().clone(),
    };

    let cold = tryton.pull().await;
    let models = usize::try_from(cold["models"].as_u64().expect("a number")).expect("a small one");
    let first = proxy.requests();
    assert!(first >= models && first <= models + PROOF, "{first} requests for {models} models");
    assert_eq!((&cold["unchanged"], &cold["differences"]), (&json!(false), &Value::Null));

    let warm = tryton.pull().await;
    let second = proxy.requests() - first;
    assert!(second <= PROOF && PROOF < models, "{second} requests");
    assert_eq!((&warm["unchanged"], &warm["models"]), (&json!(true), &cold["models"]));

    let before = proxy.requests();
    let fresh = tryton.run(&[&PULL[..], &["--fresh"]].concat()).await;
    assert_eq!(fresh.code, Some(0), "{}", fresh.err);
    assert!(proxy.requests() - before >= models, "each model is asked for again");
    let before = proxy.requests();
    assert_eq!(tryton.pull().await["unchanged"], true);
    assert!(proxy.requests() - before <= PROOF, "what was read anew is kept");

    // What a pull has read before it is interrupted, the next one does not ask for again.
    tryton.redis.push_str("/1");
    let before = proxy.requests();
    let mut interrupted = tryton.command(&PULL).stderr(Stdio::null()).spawn().expect("it runs");
    while proxy.requests() - before < models / 2 + PROOF {
        assert!(interrupted.try_wait().expect("a child").is_none(), "it has ended early");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    interrupted.kill().expect("it was still reading");
    interrupted.wait().expect("it has ended");
    let before = proxy.requests();
    assert_eq!(tryton.pull().await["unchanged"], true);
    let rest = proxy.requests() - before;
    assert!(rest < models, "{rest} requests for the rest of {models} models");

    let well = tryton.run(&["check", "--schema", "schema"]).await;
    assert_eq!(
        (well.code, well.out.as_str()),
        (Some(0), "schema: 0 errors; 0 breaking, 0 compatible changes, 0 additions\n"),
        "{}",
        well.err
    );

    // Who may not write a field sees it as read-only: a change that no version tells. Since 8.2 administrators may always.
    let client = tryton.endpoint.client().build().expect("the settings are right");
    let right = json!([{
        "model": "party.party",
        "field": "code",
        "perm_read": true,
        "perm_write": false,
        "active": true,
    }]);
    let made: Value = client.call("model.ir.model.field.access.create", [right]).await.expect("an access right");
    let check = tryton.run(&["check", "--schema", "schema"]).await;
    assert_eq!(check.code, Some(1), "{}{}", check.out, check.err);
    assert!(check.out.contains("breaking: party.party: field code: can be set → read-only"), "{}", check.out);

    // It is of no concern to an application that never names it.
    let source = tryton.folder.path().join("src");
    fs::create_dir_all(&source).expect("a folder");
    let main = source.join("main.rs");
    fs::write(&main, "fn f() { Party::F.name; }").expect("a file");
    assert_eq!(tryton.run(&["check", "--schema", "schema", "--used"]).await.code, Some(0));
    fs::write(&main, "fn f() { Party::F.code; }").expect("a file");
    let used = tryton.run(&["check", "--schema", "schema", "--used"]).await;
    assert_eq!(used.code, Some(1), "{}", used.err);
    assert!(used.out.contains("(used at src/main.rs:1)"), "{}", used.out);

    let page = tryton.run(&["check", "--schema", "schema", "--used", "--markdown"]).await;
    assert_eq!(page.code, Some(1), "{}", page.err);
    let line = "\n### `party.party`\n\n- field `code`: can be set → read-only (used at `src/main.rs:1`)\n";
    assert!(page.out.contains(line), "{}", page.out);
    // Nor of one that only reads it.
    fs::write(&main, "fn f() { Party::search().select(Party::F.code); }").expect("a file");
    assert_eq!(tryton.run(&["check", "--schema", "schema", "--used"]).await.code, Some(0));

    let changed = tryton.run(&["pull", "--models", MODELS, "--out", "schema"]).await;
    assert!(changed.out.contains("since the last pull: 1 breaking, 0 compatible changes"), "{}", changed.out);
    assert_eq!(file(tryton.folder.path(), "party.party")["fields"]["code"]["readonly"], json!(true));
    client.call::<Value>("model.ir.model.field.access.delete", [made]).await.expect("deleted");
    // What has become possible breaks nothing.
    let more = tryton.run(&["check", "--schema", "schema"]).await;
    assert_eq!(more.code, Some(0), "{}{}", more.out, more.err);
    assert!(more.out.contains("changed: party.party: field code: read-only → can be set"), "{}", more.out);
    let strict = tryton.run(&["check", "--schema", "schema", "--strict"]).await;
    assert_eq!(strict.code, Some(1), "{}{}", strict.out, strict.err);
    assert!(strict.out.starts_with("schema: 1 error; 0 breaking, 1 compatible change, "), "{}", strict.out);
    assert_eq!(tryton.pull().await["differences"][0]["weight"], "compatible");
    // The session that an application's processes share is theirs.
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    let application = tryton.endpoint.client().redis(tryton.redis.as_str()).share_session(key).build();
    let application = application.expect("the settings are right");
    let session = application.login().await.expect("a session");
    for (password, code) in [(&*tryton.endpoint.password, 0), ("guessed-Wr0ng", 4)] {
        let login = tryton.command(&["login"]).env("TRYTON_SESSION_KEY", key).env("TRYTON_PASSWORD", password).output();
        assert_eq!(login.expect("it runs").status.code(), Some(code));
    }
    application.ping().await.expect("the session is there");
    assert_eq!(application.session().expect("a session").token(), session.token());
}
