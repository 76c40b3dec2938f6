//! Calls, sessions, the cache, and what the log shows of them.

use std::time::Duration;

use serde_json::{Value, json};
use tryton_sandbox::Endpoint;
use tryton_sdk::{Client, Context, Decimal, Decode, Model, Session};
use tryton_sdk_tests::{log, proxy::Proxy};

use super::SERIES;
use super::erp::Sale;
use super::support::{builder, client, endpoint};

/// A client behind a proxy that counts its requests.
async fn counted(at: &Endpoint) -> (Client, Proxy) {
    let proxy = Proxy::start(&at.url).await;
    (client_at(proxy.url(), at), proxy)
}

/// A user of the test's own, with the rights of the administrator.
///
/// Whoever ends a session does so as such a user: trytond looks through all sessions of a user at each of its calls, and
/// one that ends meanwhile makes it refuse a call of somebody else.
async fn own_user(login: &str) -> Endpoint {
    let admin = client(SERIES);
    let groups: Vec<i64> = admin.call("model.res.group.search", [json!([])]).await.expect("groups");
    let at = Endpoint { user: login.to_owned(), ..endpoint(SERIES).clone() };
    let user = json!({"name": login, "login": login, "password": at.password, "groups": [["add", groups]]});
    let _: Value = admin.call("model.res.user.create", [json!([user])]).await.expect("a user");
    at
}

fn client_at(url: &str, at: &Endpoint) -> Client {
    let tryton = at.client_by(url).build();
    tryton.expect("the settings are right")
}

#[tokio::test]
async fn ping_says_who_and_where() {
    let at = endpoint(SERIES);
    let pong = client(SERIES).ping().await.expect("ping");
    assert_eq!(pong.series.to_string(), SERIES.to_string());
    assert_eq!((pong.database, pong.login), (at.database.clone(), at.user.clone()));
    assert!(pong.latency > Duration::ZERO);
}

#[tokio::test]
async fn any_method_of_any_service_can_be_called() {
    let tryton = client(SERIES);
    let version: String = tryton.call("common.server.version", ()).await.expect("version");
    assert!(version.starts_with(&SERIES.to_string()));
    let databases: Vec<String> = tryton.call("common.db.list", ()).await.expect("list");
    assert!(databases.contains(&endpoint(SERIES).database));
    let methods: Vec<String> = tryton.call("system.listMethods", ()).await.expect("methods");
    assert!(methods.iter().any(|method| method == "model.sale.sale.quote"));
    let count: u64 = tryton.call("model.sale.sale.search_count", [json!([])]).await.expect("count");
    assert_eq!(count, 50);
    let (wizard, _start, _end): (Value, String, String) =
        tryton.call("wizard.ir.module.config.create", ()).await.expect("wizard");
    let _: Value = tryton.call("wizard.ir.module.config.delete", [wizard]).await.expect("wizard");
    let ids: Vec<i64> = tryton.call("model.sale.sale.search", (json!([]), 0, 1)).await.expect("search");
    let data = json!({"action_id": null, "model": "sale.sale"});
    let (format, content, _print, name): (String, Value, Value, String) =
        tryton.call("report.sale.sale.execute", (ids, data)).await.expect("report");
    assert_eq!((format.as_str(), content["__class__"].as_str()), ("odt", Some("bytes")));
    assert!(name.starts_with("Sale"), "{name}");
}

#[tokio::test]
async fn the_context_goes_with_the_call() {
    let tryton = client(SERIES);
    let ids: Vec<i64> =
        tryton.call("model.party.category.create", [json!([{"name": "Kontext"}])]).await.expect("create");
    let _: Value = tryton.call("model.party.category.write", (&ids, json!({"active": false}))).await.expect("write");
    let domain = json!([["name", "=", "Kontext"]]);
    let find = |tryton: Client| {
        let params = (domain.clone(), 0, None::<u64>, None::<()>);
        async move { tryton.call::<Vec<i64>>("model.party.category.search", params).await.expect("search") }
    };
    assert!(find(tryton.clone()).await.is_empty());
    assert_eq!(find(tryton.with(Context::new().active_test(false))).await, ids);
    let _: Value = tryton.call("model.party.category.delete", [ids]).await.expect("delete");
}

