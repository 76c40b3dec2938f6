//! Records in the order in which they were changed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tryton_sandbox::{Backend, Series};
use tryton_sdk::{Change, Client, DateTime, Draft, Id, Mark, Model, Records, Result};

use super::models::{TestChar, TestDeactivableModelsql as Deactivable};
use super::{SERIES, client, of, on_both_backends, server};

on_both_backends!(order: super::changes_come_in_their_order_and_go_on_from_each_mark);
on_both_backends!(dates: super::conditions_keep_the_microseconds_of_dates);
on_both_backends!(equal: super::many_records_of_one_date_come_once);
on_both_backends!(meanwhile: super::what_is_written_meanwhile_is_not_missed);
on_both_backends!(inactive: super::inactive_records_come_as_well);
on_both_backends!(overlap: super::the_newest_changes_come_again);
on_both_backends!(deleted: super::newer_servers_know_who_deleted_a_record);

const TEXT: tryton_sdk::Field<TestChar, Option<String>> = TestChar::F.char;

async fn create(tryton: &Client, texts: &[&str]) -> Vec<Id<TestChar>> {
    let drafts = texts.iter().map(|text| Draft::new().set(TEXT, *text)).collect();
    TestChar::create_many(tryton, drafts).await.expect("create")
}

async fn write(tryton: &Client, ids: &[Id<TestChar>]) {
    TestChar::write(tryton, ids, Draft::new().set(TEXT, "written")).await.expect("write");
}

/// The date by which a record is placed.
async fn date(tryton: &Client, id: Id<TestChar>) -> DateTime {
    let dates = TestChar::search().filter(of([id])).select((TestChar::CREATE_DATE, TestChar::WRITE_DATE));
    let (created, written) = dates.one(tryton).await.expect("a record");
    written.or(created).expect("a date")
}

/// The ids of the records among these that were changed, each with its mark.
async fn changes(tryton: &Client, ids: &[Id<TestChar>], since: Mark, size: u64) -> Vec<(Id<TestChar>, Mark)> {
    let search = TestChar::search().filter(of(ids.iter().copied())).page_size(size).select(TestChar::F.id);
    let mut changes = search.changed_since(tryton, since).overlap(Duration::ZERO);
    let mut found = Vec::new();
    while let Some(change) = changes.next().await {
        let Change { record, mark, .. } = change.expect("a change");
        found.push((record, mark));
    }
    found
}

async fn changes_come_in_their_order_and_go_on_from_each_mark(tryton: &Client) {
    let mut ids = Vec::new();
    for n in 0..6 {
        ids.extend(create(tryton, &["one", "two"][..1 + n % 2]).await);
    }
    write(tryton, &[ids[4]]).await;
    write(tryton, &[ids[0], ids[3]]).await;
    create(tryton, &["later"]).await;
    let mut expected = Vec::new();
    for id in &ids {
        expected.push((date(tryton, *id).await, *id));
    }
    expected.sort();
    let expected: Vec<_> = expected.into_iter().map(|(_, id)| id).collect();
    for size in [1, 2, 3, 100] {
        let found = changes(tryton, &ids, Mark::default(), size).await;
        assert_eq!(found.iter().map(|(id, _)| *id).collect::<Vec<_>>(), expected, "pages of {size}");
        for (place, (_, mark)) in found.iter().enumerate() {
            let mark: Mark = mark.to_string().parse().expect("a mark");
            let rest = changes(tryton, &ids, mark, size).await;
            // Marks hold back by the time that a request took.
            assert!(rest.iter().map(|(id, _)| *id).collect::<Vec<_>>().ends_with(&expected[place + 1..]), "{mark}");
        }
    }
    let limited = TestChar::search().filter(of(ids.iter().copied())).limit(3).page_size(2).select(TestChar::F.id);
    let mut limited = limited.changed_since(tryton, Mark::default());
    let mut first = Vec::new();
    while let Some(change) = limited.next().await {
        first.push(change.expect("a change").record);
    }
    assert_eq!(first, expected[..3]);
}

