//! Records as they were at another time.

use std::time::Duration;

use tryton_sdk::{Client, Context, Draft, Model};

use super::models::TestHistory;
use super::{client, of, on_both_backends};

on_both_backends!(history: super::a_record_as_it_was);

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
