//! A list of records becomes exactly what a program wants.

use std::sync::Arc;
use std::time::Duration;

use tryton_sdk::connection::{BoxFuture, Bytes, Call};
use tryton_sdk::{Client, Connection, Context, Draft, Id, Records, Result, Series};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::client;
use super::erp::{Party, PartyAddress, PartyCategory};
use super::support::endpoint;

fn category(name: &str) -> Draft<PartyCategory> {
    Draft::new().set(PartyCategory::F.name, name)
}

/// A party with a code of its own: numbers that the server gives to two at once may be the same.
async fn party(tryton: &Client, code: &str, draft: Draft<Party>) -> Id<Party> {
    let named = draft.set(Party::F.name, "Replaced").set(Party::F.code, code);
    Party::create(tryton, named).await.expect("create")
}

/// The categories of a party, those that are inactive included, in the order of their ids.
async fn all_categories(tryton: &Client, id: Id<Party>) -> Vec<Id<PartyCategory>> {
    let tryton = tryton.with(Context::new().active_test(false));
    let search = Party::search().filter(Party::F.id.is(id)).select(Party::F.categories);
    let mut categories = search.one(&tryton).await.expect("read");
    categories.sort();
    categories
}

#[tokio::test]
async fn a_list_becomes_exactly_these() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let tryton = &endpoint(SERIES).client_by(proxy.url()).build().expect("built");
    let labels = ["replaced 1", "replaced 2", "replaced 3", "replaced 4"].map(category);
    let labels = PartyCategory::create_many(tryton, labels.to_vec()).await.expect("create");
    let id = party(tryton, "REPLACED1", Draft::new().link(Party::F.categories, labels[..3].iter().copied())).await;
    PartyCategory::write(tryton, &labels[1..3], Draft::new().set(PartyCategory::F.active, false)).await.expect("write");

    let replace = async |wanted: &[usize]| {
        let before = proxy.requests();
        let wanted = wanted.iter().map(|n| labels[*n]);
        let change = Party::replace(tryton, id, Party::F.categories, wanted).await.expect("replace");
        (change.added, change.removed, proxy.requests() - before)
    };
    // One stays, one that is inactive stays, one that is inactive goes, and one comes, however often it is given.
    assert_eq!(replace(&[0, 3, 1, 3]).await, (vec![labels[3]], vec![labels[2]], 2));
    assert_eq!(all_categories(tryton, id).await, [labels[0], labels[1], labels[3]]);
    assert_eq!(replace(&[1, 3, 0]).await, (Vec::new(), Vec::new(), 1));
    let (added, mut removed, requests) = replace(&[]).await;
    removed.sort();
    assert_eq!((added, removed, requests), (Vec::new(), vec![labels[0], labels[1], labels[3]], 2));
    assert_eq!(all_categories(tryton, id).await, []);
    Party::delete(tryton, &[id]).await.expect("delete");
}

#[tokio::test]
async fn a_record_that_is_put_on_a_list_leaves_that_where_it_was() {
    let tryton = &client().await;
    let (childs, parent) = (PartyCategory::F.childs, PartyCategory::F.parent);
    let tree =
        |name: &str| category(name).add(childs, [category(&format!("{name} 1")), category(&format!("{name} 2"))]);
    let roots = PartyCategory::create_many(tryton, vec![tree("left root"), tree("right root")]).await.expect("create");
    let below = async |n: usize| {
        let search = PartyCategory::search().filter(parent.is(roots[n])).order(PartyCategory::F.id.asc());
        search.ids(tryton).await.expect("search")
    };
    let (left, right) = (below(0).await, below(1).await);
    let change = PartyCategory::replace(tryton, roots[0], childs, [left[1], right[0]]).await.expect("replace");
    assert_eq!((change.added, change.removed), (vec![right[0]], vec![left[0]]));
    let mut expected = vec![left[1], right[0]];
    expected.sort();
    assert_eq!((below(0).await, below(1).await), (expected, vec![right[1]]));
    let orphan = PartyCategory::search().filter(PartyCategory::F.id.is(left[0]).and(parent.is_null()));
    assert_eq!(orphan.count(tryton).await.expect("count"), 1, "it goes on existing");
    // An address needs its party: the server does not let it go.
    let draft = Draft::new().add(Party::F.addresses, [Draft::new().set(PartyAddress::F.city, "Bodø")]);
    let id = party(tryton, "REPLACED2", draft).await;
    let error = Party::replace(tryton, id, Party::F.addresses, []).await.expect_err("an address has a party");
    assert!(error.is_user_error(), "{error}");
}

/// A connection beside which somebody else changes the party as soon as it is read.
struct Meddled<'a> {
    tryton: &'a Client,
    id: Id<Party>,
}

impl Connection for Meddled<'_> {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        Box::pin(async move {
            let answer = self.tryton.send(call).await;
            if call.subject().method().ends_with(".read") {
                // On SQLite, trytond 6.0 and 7.0 tell changes apart by the second.
                tokio::time::sleep(Duration::from_millis(1_100)).await;
                Party::write(self.tryton, &[self.id], Draft::new().set(Party::F.name, "Meddled")).await?;
            }
            answer
        })
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        Box::pin(self.tryton.series())
    }

    fn context(&self) -> &Context {
        self.tryton.context()
    }

    fn share(&self) -> Arc<dyn Connection> {
        self.tryton.share()
    }
}

#[tokio::test]
async fn a_list_is_not_replaced_when_the_record_has_changed_meanwhile() {
    let tryton = &client().await;
    let labels = vec![category("kept by the other"), category("wanted by us")];
    let labels = PartyCategory::create_many(tryton, labels).await.expect("create");
    let id = party(tryton, "REPLACED3", Draft::new().link(Party::F.categories, [labels[0]])).await;
    let meddled = Meddled { tryton, id };
    let error = Party::replace(&meddled, id, Party::F.categories, [labels[1]]).await.expect_err("it has changed");
    assert!(error.is_concurrency() && error.ids() == [id.get()], "{error}");
    assert_eq!(all_categories(tryton, id).await, [labels[0]]);
    Party::replace(&meddled, id, Party::F.categories, [labels[0]]).await.expect("there is nothing to write");
    Party::replace(tryton, id, Party::F.categories, [labels[1]]).await.expect("nobody was faster");
    assert_eq!(all_categories(tryton, id).await, [labels[1]]);
}
