//! A real server under gunicorn, and a network between it and the client that fails in every way.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::sleep;
use tryton_sandbox::{Backend, Endpoint, Sandbox, Seed, Server};
use tryton_sdk::{Client, ClientBuilder, Error, Result};
use tryton_sdk_tests::proxy::{Fault, Faults, Proxy};

const READ: &str = "model.test.char.search_read";
const CREATE: &str = "model.test.char.create";

/// Of 8.2, on PostgreSQL. It closes a connection that is idle for a second.
fn endpoint() -> &'static Endpoint {
    static SERVER: OnceLock<Server> = OnceLock::new();
    let sandbox = || Sandbox::default().modules(["tests"]).seed(Seed::None).backend(Backend::Postgresql).gunicorn(1);
    SERVER.get_or_init(|| sandbox().start().unwrap_or_else(|e| panic!("{e}"))).endpoint()
}

async fn behind_proxy(with: impl Fn(ClientBuilder) -> ClientBuilder) -> (Proxy, Client) {
    let proxy = Proxy::start(&endpoint().url).await;
    let tryton = with(endpoint().client_by(proxy.url())).build().expect("the settings are right");
    (proxy, tryton)
}

/// The same with a session, and a connection that is kept.
async fn logged_in(with: impl Fn(ClientBuilder) -> ClientBuilder) -> (Proxy, Client) {
    let (proxy, tryton) = behind_proxy(with).await;
    tryton.login().await.expect("logged in");
    (proxy, tryton)
}

/// The ids and texts of the records whose texts begin so.
async fn read(tryton: &Client, prefix: &str) -> Result<Vec<(i64, String)>> {
    let params = (json!([["char", "like", format!("{prefix}%")]]), 0, None::<u64>, None::<()>, ["char"]);
    let records: Vec<Value> = tryton.call(READ, params).await?;
    let row = |record: &Value| Some((record["id"].as_i64()?, record["char"].as_str()?.to_owned()));
    Ok(records.iter().map(|record| row(record).expect("an id and a text")).collect())
}

async fn create(tryton: &Client, text: &str) -> Result<i64> {
    let ids: Vec<i64> = tryton.call(CREATE, ([json!({"char": text})],)).await?;
    Ok(ids[0])
}

#[tokio::test]
async fn two_thousand_creates_make_no_record_twice_and_leave_nobody_in_error() {
    const CALLS: usize = 2_000;
    // Each of these keeps the answer from the client; half of them the call from the server.
    let faults = [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::Truncated,
        Fault::WrongLength(7),
        Fault::WrongLength(-7),
        Fault::Status(502, ""),
        Fault::Status(503, "Retry-After: 0"),
        Fault::StatusAfter(503),
        Fault::Page,
    ];
    let (proxy, tryton) = logged_in(|builder| builder).await;
    let before = proxy.requests();
    proxy.faults(Faults::any(faults).one_in(3));

    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..16 {
        let (tryton, next) = (tryton.clone(), Arc::clone(&next));
        tasks.spawn(async move {
            let mut outcomes = Vec::new();
            loop {
                let call = next.fetch_add(1, Ordering::SeqCst);
                if call >= CALLS {
                    return outcomes;
                }
                let text = format!("once-{call}");
                // The server itself refuses some of them.
                let outcome = match call % 10 {
                    0 => {
                        tryton.call(CREATE, ([json!({"char": text, "no_field": 1})],)).await.map(|ids: Vec<i64>| ids[0])
                    }
                    _ => create(&tryton, &text).await,
                };
                outcomes.push((text, outcome));
            }
        });
    }
    let outcomes: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();

    proxy.faults(Faults::none());
    let found = read(&tryton, "once-").await.expect("read");
    let ids: HashMap<&str, i64> = found.iter().map(|(id, text)| (text.as_str(), *id)).collect();
    assert_eq!(ids.len(), found.len(), "a record is there twice");
    let (mut created, mut refused, mut unknown) = (0, 0, 0);
    for (text, outcome) in &outcomes {
        match outcome {
            Ok(id) => {
                created += 1;
                assert_eq!(ids.get(text.as_str()), Some(id), "{text} was created");
            }
            Err(error) if error.is_outcome_unknown() => unknown += 1,
            Err(error) => {
                refused += 1;
                assert_eq!(ids.get(text.as_str()), None, "{text} was not created: {error}");
            }
        }
    }
    println!("{created} created, {refused} refused, {unknown} unknown; {} records", found.len());
    assert_eq!(outcomes.len(), CALLS);
    assert_eq!(unknown, proxy.failures(), "nothing else is unknown");
    assert!(created > 1_000 && refused > 50 && unknown > 500);
    assert!(found.len() > created, "some of the unknown ones happened");
    assert_eq!(proxy.requests(), before + CALLS + 1, "each was sent once, then they were read");
    assert_eq!(proxy.logins(), 1);
}

