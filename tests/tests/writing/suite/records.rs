//! Records are created, changed, copied and deleted.

use std::num::NonZeroUsize;

use chrono::{NaiveDate, Utc};
use serde_json::{Value, json};
use tryton_sdk::error::Unfinished;
use tryton_sdk::{Client, Domain, Draft, Id, Projection, Records};
use tryton_sdk_tests::proxy::Proxy;

use super::SERIES;
use super::client;
use super::erp::{IrLang, Party, PartyCategory, Sale};
use super::support::endpoint;

fn category(name: &str) -> Draft<PartyCategory> {
    Draft::new().set(PartyCategory::F.name, name)
}

async fn names(tryton: &Client, ids: &[Id<PartyCategory>]) -> Vec<String> {
    let search = PartyCategory::search().with_inactive().filter(PartyCategory::F.id.is_in(ids.iter().copied()));
    let columns = (PartyCategory::F.id, PartyCategory::F.name);
    let mut rows = search.select(columns).fetch(tryton).await.expect("search");
    rows.sort_by_key(|(id, _)| ids.iter().position(|asked| asked == id));
    rows.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test]
async fn a_record_is_created_changed_and_deleted() {
    let tryton = &client().await;
    let language = IrLang::search().filter(IrLang::F.code.is("fr")).select(IrLang::F.id).one(tryton).await.expect("fr");
    // On SQLite the server's own codes are no longer unique when tests create parties at the same time.
    let draft = Draft::new().set(Party::F.name, "Élan & Fils").set(Party::F.code, "elan").set(Party::F.lang, language);
    let draft = draft.set(Party::F.active, true);
    let id = Party::create(tryton, draft).await.expect("create");
    let read = async || {
        let search = Party::search().with_inactive().filter(Party::F.id.is(id));
        search.select((Party::F.name, Party::F.lang, Party::F.active)).one(tryton).await.expect("read")
    };
    assert_eq!(read().await, (Some("Élan & Fils".into()), Some(language), true));

    let unnamed = Draft::new().clear(Party::F.name).set(Party::F.lang, None::<Id<IrLang>>);
    Party::write(tryton, &[id], unnamed).await.expect("write");
    assert_eq!(read().await, (None, None, true));
    Party::write(tryton, &[id], Draft::new().set(Party::F.active, false)).await.expect("write");
    assert_eq!(read().await, (None, None, false));

    Party::delete(tryton, &[id]).await.expect("delete");
    let left = Party::search().with_inactive().filter(Party::F.id.is(id)).count(tryton).await.expect("count");
    assert_eq!(left, 0);
}

#[tokio::test]
async fn many_records_keep_the_order_of_their_drafts() {
    let tryton = &client().await;
    let wanted: Vec<String> = (0..40).rev().map(|n| format!("in order {n}")).collect();
    let drafts = wanted.iter().map(|name| category(name)).collect();
    let ids = PartyCategory::create_many(tryton, drafts).await.expect("create");
    assert_eq!(names(tryton, &ids).await, wanted);

    let turned: Vec<_> = ids.iter().rev().copied().collect();
    let copies = PartyCategory::copy(tryton, &turned, Draft::new().set(PartyCategory::F.parent, ids[0])).await;
    let copies = copies.expect("copy");
    assert!(copies.iter().all(|copy| !ids.contains(copy)));
    let originals: Vec<_> = wanted.iter().rev().cloned().collect();
    let copied = names(tryton, &copies).await;
    assert!(copied.iter().zip(&originals).all(|(copy, original)| copy.starts_with(original)), "{copied:?}");
    let children = PartyCategory::search().filter(PartyCategory::F.parent.is(ids[0])).ids(tryton).await;
    assert_eq!(children.expect("search").len(), 40);
    PartyCategory::delete(tryton, &copies).await.expect("delete");
    PartyCategory::delete(tryton, &ids).await.expect("delete");
}

