//! Records as they were at another time.

use std::time::Duration;

use tryton_sdk::{Client, Context, Draft, Id, Records};

use super::models::TestHistory;
use super::{client, of, on_both_backends};

on_both_backends!(history: super::a_record_as_it_was);
on_both_backends!(streams_of_the_past: super::pages_of_the_past_hold_what_was_there);

async fn a_record_as_it_was(tryton: &Client) {
    let value = TestHistory::F.value;
    let drafts = [1, 10].map(|number| Draft::new().set(value, number));
    let ids = TestHistory::create_many(tryton, drafts.to_vec()).await.expect("create");
    // The history of older servers on SQLite counts seconds.
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    TestHistory::write(tryton, &ids[..1], Draft::new().set(value, 2)).await.expect("write");

    let revisions = TestHistory::history_revisions(tryton, &ids[..1]).await.expect("revisions");
    assert_eq!(revisions.len(), 2, "{revisions:?}");
    assert!(revisions[0].at > revisions[1].at && revisions.iter().all(|one| one.id == ids[0]));
    assert!(revisions[0].user.as_deref().is_none_or(|name| name == "Administrator"), "{revisions:?}");

    let search = || TestHistory::search().filter(of(ids.iter().copied()));
    let read = async |tryton: &Client| {
        let search = search().order(TestHistory::F.id.asc()).select(value);
        search.fetch(tryton).await.expect("search")
    };
    let then = tryton.with(Context::new().at(revisions[1].at));
    assert_eq!(read(&then).await, [Some(1), Some(10)]);
    assert_eq!(read(tryton).await, [Some(2), Some(10)]);
    let mut pages = search().page_size(1).select(value).stream(&then);
    for expected in [1, 10] {
        assert_eq!(pages.next().await.expect("a record").expect("a page"), Some(expected));
    }
    assert!(pages.next().await.is_none());
    let before = tryton.with(Context::new().at("2020-01-01T00:00:00".parse().expect("a time")));
    assert_eq!(read(&before).await, []);
}

async fn pages_of_the_past_hold_what_was_there(tryton: &Client) {
    let value = TestHistory::F.value;
    let second = || tokio::time::sleep(Duration::from_millis(1_100));
    let write = async |id: Id<TestHistory>, number: i64| {
        TestHistory::write(tryton, &[id], Draft::new().set(value, number)).await.expect("write");
    };
    let drafts = (0..12).map(|number| Draft::new().set(value, 100 - number)).collect();
    let ids = TestHistory::create_many(tryton, drafts).await.expect("create");
    second().await;
    // The first page of any size has some, and there are whole pages of nothing but what is no longer there.
    TestHistory::delete(tryton, &[&ids[..2], &ids[5..8]].concat()).await.expect("delete");
    for number in [7, 8, 9] {
        write(ids[3], number).await;
        write(ids[10], 1_000 + number).await;
    }
    let now = TestHistory::history_revisions(tryton, &ids[10..11]).await.expect("revisions")[0].at;
    second().await;
    TestHistory::delete(tryton, &ids[8..9]).await.expect("delete");
    write(ids[2], 5_000).await;

    let then = tryton.with(Context::new().at(now));
    let mut expected: Vec<_> =
        [(2, 98), (3, 9), (4, 96), (8, 92), (9, 91), (10, 1_009), (11, 89)].map(|(n, v)| (ids[n], Some(v))).to_vec();
    let search = TestHistory::search().filter(of(ids.iter().copied()));
    for ordered in [false, true] {
        let search = if ordered { search.clone().order(value.asc()) } else { search.clone() };
        if ordered {
            expected.sort_by_key(|(_, value)| *value);
        }
        for size in [1, 2, 3, 100] {
            for (offset, limit) in [(0, 100), (2, 3), (0, 2), (6, 100), (9, 1)] {
                let search = search.clone().offset(offset).limit(limit).page_size(size);
                let mut pages = search.select((TestHistory::F.id, value)).stream(&then);
                let mut rows = Vec::new();
                while let Some(row) = pages.next().await {
                    rows.push(row.unwrap_or_else(|e| panic!("{e}")));
                }
                let window = expected.iter().skip(offset as usize).take(limit as usize);
                assert_eq!(rows, window.copied().collect::<Vec<_>>(), "{ordered} {size} {offset} {limit}");
            }
        }
    }
    let mut none = TestHistory::search().filter(of(ids[..2].iter().copied())).select(value).stream(&then);
    assert!(none.next().await.is_none());
}
