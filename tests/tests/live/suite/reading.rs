//! Searching and reading through typed fields.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tryton_sdk::types::DateTime;
use tryton_sdk::{Decimal, Id, Projection, Reference};
use tryton_sdk_tests::proxy::Proxy;

use super::erp::{Company, Party, ProductTemplate, Sale, SaleLine, SaleState};
use super::support::{client, endpoint};
use super::{SERIES, erp};

#[derive(Projection)]
#[tryton(model = Sale)]
struct Order {
    id: Id<Sale>,
    number: Option<String>,
    state: SaleState,
    total_amount: Option<Decimal>,
    party: Customer,
    // The same relation three times: nested, as an id, and by a path.
    #[tryton(path = "party")]
    party_id: Id<Party>,
    #[tryton(path = "party.lang.code")]
    language: Option<String>,
    lines: Vec<Line>,
    create_date: Option<DateTime>,
    origin: Option<Reference>,
    shipment_party: Option<Customer>,
}

#[derive(Projection, Debug, PartialEq)]
#[tryton(model = Party)]
struct Customer {
    #[tryton(expect)]
    name: String,
    active: bool,
    #[tryton(path = "lang.name")]
    language: Option<String>,
}

#[derive(Projection)]
#[tryton(model = SaleLine)]
struct Line {
    quantity: Option<f64>,
    #[tryton(expect)]
    unit_price: Decimal,
    #[tryton(path = "product.template.list_price")]
    list_price: Option<Decimal>,
    amount: Option<Decimal>,
    sale: Id<Sale>,
}

#[tokio::test]
async fn fifty_sales_with_parties_and_lines_are_one_request() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let at = endpoint(SERIES);
    let tryton = at.client_by(proxy.url());
    let tryton = tryton.build().expect("the settings are right");
    tryton.login().await.expect("login");
    let before = proxy.requests();
    let orders: Vec<Order> = Sale::search().order(Sale::F.id.asc()).fetch(&tryton).await.expect("search");
    assert_eq!(proxy.requests() - before, 1);

    assert_eq!(orders.len(), 50);
    assert!(orders.iter().all(|order| order.lines.iter().all(|line| line.sale == order.id)));
    assert!(orders.iter().any(|order| order.language.is_some()));
    assert!(orders.iter().all(|order| order.create_date.is_some() && order.origin.is_none()));
    for order in &orders {
        let sum: Decimal = order.lines.iter().filter_map(|line| line.amount.as_ref()).sum();
        let total = order.total_amount.clone().expect("a total");
        assert!(total >= sum, "{:?}: {total} is less than {sum} without tax", order.number);
        assert!(order.lines.iter().all(|line| line.quantity > Some(0.0) && line.list_price.is_some()));
        assert!(order.lines.iter().all(|line| line.unit_price > Decimal::from(0)));
    }
    let states: BTreeSet<_> = orders.iter().map(|order| order.state.to_string()).collect();
    assert!(states.is_superset(&["draft", "quotation", "confirmed"].map(str::to_owned).into()), "{states:?}");
    assert!(orders.iter().all(|order| order.shipment_party.as_ref().is_none_or(|party| *party == order.party)));
}

#[tokio::test]
async fn what_is_read_is_what_the_server_says() {
    let tryton = client(SERIES);
    let orders: Vec<Order> = Sale::search().limit(20).order(Sale::F.id.desc()).fetch(&tryton).await.expect("search");
    let ids: Vec<i64> = orders.iter().map(|order| order.id.get()).collect();
    let fields = ["number", "state", "total_amount", "party", "party.name", "party.active"];
    let raw: Vec<Value> = tryton.call("model.sale.sale.read", (&ids, fields)).await.expect("read");
    assert_eq!(raw.len(), 20);
    for raw in &raw {
        let order = orders.iter().find(|order| raw["id"] == order.id.get()).expect("the same records");
        assert_eq!(raw["number"], json!(order.number));
        assert_eq!(raw["state"], order.state.as_str());
        assert_eq!(raw["party"], order.party_id.get());
        assert_eq!(raw["party."]["name"], order.party.name);
        let total = order.total_amount.as_ref().map(Decimal::to_string);
        assert_eq!(raw["total_amount"]["decimal"].as_str(), total.as_deref());
    }
}

