//! The programs as a user runs them, against a real server: `cargo tryton pull` and the examples.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Sandbox, Seed, Series, Server};
use tryton_sdk_tests::build::{CARGO_TRYTON, cargo, program, workspace};
use tryton_sdk_tests::proxy::Proxy;

static SERVER: LazyLock<Server> = LazyLock::new(|| Sandbox::default().start().unwrap_or_else(|e| panic!("{e}")));
static EXAMPLE: LazyLock<PathBuf> = LazyLock::new(|| program("example", "open_sales"));
static SELL: LazyLock<PathBuf> = LazyLock::new(|| program("example", "sell"));
static IMPORT: LazyLock<PathBuf> = LazyLock::new(|| program("example", "import_products"));
static EXPORT: LazyLock<PathBuf> = LazyLock::new(|| program("example", "nightly_export"));

/// A folder below the build's own, empty at first.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a scratch folder");
    folder
}

/// A program in the environment that names a server.
fn against(program: &Path, at: &Endpoint) -> Command {
    let mut command = Command::new(program);
    command.envs(at.variables()).stdin(Stdio::null());
    command
}

fn pull(at: &Endpoint, models: &str, out: &Path) -> Command {
    let mut command = against(&CARGO_TRYTON, at);
    command.args(["tryton", "pull", "--models", models, "--out"]).arg(out);
    command
}

fn succeeded(output: &Output) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    said
}

/// Every file of a folder with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.map(|path| (path.clone(), fs::read(path).expect("a file"))).collect()
}

#[test]
fn a_second_pull_changes_no_byte() {
    let out = scratch("pulled-twice").join("schema");
    let at = SERVER.endpoint();
    let said = succeeded(&pull(at, "sale.*,party.party,product.product", &out).output().expect("it runs"));
    assert!(said.contains("35 models") && !said.contains(&at.password), "{said}");
    assert_eq!(said.matches("reading 35 models\n").count(), 1, "one line of progress: {said}");
    assert!(!said.contains("/35") && !said.contains("cargo tryton pull"), "{said}");
    let first = files(&out);
    let said = succeeded(&pull(at, "sale.*,party.party,product.product", &out).output().expect("it runs"));
    assert!(said.contains("unchanged"), "{said}");
    assert_eq!(files(&out), first);
}

