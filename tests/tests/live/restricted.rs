//! A server that is configured to refuse more than usual.

use serde_json::{Value, json};
use tryton_sdk::Client;
use tryton_sdk_tests::sandbox::{Seed, Server, Spec};

#[tokio::test]
async fn what_the_configuration_forbids_is_told_apart() {
    let spec = Spec::default()
        .seed(Seed::Small)
        .config("database", "list", "false")
        .config("request", "records_limit", "5")
        .config("session", "max_attempt", "2");
    let server = Server::start(&spec).unwrap_or_else(|e| panic!("{e}"));
    let at = server.endpoint();
    let tryton = at.client().build();
    let tryton = tryton.expect("the settings are right");

    let list = tryton.call::<Value>("common.db.list", ()).await.expect_err("listing is forbidden");
    assert!(list.is_forbidden(), "{list}");
    tryton.ping().await.expect("a ping needs no list");

    let params = (json!([]), 0, 6, None::<()>, ["name"]);
    let many = tryton.call::<Value>("model.party.party.search_read", params).await.expect_err("six are too many");
    assert!(many.is_too_large(), "{many}");

    let stranger = Client::builder(&at.url, &at.database).credentials("stranger", "guess").build().expect("built");
    let mut failures = Vec::new();
    for _ in 0..5 {
        failures.push(stranger.login().await.expect_err("a stranger"));
    }
    assert!(failures[0].is_bad_credentials(), "{failures:?}");
    assert!(failures[4].is_rate_limited(), "{failures:?}");
}