#[tokio::test]
async fn limit_offset_and_order_make_windows() {
    let tryton = client(SERIES);
    let all = Sale::search().order(Sale::F.party.asc()).order(Sale::F.id.desc()).ids(&tryton).await.expect("ids");
    let window = Sale::search().order(Sale::F.party.asc()).order(Sale::F.id.desc()).offset(10).limit(5);
    assert_eq!(window.count(&tryton).await.expect("count"), 50, "a count knows no window");
    assert_eq!(window.ids(&tryton).await.expect("ids"), all[10..15]);
    assert_eq!(Sale::search().ids(&tryton).await.expect("ids").len(), 50);

    let mut ascending = Sale::search().order(Sale::F.id.asc()).ids(&tryton).await.expect("ids");
    assert!(ascending.is_sorted());
    ascending.reverse();
    assert_eq!(Sale::search().order(Sale::F.id.desc()).ids(&tryton).await.expect("ids"), ascending);
}

#[tokio::test]
async fn first_and_one_say_what_there_is() {
    let tryton = client(SERIES);
    let drafts = Sale::search().filter(Sale::F.state.is(SaleState::Draft));
    let first: Option<Order> = drafts.clone().first(&tryton).await.expect("first");
    let id = first.expect("there are drafts").id;
    let none: Option<Order> = Sale::search().filter(Sale::F.id.is(Id::new(0))).first(&tryton).await.expect("first");
    assert!(none.is_none());

    let one: Order = Sale::search().filter(Sale::F.id.is(id)).one(&tryton).await.expect("one");
    assert_eq!(one.id, id);
    let nothing = Sale::search().filter(Sale::F.id.is(Id::new(0))).one::<Order>(&tryton).await.err().expect("none");
    assert!(
        nothing.is_none_found() && nothing.found_count() == Some(0) && nothing.to_string().ends_with("found none"),
        "{nothing}"
    );
    let count = drafts.count(&tryton).await.expect("count");
    let several = drafts.one::<Order>(&tryton).await.err().expect("several");
    assert!(
        several.is_several_found()
            && several.found_count() == Some(count)
            && several.to_string().ends_with(&format!("found {count}")),
        "{several}"
    );
}

/// Their futures may move to another thread, as those of a web server do.
#[tokio::test]
async fn every_way_to_read_can_be_spawned() {
    let tryton = client(SERIES);
    let task = tokio::spawn(async move {
        let some = Sale::search().order(Sale::F.id.asc()).limit(2);
        let fetched: Vec<Order> = some.clone().fetch(&tryton).await?;
        let ids: Vec<Id<Sale>> = fetched.iter().map(|order| order.id).collect();
        let read: Vec<Order> = Sale::read(&tryton, &ids).await?;
        let one: Order = Sale::search().filter(Sale::F.id.is(ids[0])).one(&tryton).await?;
        let selected: Vec<(Id<Sale>, SaleState)> =
            some.clone().select((Sale::F.id, Sale::F.state)).fetch(&tryton).await?;
        let records = some.clone().records(&tryton).await?;
        let orders = [&fetched[0], &read[0], &one].map(|order| (order.id, order.state.clone()));
        assert!(orders.iter().all(|order| *order == selected[0]));
        assert_eq!(records[0].get(Sale::F.state)?, one.state);
        some.count(&tryton).await
    });
    assert_eq!(task.await.expect("no panic").expect("read"), 50);
}

#[tokio::test]
async fn columns_are_read_without_a_struct() {
    let tryton = client(SERIES);
    let search = Sale::search().order(Sale::F.id.asc());
    let ids: Vec<Id<Sale>> = search.clone().select(Sale::F.id).fetch(&tryton).await.expect("ids");
    assert_eq!(ids, search.clone().ids(&tryton).await.expect("ids"));
    let rows: Vec<(Option<String>, Id<Party>, Id<Sale>)> =
        search.clone().select((Sale::F.number, Sale::F.party, Sale::F.id)).fetch(&tryton).await.expect("rows");
    assert_eq!(rows.len(), 50);
    assert_eq!(rows.iter().map(|row| row.2).collect::<Vec<_>>(), ids);
    let f = Sale::F;
    let wide = (f.id, f.number, f.state, f.party, f.sale_date, f.lines, f.comment, f.total_amount);
    let (id, _, _, party, _, lines, _, total) = search.select(wide).first(&tryton).await.expect("first").expect("some");
    assert_eq!((id, party), (ids[0], rows[0].1));
    assert!(!lines.is_empty() && total.is_some());
}