/// To the microsecond, also where that is zero.
async fn conditions_keep_the_microseconds_of_dates(tryton: &Client) {
    let ids = create(tryton, &["a"]).await;
    let at = date(tryton, ids[0]).await;
    assert!(at.subsec_nanosecond() % 1_000 == 0, "{at}");
    let a_bit = Duration::from_micros(1);
    for (since, found) in [(at - a_bit, true), (at, true), (at + a_bit, false)] {
        assert_eq!(!changes(tryton, &ids, since.into(), 10).await.is_empty(), found, "{since}, of {at}");
    }
    for (id, found) in [(ids[0].get() - 1, true), (ids[0].get(), false)] {
        let mark: Mark = format!("{at}/{id}").parse().expect("a mark");
        assert_eq!(!changes(tryton, &ids, mark, 10).await.is_empty(), found, "{mark}");
    }
}

async fn many_records_of_one_date_come_once(tryton: &Client) {
    let ids = create(tryton, &["same"; 25]).await;
    write(tryton, &ids[..10]).await;
    let dates = [date(tryton, ids[0]).await, date(tryton, ids[24]).await];
    assert_eq!([date(tryton, ids[9]).await, date(tryton, ids[10]).await], dates, "a transaction has one time");
    let found = changes(tryton, &ids, Mark::default(), 4).await;
    let expected: Vec<_> = ids[10..].iter().chain(&ids[..10]).copied().collect();
    assert_eq!(found.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), expected);
}

async fn what_is_written_meanwhile_is_not_missed(tryton: &Client) {
    let ids = create(tryton, &["meanwhile"; 9]).await;
    let search = || TestChar::search().filter(of(ids.iter().copied())).page_size(2).select((TestChar::F.id, TEXT));
    let mut stream = search().changed_since(tryton, Mark::default()).overlap(Duration::ZERO);
    let mut seen = Vec::new();
    let mut mark = Mark::default();
    for round in 0.. {
        let Some(change) = stream.next().await else { break };
        let change = change.expect("a change");
        seen.push(change.record);
        mark = change.mark;
        match round {
            // Read already, read but not given yet, and still to be read.
            1 => write(tryton, &[ids[0], ids[1], ids[8]]).await,
            4 => TestChar::delete(tryton, &[ids[6]]).await.expect("delete"),
            _ => {}
        }
    }
    let mut again = search().changed_since(tryton, mark);
    while let Some(change) = again.next().await {
        seen.push(change.expect("a change").record);
    }
    for id in ids.iter().filter(|id| **id != ids[6]) {
        let last = seen.iter().rfind(|(seen, _)| seen == id).unwrap_or_else(|| panic!("{id:?} is missing"));
        assert_eq!(last.1, TestChar::search().filter(of([*id])).select(TEXT).one(tryton).await.expect("a record"));
    }
}

async fn inactive_records_come_as_well(tryton: &Client) {
    let ids = Deactivable::create_many(tryton, vec![Draft::new(); 2]).await.expect("create");
    let read = async |since| {
        let columns = (Deactivable::F.id, Deactivable::F.active);
        let mut changes = Deactivable::search().filter(of(ids.clone())).select(columns).changed_since(tryton, since);
        let mut rows = Vec::new();
        while let Some(change) = changes.next().await {
            rows.push(change.expect("a change").record);
        }
        rows
    };
    let all = read(Mark::default()).await;
    assert_eq!(all.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids);
    Deactivable::write(tryton, &ids[1..], Draft::new().set(Deactivable::F.active, false)).await.expect("write");
    assert_eq!(read(Mark::default()).await, [(ids[0], true), (ids[1], false)]);
}

