//! No secret is seen: not in what any crate logs at TRACE level, in what `Debug` shows, in errors or in panics.

use std::error::Error as _;
use std::fmt::{Debug, Display};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Sandbox, Seed};
use tryton_sdk::cache::MemoryCache;
use tryton_sdk::testing::{Any, Recorder, Server as Mock, ServerExt};
use tryton_sdk::{AcceptWarnings, Client, Error, ExposeSecret, Session};
use tryton_sdk_tests::log;
use tryton_sdk_tests::tls::Authority;

const WRONG_PASSWORD: &str = "guessed-Wr0ng";
const STALE_TOKEN: &str = "0123456789abcdef0123456789abcdef";
const REDIS_PASSWORD: &str = "redis-Pr1vate";
const NEW_PASSWORD: &str = "changed-Tr1ton";
const SESSION_KEY: &str = "c2Vzc2lvbi1rZXktb2YtdGhpcnR5LXR3by1ieXRlcyE=";

/// What was seen besides the log, and the secrets that must not be in it.
#[derive(Default)]
struct Seen {
    texts: Vec<String>,
    secrets: Vec<String>,
}

impl Seen {
    fn debug(&mut self, value: &dyn Debug) {
        self.texts.push(format!("{value:?} {value:#?}"));
    }

    fn display(&mut self, value: &dyn Display) {
        self.texts.push(value.to_string());
    }

    /// The error, whatever is behind it, and the panic of a program that did not expect it.
    fn error(&mut self, error: Error) {
        self.debug(&error);
        self.display(&error);
        let mut source = error.source();
        while let Some(behind) = source {
            self.texts.push(format!("{behind} {behind:?}"));
            source = behind.source();
        }
        let panic = catch_unwind(AssertUnwindSafe(|| not_expecting(Err(error)))).expect_err("a panic");
        self.texts.push(*panic.downcast::<String>().expect("a message"));
    }

    fn session(&mut self, client: &Client) {
        let session = client.session().expect("a session");
        self.debug(&session);
        self.secrets.push(session.token().to_owned());
    }
}

fn not_expecting(outcome: Result<(), Error>) {
    outcome.expect("an answer");
}

/// A login, a session that has expired, and a password that is changed.
async fn work_well(at: &Endpoint, seen: &mut Seen) {
    let builder = at.client();
    seen.debug(&builder);
    let tryton = builder.build().expect("the settings are right");
    seen.display(&tryton.ping().await.expect("an answer"));
    seen.session(&tryton);
    let _: Value = tryton.call("common.db.logout", ()).await.expect("out");
    let ids: Vec<i64> =
        tryton.call("model.res.user.search", ([["login", "=", "limited"]],)).await.expect("logged in anew");
    let values = json!({"password": NEW_PASSWORD});
    let _: Value = tryton.call("model.res.user.write", (ids, values)).await.expect("changed");
    seen.session(&tryton);
    seen.debug(&tryton);
    let refused = tryton.call::<Value>("model.res.user.no_such_method", ()).await.expect_err("no method");
    seen.error(refused);
    tryton.logout().await.expect("out");
}

/// A wrong password, a token of nobody, a server that is not there, and a Redis that is not there.
async fn work_badly(at: &Endpoint, seen: &mut Seen) {
    let wrong = at.client().credentials(&at.user, WRONG_PASSWORD).build().expect("the settings are right");
    seen.error(wrong.login().await.expect_err("a wrong password"));

    let stale = Client::builder(&at.url, &at.database).session(Session::new(&at.user, 1, STALE_TOKEN));
    seen.debug(&stale);
    let error =
        stale.build().expect("the settings are right").call::<Value>("model.res.user.read", ([1], ["name"])).await;
    seen.error(error.expect_err("a token of nobody"));

    let nowhere = Client::builder("http://127.0.0.1:1", "erp").credentials(&at.user, at.password.as_str()).retries(0);
    seen.error(nowhere.build().expect("the settings are right").login().await.expect_err("no server"));
    let url = format!("http://{}:{WRONG_PASSWORD}@host", at.user);
    seen.error(Client::builder(&url, "erp").build().expect_err("credentials in the URL"));

    let redis = format!("redis://:{REDIS_PASSWORD}@127.0.0.1:1/0");
    let tryton = at.client().redis(redis).build().expect("the settings are right");
    let minute = Duration::from_secs(60);
    let _: u64 = tryton.cached_call("model.res.user.search_count", [json!([])], minute).await.expect("without Redis");
    seen.error(tryton.invalidate_all().await.expect_err("no Redis"));
    seen.debug(&tryton);
    seen.session(&tryton);
    let malformed = at.client().redis(format!("redis://:{REDIS_PASSWORD}@host:port")).build();
    seen.error(malformed.expect_err("no URL"));
}

