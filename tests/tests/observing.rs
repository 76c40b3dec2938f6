//! What can be seen of a client at work: spans, events and metrics.

use std::time::Duration;

use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use serde_json::json;
use tokio::sync::Mutex;
use tryton_sdk::testing::{Any, Failure, Row, Server, ServerExt};
use tryton_sdk::{Client, Error, ErrorKind, Id, Series};
use tryton_sdk_tests::log;

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["party.party"] }
}
use erp::Party;

/// A span that is first come to while another test begins to look may be taken for one that nobody wants.
static ONE_AT_A_TIME: Mutex<()> = Mutex::const_new(());

const COUNT: &str = "model.party.party.search_count";

/// A read that is repeated, a refused write, and a count of which only the first is asked for.
async fn work(server: &Server) {
    let party = Row::new(Id::new(7)).set(Party::F.name, "secret name");
    server
        .on_read(&[Id::new(7), Id::new(8)])
        .fails(Failure::Status(503))
        .returns([party, Row::new(Id::new(8)).set(Party::F.name, "other")]);
    server.on_delete::<Party>(Any).refuses("No.");
    server.on_call(COUNT, [json!([])]).returns(5);
    let tryton = server.client();
    let names: Vec<serde_json::Value> =
        tryton.call("model.party.party.read", ([7, 8], ["name"])).await.expect("the second answer");
    assert_eq!(names.len(), 2);
    let error = Party::delete(&tryton, &[Id::new(7)]).await.expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::UserError);
    let count = || tryton.cached_call::<u64>(COUNT, [json!([])], Duration::from_secs(60));
    let (first, second) = futures_util::future::join(count(), count()).await;
    assert_eq!((first.expect("a number"), second.expect("a number")), (5, 5));
    assert_eq!(count().await.expect("a number"), 5);
}

#[tokio::test]
async fn each_call_is_a_span_that_tells_its_course() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let server = Server::new(Series::new(8, 2));
    let (log, ()) = log::record(work(&server)).await;
    let closed: Vec<_> = log.lines().filter(|line| line.contains(": tryton_sdk::client::observe: close")).collect();
    let [read, delete, counts @ ..] = &closed[..] else { panic!("five calls: {log}") };
    for field in [
        "method=\"model.party.party.read\"",
        "model=\"party.party\"",
        "ids=[7, 8]",
        "records=2",
        "attempts=2",
        "status=200",
        "outcome=\"ok\"",
        "sent=",
        "received=",
        "milliseconds=",
    ] {
        assert!(read.contains(field), "{field}: {read}");
    }
    assert!(delete.contains("outcome=\"user_error\" ") && delete.contains("attempts=1"), "{delete}");
    let cached = |result: &str| counts.iter().filter(|line| line.contains(&format!("cache=\"{result}\""))).count();
    assert_eq!((counts.len(), cached("miss"), cached("shared"), cached("hit")), (3, 1, 1, 1), "{log}");
    // A login runs in a task of its own, and is seen within the call that needs it.
    let login = log.lines().find(|line| line.contains("request method=\"common.db.login\"")).expect("a login");
    assert!(login.contains("tryton_call{method=\"model.party.party.read\""), "{login}");
    assert!(!log.contains("secret name"), "{log}");
}

/// An answer in memory is found without the call being made, which alone knows them.
#[tokio::test]
async fn what_is_told_of_an_answer_from_memory_names_its_records() {
    let _alone = ONE_AT_A_TIME.lock().await;
    let server = Server::new(Series::new(8, 2));
    server.on_read(&[Id::new(7)]).returns([Row::new(Id::new(7)).set(Party::F.name, "a name")]);
    let tryton = server.client();
    let (read, params, minute) = ("model.party.party.read", ([7], ["name"]), Duration::from_secs(60));
    let names: Vec<serde_json::Value> = tryton.cached_call(read, params, minute).await.expect("an answer");
    assert_eq!(names.len(), 1);
    let (log, error) = log::record(tryton.cached_call::<u64>(read, params, minute)).await;
    let error = error.expect_err("a list is no number");
    assert!(error.is_decode() && error.to_string().contains("model.party.party.read on record (7)"), "{error}");
    let closed: Vec<_> = log.lines().filter(|line| line.contains(": tryton_sdk::client::observe: close")).collect();
    let [hit] = &closed[..] else { panic!("one call: {log}") };
    for field in ["cache=\"hit\"", "ids=[7]", "records=1", "outcome=\"ok\"", "milliseconds="] {
        assert!(hit.contains(field), "{field}: {hit}");
    }
}

#[test]
fn metrics_count_calls_requests_repetitions_and_the_cache() {
    let _alone = ONE_AT_A_TIME.blocking_lock();
    let recorder = DebuggingRecorder::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
    metrics::with_local_recorder(&recorder, || runtime.block_on(work(&Server::new(Series::new(8, 2)))));
    let mut seen: Vec<String> = Vec::new();
    for (key, unit, description, value) in recorder.snapshotter().snapshot().into_vec() {
        assert!(unit.is_some() && description.is_some(), "{key:?}");
        let labels: Vec<_> = key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Counter(count) => count as usize,
            DebugValue::Histogram(values) => values.len(),
            DebugValue::Gauge(_) => panic!("{key:?}"),
        };
        seen.push(format!("{}{{{}}} {value}", key.key().name(), labels.join(",")));
    }
    for expected in [
        "tryton_calls_total{method=model.party.party.read,outcome=ok} 1",
        "tryton_calls_total{method=model.party.party.delete,outcome=user_error} 1",
        "tryton_call_duration_seconds{method=model.party.party.search_count,outcome=ok} 3",
        "tryton_requests_total{method=common.db.login,status=200} 1",
        "tryton_requests_total{method=model.party.party.read,status=503} 1",
        "tryton_requests_total{method=model.party.party.read,status=200} 1",
        "tryton_repetitions_total{method=model.party.party.read} 1",
        "tryton_cache_lookups_total{method=model.party.party.search_count,result=miss} 1",
        "tryton_cache_lookups_total{method=model.party.party.search_count,result=shared} 1",
        "tryton_cache_lookups_total{method=model.party.party.search_count,result=hit} 1",
        "tryton_sent_bytes{method=model.party.party.read} 2",
        "tryton_received_bytes{method=model.party.party.read} 2",
    ] {
        assert!(seen.iter().any(|line| line == expected), "{expected}: {seen:#?}");
    }
}

/// The name of a kind is that of its predicate.
#[tokio::test]
async fn kinds_are_named_by_their_predicates() {
    let _alone = ONE_AT_A_TIME.lock().await;
    type Kind = fn(&Error) -> bool;
    let kinds: [(u16, &str, Kind); 5] = [
        (403, "forbidden", Error::is_forbidden),
        (404, "unknown_method", Error::is_unknown_method),
        (413, "too_large", Error::is_too_large),
        (500, "internal", Error::is_internal),
        (504, "server_timeout", Error::is_server_timeout),
    ];
    for (status, name, is) in kinds {
        let server = Server::new(Series::new(8, 2));
        server.on_delete::<Party>(Any).fails(Failure::Status(status));
        let error = Party::delete(&server.client(), &[Id::new(7)]).await.expect_err("a status");
        assert!(is(&error) && error.kind().as_str() == name, "{error}");
    }
    let error = Client::builder("nowhere", "erp").build().expect_err("no URL");
    assert_eq!(error.kind(), ErrorKind::Configuration);
}
