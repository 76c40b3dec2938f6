//! One session for several processes, by way of a Redis that does not learn it.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tryton_sandbox::{Endpoint, Redis, Series};
use tryton_sdk::Client;
use tryton_sdk::cache::MemoryCache;
use tryton_sdk_tests::fake::{Answer, Fake};
use tryton_sdk_tests::proxy::Proxy;

use crate::support::{at_once, end_session, preferences, user};

const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY: &str = "HwECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

fn redis() -> Redis {
    Redis::start_own(&[]).unwrap_or_else(|e| panic!("{e}"))
}

/// A client as one process would have it.
fn process(at: &Endpoint, proxy: &Proxy, redis: &Redis, key: &str) -> Client {
    let builder = at.client_by(proxy.url()).redis(redis.url()).redis_timeout(Duration::from_secs(60));
    builder.share_session(key).build().expect("built")
}

/// All that Redis answers to these commands.
async fn ask(redis: &Redis, commands: &str) -> String {
    let mut stream = TcpStream::connect(redis.url().trim_start_matches("redis://").trim_end_matches('/')).await;
    let stream = stream.as_mut().expect("Redis is there");
    stream.write_all(format!("{commands}\r\nQUIT\r\n").as_bytes()).await.expect("it listens");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("it answers");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn processes_that_have_the_key_use_one_session() {
    for series in Series::ALL {
        let (redis, at) = (redis(), user(series, "shares").await);
        let proxy = Proxy::start(&at.url).await;
        let [one, other] = [KEY, KEY].map(|key| process(&at, &proxy, &redis, key));
        for tryton in [&one, &other] {
            for outcome in at_once(20, tryton).await {
                outcome.unwrap_or_else(|e| panic!("{series}: {e}"));
            }
        }
        assert_eq!(proxy.logins(), 1, "{series}");

        let token = one.session().expect("a session").token().to_owned();
        let keys = ask(&redis, "KEYS tryton:session:*").await;
        let key = keys.lines().find(|line| line.starts_with("tryton:session:")).expect("a key").trim_end();
        let kept = ask(&redis, &format!("GET {key}")).await;
        assert!(kept.len() > 64 && !kept.contains(&token), "{series}: it is sealed");

        preferences(&process(&at, &proxy, &redis, OTHER_KEY)).await.expect("a session of its own");
        let alone = at.client_by(proxy.url()).redis(redis.url()).build().expect("built");
        preferences(&alone).await.expect("a session of its own");
        assert_eq!(proxy.logins(), 3, "{series}: without the key nothing is found");
        preferences(&process(&at, &proxy, &redis, KEY)).await.expect("the session");
        assert_eq!(proxy.logins(), 3, "{series}: and nothing is overwritten");
    }
}

#[tokio::test]
async fn a_shared_session_that_is_dead_is_replaced_by_one_login() {
    let (redis, at) = (redis(), user(Series::V8_2, "shares-a-dead-session").await);
    let proxy = Proxy::start(&at.url).await;
    let first = process(&at, &proxy, &redis, KEY);
    preferences(&first).await.expect("logged in");
    end_session(&first, &at).await;

    let second = process(&at, &proxy, &redis, KEY);
    for outcome in at_once(50, &second).await {
        outcome.expect("a new session");
    }
    assert_eq!(proxy.logins(), 2, "the stored one was refused");
    // The first still has the dead one, and finds the new one.
    for outcome in at_once(50, &first).await {
        outcome.expect("the new session");
    }
    assert_eq!(proxy.logins(), 2);
    assert_eq!(first.session().expect("one").token(), second.session().expect("the same").token());

    second.logout().await.expect("logout");
    assert!(!ask(&redis, "KEYS *").await.contains("tryton:session:"));
    preferences(&first).await.expect("a session of its own");
    assert_eq!(proxy.logins(), 3);
}

#[tokio::test]
async fn a_session_is_shared_for_its_time_and_answers_may_be_forgotten() {
    let (redis, at) = (redis(), user(Series::V8_2, "shares-for-a-time").await);
    let proxy = Proxy::start(&at.url).await;
    let builder = || at.client_by(proxy.url()).redis(redis.url()).redis_timeout(Duration::from_secs(60));
    let short = || builder().share_session(KEY).session_ttl(Duration::from_millis(1)).build().expect("built");
    preferences(&short()).await.expect("logged in");
    preferences(&short()).await.expect("logged in");
    assert_eq!(proxy.logins(), 2, "the session is too old");

    let long = || builder().share_session(KEY).cache(false).build().expect("built");
    preferences(&long()).await.expect("logged in");
    long().invalidate_all().await.expect("forgotten");
    builder().build().expect("built").invalidate_all().await.expect("forgotten");
    preferences(&long()).await.expect("the session");
    assert_eq!(proxy.logins(), 3, "a session is no answer");
}

#[tokio::test]
async fn a_redis_that_is_down_fails_no_login() {
    let (mut redis, at) = (redis(), user(Series::V8_2, "shares-nothing").await);
    redis.kill();
    let proxy = Proxy::start(&at.url).await;
    let tryton = process(&at, &proxy, &redis, KEY);
    for outcome in at_once(20, &tryton).await {
        outcome.expect("logged in");
    }
    tryton.logout().await.expect("logout");
    assert_eq!(proxy.logins(), 1);
}

#[tokio::test]
async fn a_login_that_fails_is_tried_again_although_a_dead_session_is_still_shared() {
    let session = |token: &str| Answer::result(&format!(r#"[1,"{token}"]"#));
    let refused = || Answer::Http(401, Vec::new(), "WWW-Authenticate: Basic realm=\"Tryton\"\r\n");
    let answers = [
        Answer::result(r#""7.0.1""#),
        session("first"),
        Answer::result("{}"),
        // The session ends, and nobody can log in for a moment.
        refused(),
        Answer::status(503),
        // The dead session is found once more.
        refused(),
        session("second"),
        Answer::result("{}"),
    ];
    let fake = Fake::start(answers).await;
    let builder = Client::builder(fake.url(), "erp").credentials("admin", "secret").retries(0);
    let builder = builder.cache_in(Arc::new(MemoryCache::default())).share_session(KEY);
    let tryton = builder.build().expect("built");
    preferences(&tryton).await.expect("logged in");
    let error = preferences(&tryton).await.expect_err("nobody can log in");
    assert!(error.is_unavailable() && error.method() == Some("common.db.login"), "{error}");
    preferences(&tryton).await.expect("logged in again");
    assert_eq!(tryton.session().expect("a session").token(), "second");
    assert_eq!(fake.requests().len(), 8);
}

#[tokio::test]
async fn clients_for_other_users_share_their_sessions_with_those_who_know_the_password() {
    for series in [Series::V7_0, Series::V8_2] {
        let (redis, ada, bob) = (redis(), user(series, "derives").await, user(series, "is-derived").await);
        let proxy = Proxy::start(&ada.url).await;
        for _ in 0..2 {
            let tryton = process(&ada, &proxy, &redis, KEY).as_user(&bob.user, bob.password.as_str());
            preferences(&tryton.expect("a name")).await.unwrap_or_else(|e| panic!("{series}: {e}"));
        }
        preferences(&process(&bob, &proxy, &redis, KEY)).await.expect("the same session");
        assert_eq!(proxy.logins(), 1, "{series}");
        let guessed = process(&ada, &proxy, &redis, KEY).as_user(&bob.user, "guess").expect("a name");
        assert!(guessed.login().await.expect_err("a session is not for everybody").is_bad_credentials(), "{series}");
    }
}