#[test]
fn a_pull_goes_through_a_link_and_needs_no_reader() {
    let folder = scratch("pulled-through-a-link");
    let (link, place) = (folder.join("link"), folder.join("schema"));
    std::os::unix::fs::symlink("schema", &link).expect("a link");
    for round in ["a link to nothing", "a link to a snapshot"] {
        let mut shell = against(Path::new("bash"), SERVER.endpoint());
        // `true` ends at once, and reads nothing.
        shell.args(["-c", r#"{ "$0" pull --models res.group --fresh --out "$1"; echo $? >"$1.code"; } 2>&1 | true"#]);
        shell.arg(&*CARGO_TRYTON).arg(&link).status().expect("a shell");
        let code = fs::read_to_string(folder.join("link.code")).expect("it has ended");
        assert_eq!(code.trim(), "0", "{round}");
        assert!(link.is_symlink(), "{round}");
        assert_eq!(files(&place).len(), 2, "{round}");
        fs::write(place.join("stale.json"), "{}").expect("a file that is to go");
    }
}

#[test]
fn a_pull_leaves_out_what_is_excluded() {
    let out = scratch("pulled-but-for").join("schema");
    succeeded(&pull(SERVER.endpoint(), "res.*,!res.user*", &out).output().expect("it runs"));
    let names = |pattern: &str| files(&out).keys().filter(|file| file.to_string_lossy().contains(pattern)).count();
    assert!(names("res.group") == 1 && names("res.user") == 0, "{:?}", files(&out).keys());
    let said = pull(SERVER.endpoint(), "!res.user*", &out).output().expect("it runs");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    assert!(said.contains("the patterns select no model of the server: add one that selects, such as '*'"), "{said}");
}

/// The metadata of every model that the modules bring, pulled, made types of, and compiled.
#[test]
fn the_whole_of_a_server_becomes_types_that_compile() {
    let folder = scratch("whole");
    let said = succeeded(&pull(SERVER.endpoint(), "*", &folder.join("schema")).output().expect("it runs"));
    let models = files(&folder.join("schema")).len() - 1;
    assert!(models > 330, "{models} models: {said}");
    let sdk = workspace().join("sdk");
    let manifest = format!(
        "[package]\nname = \"whole\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\ntryton-sdk = {{ path = {sdk:?}, default-features = false }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the versions that were fetched");
    fs::create_dir(folder.join("src")).expect("a folder");
    let code =
        "#![deny(warnings)]\npub mod erp {\n    tryton_sdk::models! { schema = \"schema\", models = [\"*\"] }\n}\n";
    fs::write(folder.join("src/lib.rs"), code).expect("a program");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole-target");
    let check = cargo().args(["check", "--offline", "--target-dir"]).arg(target).current_dir(&folder).output();
    succeeded(&check.expect("cargo runs"));
}

/// What a reader of the guide does first: its settings, its commands and its program, with the server that the environment names.
#[test]
fn the_first_query_of_the_guide_compiles() {
    let chapter = include_str!("../../docs/guide/src/first-query.md");
    let block = |fence: &str, begin: &str| {
        let blocks = chapter.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
        let mut blocks = blocks.filter_map(|(title, text)| title.starts_with(fence).then_some(text));
        let block = blocks.find(|block| block.contains(begin)).unwrap_or_else(|| panic!("no {begin} in the chapter"));
        // Without the lines that readers do not see.
        block.lines().filter(|line| !line.starts_with("# ")).map(|line| format!("{line}\n")).collect::<String>()
    };
    let folder = scratch("first-query");
    fs::write(folder.join("tryton.toml"), block("toml", "[server]")).expect("settings");
    for arguments in [&["tryton", "login"][..], &["tryton", "pull"], &["tryton", "describe", "sale.sale", "state"]] {
        let mut command = against(&CARGO_TRYTON, SERVER.endpoint());
        succeeded(&command.args(arguments).current_dir(&folder).output().expect("it runs"));
    }
    let sdk = workspace().join("sdk");
    let manifest = format!(
        "[package]\nname = \"first-query\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         tryton-sdk = {{ path = {sdk:?}, default-features = false }}\n\
         tokio = {{ version = \"1\", default-features = false, features = [\"macros\", \"rt-multi-thread\"] }}\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest).expect("a manifest");
    fs::copy(workspace().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the versions that were fetched");
    fs::create_dir(folder.join("src")).expect("a folder");
    fs::write(folder.join("src/main.rs"), block("rust", "#[tokio::main]")).expect("a program");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("whole-target");
    let check = cargo().args(["check", "--offline", "--target-dir"]).arg(target).current_dir(&folder).output();
    succeeded(&check.expect("cargo runs"));
}

/// The documentation tests of the guide, whose code runs where it is told to. With all other crates, because these have been
/// built so.
#[test]
fn the_code_of_the_guide_runs() {
    let server = Sandbox::default().start().unwrap_or_else(|e| panic!("{e}"));
    let mut test = cargo();
    test.args(["test", "--quiet", "--offline", "--workspace", "--doc", "docs/guide", "--", "--test-threads=2"]);
    let test = test.envs(server.endpoint().variables()).env("RUN_THE_GUIDE", "1").current_dir(workspace());
    let said = succeeded(&test.output().expect("cargo runs"));
    let results =
        said.split("test result: ok. ").skip(1).filter_map(|result| result.split(' ').next()?.parse::<usize>().ok());
    assert!(results.sum::<usize>() > 60, "{said}");
}

#[test]
fn every_series_can_be_pulled() {
    for series in Series::ALL {
        let server = Sandbox::new(series).seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}"));
        let out = scratch(&format!("series-{series}")).join("schema");
        succeeded(&pull(server.endpoint(), "party.party,sale.sale", &out).output().expect("it runs"));
        let text = fs::read_to_string(out.join("server.json")).expect("server.json");
        assert!(text.contains(&format!("\"series\": \"{series}\"")), "{text}");
        let checked_in = workspace().join(format!("tests/snapshots/sale/{series}/sale.sale.json"));
        let read = |path: &Path| -> serde_json::Value {
            serde_json::from_slice(&fs::read(path).expect("a snapshot")).expect("JSON")
        };
        let (fresh, kept) = (read(&out.join("sale.sale.json")), read(&checked_in));
        assert_eq!(
            fresh["fields"], kept["fields"],
            "tests/snapshots/sale/{series} is out of date: tests/snapshots/README.md says how to renew it"
        );
    }
}

#[test]
fn the_example_prints_the_open_sales() {
    let said = succeeded(&against(&EXAMPLE, SERVER.endpoint()).output().expect("it runs"));
    assert!(said.contains("quotation") && said.contains("confirmed") && said.contains('×'), "{said}");
    assert!(!said.contains("draft"), "{said}");
}

/// To a customer of the seed and to one that is new, twice.
#[test]
fn the_second_example_sells() {
    let sell =
        |name: &str| succeeded(&against(&SELL, SERVER.endpoint()).args([name, "--yes"]).output().expect("it runs"));
    let numbers = ["Atelier Rousseau", "Nouveau & Fils", "Nouveau & Fils"].map(|name| {
        let said = sell(name);
        let (number, total) = said.trim_end().split_once(' ').expect("number and total");
        assert_eq!(total, "100.91", "2 × 24.90 and 100 × 0.35, with 19 % VAT");
        number.to_owned()
    });
    assert!(numbers.iter().all(|number| !number.is_empty()) && numbers[0] != numbers[1] && numbers[1] != numbers[2]);
}

/// A customer to whom sales are without VAT, and who pays in 30 days: Tryton's own clients make 84.80 of the same sale.
#[tokio::test]
async fn the_second_example_knows_the_taxes_and_the_terms_of_a_customer() {
    let at = SERVER.endpoint();
    let tryton = at.client().build().expect("the settings are right");
    let tryton = tryton.with(tryton.user_context().await.expect("the user's context"));
    let id = |method: &str, params: Value| {
        let (tryton, method) = (tryton.clone(), format!("model.{method}"));
        async move { tryton.call::<Vec<i64>>(&method, params).await.unwrap_or_else(|e| panic!("{e}"))[0] }
    };
    let vat = id("account.tax.search", json!([[["name", "=", "VAT 19%"]], 0, 1, null])).await;
    let term = id("account.invoice.payment_term.search", json!([[["name", "=", "30 days"]], 0, 1, null])).await;
    // A line that leads from a tax to none removes it.
    let lines = json!([["create", [{"origin_tax": vat}]]]);
    let rule = id("account.tax.rule.create", json!([[{"name": "Without VAT", "lines": lines}]])).await;
    let party = json!({
        "name": "Export & Co", "customer_tax_rule": rule, "customer_payment_term": term,
        "addresses": [["create", [{}]]],
    });
    let party = id("party.party.create", json!([[party]])).await;

    let mut sell = against(&SELL, at);
    let said = tokio::task::spawn_blocking(move || sell.args(["Export & Co", "--yes"]).output()).await;
    let said = succeeded(&said.expect("no panic").expect("it runs"));
    assert_eq!(said.trim_end().split_once(' ').expect("number and total").1, "84.80", "2 × 24.90 and 100 × 0.35");
    let sale: Vec<Value> = tryton
        .call(
            "model.sale.sale.search_read",
            json!([[["party", "=", party]], 0, null, null, ["payment_term", "tax_amount"]]),
        )
        .await
        .expect("the sale");
    assert_eq!((sale.len(), &sale[0]["payment_term"]), (1, &json!(term)));
    assert_eq!(sale[0]["tax_amount"]["decimal"], "0");
}

/// Of as many requests as the batches of the file take, beside those for the session, the user and the units.
#[tokio::test(flavor = "multi_thread")]
async fn the_third_example_imports_five_thousand_products_in_few_requests() {
    const TITLES: &str = "code;name;unit;price";
    let file = scratch("imported").join("products.csv");
    let proxy = Proxy::start(&SERVER.endpoint().url).await;
    let at = Endpoint { url: proxy.url().to_owned(), ..SERVER.endpoint().clone() };
    let import = |lines: &[String]| {
        fs::write(&file, format!("{TITLES}\n{}\n", lines.join("\n"))).expect("a file");
        let before = proxy.requests();
        let said = succeeded(&against(&IMPORT, &at).arg(&file).output().expect("it runs"));
        (said.trim().to_owned(), proxy.requests() - before)
    };
    let mut lines: Vec<_> = (0..5_000).map(|n| format!("IMPORT{n};Product {n};u;{}.50", n % 90)).collect();
    let (said, first) = import(&lines);
    assert_eq!(said, "5000 created, 0 changed, 0 unchanged, 0 refused");
    let (said, second) = import(&lines);
    assert_eq!((said.as_str(), first - second), ("0 created, 0 changed, 5000 unchanged, 0 refused", 10));
    lines[7] = "IMPORT7;Another;u;7.5".into();
    lines[4_999] = "IMPORT-NEW;Product;u;1".into();
    let (said, third) = import(&lines);
    assert_eq!((said.as_str(), third - second), ("1 created, 1 changed, 4998 unchanged, 0 refused", 2));
    assert!(second <= 10 + 8, "{second} requests");
}

/// All sales the first time, and what was changed the second.
#[tokio::test(flavor = "multi_thread")]
async fn the_fourth_example_exports_what_was_changed() {
    let folder = scratch("exported");
    let export = || {
        let said = succeeded(&against(&EXPORT, SERVER.endpoint()).arg(&folder).output().expect("it runs"));
        let (lines, path) = said.trim().split_once(" sales in ").expect("a number and a file");
        let text = fs::read_to_string(path).expect("a file");
        assert_eq!(text.lines().count(), 1 + lines.parse::<usize>().expect("a number"));
        assert_eq!(
            fs::read_dir(&folder)
                .expect("a folder")
                .filter(|entry| entry.as_ref().is_ok_and(|e| e.file_name() == "part"))
                .count(),
            0
        );
        text
    };
    let all = export();
    assert!(all.starts_with("id,number,state,customer,date,total\n") && all.lines().count() > 50, "{all}");
    let tryton = SERVER.endpoint().client().build().expect("the settings are right");
    let params = json!([[["state", "=", "draft"]], 0, 1, null]);
    let id = tryton.call::<Vec<i64>>("model.sale.sale.search", params).await.expect("a draft")[0];
    let () = tryton
        .call(
            "model.sale.sale.write",
            json!([[id], {"sale_date": {"__class__": "date", "year": 2026, "month": 1, "day": 31}}]),
        )
        .await
        .expect("written");
    let changed = export();
    let line = changed.lines().last().expect("a line");
    assert!(changed.lines().any(|line| line.starts_with(&format!("{id},")) && line.contains("2026-01-31")), "{line}");
}

/// Four things that are wrong, four sentences, and an exit code that a script can see.
#[test]
fn the_example_says_what_is_wrong() {
    let at = SERVER.endpoint();
    let failure = |at: &Endpoint| {
        let output = against(&EXAMPLE, at).output().expect("it runs");
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(said.lines().count(), 1, "one sentence: {said}");
        assert!(!said.contains(&at.password), "{said}");
        said
    };
    let wrong_password = Endpoint { password: "guessed-Wr0ng".into(), ..at.clone() };
    assert!(failure(&wrong_password).contains("wrong user name or password"));
    let wrong_database = Endpoint { database: "nowhere".into(), ..at.clone() };
    assert!(failure(&wrong_database).contains("has no database `nowhere`"));
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let wrong_port = Endpoint { url: format!("http://{free}"), ..at.clone() };
    assert!(failure(&wrong_port).contains(&format!("cannot reach http://{free}/: Connection refused")));

    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let mut web = Command::new(SERVER.python());
    let web = web.args(["-m", "http.server", "--bind", "127.0.0.1", &port.to_string()]).current_dir(scratch("web"));
    let mut web = web.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a plain web server");
    let url = format!("http://127.0.0.1:{port}");
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(web.try_wait().expect("a child").is_none(), "the web server has ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    let said = failure(&Endpoint { url, ..at.clone() });
    web.kill().and_then(|()| web.wait()).expect("a child");
    assert!(said.contains("is not a Tryton server"), "{said}");
}
