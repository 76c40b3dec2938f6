//! `cargo tryton call` against a real server.

use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::{Value, json};
use tryton_sandbox::{Sandbox, Seed, Server};
use tryton_sdk_tests::build::CARGO_TRYTON;

static SERVER: LazyLock<Server> =
    LazyLock::new(|| Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}")));

fn call(arguments: &[&str]) -> Output {
    let mut command = Command::new(&*CARGO_TRYTON);
    command.envs(SERVER.endpoint().variables()).current_dir(std::env::temp_dir()).stdin(Stdio::null());
    command.args(["tryton", "call"]).args(arguments).output().expect("it runs")
}

fn answer(arguments: &[&str]) -> Value {
    let said = call(arguments);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    serde_json::from_slice(&said.stdout).expect("JSON")
}

/// What it says where it makes no call.
fn refusal(arguments: &[&str]) -> String {
    let said = call(arguments);
    assert_eq!((said.status.code(), said.stdout.as_slice()), (Some(2), &b""[..]));
    String::from_utf8(said.stderr).expect("text")
}

#[test]
fn reading_methods_answer_in_json() {
    assert!(answer(&["model.party.party.search_count", "[[]]"]).as_u64().expect("a number") > 0);
    let user = answer(&["model.res.user.search_read", r#"[[["login", "=", "admin"]], 0, 1, null, ["login"]]"#]);
    assert_eq!(user[0]["login"], "admin");
    assert!(answer(&["common.db.list"]).is_array());
}

#[test]
fn writing_methods_need_a_flag() {
    let method = "model.party.party.create";
    let params = r#"[[{"name": "called"}]]"#;
    let found = || answer(&["model.party.party.search_count", r#"[[["name", "=", "called"]]]"#]);
    assert!(refusal(&[method, params]).contains("give --write"));
    assert_eq!(found(), 0);
    let made = answer(&[method, params, "--write"]);
    assert_eq!((made.as_array().map(Vec::len), found()), (Some(1), json!(1)));
}

#[test]
fn the_context_is_the_users_or_the_given_one() {
    // A sale has the company of the context.
    let method = ["model.sale.sale.default_get", r#"[["company"]]"#];
    assert!(answer(&method)["company"].is_i64(), "{}", answer(&method));
    let without = answer(&[&method[..], &["--context", "{}"]].concat());
    assert!(without["company"].is_null(), "{without}");
}

#[test]
fn mistakes_are_told_before_a_call() {
    let method = "model.party.party.read";
    for (arguments, expected) in [
        (&[method, "{}"][..], "the parameters are no array in JSON"),
        (&[method, "[[1]"], "the parameters are no array in JSON"),
        (&[method, "[]", "--context", "[]"], "the context is no object in JSON"),
        (&["common.db.login", "[]"], "`cargo tryton login`"),
        (&["model.res.user.device.renew", "[null]", "--write"], "`cargo tryton login`"),
    ] {
        let said = refusal(arguments);
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn secrets_in_an_answer_are_not_shown() {
    let said = call(&["model.res.user.application.default_get", r#"[["key", "state"]]"#]);
    assert!(said.status.success(), "{said:?}");
    let shown: Value = serde_json::from_slice(&said.stdout).expect("JSON");
    assert_eq!((&shown["key"], &shown["state"]), (&json!("removed"), &json!("validated")), "{shown}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("may be secret, and is shown as `removed`"));
    // Servers give eight letters in place of a password, and it is the same to us.
    let rows = answer(&["model.res.user.export_data", r#"[[1], ["login", "password"]]"#]);
    assert_eq!(rows[0], json!(["admin", "removed"]));
    let plain = call(&["model.party.party.search_read", r#"[[], 0, 1, null, ["name"]]"#]);
    assert!(plain.status.success() && plain.stderr.is_empty(), "{plain:?}");
}