#[tokio::test]
async fn each_change_is_one_request() {
    let at = endpoint(SERIES);
    let proxy = Proxy::start(&at.url).await;
    let tryton = at.client_by(proxy.url()).build();
    let tryton = &tryton.expect("built");
    tryton.login().await.expect("login");
    let mut before = proxy.requests();
    let mut requests = || std::mem::replace(&mut before, proxy.requests()).abs_diff(proxy.requests());

    let ids = PartyCategory::create_many(tryton, vec![category("one"), category("two"), category("three")]).await;
    let ids = ids.expect("create");
    assert_eq!(requests(), 1);
    let changes =
        vec![(vec![ids[0], ids[2]], category("odd")), (vec![], category("none")), (vec![ids[1]], category("even"))];
    // Two categories of one name are allowed only where their parents differ.
    PartyCategory::write_many(tryton, changes).await.expect_err("two of the same name");
    assert_eq!(names(tryton, &ids).await, ["one", "two", "three"], "all of it or nothing");
    requests();
    let changes =
        vec![(vec![ids[0]], category("1")), (vec![ids[1], ids[2]], Draft::new().set(PartyCategory::F.active, false))];
    PartyCategory::write_many(tryton, changes).await.expect("write");
    assert_eq!(requests(), 1);
    assert_eq!(names(tryton, &ids).await, ["1", "two", "three"]);
    requests();
    PartyCategory::delete(tryton, &ids).await.expect("delete");
    assert_eq!(requests(), 1);

    let nothing: [Id<PartyCategory>; 0] = [];
    PartyCategory::write(tryton, &nothing, category("nobody")).await.expect("nothing to write");
    PartyCategory::delete(tryton, &nothing).await.expect("nothing to delete");
    assert_eq!(PartyCategory::copy(tryton, &nothing, Draft::new()).await.expect("nothing to copy"), []);
    assert_eq!(PartyCategory::create_many(tryton, Vec::new()).await.expect("nothing to create"), []);
    assert_eq!(requests(), 0);
}

#[tokio::test]
async fn batches_tell_how_far_they_came() {
    let tryton = &client().await;
    let two = NonZeroUsize::new(2).expect("not zero");
    let drafts = ["a", "b", "c", "d", "e"].map(|name| category(&format!("batch {name}")));
    let ids = PartyCategory::create_in_batches(tryton, drafts.to_vec(), two).await.expect("create");
    assert_eq!(names(tryton, &ids).await, ["batch a", "batch b", "batch c", "batch d", "batch e"]);
    PartyCategory::delete(tryton, &ids).await.expect("delete");

    let mut drafts = drafts;
    drafts[3] = Draft::new().raw("name", Value::Null);
    let failed = PartyCategory::create_in_batches(tryton, drafts.to_vec(), two).await.expect_err("no name");
    assert!(
        format!("{failed:#}").starts_with("2 records are created, 3 are left: model.party.category.create"),
        "{failed:#}"
    );
    let Unfinished { created, unsure, left, error, .. } = failed;
    assert!(error.is_user_error() && unsure.is_empty(), "{error}");
    assert_eq!(names(tryton, &created).await, ["batch a", "batch b"]);
    assert_eq!(left, drafts[2..]);
    PartyCategory::delete(tryton, &created).await.expect("delete");
}