/// As long as an older transaction may be committed.
async fn the_newest_changes_come_again(tryton: &Client) {
    let ids = create(tryton, &["first", "second"]).await;
    let filtered = || TestChar::search().filter(of(ids.clone())).select(TestChar::F.id);
    let read = async |overlap: Option<u64>, since| -> Result<(BTreeSet<_>, Mark)> {
        let mut changes = filtered().changed_since(tryton, since);
        if let Some(seconds) = overlap {
            changes = changes.overlap(Duration::from_secs(seconds));
        }
        let (mut found, mut mark) = (BTreeSet::new(), since);
        while let Some(change) = changes.next().await {
            let change = change?;
            found.insert(change.record);
            assert!(change.mark >= since && change.mark <= Mark::from(change.at + Duration::from_micros(1)));
            mark = change.mark;
        }
        Ok((found, mark))
    };
    let all: BTreeSet<_> = ids.iter().copied().collect();
    let (found, mark) = read(None, Mark::default()).await.expect("changes");
    assert_eq!(found, all);
    let newest = date(tryton, ids[1]).await;
    assert!(
        mark < Mark::from(newest - Duration::from_secs(600)) && mark > Mark::from(newest - Duration::from_secs(660))
    );
    assert_eq!(read(None, mark).await.expect("changes").0, all, "they come again");
    // Nobody lets a transaction be at work for longer: nothing comes again that is older.
    let older = Mark::from(newest - Duration::from_secs(3_600));
    assert!(read(Some(7_200), older).await.expect("changes").1 == older, "no mark goes back");
}

/// Each record by its id: of all together, the server sends null for the `resource` that is no longer there.
async fn newer_servers_know_who_deleted_a_record(tryton: &Client) {
    let ids = create(tryton, &["deleted", "kept"]).await;
    TestChar::delete(tryton, &ids[..1]).await.expect("delete");
    assert_eq!(TestChar::search().filter(of(ids.clone())).ids(tryton).await.expect("ids"), ids[1..]);
    for (id, deletions) in ids.iter().zip([1, 0]) {
        let resource = format!("test.char,{}", id.get());
        let params =
            ([("event", "=", "delete"), ("resource", "=", &resource)], 0, None::<u64>, (), ["resource", "user"]);
        let log = tryton.call::<Vec<Value>>("model.ir.model.log.search_read", params).await;
        if SERIES < Series::V7_0 {
            assert!(log.expect_err("no such model").is_unknown_model());
            continue;
        }
        let log = log.expect("the log");
        assert_eq!(log.len(), deletions);
        assert!(log.iter().all(|entry| entry["resource"].is_null() && entry["user"].is_i64()), "{log:?}");
    }
}

/// Writes a record by SQL as trytond does, and commits when it is told to.
const SLOW_TRANSACTION: &str = r#"
import sys
try:
    from psycopg import connect
except ImportError:
    from psycopg2 import connect
connection = connect(sys.argv[1])
connection.cursor().execute(
    "INSERT INTO test_char (char, create_uid, create_date) VALUES ('committed late', 1, CURRENT_TIMESTAMP)")
print("written", flush=True)
sys.stdin.readline()
connection.commit()
"#;

/// By a transaction that was at work while others were committed and read.
#[tokio::test]
async fn what_is_committed_late_is_not_missed() {
    let server = server(Backend::Postgresql);
    let tryton = client(Backend::Postgresql);
    let read = async |since: Mark, overlap: Option<Duration>| {
        let texts = TEXT.is_in(["committed late", "committed in time"]);
        let mut changes = TestChar::search().filter(texts).select(TEXT).changed_since(&tryton, since);
        if let Some(overlap) = overlap {
            changes = changes.overlap(overlap);
        }
        let (mut found, mut mark) = (Vec::new(), since);
        while let Some(change) = changes.next().await {
            let change = change.expect("a change");
            found.extend(change.record);
            mark = change.mark;
        }
        (found, mark)
    };
    let uri = format!("{}{}", server.database_uri(), server.endpoint().database);
    let mut python = Command::new(server.python());
    let python = python.args(["-c", SLOW_TRANSACTION, &uri]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().expect("Python");
    let mut said = String::new();
    BufReader::new(python.stdout.take().expect("it is piped")).read_line(&mut said).expect("it says so");
    assert_eq!(said, "written\n");
    // Transactions that began a while ago are those that marks are late for.
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    create(&tryton, &["committed in time"]).await;
    let (found, mark) = read(Mark::default(), None).await;
    assert_eq!(found, ["committed in time"]);
    let (_, hasty) = read(Mark::default(), Some(Duration::ZERO)).await;
    python.stdin.take().expect("it is piped").write_all(b"\n").expect("it reads");
    assert!(python.wait().expect("it ends").success());

    assert_eq!(read(mark, None).await.0, ["committed late", "committed in time"]);
    assert_eq!(read(hasty, None).await.0, ["committed in time"], "without overlap it would be missed");
}