#[tokio::test]
async fn a_read_goes_on_after_what_may_pass() {
    let (proxy, tryton) = logged_in(|builder| builder).await;
    for (fault, requests) in [
        (Fault::ResetBefore, 2),
        (Fault::ResetAfter, 2),
        (Fault::Truncated, 2),
        (Fault::WrongLength(7), 2),
        (Fault::Status(502, ""), 2),
        (Fault::Status(503, ""), 2),
        (Fault::Status(503, "Retry-After: 0"), 2),
        (Fault::Status(503, "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT"), 2),
        (Fault::Delay(Duration::from_millis(100)), 1),
        (Fault::FalseGzip, 1),
        (Fault::ClosedAfter, 1),
    ] {
        let before = proxy.requests();
        proxy.faults(Faults::always(fault).times(1));
        read(&tryton, "nothing").await.unwrap_or_else(|e| panic!("{fault:?}: {e}"));
        assert_eq!(proxy.requests(), before + requests, "{fault:?}");
    }
    assert_eq!(proxy.logins(), 1);
}

#[tokio::test]
async fn a_read_fails_at_once_where_nothing_would_change() {
    let (proxy, tryton) = logged_in(|builder| builder.idle_timeout(Duration::from_millis(500))).await;
    type Kind = fn(&Error) -> bool;
    let faults: [(Fault, Kind, &str); 5] = [
        (Fault::Page, Error::is_not_tryton, "is not a Tryton server"),
        (Fault::WrongLength(-7), Error::is_not_tryton, "is not the JSON of a result"),
        (Fault::Status(504, ""), Error::is_server_timeout, "HTTP 504"),
        (Fault::Status(503, "Retry-After: 3600"), Error::is_unavailable, "asks to wait 3600 s"),
        (Fault::Stalled, Error::is_timed_out, "nothing came for 500ms in the middle of its answer"),
    ];
    for (fault, kind, words) in faults {
        let before = proxy.requests();
        proxy.faults(Faults::always(fault));
        let error = read(&tryton, "nothing").await.expect_err("a fault");
        assert!(kind(&error) && error.to_string().contains(words), "{fault:?}: {error}");
        let asked = matches!(fault, Fault::Status(503, _)).then_some(Duration::from_secs(3_600));
        assert_eq!(error.retry_after(), asked, "{fault:?}");
        assert_eq!(proxy.requests(), before + 1, "{fault:?}");
    }
    proxy.faults(Faults::none());
    read(&tryton, "nothing").await.expect("the connections that are left are good");
}