/// A session that processes share, a device that the server knows again, and a key of the client's own.
async fn work_with_keys(at: &Endpoint, seen: &mut Seen) {
    let authority = Authority::new(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets"));
    let (ours, other) = (authority.issue("client"), authority.issue("other"));
    let pem = fs::read_to_string(&ours.key_file).expect("a key");
    seen.secrets.push(pem.lines().nth(1).expect("base64").to_owned());
    for (chain, key) in [(&other.certificate_file, &ours.key_file), (&ours.key_file, &ours.key_file)] {
        let builder = Client::builder("https://localhost:1", "erp").client_certificate(chain, key);
        seen.debug(&builder);
        seen.error(builder.build().expect_err("no pair"));
    }

    let store = Arc::new(MemoryCache::default());
    let builder = || at.client().cache_in(store.clone()).share_session(SESSION_KEY);
    let first = builder().client_certificate(&ours.certificate_file, &ours.key_file).build().expect("built");
    let cookie = first.renew_device_cookie().await.expect("a cookie");
    seen.secrets.push(cookie.expose_secret().to_owned());
    seen.session(&first);
    let second = builder().device_cookie(cookie);
    seen.debug(&second);
    let second = second.build().expect("built");
    second.ping().await.expect("by the session of the first");
    seen.debug(&(&store, &first, &second));
    second.logout().await.expect("out");
    second.login().await.expect("from a device that is known");
    seen.session(&second);
    seen.error(builder().share_session(&SESSION_KEY[1..]).build().expect_err("no key"));
}

/// Warnings, whose answers are sent back; and what tests are made with.
async fn work_with_warnings(at: &Endpoint, seen: &mut Seen) {
    let mock = Mock::new(tryton_sdk::Series::new(8, 2));
    mock.on_call("model.sale.sale.quote", Any).warns("sunday", "Today?").returns(json!(null)).warns("night", "Now?");
    let tryton = mock.build(at.client().cache_in(Arc::new(MemoryCache::default()))).expect("the settings are right");
    let tryton = tryton.accepting(AcceptWarnings::named(["sunday"]));
    let _: Value = tryton.call("model.sale.sale.quote", [[1]]).await.expect("accepted");
    seen.error(tryton.call::<Value>("model.sale.sale.quote", [[1]]).await.expect_err("a warning"));
    seen.error(tryton.call::<Value>("model.sale.sale.process", [[1]]).await.expect_err("not expected"));
    seen.debug(&mock);
    seen.debug(&tryton);
    catch_unwind(AssertUnwindSafe(|| drop(mock))).expect_err("one call was not expected");
}

/// A recording, which is to be checked in, of calls that send and give secrets under many names and under none.
async fn record(at: &Endpoint, seen: &mut Seen) {
    let recorder = Recorder::new();
    let tryton = recorder.client(at.client()).expect("the settings are right");
    for _ in 0..2 {
        let cookie = tryton.renew_device_cookie().await.expect("a cookie");
        seen.secrets.push(cookie.expose_secret().to_owned());
    }
    let keys = "model.res.user.application";
    let ids: Vec<i64> =
        tryton.call(&format!("{keys}.create"), [json!([{"application": "rest"}])]).await.expect("created");
    let rows: Vec<Value> = tryton.call(&format!("{keys}.read"), (&ids, ["key", "rec_name"])).await.expect("read");
    let key = rows[0]["key"].as_str().expect("a key").to_owned();
    let found: Vec<i64> = tryton.call(&format!("{keys}.search"), [json!([["key", "in", [key]]])]).await.expect("found");
    assert_eq!(found, ids);
    seen.secrets.push(key);
    seen.debug(&recorder);

    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets.json");
    recorder.save(&path).expect("written");
    let text = fs::read_to_string(&path).expect("a recording");
    assert_eq!(text.matches("\"method\": ").count(), 5, "{text}");
    seen.texts.push(text);
    let replayed = Mock::replay(&path).expect("a recording");
    let again = replayed.client();
    for _ in 0..2 {
        again.renew_device_cookie().await.expect("as it was recorded");
    }
    std::mem::forget(replayed);
}

#[tokio::test]
async fn no_secret_is_seen() {
    let server = Sandbox::default().seed(Seed::Small).start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let mut seen = Seen::default();
    let (log, ()) = log::record(async {
        work_well(at, &mut seen).await;
        work_badly(at, &mut seen).await;
        work_with_keys(at, &mut seen).await;
        work_with_warnings(at, &mut seen).await;
        record(at, &mut seen).await;
    })
    .await;
    assert!(log.contains("TRACE") && log.contains("common.db.login") && log.contains("the cache is out of order"));
    assert!(log.contains("uses the session of another process"));
    let known = [at.password.as_str(), WRONG_PASSWORD, STALE_TOKEN, REDIS_PASSWORD, NEW_PASSWORD, SESSION_KEY];
    seen.secrets.extend(known.map(str::to_owned));
    assert_eq!(seen.secrets.len(), 16, "two keys, three cookies and the tokens of five sessions beside them");
    seen.texts.push(log);
    for secret in &seen.secrets {
        let bytes = secret.as_bytes();
        // As a header holds it, whatever stands before it, and as a dump shows it.
        let encoded = (0..3).map(|before| {
            let text = BASE64.encode(&[&b"___"[..before], bytes].concat());
            text[4.min(text.len())..text.len() - 4].to_owned()
        });
        for form in encoded.chain([secret.clone(), HEXLOWER.encode(bytes), format!("{bytes:?}")]) {
            for text in &seen.texts {
                assert!(!text.contains(&form), "{secret} is seen: {text}");
            }
        }
    }
}