#[tokio::test]
async fn a_session_can_be_read_out_injected_and_ended() {
    let at = own_user("ends-its-session").await;
    let tryton = client_at(&at.url, &at);
    assert!(tryton.session().is_none(), "nothing logs in before it is needed");
    let session = tryton.login().await.expect("login");
    assert_eq!(session.login(), at.user);
    assert_eq!(tryton.session().expect("a session").token(), session.token());

    let other = Client::builder(&at.url, &at.database).session(session.clone()).build().expect("built");
    assert_eq!(other.ping().await.expect("ping").login, at.user);
    tryton.logout().await.expect("logout");
    assert!(tryton.session().is_none());
    let error = other.ping().await.expect_err("the session has ended");
    assert!(error.is_session_expired(), "{error}");
    // The one with credentials goes on with a session of its own.
    tryton.ping().await.expect("ping");
}

#[tokio::test]
async fn an_expired_session_is_replaced_once() {
    let at = own_user("loses-its-session").await;
    let (tryton, proxy) = counted(&at).await;
    tryton.login().await.expect("login");
    let session = tryton.session().expect("a session");
    let _: Value = tryton.call("common.db.logout", ()).await.expect("logout behind the client's back");
    let before = proxy.requests();
    let name: Vec<Value> =
        tryton.call("model.res.user.read", ([session.user_id()], ["login"])).await.expect("a second try");
    assert_eq!(name[0]["login"], at.user);
    assert_eq!(proxy.requests() - before, 3, "the call, one login, the call again");
    assert_ne!(tryton.session().expect("a session").token(), session.token());
}

