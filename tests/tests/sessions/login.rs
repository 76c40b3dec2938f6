//! Logging in where more than a password is asked for, or nobody is let in for a moment.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::{mpsc, oneshot};
use tryton_sandbox::{Endpoint, Series};
use tryton_sdk::{Client, ExposeSecret, LoginChallenge, SecretString, Session};
use tryton_sdk_tests::fake::{Answer, Fake};
use tryton_sdk_tests::proxy::Proxy;

use crate::support::{at_once, endpoint, preferences, user};

/// What a test's user knows.
fn answer(challenge: &LoginChallenge) -> Option<SecretString> {
    let answer = match &*challenge.parameter {
        "pin" => "2468",
        "badge" => "A-17",
        _ => return None,
    };
    Some(answer.into())
}

#[tokio::test]
async fn each_parameter_is_asked_for_once_whoever_waits_for_the_session() {
    for series in Series::ALL {
        let at = user(series, "guarded-ada").await;
        let proxy = Proxy::start(&at.url).await;
        let asked = Arc::new(Mutex::new(Vec::new()));
        let asking = Arc::clone(&asked);
        let builder = at.client_by(proxy.url()).on_login_challenge(move |challenge| {
            let known = answer(&challenge);
            asking.lock().unwrap_or_else(PoisonError::into_inner).push(challenge);
            async move { known }
        });
        let tryton = builder.build().expect("built");
        assert!(tryton.device_cookie().is_none());
        for outcome in at_once(20, &tryton).await {
            outcome.unwrap_or_else(|e| panic!("{series}: {e}"));
        }
        assert_eq!(proxy.logins(), 3, "{series}: the password, the PIN, the badge");
        let asked = asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let asked: Vec<_> = asked.iter().map(|it| (&*it.parameter, &*it.message, it.hidden)).collect();
        let expected = [("pin", "The PIN of guarded-ada", true), ("badge", "The number on your badge", false)];
        assert_eq!(asked, expected, "{series}");

        let before = proxy.requests();
        let first = tryton.renew_device_cookie().await.expect("a cookie");
        let cookie = tryton.renew_device_cookie().await.expect("another cookie");
        assert_eq!(proxy.requests() - before, 2, "{series}: nothing is sent that was not asked for");
        assert_ne!(first.expose_secret(), cookie.expose_secret());
        assert!(!format!("{tryton:?}{cookie:?}").contains(cookie.expose_secret()));
        // Offered by this client from now on, and by another one that is given it.
        tryton.logout().await.expect("logout");
        tryton.login().await.unwrap_or_else(|e| panic!("{series}: {e}"));
        let again = at.client().device_cookie(cookie).build().expect("built");
        again.login().await.unwrap_or_else(|e| panic!("{series}: {e}"));
        let outdated = at.client().device_cookie(first).build().expect("built");
        assert!(outdated.login().await.expect_err("it was replaced").is_login_challenge(), "{series}");
    }
}

#[tokio::test]
async fn a_web_form_may_answer_much_later_or_never() {
    let at = user(Series::V8_2, "guarded-bob").await;
    let (questions, mut asked) = mpsc::channel::<(LoginChallenge, oneshot::Sender<SecretString>)>(1);
    let builder = at.client().on_login_challenge(move |challenge| {
        let questions = questions.clone();
        async move {
            let (answer, answered) = oneshot::channel();
            questions.send((challenge, answer)).await.ok()?;
            answered.await.ok()
        }
    });
    let tryton = builder.build().expect("built");
    let form = async {
        let (challenge, sender) = asked.recv().await.expect("a question");
        assert_eq!(challenge.parameter, "pin");
        drop(sender);
        for _ in 0..2 {
            let (challenge, sender) = asked.recv().await.expect("a question");
            sender.send(answer(&challenge).expect("known")).expect("somebody waits");
        }
    };
    let logins = async {
        let error = tryton.login().await.expect_err("nobody answers");
        assert!(error.is_login_challenge() && error.user_message() == Some("The PIN of guarded-bob"), "{error}");
        tryton.login().await.expect("logged in");
    };
    tokio::join!(form, logins);
}

