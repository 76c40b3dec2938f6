//! Nobody overwrites what somebody else has changed meanwhile. Changes are told apart by the microsecond; on SQLite, trytond
//! 6.0 and 7.0 do so by the second.

use futures_util::future::join_all;
use tryton_sandbox::Backend;
use tryton_sdk::{Context, Draft, Model};

use super::models::TestModelstorage;
use super::{client, of};

const TASKS: usize = 100;
const VERSIONS: usize = 3;

#[tokio::test]
async fn one_of_a_hundred_writes_to_each_version() {
    let tryton = &client(Backend::Postgresql);
    let name = TestModelstorage::F.name;
    let id = TestModelstorage::create(tryton, Draft::new().set(name, "version 0")).await.expect("create");
    let read = async || {
        let search = TestModelstorage::search().filter(of([id])).select((name, TestModelstorage::TIMESTAMP));
        search.one(tryton).await.expect("read")
    };
    for version in 1..=VERSIONS {
        let (_, read_at) = read().await;
        let careful = tryton.with(Context::new().unchanged_since(id, &read_at));
        let tasks = (0..TASKS).map(|task| {
            let (careful, text) = (careful.clone(), format!("version {version} by {task}"));
            tokio::spawn(async move {
                let outcome = TestModelstorage::write(&careful, &[id], Draft::new().set(name, &text)).await;
                (text, outcome)
            })
        });
        let mut written = Vec::new();
        for task in join_all(tasks).await {
            match task.expect("the task ran") {
                (text, Ok(())) => written.push(text),
                (_, Err(error)) => assert!(error.is_concurrency() && !error.is_outcome_unknown(), "{error}"),
            }
        }
        assert_eq!(written.len(), 1, "{written:?}");
        assert_eq!(read().await.0.as_ref(), written.first(), "what was written is there");
    }
}
