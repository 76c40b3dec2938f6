//! Searches in pages, and reading many records.

use futures_util::TryStreamExt as _;
use tryton_sdk::{Client, Id, Projection, Records};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::erp::{Party, Sale, SaleState};
use super::support::{client, endpoint};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Numbered {
    id: Id<Sale>,
    number: Option<String>,
    party: Named,
}

#[derive(Projection)]
#[tryton(model = Party)]
struct Named {
    name: Option<String>,
}

/// A client that has logged in by way of a proxy that counts.
async fn counted() -> (Proxy, Client, usize) {
    let at = endpoint(SERIES);
    let proxy = Proxy::start(&at.url).await;
    let tryton = at.client_by(proxy.url());
    let tryton = tryton.build().expect("the settings are right");
    tryton.login().await.expect("login");
    let before = proxy.requests();
    (proxy, tryton, before)
}

#[tokio::test]
async fn a_stream_asks_for_a_page_when_it_is_polled() {
    let (proxy, tryton, before) = counted().await;
    let mut stream = Sale::search().page_size(20).stream::<Numbered>(&tryton);
    assert_eq!(proxy.requests() - before, 0, "nothing is asked before it is polled");
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(stream.next().await.expect("a sale").expect("a sale").id);
    }
    assert_eq!(proxy.requests() - before, 1);
    ids.push(stream.next().await.expect("a sale").expect("a sale").id);
    assert_eq!(proxy.requests() - before, 2);
    let rest: Vec<Numbered> = stream.try_collect().await.expect("the rest");
    assert!(rest.iter().any(|sale| sale.number.is_some()) && rest.iter().all(|sale| sale.party.name.is_some()));
    ids.extend(rest.iter().map(|sale| sale.id));
    assert_eq!(proxy.requests() - before, 3, "20, 20 and 10");
    assert_eq!(ids, Sale::search().order(Sale::F.id.asc()).ids(&tryton).await.expect("ids"));
}

#[tokio::test]
async fn a_stream_that_is_dropped_asks_nothing_more() {
    let (proxy, tryton, before) = counted().await;
    let mut stream = Sale::search().page_size(5).stream::<Numbered>(&tryton);
    stream.next().await.expect("a sale").expect("a sale");
    drop(stream);
    let none = Sale::search().limit(0).stream::<Numbered>(&tryton).next().await;
    assert!(none.is_none());
    assert_eq!(proxy.requests() - before, 1);
}

#[tokio::test]
async fn limit_and_offset_count_for_the_stream_as_a_whole() {
    let (proxy, tryton, before) = counted().await;
    let window = Sale::search().offset(7).limit(23).page_size(10);
    let streamed: Vec<Id<Sale>> = window.clone().select(Sale::F.id).stream(&tryton).try_collect().await.expect("ids");
    assert_eq!(proxy.requests() - before, 3, "10, 10 and 3");
    assert_eq!(streamed, window.order(Sale::F.id.asc()).ids(&tryton).await.expect("ids"));

    let cancelled = Sale::search().filter(Sale::F.state.is(SaleState::Cancelled)).page_size(1);
    let count = cancelled.count(&tryton).await.expect("count");
    let ids: Vec<Id<Sale>> = cancelled.select(Sale::F.id).stream(&tryton).try_collect().await.expect("ids");
    assert!(count > 1 && ids.len() as u64 == count);
}

#[tokio::test]
async fn another_order_is_paged_by_offset() {
    let (proxy, tryton, before) = counted().await;
    let by_party = Sale::search().order(Sale::F.party.asc()).order(Sale::F.id.desc()).offset(3).page_size(20);
    let streamed: Vec<Id<Sale>> = by_party.clone().select(Sale::F.id).stream(&tryton).try_collect().await.expect("ids");
    assert_eq!(proxy.requests() - before, 3, "20, 20 and 7");
    assert_eq!(streamed, by_party.ids(&tryton).await.expect("ids"));
}

#[tokio::test]
async fn many_records_are_read_in_the_order_asked_for() {
    let (proxy, tryton, before) = counted().await;
    let mut ids = Sale::search().ids(&tryton).await.expect("ids");
    ids.rotate_left(13);
    let sales: Vec<Numbered> = Sale::read_many(&tryton, &ids).await.expect("read");
    assert_eq!(sales.iter().map(|sale| sale.id).collect::<Vec<_>>(), ids);
    assert_eq!(proxy.requests() - before, 2);
    ids.push(ids[0]);
    let twice: Vec<Numbered> = Sale::read_many(&tryton, &ids).await.expect("read");
    assert_eq!(twice.iter().map(|sale| sale.id).collect::<Vec<_>>(), ids);
    assert!(Sale::read_many::<Numbered>(&tryton, &[]).await.expect("nothing").is_empty());
    assert_eq!(proxy.requests() - before, 3);
}

#[tokio::test]
async fn the_same_column_twice() {
    let search = Sale::search().order(Sale::F.id.asc());
    let columns = (Sale::F.number, Sale::F.id, Sale::F.number, Sale::F.id);
    let rows: Vec<_> = search.select(columns).fetch(&client(SERIES)).await.expect("rows");
    assert_eq!(rows.len(), 50);
    assert!(rows.iter().all(|(number, id, same, also)| number == same && id == also));
}
