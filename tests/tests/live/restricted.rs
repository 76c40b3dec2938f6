//! A server that is configured to refuse more than usual.

use futures_util::TryStreamExt as _;
use serde_json::{Value, json};
use tryton_sandbox::{Sandbox, Seed};
use tryton_sdk::{Client, Id, Projection, Records};

mod erp {
    tryton_sdk::models! { schema = "snapshots/sale/8.2", models = ["party.party"] }
}
use erp::Party;

#[derive(Projection)]
#[tryton(model = Party)]
struct Named {
    id: Id<Party>,
}

#[tokio::test]
async fn what_the_configuration_forbids_is_told_apart() {
    let sandbox = Sandbox::default()
        .seed(Seed::Small)
        .config("database", "list", "false")
        .config("request", "records_limit", "5")
        .config("session", "max_attempt", "2");
    let server = sandbox.start().unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let tryton = at.client().build();
    let tryton = tryton.expect("the settings are right");

    let list = tryton.call::<Value>("common.db.list", ()).await.expect_err("listing is forbidden");
    assert!(list.is_forbidden(), "{list}");
    tryton.ping().await.expect("a ping needs no list");

    let params = (json!([]), 0, 6, None::<()>, ["name"]);
    let many = tryton.call::<Value>("model.party.party.search_read", params).await.expect_err("six are too many");
    assert!(many.is_too_large(), "{many}");

    // What reads many records asks for fewer at once, until the server gives them: 500, 250, … 7 and then 3.
    let all = Party::search().limit(5).ids(&tryton).await.expect("five are not too many");
    let rest = Party::search().offset(5).limit(5).ids(&tryton).await.expect("five are not too many");
    let ids = [all, rest].concat();
    assert_eq!(ids.len(), 10);
    let read: Vec<Named> = Party::read_many(&tryton, &ids).await.expect("read");
    assert_eq!(read.iter().map(|party| party.id).collect::<Vec<_>>(), ids);
    let count = Party::search().count(&tryton).await.expect("count");
    let streamed: Vec<Named> = Party::search().stream(&tryton).try_collect().await.expect("all of them");
    assert!(count > 5 && streamed.len() as u64 == count, "{count}");
    let one = Party::search().order(Party::F.name.asc()).page_size(11).stream::<Named>(&tryton);
    assert_eq!(one.try_collect::<Vec<_>>().await.expect("by offset").len() as u64, count);

    let stranger = Client::builder(&at.url, &at.database).credentials("stranger", "guess").build().expect("built");
    let mut failures = Vec::new();
    for _ in 0..5 {
        failures.push(stranger.login().await.expect_err("a stranger"));
    }
    assert!(failures[0].is_bad_credentials(), "{failures:?}");
    assert!(failures[4].is_rate_limited(), "{failures:?}");
}
