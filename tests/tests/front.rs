//! Real servers behind a real nginx that lets only some URLs pass, or stands in the way.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Sandbox, Seed, Series, Server};
use tryton_sdk::{Client, ClientBuilder};
use tryton_sdk_tests::nginx::Nginx;

/// One server of each layout of URLs, shared by all tests.
fn endpoint(series: Series) -> &'static Endpoint {
    static OLD: OnceLock<Server> = OnceLock::new();
    static NEW: OnceLock<Server> = OnceLock::new();
    let server = if series == Series::V7_0 { &OLD } else { &NEW };
    let sandbox = || Sandbox::new(series).seed(Seed::Small);
    server.get_or_init(|| sandbox().start().unwrap_or_else(|e| panic!("{e}"))).endpoint()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("nginx").join(name)
}

/// An nginx that answers like this at `/`, and lets pass what the server has elsewhere.
fn hiding(name: &str, at: &Endpoint, root: &str) -> Nginx {
    let up = at.url.trim_end_matches('/');
    Nginx::start(&folder(name), &format!("location = / {{ {root} }} location / {{ proxy_pass {up}; }}"))
}

fn builder(at: &Endpoint, url: &str) -> ClientBuilder {
    at.client_by(url).retries(0)
}

async fn ping(builder: ClientBuilder) -> tryton_sdk::Result<String> {
    Ok(builder.build()?.ping().await?.series.to_string())
}

#[tokio::test]
async fn a_root_that_is_kept_from_clients_hides_no_server() {
    let at = endpoint(Series::V8_2);
    for (name, root) in [
        ("404", "return 404;"),
        ("403", "deny all;"),
        ("200", "default_type text/html; return 200 '<html>Welcome</html>';"),
        ("301", "return 301 https://intranet.example.com/;"),
        ("405", "return 405;"),
        ("401", "return 401;"),
    ] {
        let front = hiding(&format!("hides-{name}"), at, root);
        let series = ping(builder(at, &front.url())).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(series, "8.2", "{name}");
    }
}

#[tokio::test]
async fn the_series_may_be_told_where_nobody_can_be_asked() {
    let at = endpoint(Series::V7_0);
    let front = hiding("old-405", at, "return 405;");
    let error = ping(builder(at, &front.url())).await.expect_err("it cannot be asked for its version");
    assert!(error.is_not_tryton() && error.to_string().contains("TRYTON_SERIES"), "{error}");
    let told = builder(at, &front.url()).series(tryton_sdk::Series::new(7, 0));
    assert_eq!(ping(told).await.expect("nobody asks"), "7.0");
}

#[tokio::test]
async fn a_server_may_stand_below_a_path() {
    for series in [Series::V7_0, Series::V8_2] {
        let at = endpoint(series);
        let up = at.url.trim_end_matches('/');
        let directives = format!("location /site/erp/ {{ proxy_pass {up}/; }}");
        let front = Nginx::start(&folder(&format!("below-{series}")), &directives);
        let site = format!("{}/site/erp", front.url());
        for (url, database) in [
            (site.clone(), at.database.as_str()),
            (format!("{site}/"), &at.database),
            (format!("{site}/{}", at.database), ""),
            (format!("{site}/{}/rpc/", at.database), &at.database),
        ] {
            let builder = Client::builder(&url, database).credentials(&at.user, at.password.as_str()).retries(0);
            let found = ping(builder).await.unwrap_or_else(|e| panic!("{series} {url}: {e}"));
            assert_eq!(found, series.to_string(), "{url}");
        }
        let error = ping(builder(at, &front.url())).await.expect_err("nothing is there");
        assert!(error.is_not_tryton() && error.to_string().contains("is the URL right"), "{error}");
    }
}

#[tokio::test]
async fn a_login_that_something_in_front_wants_is_told_from_the_servers() {
    let at = endpoint(Series::V8_2);
    let passwords = folder("passwords");
    std::fs::create_dir_all(&passwords).expect("a folder");
    let file = passwords.join("users");
    std::fs::write(&file, "ada:{PLAIN}secret\n").expect("a file");
    let up = at.url.trim_end_matches('/');
    let directives =
        format!("auth_basic Intranet; auth_basic_user_file {}; location / {{ proxy_pass {up}; }}", file.display());
    let front = Nginx::start(&folder("auth"), &directives);
    let error = ping(builder(at, &front.url())).await.expect_err("nginx wants a login");
    assert!(error.is_unauthorized() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn an_attachment_that_is_too_long_is_told_with_its_bytes() {
    let at = endpoint(Series::V8_2);
    let up = at.url.trim_end_matches('/');
    let front =
        Nginx::start(&folder("short"), &format!("client_max_body_size 100k; location / {{ proxy_pass {up}; }}"));
    let tryton = builder(at, &front.url()).build().expect("built");
    tryton.login().await.expect("logged in");
    let data = json!({"__class__": "bytes", "base64": "QUFB".repeat(50 * 1024)});
    let values = json!([{"name": "long.bin", "resource": "res.user,1", "data": data}]);
    let error = tryton.call::<Value>("model.ir.attachment.create", [values]).await.expect_err("too long");
    assert!(error.is_too_large() && !error.is_outcome_unknown(), "{error}");
    let text = error.to_string();
    assert!(text.contains("too long (HTTP 413); 204") && text.ends_with(" bytes were sent"), "{text}");
}
