//! Reading what the models of sale and purchase do not have: histories and dictionaries, on both backends.

use std::time::Duration;

use serde_json::{Value, json};
use tryton_sdk::{Client, Context, Decimal, Id, Model, Result};
use tryton_sdk_tests::sandbox::{Backend, Seed, Series, Server, Spec};

/// The tests of one series, with the types of its own snapshot.
macro_rules! series {
    ($name:ident, $series:expr, $schema:literal) => {
        mod $name {
            use super::*;

            mod models {
                tryton_sdk::models! { schema = $schema, models = ["test.history", "test.dict_noschema"] }
            }

            use models::{TestDictNoschema, TestHistory};

            #[tokio::test]
            async fn a_record_as_it_was() {
                for backend in Backend::ALL {
                    let (_server, tryton) = start($series, backend);
                    let ids = create(&tryton, "test.history", json!([{"value": 1}, {"value": 10}])).await;
                    let ids: Vec<Id<TestHistory>> = ids.into_iter().map(Id::new).collect();
                    // The history of older servers on SQLite counts seconds.
                    tokio::time::sleep(Duration::from_millis(1_100)).await;
                    write(&tryton, "test.history", ids[0].get(), json!({"value": 2})).await;

                    let revisions = TestHistory::history_revisions(&tryton, &ids[..1]).await.expect("revisions");
                    assert_eq!(revisions.len(), 2, "{backend}: {revisions:?}");
                    assert!(revisions[0].at > revisions[1].at && revisions.iter().all(|one| one.id == ids[0]));
                    assert!(revisions[0].user.as_deref().is_none_or(|name| name == "Administrator"), "{revisions:?}");
                    let values = async |tryton: &Client| -> Result<Vec<Option<i64>>> {
                        let search = TestHistory::search().order(TestHistory::F.id.asc());
                        search.select(TestHistory::F.value).fetch(tryton).await
                    };
                    let then = tryton.with(Context::new().at(revisions[1].at));
                    assert_eq!(values(&then).await.expect("then"), [Some(1), Some(10)], "{backend}");
                    assert_eq!(values(&tryton).await.expect("now"), [Some(2), Some(10)], "{backend}");
                    let pages = TestHistory::search().page_size(1).select(TestHistory::F.value).stream(&then);
                    assert_eq!(collect(pages).await.expect("pages"), [Some(1), Some(10)], "{backend}");
                    let before = tryton.with(Context::new().at("2020-01-01T00:00:00".parse().expect("a time")));
                    assert!(values(&before).await.expect("before").is_empty(), "{backend}");
                }
            }

            #[tokio::test]
            async fn the_values_of_a_dictionary() {
                for backend in Backend::ALL {
                    let (_server, tryton) = start($series, backend);
                    let weight = json!({"__class__": "Decimal", "decimal": "1.50"});
                    let dicts = json!([
                        {"dico": {"length": 10, "colour": "red", "weight": weight}},
                        {"dico": {"length": 30, "colour": "blue"}},
                        {"dico": null},
                    ]);
                    create(&tryton, "test.dict_noschema", dicts).await;
                    let dico = TestDictNoschema::F.dico;
                    let (length, colour) = (dico.key::<i64>("length"), dico.key::<String>("colour"));
                    let count = async |domain| TestDictNoschema::search().filter(domain).count(&tryton).await;
                    let found = [
                        count(length.gt(10)).await.expect("greater"),
                        count(length.is(10)).await.expect("equal"),
                        count(!length.is(10)).await.expect("not equal, or null"),
                        count(colour.is_in(["red", "blue"])).await.expect("in"),
                        count(colour.is_null()).await.expect("null"),
                        count(colour.like("%re%")).await.expect("like"),
                    ];
                    assert_eq!(found, [1, 1, 2, 2, 1, 1], "{backend}");
                    let search = TestDictNoschema::search().filter(length.is_not_null()).order(length.desc());
                    let columns = (length, dico.key::<Decimal>("weight"), dico);
                    let rows = search.select(columns).fetch(&tryton).await.expect("rows");
                    let read: Vec<_> = rows.iter().map(|(length, weight, _)| (*length, weight.clone())).collect();
                    assert_eq!(read, [(Some(30), None), (Some(10), "1.50".parse().ok())], "{backend}");
                    let records = TestDictNoschema::search().filter(length.is(30)).records(&tryton).await;
                    let records = records.expect("records");
                    assert_eq!(records[0].get(colour).expect("text").as_deref(), Some("blue"), "{backend}");
                }
            }
        }
    };
}

series!(v6_0, Series::V6_0, "tests/snapshots/6.0");
series!(v7_0, Series::V7_0, "tests/snapshots/7.0");
series!(v8_0, Series::V8_0, "tests/snapshots/8.0");
series!(v8_2, Series::V8_2, "tests/snapshots/8.2");

fn start(series: Series, backend: Backend) -> (Server, Client) {
    let spec = Spec::default().series(series).backend(backend).seed(Seed::None).modules(["tests"]);
    let server = Server::start(&spec).unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let client = Client::builder(&at.url, &at.database).credentials(&at.user, at.password.as_str()).build();
    let client = client.expect("the sandbox's settings are right");
    (server, client)
}

async fn create(tryton: &Client, model: &str, values: Value) -> Vec<i64> {
    tryton.call(&format!("model.{model}.create"), [values]).await.expect("create")
}

async fn write(tryton: &Client, model: &str, id: i64, values: Value) {
    let _: Value = tryton.call(&format!("model.{model}.write"), ([id], values)).await.expect("write");
}

async fn collect<T>(mut stream: tryton_sdk::RecordStream<T>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    while let Some(one) = stream.next().await {
        all.push(one?);
    }
    Ok(all)
}