#[tokio::test]
async fn only_the_limit_of_the_whole_counts_while_the_server_works() {
    let slow = |time| Faults::always(Fault::Delay(Duration::from_secs(time))).of("search_read");
    let (proxy, tryton) = logged_in(|builder| builder.idle_timeout(Duration::from_millis(100))).await;
    proxy.faults(slow(1));
    read(&tryton, "nothing").await.expect("a server may be silent for as long as it works");

    let (proxy, tryton) = logged_in(|builder| builder.timeout(Duration::from_secs(5))).await;
    proxy.faults(slow(600));
    let error = read(&tryton, "nothing").await.expect_err("too slow");
    assert!(error.is_timed_out() && error.to_string().contains("not complete within 5s (`timeout`"), "{error}");
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_nothing_behind() {
    let (proxy, tryton) = behind_proxy(|builder| builder).await;
    proxy.faults(Faults::always(Fault::Delay(Duration::from_millis(10))).one_in(2));
    let mut dropped = 0;
    // The first of them begin before there is a session, and end while somebody logs in.
    for round in 0..20 {
        let mut calls = JoinSet::new();
        for call in 0..10 {
            let (tryton, patience) = (tryton.clone(), Duration::from_millis((round * 7 + call * 11) % 90));
            calls.spawn(async move { tokio::time::timeout(patience, read(&tryton, "nothing")).await });
        }
        for outcome in calls.join_all().await {
            match outcome {
                Ok(result) => drop(result.expect("no fault is an error")),
                Err(_) => dropped += 1,
            }
        }
    }
    assert!(dropped > 20, "{dropped}");

    proxy.faults(Faults::none());
    let mut calls = JoinSet::new();
    for _ in 0..32 {
        let tryton = tryton.clone();
        calls.spawn(async move { read(&tryton, "nothing").await });
    }
    for result in calls.join_all().await {
        result.expect("an answer");
    }
    let connections = proxy.connections();
    for _ in 0..20 {
        read(&tryton, "nothing").await.expect("an answer");
    }
    assert!(proxy.connections() <= connections + 1, "connections are kept");
    assert_eq!(proxy.logins(), 1);
}

/// Ten writes each of 24 tasks, with pauses of 1.8 s to 2.2 s between them, and a server that closes a connection that is
/// idle for 2 s, as gunicorn does by default, and does not say so.
#[tokio::test]
async fn pauses_as_long_as_the_server_keeps_a_connection_lose_no_write() {
    let sandbox = Sandbox::default().modules(["tests"]).seed(Seed::None).backend(Backend::Postgresql).gunicorn(2);
    let server = sandbox.start().unwrap_or_else(|e| panic!("{e}"));
    let mut tasks = JoinSet::new();
    for task in 0..24 {
        let tryton = server.endpoint().client().build().expect("the settings are right");
        tasks.spawn(async move {
            tryton.login().await.expect("logged in");
            let mut unknown = 0;
            for write in 0..10 {
                match create(&tryton, &format!("pause-{task}-{write}")).await {
                    Err(error) if error.is_outcome_unknown() => unknown += 1,
                    outcome => drop(outcome.expect("created")),
                }
                sleep(Duration::from_millis(1_800 + (task * 10 + write) * 5 % 400)).await;
            }
            unknown
        });
    }
    let unknown: Vec<u32> = tasks.join_all().await;
    assert_eq!(unknown.iter().sum::<u32>(), 0, "{unknown:?}");
    let tryton = server.endpoint().client().build().expect("the settings are right");
    assert_eq!(read(&tryton, "pause-").await.expect("read").len(), 240);
}

#[tokio::test]
async fn a_connection_that_the_server_has_closed_harms_no_call() {
    // Of the real server: it has closed the connection before the next call begins.
    let tryton = endpoint().client().build().expect("the settings are right");
    for text in ["stale-1", "stale-2"] {
        create(&tryton, text).await.expect("created");
        sleep(Duration::from_millis(2_500)).await;
    }
    let texts: HashSet<String> =
        read(&tryton, "stale-").await.expect("read").into_iter().map(|(_, text)| text).collect();
    assert_eq!(texts, ["stale-1", "stale-2"].map(str::to_owned).into());

    // Where it closes it as the call comes in, nobody can know what it has seen.
    let (proxy, tryton) = logged_in(|builder| builder).await;
    assert_eq!(proxy.connections(), 1, "the question for the version, the login and what follows share it");
    proxy.faults(Faults::always(Fault::ResetBefore).times(1));
    read(&tryton, "nothing").await.expect("repeated");
    assert_eq!(proxy.connections(), 2);
    proxy.faults(Faults::always(Fault::ResetBefore).times(1));
    let error = create(&tryton, "reset").await.expect_err("reset");
    assert!(error.is_interrupted() && error.is_outcome_unknown(), "{error}");
    assert_eq!(read(&tryton, "reset").await.expect("read"), []);
}
