//! The end of a session: noticed by what the server says, and made good once.

use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::{Client, Error, Session};
use tryton_sdk_tests::fake::{Answer, Fake};

use crate::support::{FRESH, at_once, counted, end_session, endpoint, preferences, user};

#[tokio::test]
async fn two_hundred_tasks_whose_session_has_expired_make_one_login() {
    for series in Series::ALL {
        let at = user(series, "expires").await;
        let (tryton, proxy) = counted(&at).await;
        end_session(&tryton, &at).await;
        let before = proxy.logins();
        for outcome in at_once(200, &tryton).await {
            outcome.unwrap_or_else(|e| panic!("{series}: {e}"));
        }
        assert_eq!(proxy.logins() - before, 1, "{series}");
    }
}

#[tokio::test]
async fn a_password_that_is_wrong_by_now_is_tried_once_for_all() {
    for series in Series::ALL {
        let at = user(series, "changes-the-password").await;
        let (tryton, proxy) = counted(&at).await;
        let admin = endpoint(series).client().build().expect("built");
        let id = tryton.session().expect("a session").user_id();
        let password = json!({"password": "Kj4!wQz8#mP2"});
        let _: Value = admin.call("model.res.user.write", json!([[id], password])).await.expect("a password");
        end_session(&tryton, &at).await;
        let before = proxy.logins();
        for outcome in at_once(50, &tryton).await {
            let error = outcome.expect_err("the password is wrong");
            assert!(error.is_bad_credentials(), "{series}: {error}");
        }
        assert_eq!(proxy.logins() - before, 1, "{series}");
    }
}

#[tokio::test]
async fn what_is_forbidden_is_no_reason_to_log_in() {
    for series in Series::ALL {
        let (tryton, proxy) = counted(endpoint(series)).await;
        let before = proxy.requests();
        let error = tryton.call::<Value>("model.ir.session.search", [json!([])]).await.expect_err("forbidden");
        assert!(error.is_forbidden(), "{series}: {error}");
        assert_eq!(proxy.requests() - before, 1, "{series}");
    }
}

#[tokio::test]
async fn a_session_that_is_not_fresh_enough_is_replaced() {
    let logged_in = |series: Series| async move {
        let at = user(series, "changes-a-preference").await;
        (series, counted(&at).await)
    };
    let clients = join_all(Series::ALL.map(logged_in)).await;
    tokio::time::sleep(2 * FRESH).await;
    // One after the other: a server that has much to do takes as long as a session is fresh.
    for (series, (tryton, proxy)) in clients {
        let before = proxy.logins();
        let values = json!({"email": "ada@example.com"});
        let _: Value = tryton.call("model.res.user.set_preferences", [values]).await.expect("a preference");
        assert_eq!(proxy.logins() - before, 1, "{series}");
    }
}

#[tokio::test]
async fn a_proxy_that_wants_a_login_of_its_own_gets_none() {
    let page = b"<html><title>401 Authorization Required</title></html>".to_vec();
    for answer in [
        Answer::Http(401, page.clone(), ""),
        Answer::Http(401, page, "WWW-Authenticate: Basic realm=\"Intranet\"\r\n"),
        Answer::Http(401, Vec::new(), ""),
    ] {
        let fake = Fake::start([Answer::result(r#""7.0.1""#), answer]).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let tryton = Client::builder(fake.url(), "erp").credentials("admin", "secret").session(session);
        let error = preferences(&tryton.build().expect("built")).await.expect_err("refused");
        assert!(error.is_unauthorized() && !error.is_retryable(), "{error}");
        assert_eq!(fake.requests().len(), 2, "the version and one call");
    }
}

const EXPIRED: &str = "WWW-Authenticate: Basic realm=\"Tryton\"\r\n";

#[tokio::test]
async fn a_server_that_refuses_every_session_is_believed() {
    let refused = || Answer::Http(401, Vec::new(), EXPIRED);
    let answers = [Answer::result(r#""7.0.1""#), refused(), Answer::result(r#"[1,"token"]"#), refused()];
    let fake = Fake::start(answers).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").credentials("admin", "secret").session(session);
    let error: Error = preferences(&tryton.build().expect("built")).await.expect_err("refused");
    assert!(error.is_session_expired(), "{error}");
    assert_eq!(fake.requests().len(), 4, "the version, the call, one login, the call again");
}

#[tokio::test]
async fn a_guard_that_is_dropped_ends_the_session() {
    let at = user(Series::V8_2, "leaves").await;
    let (tryton, _proxy) = counted(&at).await;
    let other = Client::builder(&at.url, &at.database).session(tryton.session().expect("a session"));
    let other = other.build().expect("built");
    preferences(&other).await.expect("the session is valid");
    drop(tryton.logout_on_drop());
    let ended = async {
        // While the session is being ended, the server refuses its calls for other reasons.
        while !preferences(&other).await.is_err_and(|error| error.is_session_expired()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ended).await.expect("the session ends");
    assert!(tryton.session().is_none());
}

#[tokio::test]
async fn a_logout_that_fails_can_be_repeated() {
    let answers = [Answer::result(r#""7.0.1""#), Answer::Hangup, Answer::status(503), Answer::result("null")];
    let fake = Fake::start(answers).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
    for _ in 0..2 {
        tryton.logout().await.expect_err("a fault");
        assert_eq!(tryton.session().expect("it has not ended").token(), "0123456789abcdef");
    }
    tryton.logout().await.expect("ended");
    assert!(tryton.session().is_none());
    tryton.logout().await.expect("nothing is left to do");
    assert_eq!(fake.requests().len(), 4, "the version and three times a logout");
}

#[tokio::test]
async fn a_logout_that_is_dropped_goes_on() {
    let fake = Fake::start([Answer::result(r#""7.0.1""#), Answer::result("null")]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
    assert!(tryton.logout().now_or_never().is_none(), "it has begun");
    let is_sent = async {
        while !fake.requests().iter().any(|request| request.contains("common.db.logout")) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), is_sent).await.expect("it goes on");
    assert!(tryton.session().is_none());
}

#[tokio::test]
async fn a_session_that_is_replaced_for_its_age_ends_at_the_server() {
    for series in Series::ALL {
        let at = user(series, "grows-old").await;
        let tryton = at.client().session_ttl(Duration::from_millis(1)).build().expect("built");
        preferences(&tryton).await.expect("logged in");
        let old = tryton.session().expect("a session");
        preferences(&tryton).await.expect("logged in again");
        assert_ne!(tryton.session().expect("a session").token(), old.token(), "{series}");
        let other = Client::builder(&at.url, &at.database).session(old).build().expect("built");
        assert!(preferences(&other).await.expect_err("it has ended").is_session_expired(), "{series}");
    }
}
