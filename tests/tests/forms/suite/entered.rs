//! A sale that is entered by the SDK is the one that is entered by proteus, Tryton's own client library.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Map, Value, json};
use tryton_sdk::Client;
use tryton_sdk_tests::build::program;
use tryton_sdk_tests::proteus::{self, ENTER_SALE};

use super::{SERIES, client, customer};
use crate::support;

/// What is of each record its own.
const OWN: [&str; 9] =
    ["id", "rec_name", "create_date", "write_date", "last_modified_at", "number", "_timestamp", "lines", "line_lines"];

/// What the example `enter_sale` prints.
async fn by_the_example(args: Vec<String>) -> String {
    let entered = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(program("example", "enter_sale"));
        command.envs(support::endpoint(SERIES).variables()).args(args).output()
    });
    let output = entered.await.expect("no panic").expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

async fn by_proteus(args: Vec<String>) -> String {
    let entered = tokio::task::spawn_blocking(move || {
        let server = support::server(SERIES);
        proteus::run(server.python(), server.endpoint(), ENTER_SALE, &args)
    });
    entered.await.expect("no panic").expect("proteus enters it")
}

/// All fields of records, in the order of the ids.
async fn read(tryton: &Client, model: &str, ids: Value) -> Vec<Map<String, Value>> {
    let fields: Map<String, Value> =
        tryton.call(&format!("model.{model}.fields_get"), [json!([])]).await.expect("fields");
    let names: Vec<&String> = fields.keys().collect();
    let mut records: Vec<Map<String, Value>> =
        tryton.call(&format!("model.{model}.read"), (&ids, names)).await.expect("read");
    let place =
        |record: &Map<String, Value>| ids.as_array().and_then(|ids| ids.iter().position(|id| *id == record["id"]));
    records.sort_by_key(place);
    records
}

/// The fields in which two records differ.
fn differences(one: &Map<String, Value>, other: &Map<String, Value>, own: &[&str]) -> BTreeSet<String> {
    let names = one.keys().chain(other.keys()).filter(|name| !own.contains(&name.as_str()));
    names.filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[tokio::test]
async fn the_example_enters_what_proteus_enters() {
    let tryton = &client().await;
    customer(tryton, "Entered twice").await;
    let args = ["Entered twice", "HAMMER=2", "BOLT-M8=10", "HAMMER=3"].map(str::to_owned).to_vec();
    let said = [by_the_example(args.clone()).await, by_proteus(args).await];
    let said = said.each_ref().map(|said| said.split_once(' ').expect("an id and a total"));
    assert_eq!(said[0].1, said[1].1, "the totals before saving");

    let mut sales = Vec::new();
    for (id, _) in said {
        let id: i64 = id.parse().expect("an id");
        let sale = read(tryton, "sale.sale", json!([id])).await.remove(0);
        let lines = read(tryton, "sale.line", sale["lines"].clone()).await;
        sales.push((sale, lines));
    }
    let [(by_sdk, lines), (by_proteus, other_lines)] = &sales[..] else { panic!("two sales") };
    assert!(by_sdk.len() > 40 && !by_sdk["payment_term"].is_null(), "{by_sdk:?}");
    assert_eq!(differences(by_sdk, by_proteus, &OWN), BTreeSet::new(), "{by_sdk:?}\n{by_proteus:?}");
    assert_eq!((lines.len(), other_lines.len()), (3, 3));
    for (line, other) in lines.iter().zip(other_lines) {
        let own = [&OWN[..], &["sale"]].concat();
        assert_eq!(differences(line, other, &own), BTreeSet::new(), "{line:?}\n{other:?}");
    }
}
