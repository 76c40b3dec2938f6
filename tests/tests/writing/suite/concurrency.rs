//! Nobody overwrites what somebody else has changed meanwhile.

use std::time::Duration;

use tryton_sdk::{Client, Draft, Id, Record};

use super::client;
use super::erp::PartyCategory;

async fn category(tryton: &Client, name: &str) -> Id<PartyCategory> {
    PartyCategory::create(tryton, Draft::new().set(PartyCategory::F.name, name)).await.expect("create")
}

async fn record(tryton: &Client, id: Id<PartyCategory>) -> Record<PartyCategory> {
    let search = PartyCategory::search().filter(PartyCategory::F.id.is(id));
    search.records(tryton).await.expect("search").pop().expect("the record")
}

#[tokio::test]
async fn a_record_saves_what_changed() {
    let tryton = &client().await;
    let (id, parent) = (category(tryton, "before").await, category(tryton, "above").await);
    let mut record = record(tryton, id).await;
    assert!(!record.is_modified());
    record.save(tryton).await.expect("nothing to save");

    record.set(PartyCategory::F.name, "after");
    record.set(PartyCategory::F.parent, Some(parent));
    assert!(record.is_modified());
    assert_eq!(record.get(PartyCategory::F.name).expect("what was set"), "after");
    record.save(tryton).await.expect("save");
    assert!(!record.is_modified());
    assert_eq!(record.get(PartyCategory::F.parent).expect("what was read"), Some(parent));
    assert_eq!(record.get(PartyCategory::F.rec_name).expect("rec_name").as_deref(), Some("above / after"));

    let child = Draft::new().set(PartyCategory::F.name, "below");
    record.change(|draft| draft.add(PartyCategory::F.childs, [child]));
    assert_eq!(record.get(PartyCategory::F.childs).expect("as it was read"), []);
    record.save(tryton).await.expect("save");
    assert_eq!(record.get(PartyCategory::F.childs).expect("as it was read").len(), 1);
}

#[tokio::test]
async fn what_was_read_and_is_set_again_is_no_change() {
    let tryton = &client().await;
    let id = category(tryton, "same").await;
    let mut record = record(tryton, id).await;
    let (name, parent, active) = (PartyCategory::F.name, PartyCategory::F.parent, PartyCategory::F.active);
    record.set(name, record.get(name).expect("a name"));
    record.set(parent, None::<Id<PartyCategory>>);
    record.set(active, true);
    assert!(!record.is_modified(), "{:?}", record.changes());

    record.set(active, false);
    record.set(name, "other");
    record.set(name, "same");
    assert_eq!(record.changes().to_json(), serde_json::json!({"active": false}));
    record.set(active, true);
    assert!(!record.is_modified());

    // Who changes the draft itself says what is to be sent.
    record.change(|draft| draft.set(name, "same"));
    assert!(record.is_modified());
    record.save(tryton).await.expect("save");
    PartyCategory::delete(tryton, &[id]).await.expect("delete");
}

#[tokio::test]
async fn a_record_that_is_read_again_holds_what_it_held() {
    let tryton = &client().await;
    let top = category(tryton, "top").await;
    let below = |name: &str| Draft::new().set(PartyCategory::F.name, name).set(PartyCategory::F.parent, Some(top));
    let used = PartyCategory::create(tryton, below("used")).await.expect("create");
    let archived = PartyCategory::create(tryton, below("archived")).await.expect("create");
    PartyCategory::write(tryton, &[archived], Draft::new().set(PartyCategory::F.active, false)).await.expect("archive");
    let mut record = record(tryton, top).await;
    assert_eq!(record.get(PartyCategory::F.childs).expect("childs"), [used]);
    record.set(PartyCategory::F.name, "the top");
    record.save(tryton).await.expect("save");
    assert_eq!(record.get(PartyCategory::F.childs).expect("childs"), [used]);

    let search = PartyCategory::search().with_inactive().filter(PartyCategory::F.id.is(archived));
    let mut record = search.records(tryton).await.expect("search").pop().expect("the record");
    record.reload(tryton).await.expect("it is read, although it is archived");
    assert!(!record.get(PartyCategory::F.active).expect("active"));
}

#[tokio::test]
async fn whoever_comes_second_is_told() {
    let tryton = &client().await;
    let id = category(tryton, "one of us").await;
    // On SQLite, trytond 6.0 and 7.0 tell changes apart by the second.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (mut first, mut second) = (record(tryton, id).await, record(tryton, id).await);
    first.set(PartyCategory::F.name, "me");
    first.save(tryton).await.expect("nobody was faster");
    second.set(PartyCategory::F.name, "no, me");
    let error = second.save(tryton).await.expect_err("somebody was faster");
    assert!(error.is_concurrency() && !error.is_outcome_unknown() && error.ids() == [id.get()], "{error}");
    assert_eq!(second.get(PartyCategory::F.name).expect("the change is kept"), "no, me");
    second.reload(tryton).await.expect("reload");
    assert_eq!((second.get(PartyCategory::F.name).expect("name").as_str(), second.is_modified()), ("me", false));
    second.set(PartyCategory::F.name, "now me");
    second.save(tryton).await.expect("nobody was faster");
    // And again, with what it knows by now.
    second.set(PartyCategory::F.name, "still me");
    second.save(tryton).await.expect("nobody was faster");
}
