//! Searches in pages, and reading many records.

use std::time::Duration;

use futures_util::TryStreamExt as _;
use tryton_sdk::{Client, Id, Mark, Projection, Records, read_ahead};
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

/// In as many requests as otherwise.
#[tokio::test]
async fn the_next_page_comes_while_the_program_works() {
    let (proxy, tryton, before) = counted().await;
    let mut ahead = read_ahead(Sale::search().page_size(20).stream::<Numbered>(&tryton), 20);
    let first = ahead.next().await.expect("a sale").expect("a sale");
    let second_page = async {
        while proxy.requests() - before < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), second_page).await.expect("it is asked for without being polled");
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(proxy.requests() - before, 2, "one page ahead, and no more");
    let rest: Vec<Numbered> = ahead.try_collect().await.expect("the rest");
    assert_eq!(proxy.requests() - before, 3, "20, 20 and 10");
    let ids: Vec<_> = [first.id].into_iter().chain(rest.iter().map(|sale| sale.id)).collect();
    assert_eq!(ids, Sale::search().order(Sale::F.id.asc()).ids(&tryton).await.expect("ids"));
}

#[tokio::test]
async fn pages_that_are_read_at_once_come_in_order() {
    let (proxy, tryton, before) = counted().await;
    let by_party = Sale::search().order(Sale::F.party.asc()).order(Sale::F.id.desc()).offset(3).limit(44);
    let expected = by_party.clone().ids(&tryton).await.expect("ids");
    let at_once = by_party.page_size(10).concurrency(3);
    let mut stream = at_once.select(Sale::F.id).stream(&tryton);
    let first = stream.next().await.expect("a sale").expect("a sale");
    assert!((2..=4).contains(&(proxy.requests() - before - 1)), "three pages at most");
    let rest: Vec<Id<Sale>> = stream.try_collect().await.expect("the rest");
    assert_eq!([vec![first], rest].concat(), expected);
    assert_eq!(proxy.requests() - before, 7, "the ids, and again with 10, 10, 10, 10 and 4");

    let all: Vec<Id<Sale>> = Sale::search()
        .concurrency(2)
        .page_size(25)
        .select(Sale::F.id)
        .stream(&tryton)
        .try_collect()
        .await
        .expect("ids");
    assert_eq!(all, Sale::search().order(Sale::F.id.asc()).ids(&tryton).await.expect("ids"));
    let none = Sale::search().filter(Sale::F.number.is("none")).concurrency(2).stream::<Numbered>(&tryton).next().await;
    assert!(none.is_none());
}

/// Where all is on the first pages, there is nothing to ask for beside them.
#[tokio::test]
async fn what_was_changed_is_read_in_few_requests() {
    let (proxy, tryton, mut before) = counted().await;
    let mut requests = || {
        let made = proxy.requests() - before;
        before += made;
        made
    };
    let changes: Vec<_> =
        Sale::search().changed_since::<Numbered>(&tryton, Mark::default()).try_collect().await.expect("changes");
    assert_eq!((changes.len(), requests()), (50, 2));
    let written = Sale::search().filter(Sale::F.write_date.is_not_null()).count(&tryton).await.expect("a count");
    requests();
    let paged = Sale::search().page_size(20).changed_since::<Numbered>(&tryton, Mark::default());
    assert_eq!(paged.try_collect::<Vec<_>>().await.expect("changes").len(), 50);
    // The last page of each kind has fewer.
    let pages = (written / 20 + 1) + ((50 - written) / 20 + 1);
    assert_eq!(requests() as u64, pages + 2, "{written} were written");

    for wrong in [Sale::search().order(Sale::F.number.asc()), Sale::search().offset(1)] {
        let mut changes = wrong.changed_since::<Numbered>(&tryton, Mark::default());
        assert!(changes.next().await.expect("an error").err().is_some_and(|error| error.is_invalid_request()));
        assert!(changes.next().await.is_none() && changes.next().await.is_none());
    }
    assert_eq!(requests(), 0);
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