#[tokio::test]
async fn many_tasks_share_one_login() {
    let (tryton, proxy) = counted(endpoint(SERIES)).await;
    tryton.series().await.expect("series");
    let before = proxy.logins();
    let tasks: Vec<_> = (0..40)
        .map(|_| {
            let tryton = tryton.clone();
            tokio::spawn(async move { tryton.call::<u64>("model.party.party.search_count", [json!([])]).await })
        })
        .collect();
    for task in tasks {
        assert!(task.await.expect("the task ran").expect("the call succeeded") > 10);
    }
    assert_eq!(proxy.logins() - before, 1);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_for_all() {
    let at = endpoint(SERIES);
    let proxy = Proxy::start(&at.url).await;
    let tryton = Client::builder(proxy.url(), &at.database).credentials("nobody", "wrong").build().expect("built");
    tryton.series().await.expect("series");
    let calls = (0..10).map(|_| tryton.login());
    let outcomes = futures_util::future::join_all(calls).await;
    assert!(outcomes.iter().all(|outcome| outcome.as_ref().is_err_and(|e| e.is_bad_credentials())), "{outcomes:?}");
    assert_eq!(proxy.logins(), 1);
}

#[tokio::test]
async fn a_session_that_is_too_old_is_replaced_before_it_is_refused() {
    let tryton = builder(SERIES).session_ttl(Duration::from_millis(1)).build().expect("built");
    let first = tryton.login().await.expect("login");
    tokio::time::sleep(Duration::from_millis(5)).await;
    let second = tryton.login().await.expect("login");
    assert_ne!(first.token(), second.token());
}

#[tokio::test]
async fn answers_are_kept_as_long_as_the_server_or_the_caller_says() {
    let (tryton, proxy) = counted(endpoint(SERIES)).await;
    tryton.login().await.expect("login");
    let requests = async |work: &dyn Fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>| {
        let before = proxy.requests();
        work().await;
        proxy.requests() - before
    };
    let fields = |tryton: Client| async move {
        let _: Value = tryton.call("model.party.party.fields_get", [["name"]]).await.expect("fields");
    };
    let fields = move |tryton: &Client| Box::pin(fields(tryton.clone()));
    assert_eq!(requests(&|| fields(&tryton)).await, 1);
    assert_eq!(requests(&|| fields(&tryton)).await, 0, "the server says that it may be kept");
    let french = tryton.with(Context::new().language("fr"));
    assert_eq!(requests(&|| fields(&french)).await, 1, "another context is another answer");

    let null = |tryton: Client, ttl| async move {
        let params = (json!([["id", "=", 0]]), 0, None::<u64>, None::<()>, ["name"]);
        let none: Value = tryton.cached_call("model.party.party.search_read", params, ttl).await.expect("search");
        assert_eq!(none, json!([]));
    };
    let null = move |tryton: &Client, ttl| Box::pin(null(tryton.clone(), ttl));
    let minute = Duration::from_secs(60);
    assert_eq!(requests(&|| null(&tryton, minute)).await, 1);
    assert_eq!(requests(&|| null(&tryton, minute)).await, 0);
    assert_eq!(requests(&|| null(&french, Duration::ZERO)).await, 1);
    assert_eq!(requests(&|| null(&french, Duration::ZERO)).await, 1, "nothing is kept for no time");

    let write = tryton.cached_call::<Value>("model.party.category.write", (), minute).await.expect_err("a write");
    assert!(write.is_invalid_request(), "{write}");

    let at = endpoint(SERIES);
    let off = at.client_by(proxy.url()).cache(false);
    let off = off.build().expect("built");
    off.login().await.expect("login");
    assert_eq!(requests(&|| fields(&off)).await + requests(&|| fields(&off)).await, 2, "nothing is kept");
    assert_eq!(requests(&|| null(&off, minute)).await + requests(&|| null(&off, minute)).await, 2, "nothing is kept");
}

/// Everything that holds a secret, at the level that shows most.
#[tokio::test]
async fn the_log_shows_requests_and_no_secret() {
    let at = own_user("is-logged").await;
    let password = at.password.clone();
    let (log, sessions) = log::record(async {
        let tryton = client_at(&at.url, &at);
        tryton.ping().await.expect("ping");
        let first = tryton.session().expect("a session");
        let _: Value = tryton.call("common.db.logout", ()).await.expect("logout");
        let ids: Vec<i64> = tryton.call("model.party.party.search", (json!([]), 0, 5)).await.expect("search");
        let _: Value = tryton.call("model.party.party.read", (ids, ["name"])).await.expect("read");
        let second = tryton.session().expect("a session");
        let refused = tryton.call::<Value>("model.party.party.no_such_method", ()).await.expect_err("forbidden");
        tracing::info!(%refused, debug = ?refused, client = ?tryton, session = ?second);
        let wrong = builder(SERIES).credentials("admin", "Wr0ng!").build().expect("built");
        tracing::info!(error = %wrong.login().await.expect_err("wrong password"));
        tryton.logout().await.expect("logout");
        [first, second]
    })
    .await;
    assert!(log.contains("model.party.party.read") && log.contains("records=5"), "{log}");
    assert!(log.contains("TRACE"), "it is recorded at the lowest level");
    let secret = |session: &Session| session.token().to_owned();
    for secret in sessions.iter().map(secret).chain(["Wr0ng!".to_owned(), format!("\"{password}\"")]) {
        assert!(!log.contains(&secret), "a secret is in the log");
        assert!(!log.contains(&data_encoding::BASE64.encode(secret.as_bytes())), "a secret is in the log");
    }
}

#[tokio::test]
async fn the_fields_of_a_record_are_found_by_their_names() {
    let tryton = client(SERIES);
    let mut sale = Sale::search().limit(1).records(&tryton).await.expect("records").pop().expect("a sale");
    for name in Sale::FIELDS.all() {
        assert!(sale.raw(name).is_some(), "{name}");
    }
    assert_eq!(sale.raw("no_such_field"), None);
    assert_eq!(sale.raw("party"), Some(json!(sale.get(Sale::F.party).expect("a party"))));
    let total = Option::<Decimal>::decode(sale.raw("total_amount").expect("a value")).expect("a number");
    assert_eq!(total, sale.get(Sale::F.total_amount).expect("a number"));
    sale.set(Sale::F.reference, "PO-1");
    assert_eq!(sale.raw("reference"), Some(json!("PO-1")));
}
