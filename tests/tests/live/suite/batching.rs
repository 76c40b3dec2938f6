//! Reads that become one request.

use futures_util::future::join_all;
use tryton_sdk::{Batching, Id, Projection};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::erp::Party;
use super::support::endpoint;

#[derive(Clone, Debug, PartialEq, Projection)]
#[tryton(model = Party)]
struct Named {
    id: Id<Party>,
    name: Option<String>,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Coded {
    code: Option<String>,
}

/// A connection that has logged in by way of a proxy that counts, and some parties.
async fn counted() -> (Proxy, Batching, Vec<Id<Party>>) {
    let at = endpoint(SERIES);
    let proxy = Proxy::start(&at.url).await;
    let tryton = at.client_by(proxy.url()).build().expect("the settings are right");
    let ids = Party::search().order(Party::F.id.asc()).limit(3).ids(&tryton).await.expect("parties");
    assert_eq!(ids.len(), 3);
    (proxy, tryton.batching(), ids)
}

#[tokio::test]
async fn a_hundred_tasks_that_read_a_party_each_make_one_request() {
    let (proxy, tryton, ids) = counted().await;
    let alone: Vec<Named> = Party::read(&tryton, &ids).await.expect("parties");
    let before = proxy.requests();
    let tasks = (0..100).map(|n| {
        let (tryton, id) = (tryton.clone(), ids[n % ids.len()]);
        tokio::spawn(async move { Party::read::<Named>(&tryton, &[id]).await })
    });
    for (n, read) in join_all(tasks).await.into_iter().enumerate() {
        let read = read.expect("a task").expect("a party");
        assert_eq!(read, [alone[n % ids.len()].clone()]);
    }
    assert_eq!(proxy.requests() - before, 1);
}

#[tokio::test]
async fn reads_of_other_fields_are_another_request_and_searches_pass() {
    let (proxy, tryton, ids) = counted().await;
    let before = proxy.requests();
    let (one, two, three, codes, count) = tokio::join!(
        Party::read::<Named>(&tryton, &ids[..1]),
        Party::read::<Named>(&tryton, &ids[1..]),
        Party::read::<Coded>(&tryton, &ids[..1]),
        Party::read::<Coded>(&tryton, &ids[2..]),
        Party::search().count(&tryton),
    );
    let read: Vec<_> = [one.expect("one"), two.expect("two")].concat().into_iter().map(|party| party.id).collect();
    assert_eq!(read, ids);
    assert!(three.expect("a code")[0].code.is_some() && codes.expect("a code")[0].code.is_some());
    assert!(count.expect("a number") >= 3);
    assert_eq!(proxy.requests() - before, 3);
}

#[tokio::test]
async fn a_record_that_is_missing_fails_its_own_read_alone() {
    let (proxy, tryton, ids) = counted().await;
    let before = proxy.requests();
    let gone = [Id::new(987_654)];
    let (there, missing) = tokio::join!(Party::read::<Named>(&tryton, &ids[..1]), Party::read::<Named>(&tryton, &gone));
    assert_eq!(there.expect("a party")[0].id, ids[0]);
    assert!(missing.is_err());
    assert_eq!(proxy.requests() - before, 3, "the batch, and each by itself");
}