#[tokio::test]
async fn reading_by_id_keeps_the_order_asked_for() {
    let tryton = client(SERIES);
    let mut ids = Sale::search().order(Sale::F.id.asc()).limit(9).ids(&tryton).await.expect("ids");
    ids.reverse();
    ids.swap(1, 6);
    let orders: Vec<Order> = Sale::read(&tryton, &ids).await.expect("read");
    assert_eq!(orders.iter().map(|order| order.id).collect::<Vec<_>>(), ids);
    assert!(Sale::read::<Order>(&tryton, &[]).await.expect("nothing").is_empty());

    let twice = Sale::read::<Order>(&tryton, &[ids[0], ids[0]]).await.err().expect("an id given twice");
    assert!(twice.is_invalid_request(), "{twice}");
    let missing = Sale::read::<Order>(&tryton, &[ids[0], Id::new(99_999)]).await.err().expect("no such record");
    assert!(missing.is_user_error() && missing.ids() == [ids[0].get(), 99_999], "{missing}");
}

#[tokio::test]
async fn records_hold_every_field() {
    let tryton = client(SERIES);
    let records = Sale::search().order(Sale::F.id.asc()).limit(3).records(&tryton).await.expect("records");
    let orders: Vec<Order> = Sale::search().order(Sale::F.id.asc()).limit(3).fetch(&tryton).await.expect("search");
    for (record, order) in records.iter().zip(&orders) {
        assert_eq!(record.id(), order.id);
        assert_eq!(record.get(Sale::F.number).expect("number"), order.number);
        assert_eq!(record.get(Sale::F.total_amount).expect("total"), order.total_amount);
        assert_eq!(record.get(Sale::F.lines).expect("lines").len(), order.lines.len());
    }
}

#[tokio::test]
async fn inactive_records_are_left_out_unless_asked_for() {
    let tryton = client(SERIES);
    let active = Party::search().count(&tryton).await.expect("count");
    let inactive = Party::search().filter(Party::F.active.is(false)).count(&tryton).await.expect("count");
    let all = Party::search().with_inactive().count(&tryton).await.expect("count");
    assert!(inactive > 0);
    assert_eq!(active + inactive, all);
    let names: Vec<Customer> = Party::search().with_inactive().fetch(&tryton).await.expect("search");
    assert_eq!(names.iter().filter(|party| !party.active).count() as u64, inactive);
}

#[tokio::test]
async fn a_field_that_does_not_fit_is_named_with_its_record() {
    #[derive(Projection)]
    #[tryton(model = Sale)]
    #[expect(dead_code, reason = "it is never read successfully")]
    struct WithoutNull {
        party: Named,
    }
    #[derive(Projection)]
    #[tryton(model = Party)]
    #[expect(dead_code, reason = "it is never read successfully")]
    struct Named {
        #[tryton(path = "lang.code", expect)]
        language: String,
    }
    let tryton = client(SERIES);
    let search = Sale::search().order(Sale::F.id.asc());
    let orders: Vec<Order> = search.clone().fetch(&tryton).await.expect("search");
    let id = orders.iter().find(|order| order.language.is_none()).expect("a party without a language").id;
    let party = Sale::search().filter(Sale::F.id.is(id)).select(Sale::F.party).one(&tryton).await.expect("the party");
    let error = search.fetch::<WithoutNull>(&tryton).await.err().expect("a null");
    assert!(error.is_decode(), "{error}");
    assert_eq!((error.record_id(), error.field()), (Some(id.get()), Some("party.lang")));
    assert_eq!(
        error.to_string(),
        format!(
            "model.sale.sale.search_read: cannot read `party.lang` of record {id} \
             (in related record {party}): invalid type: null, expected a string"
        ),
    );
}

#[tokio::test]
async fn every_value_of_every_field_of_the_seed_can_be_read() {
    let tryton = client(SERIES);
    let sales = Sale::search().records(&tryton).await.expect("sales");
    assert!(sales.iter().any(|sale| sale.get(Sale::F.sale_date).expect("a date").is_some()));
    assert!(sales.iter().any(|sale| sale.get(Sale::F.comment).expect("a text").is_some()));
    assert!(sales.iter().any(|sale| sale.get(Sale::F.reference).expect("a char").is_none()));
    assert!(sales.iter().all(|sale| !sale.get(Sale::F.invoice_state).expect("a selection").as_str().is_empty()));
    let parties = Party::search().records(&tryton).await.expect("parties");
    assert!(parties.iter().any(|party| !party.get(Party::F.addresses).expect("a list").is_empty()));
    let templates = ProductTemplate::search().records(&tryton).await.expect("templates");
    assert!(templates.iter().any(|template| !template.get(ProductTemplate::F.categories).expect("a list").is_empty()));
    let companies = Company::search().records(&tryton).await.expect("companies");
    assert_eq!(companies.len(), 1);
    let lines = erp::SaleLine::search().records(&tryton).await.expect("lines");
    assert!(lines.iter().any(|line| line.get(SaleLine::F.quantity).expect("a float").is_some()));
}
