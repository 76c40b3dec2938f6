//! A server that is not the one whose snapshot the types were made of.

use futures_util::future::join;
use serde_json::{Value, json};
use tryton_sdk::types::*;
use tryton_sdk::{Domain, Draft, Error, ErrorCategory, Records, Search, model};
use tryton_sdk_tests::log;

use super::SERIES;
use super::support::client;

model! {
    /// A party of a server with one module more.
    pub Guest(GuestFields) = "party.party" of (99, 0) [search, read, create, write];
    settable { name: "name", hobby: "hobby", addresses: "addresses" }
    read_only { id: "id" }
}
/// The fields of [`Guest`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct GuestFields {
    /// ID.
    pub id: Field<Guest, Id<Guest>, ReadOnly>,
    /// Name.
    pub name: Field<Guest, Option<String>>,
    /// Of the module that is missing.
    pub hobby: Field<Guest, Option<String>>,
    /// Addresses.
    pub addresses: Field<Guest, Vec<Id<Home>>>,
}

model! {
    /// An address of such a party.
    pub Home(HomeFields) = "party.address" [search];
    settable { garden: "garden" }
    read_only {}
}
/// The fields of [`Home`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct HomeFields {
    /// Of the module that is missing.
    pub garden: Field<Home, Option<String>>,
}

model! {
    /// A model of the module that is missing.
    pub Stranger(StrangerFields) = "no.such" [search, read];
    settable { name: "name" }
    read_only {}
}
/// The fields of [`Stranger`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct StrangerFields {
    /// Name.
    pub name: Field<Stranger, Option<String>>,
}

fn lacks(error: Error, model: &str, field: &str) {
    let text = error.to_string();
    assert!(error.is_unknown_field() && error.field() == Some(field), "{text}");
    assert!(text.contains(&format!("has no field `{field}` of `{model}`")) && text.contains("check --used"), "{text}");
    assert!(!error.is_retryable() && !error.is_outcome_unknown(), "{text}");
}

#[tokio::test]
async fn a_field_that_the_server_does_not_have_is_named_however_it_is_used() {
    let tryton = client(SERIES);
    let housed = Guest::search().filter(Guest::F.addresses.is_not_null()).limit(1);
    let id = housed.ids(&tryton).await.expect("a party")[0];
    let fields = (Guest::F.name, Guest::F.hobby);
    let hobbies = |search: Search<Guest>| search.ids(&tryton);
    for (outcome, field) in [
        (Guest::search().select(fields).fetch(&tryton).await.map(drop), "hobby"),
        (hobbies(Guest::search().filter(Guest::F.hobby.is("chess"))).await.map(drop), "hobby"),
        (
            hobbies(Guest::search().filter(Guest::F.addresses.any(Home::F.garden.is("big")))).await.map(drop),
            "addresses.garden",
        ),
        (hobbies(Guest::search().order(Guest::F.hobby.asc())).await.map(drop), "hobby"),
        (Guest::search().filter(!Guest::F.hobby.is("chess")).count(&tryton).await.map(drop), "hobby"),
        (Guest::create(&tryton, Draft::new().set(Guest::F.hobby, "chess")).await.map(drop), "hobby"),
        (Guest::write(&tryton, &[id], Draft::new().set(Guest::F.hobby, "chess")).await, "hobby"),
        (Guest::export_data(&tryton, &[id], &["hobby"]).await.map(drop), "hobby"),
        (Guest::import_data(&tryton, &["hobby"], &[vec!["chess".into()]]).await.map(drop), "hobby"),
    ] {
        lacks(outcome.expect_err(field), "party.party", field);
    }
    let read = tryton.call::<Value>("model.party.party.read", ([id.get()], ["addresses.garden"])).await;
    lacks(read.expect_err("a related field"), "party.party", "addresses.garden");
    let create = json!([[{"name": "x", "addresses": [["create", [{"garden": "big"}]]]}]]);
    let created = tryton.call::<Value>("model.party.party.create", create).await;
    lacks(created.expect_err("a related field"), "party.party", "addresses.garden");
}

