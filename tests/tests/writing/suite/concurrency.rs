//! Nobody overwrites what somebody else has changed meanwhile.

use futures_util::future::join_all;
use tryton_sdk::{Client, Context, Draft, Id, Model, Record};

use super::client;
use super::erp::PartyCategory;

const TASKS: usize = 100;

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
async fn whoever_comes_second_is_told() {
    let tryton = &client().await;
    let id = category(tryton, "one of us").await;
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
    // And again with what it knows by now.
    second.set(PartyCategory::F.name, "still me");
    second.save(tryton).await.expect("nobody was faster");
}

#[tokio::test]
async fn one_of_a_hundred_writes_to_each_version() {
    let tryton = &client().await;
    let id = category(tryton, "version 0").await;
    for version in 1..=3 {
        let columns = (PartyCategory::F.name, PartyCategory::TIMESTAMP);
        let search = PartyCategory::search().filter(PartyCategory::F.id.is(id));
        let (name, read_at) = search.select(columns).one(tryton).await.expect("read");
        assert_eq!(name.split(" by ").next(), Some(format!("version {}", version - 1)).as_deref());
        let careful = tryton.with(Context::new().unchanged_since(id, &read_at));
        let tasks = (0..TASKS).map(|task| {
            let careful = careful.clone();
            let draft = Draft::new().set(PartyCategory::F.name, format!("version {version} by {task}"));
            tokio::spawn(async move { PartyCategory::write(&careful, &[id], draft).await })
        });
        let outcomes = join_all(tasks).await.into_iter().map(|task| task.expect("the task ran"));
        let (written, refused): (Vec<_>, Vec<_>) = outcomes.partition(Result::is_ok);
        assert_eq!((written.len(), refused.len()), (1, TASKS - 1));
        for error in refused.into_iter().filter_map(Result::err) {
            assert!(error.is_concurrency() && !error.is_outcome_unknown(), "{error}");
        }
    }
}