#[tokio::test]
async fn a_second_factor_that_is_wrong_is_refused_and_an_endless_question_given_up() {
    let at = user(Series::V8_2, "guarded-eve").await;
    let guess = || async { Some(SecretString::from("0000")) };
    let tryton = at.client().on_login_challenge(move |_| guess()).build().expect("built");
    assert!(tryton.login().await.expect_err("a wrong PIN").is_bad_credentials());

    let asking = Answer::error(r#"["LoginException",["sms_code","Your code?","char"]]"#);
    let fake = Fake::start([Answer::result(r#""7.0.1""#), asking]).await;
    let builder = Client::builder(fake.url(), "erp").credentials("admin", "secret");
    let error = builder.on_login_challenge(move |_| guess()).build().expect("built").login().await;
    let error = error.expect_err("it never ends");
    assert!(error.is_login_challenge() && !error.to_string().contains("0000"), "{error}");
    assert_eq!(fake.requests().len(), 10, "the version, and nine tries of one login");
}

#[tokio::test]
async fn who_is_locked_out_for_a_moment_is_told_so() {
    for series in Series::ALL {
        let at = user(series, "locked-out").await;
        let wrong = Endpoint { password: "Wr0ng!".into(), ..at.clone() };
        let wrong = wrong.client().build().expect("built");
        assert!(wrong.login().await.expect_err("a wrong password").is_bad_credentials(), "{series}");
        let error = at.client().retries(0).build().expect("built").login().await.expect_err("locked out");
        assert!(error.is_rate_limited() && error.is_retryable(), "{series}: {error}");
    }
}

/// What a proxy says that lets nobody through for no time at all.
fn too_many() -> Answer {
    Answer::Http(429, Vec::new(), "Retry-After: 0\r\n")
}

#[tokio::test]
async fn a_login_is_repeated_once_for_all_who_wait_for_it() {
    let version = || Answer::result(r#""7.0.1""#);
    let client =
        |fake: &Fake| Client::builder(fake.url(), "erp").credentials("admin", "secret").build().expect("built");
    let fake = Fake::start([version(), too_many(), too_many(), Answer::result(r#"[1,"token"]"#), Answer::result("{}")]);
    let fake = fake.await;
    for outcome in at_once(50, &client(&fake)).await {
        outcome.expect("let in at last");
    }
    let logins = |fake: &Fake| fake.requests().iter().filter(|request| request.contains("common.db.login")).count();
    assert_eq!((logins(&fake), fake.requests().len()), (3, 1 + 3 + 50));

    let fake = Fake::start([version(), too_many()]).await;
    for outcome in at_once(50, &client(&fake)).await {
        let error = outcome.expect_err("never let in");
        assert!(error.is_rate_limited() && error.method() == Some("common.db.login"), "{error}");
        assert!(error.to_string().ends_with("it was repeated as often as the client may"), "{error}");
    }
    assert_eq!(fake.requests().len(), 4, "the version, one login and two more");
}

#[tokio::test]
async fn a_call_that_came_too_early_is_repeated_even_if_it_writes() {
    for method in ["model.party.party.read", "model.party.party.write"] {
        let answers = [Answer::result(r#""7.0.1""#), too_many(), too_many(), Answer::result("null")];
        let fake = Fake::start(answers).await;
        let session = Session::new("admin", 1, "0123456789abcdef");
        let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
        tryton.call::<Value>(method, ([1], ["name"])).await.unwrap_or_else(|e| panic!("{method}: {e}"));
        assert_eq!(fake.requests().len(), 4, "the version and three tries");
    }
    let fake =
        Fake::start([Answer::result(r#""7.0.1""#), Answer::Http(429, Vec::new(), "Retry-After: 3600\r\n")]).await;
    let session = Session::new("admin", 1, "0123456789abcdef");
    let tryton = Client::builder(fake.url(), "erp").session(session).build().expect("built");
    let error = preferences(&tryton).await.expect_err("an hour is too long");
    assert!(error.is_rate_limited() && error.retry_after().is_some_and(|time| time.as_secs() == 3600), "{error}");
    assert_eq!(fake.requests().len(), 2, "the version and one try");
}

#[tokio::test]
async fn basic_needs_no_session() {
    for series in Series::ALL {
        let at = user(series, "basic-zoë").await;
        let proxy = Proxy::start(&at.url).await;
        let basic = |password: &str| Client::builder(proxy.url(), &at.database).basic(&at.user, password);
        let tryton = basic(&at.password).build().expect("built");
        tryton.series().await.expect("series");
        let before = proxy.requests();
        for _ in 0..2 {
            preferences(&tryton).await.unwrap_or_else(|e| panic!("{series}: {e}"));
        }
        assert_eq!((proxy.requests() - before, proxy.logins()), (2, 0), "{series}");
        assert_eq!(tryton.ping().await.expect("ping").login, at.user);
        assert!(tryton.session().is_none() && tryton.login().await.expect_err("no session").is_configuration());
        assert!(!format!("{tryton:?}").contains(&at.password));

        let before = proxy.requests();
        let error = preferences(&basic("Wr0ng!").build().expect("built")).await.expect_err("a wrong password");
        assert!(error.is_bad_credentials() && !error.to_string().contains("Wr0ng!"), "{series}: {error}");
        let finding = if series < Series::V8_0 { 1 } else { 2 };
        assert_eq!(proxy.requests() - before, finding + 1, "{series}: it is not tried again");
    }
}

#[tokio::test]
async fn basic_goes_with_no_session_of_any_kind() {
    let builder = || Client::builder("http://localhost:8000", "erp").basic("ada", "secret");
    for builder in [
        builder().session(Session::new("ada", 7, "token")),
        builder().redis("redis://localhost").share_session("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        builder().basic("ada:admin", "secret"),
    ] {
        let error = builder.build().expect_err("it makes no sense");
        assert!(error.is_configuration(), "{error}");
    }
    assert!(endpoint(Series::V8_2).client().share_session("AAEC").build().expect_err("no Redis").is_configuration());
}

#[tokio::test]
async fn a_password_that_was_refused_is_not_sent_by_every_call() {
    for series in Series::ALL {
        let at = user(series, "mistypes").await;
        let proxy = Proxy::start(&at.url).await;
        let wrong = Endpoint { password: "Wr0ng!".into(), ..at.clone() };
        let tryton = wrong.client_by(proxy.url()).build().expect("built");
        for call in 0..10 {
            let error = preferences(&tryton).await.expect_err("a wrong password");
            assert!(error.is_bad_credentials() && !error.is_retryable(), "{series}: {error}");
            assert_eq!(error.to_string().contains("it was not sent again"), call > 0, "{series}: {error}");
        }
        assert_eq!(proxy.logins(), 1, "{series}");
        let error = tryton.login().await.expect_err("a wrong password");
        assert!(error.is_bad_credentials() || error.is_rate_limited(), "{series}: {error}");
        let logins = proxy.logins();
        assert!(logins > 1, "{series}: it was asked for");
        preferences(&tryton).await.expect_err("a wrong password");
        assert_eq!(proxy.logins(), logins, "{series}");
    }
}

#[tokio::test]
async fn basic_lets_a_refused_password_rest_as_well() {
    let refused = Answer::Http(401, Vec::new(), "WWW-Authenticate: Basic realm=\"Tryton\"\r\n");
    let fake = Fake::start([Answer::result(r#""7.0.1""#), refused]).await;
    let tryton = Client::builder(fake.url(), "erp").basic("admin", "Wr0ng!").build().expect("built");
    for _ in 0..10 {
        assert!(preferences(&tryton).await.expect_err("a wrong password").is_bad_credentials());
    }
    assert_eq!(fake.requests().len(), 2, "the version and one call");
}

#[tokio::test]
async fn a_colon_in_a_name_is_told_of_before_the_password_is_sent() {
    for (version, is_sent) in [("7.0.1", true), ("8.0", false)] {
        let fake = Fake::start([Answer::result(&format!("\"{version}\"")), Answer::result(r#"[1,"token"]"#)]).await;
        let tryton = Client::builder(fake.url(), "erp").credentials("a:b", "secret").build().expect("built");
        match tryton.login().await {
            Ok(session) => assert!(is_sent && session.user_id() == 1),
            Err(error) => assert!(!is_sent && error.is_configuration() && error.to_string().contains("`:`"), "{error}"),
        }
        assert_eq!(fake.requests().len(), 1 + usize::from(is_sent), "{version}");
    }
}

#[tokio::test]
async fn many_users_share_one_client() {
    for series in [Series::V7_0, Series::V8_2] {
        let (ada, bob) = (user(series, "shares-ada").await, user(series, "shares-bob").await);
        let proxy = Proxy::start(&ada.url).await;
        let tryton = Client::builder(proxy.url(), &ada.database).build().expect("built");
        let [ada, bob] = [ada, bob].map(|at| (tryton.as_user(&at.user, at.password.as_str()).expect("a name"), at));
        for (client, at) in [&ada, &bob] {
            assert_eq!(client.login().await.expect("logged in").login(), at.user, "{series}");
            let by_session = tryton.with_session(client.session().expect("a session"));
            preferences(&by_session).await.expect("the same session");
        }
        assert!(tryton.session().is_none() && ada.0.session().is_some(), "{series}");
        // The version, of 8.2 at two URLs; two logins, and two calls.
        let requests = if series == Series::V8_2 { 6 } else { 5 };
        assert_eq!((proxy.logins(), proxy.requests()), (2, requests), "{series}");
        let error = ada.0.for_database("no_such_database").expect("a name").login().await.expect_err("no database");
        assert!(error.is_unknown_database() && error.to_string().contains("no_such_database"), "{series}: {error}");
    }
}