/// Whoever stops waiting knows what is created, to the last record.
#[tokio::test]
async fn a_batch_is_told_as_soon_as_it_is_created() {
    let tryton = &client().await;
    let two = NonZeroUsize::new(2).expect("not zero");
    let drafts = ["a", "b", "c", "d", "e"].map(|name| category(&format!("told {name}")));
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let mut all = Box::pin(PartyCategory::create_in_batches_with(tryton, drafts.to_vec(), two, |ids| {
        tell.send(ids.to_vec()).expect("the test listens");
    }));
    let first = tokio::select! {
        _ = &mut all => panic!("three batches are created before the first is told"),
        first = told.recv() => first.expect("the first batch"),
    };
    assert_eq!(names(tryton, &first).await, ["told a", "told b"]);
    let ids = all.await.expect("create");
    let rest: Vec<_> = std::iter::from_fn(|| told.try_recv().ok()).collect();
    assert_eq!(rest.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    assert_eq!([vec![first], rest].concat().concat(), ids);
    PartyCategory::delete(tryton, &ids).await.expect("delete");
}

#[tokio::test]
async fn defaults_are_a_draft() {
    let tryton = &client().await;
    let defaults = Sale::defaults(tryton).await.expect("defaults");
    let values = defaults.to_json();
    assert_eq!(values["invoice_method"], "order");
    assert!(values["company"].is_i64() && values.get("state").is_none(), "{values}: what is read-only is left out");

    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    let id = Sale::create(tryton, defaults.set(Sale::F.party, party)).await.expect("create");
    let read = Sale::search().filter(Sale::F.id.is(id)).select((Sale::F.party, Sale::F.number)).one(tryton).await;
    assert_eq!(read.expect("read"), (party, None));
    Sale::delete(tryton, &[id]).await.expect("delete");
}

#[tokio::test]
async fn any_method_of_a_model_can_be_called() {
    let tryton = &client().await;
    let id = PartyCategory::create(tryton, category("by hand")).await.expect("create");
    let read: Vec<Value> = PartyCategory::call(tryton, "read", ([id], ["name"])).await.expect("read");
    assert_eq!(read, [json!({"id": id, "name": "by hand"})]);
    PartyCategory::delete(tryton, &[id]).await.expect("delete");
}

/// A record that is found by a name through a reference, or that is not, is exactly one of both.
#[tokio::test]
async fn a_raw_domain_through_a_reference_has_an_opposite() {
    enum Attachment {}
    let tryton = &client().await;
    let party = Party::create(tryton, Draft::new().set(Party::F.name, "Referred").set(Party::F.code, "referred")).await;
    let (party, category) = (party.expect("create"), PartyCategory::create(tryton, category("referred")).await);
    let category = category.expect("create");
    let resources = [format!("party.party,{party}"), format!("party.category,{category}")];
    let attachments = resources.map(|resource| json!({"name": resource, "type": "link", "resource": resource}));
    let attachments: Vec<i64> = tryton.call("model.ir.attachment.create", (attachments,)).await.expect("create");
    let found = async |domain: Domain<Attachment>| {
        let domain = domain.and(Domain::raw(json!([["id", "in", attachments]])).expect("a domain")).to_json();
        let params = (domain, 0, None::<u64>, [["id", "ASC"]]);
        tryton.call::<Vec<i64>>("model.ir.attachment.search", params).await.expect("search")
    };
    for (operator, value, of_party) in
        [("=", "Referred", true), ("!=", "Referred", false), ("ilike", "REF%", true), ("not like", "x", true)]
    {
        let clause = json!([["resource.name", operator, value, "party.party"]]);
        let domain = Domain::<Attachment>::raw(clause).expect("a domain");
        let satisfies = found(domain.clone()).await;
        assert_eq!(satisfies, if of_party { vec![attachments[0]] } else { Vec::new() }, "{operator}");
        let rest: Vec<i64> = attachments.iter().filter(|id| !satisfies.contains(id)).copied().collect();
        assert_eq!(found(!domain).await, rest, "not {operator}");
    }
    tryton.call::<Value>("model.ir.attachment.delete", (attachments.clone(),)).await.expect("delete");
}

/// What types cannot say goes to the server as it is, and the server refuses what it does not know.
#[tokio::test]
async fn raw_values_are_checked_by_the_server() {
    let tryton = &client().await;
    let named = Draft::<PartyCategory>::new().raw("name", "raw".into());
    let id = PartyCategory::create(tryton, named).await.expect("create");
    assert_eq!(names(tryton, &[id]).await, ["raw"]);
    let unknown = Draft::<PartyCategory>::new().raw("nmae", "raw".into());
    let error = PartyCategory::write(tryton, &[id], unknown).await.expect_err("no such field");
    assert!(error.to_string().contains("nmae") && error.ids() == [id.get()], "{error}");
    PartyCategory::delete(tryton, &[id]).await.expect("delete");
}

#[derive(Debug, Projection)]
#[tryton(model = Sale)]
struct Dated {
    sale_date: Option<NaiveDate>,
    #[tryton(expect)]
    create_date: chrono::DateTime<Utc>,
}

#[tokio::test]
async fn dates_of_another_crate() {
    let tryton = &client().await;
    let party = Party::search().select(Party::F.id).first(tryton).await.expect("search").expect("a party");
    let day = NaiveDate::from_ymd_opt(2026, 2, 28).expect("a date");
    let sale = Draft::new().set(Sale::F.party, party).set(Sale::F.sale_date, day);
    let before = Utc::now() - chrono::TimeDelta::minutes(1);
    let sale = Sale::create(tryton, sale).await.expect("create");

    let of_that_day = Sale::F.id.is(sale).and(Sale::F.sale_date.ge(day));
    let dated: Dated = Sale::search().filter(of_that_day).one(tryton).await.expect("read");
    assert_eq!(dated.sale_date, Some(day));
    assert!((before..=Utc::now()).contains(&dated.create_date), "{dated:?}");
}