/// They go through all fields of the snapshot, which the application does not name.
#[tokio::test]
async fn what_names_no_field_does_without_those_that_the_server_does_not_have() {
    let tryton = client(SERIES);
    let defaults = Guest::defaults(&tryton).await.expect("without the hobby");
    assert!(!format!("{defaults:?}").contains("hobby"), "{defaults:?}");
    let mut record = Guest::search().limit(1).records(&tryton).await.expect("records").pop().expect("a party");
    assert!(record.get(Guest::F.hobby).is_err_and(|error| error.to_string().contains("hobby")));
    record.reload(&tryton).await.expect("reload");
    record.save(&tryton).await.expect("nothing to save");
}

#[tokio::test]
async fn a_model_that_the_server_does_not_have_is_named() {
    let tryton = client(SERIES);
    let typed = Stranger::search().select(Stranger::F.name).fetch(&tryton).await.map(drop);
    let count = Stranger::search().count(&tryton).await.map(drop);
    let wizard = tryton.call::<Value>("wizard.no.such.create", ()).await.map(drop);
    let report = tryton.call::<Value>("report.no.such.execute", ([1], json!({}))).await.map(drop);
    for error in [typed, count, wizard, report].map(|outcome| outcome.expect_err("no such model")) {
        assert!(error.is_unknown_model() && error.to_string().contains("the server has no `no.such`: "), "{error}");
    }
    // Of a model that is there, the method is not exposed.
    let error = tryton.call::<Value>("model.party.party.no_such", ()).await.expect_err("no such method");
    assert!(error.is_forbidden(), "{error}");
}

#[tokio::test]
async fn a_client_says_once_that_the_server_is_of_another_series_than_the_models() {
    let tryton = client(SERIES);
    let (log, ()) = log::record(async {
        let first = Guest::search().limit(1).ids(&tryton);
        let second = Guest::search().count(&tryton);
        let _ = join(first, second).await;
        let _ = Guest::search().count(&tryton.as_user("other", "secret").expect("a name")).await;
    })
    .await;
    let warnings: Vec<_> = log.lines().filter(|line| line.contains(" WARN ")).collect();
    let [warning] = &warnings[..] else { panic!("one warning: {log}") };
    for part in [format!("series={SERIES}"), "generated_for=99.0".to_owned(), "model=\"party.party\"".to_owned()] {
        assert!(warning.contains(&part), "{warning}");
    }
    let (log, _) = log::record(super::erp::Party::search().count(&client(SERIES))).await;
    assert!(!log.contains(" WARN "), "{log}");
}

/// What SQLite and Python say of them; PostgreSQL runs more.
#[tokio::test]
async fn a_query_that_the_database_cannot_run_is_no_outage() {
    let tryton = client(SERIES);
    let many = || (0..1_100).map(|number| Guest::F.name.is(number.to_string()));
    let any = Guest::search().filter(Domain::any_of(many())).count(&tryton).await;
    let ids = (0..300_000).map(Id::<Guest>::new);
    let ids = Guest::search().filter(Guest::F.id.is_in(ids)).count(&tryton).await;
    let deep = (0..60).fold(Guest::F.name.is("0"), |inner, level| {
        let one = Guest::F.name.is(level.to_string());
        if level % 2 == 0 { one.or(inner) } else { one.and(inner) }
    });
    let deep = Guest::search().filter(deep).count(&tryton).await;
    for (outcome, words) in
        [(any, "Expression tree is too large"), (ids, "too many SQL variables"), (deep, "parser stack overflow")]
    {
        let error = outcome.expect_err(words);
        let text = error.to_string();
        assert!(error.is_too_complex() && text.contains(words) && !text.contains('<'), "{text}");
        assert!(!error.is_retryable() && error.category() == ErrorCategory::CallerFault, "{text}");
    }
    // A thousand fewer, and it is a search like any other.
    let fewer = Domain::any_of(many().take(900));
    assert_eq!(Guest::search().filter(fewer).count(&tryton).await.expect("a count"), 0);
}
