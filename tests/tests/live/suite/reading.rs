//! Searching and reading through typed fields.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use tryton_sdk::types::DateTime;
use tryton_sdk::{Decimal, Domain, Id, Projection, Records, Reference};
use tryton_sdk_tests::proxy::Proxy;

use super::erp::{Company, IrAttachment as Attachment, Party, ProductTemplate, Sale, SaleLine, SaleState};
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
async fn lines_in_the_order_of_their_sales() {
    let tryton = client(SERIES);
    let by_sale = SaleLine::F.sale.then(Sale::F.party).then(Party::F.name).asc();
    let columns = (SaleLine::F.sale, SaleLine::F.id);
    let lines = SaleLine::search().order(by_sale).order(SaleLine::F.id.desc()).select(columns);
    let lines: Vec<(Id<Sale>, Id<SaleLine>)> = lines.fetch(&tryton).await.expect("lines");
    let raw = SaleLine::search()
        .order(tryton_sdk::Order::raw("sale.party.name", "ASC"))
        .order(tryton_sdk::Order::raw("id", "DESC"));
    let ids: Vec<Id<SaleLine>> = lines.iter().map(|(_, line)| *line).collect();
    assert_eq!(raw.ids(&tryton).await.expect("ids"), ids);

    let customers = Sale::search().select((Sale::F.id, Sale::F.party)).fetch(&tryton).await.expect("sales");
    let customers: BTreeMap<_, _> = customers.into_iter().collect();
    let names =
        Party::search().with_inactive().select((Party::F.id, Party::F.name)).fetch(&tryton).await.expect("parties");
    let names: BTreeMap<_, _> = names.into_iter().collect();
    let in_order: Vec<_> = lines.iter().map(|(sale, line)| (&names[&customers[sale]], Reverse(*line))).collect();
    assert!(in_order.is_sorted() && !in_order.is_empty(), "{in_order:?}");
}

#[tokio::test]
async fn a_page_knows_how_many_there_are() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let tryton = endpoint(SERIES).client_by(proxy.url()).build().expect("the settings are right");
    tryton.login().await.expect("login");
    let page = async |number, size| {
        let before = proxy.requests();
        let sales = Sale::search().order(Sale::F.id.asc()).limit(3).offset(7).select(Sale::F.id);
        let page = sales.page(&tryton, number, size).await.expect("a page");
        (page.rows.len(), page.total, page.pages(), page.has_next(), proxy.requests() - before)
    };
    assert_eq!(page(0, 20).await, (20, 50, 3, true, 2));
    assert_eq!(page(2, 20).await, (10, 50, 3, false, 1), "the last page says how many there are");
    assert_eq!(page(4, 10).await, (10, 50, 5, false, 2));
    assert_eq!(page(9, 20).await, (0, 50, 3, false, 2));
    assert_eq!(page(0, 100).await, (50, 50, 1, false, 1));
    let none = Sale::search().filter(Domain::none()).page::<Order>(&tryton, 0, 20).await.expect("a page");
    assert_eq!((none.rows.len(), none.total, none.pages()), (0, 0, 0));
    let error = Sale::search().page::<Order>(&tryton, 0, 0).await.err().expect("no page");
    assert!(error.is_invalid_request() && error.to_string().contains("no page 0 of 0 records"), "{error}");
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
    let one_or_none = |id| Sale::search().filter(Sale::F.id.is(id)).select(Sale::F.id).one_or_none(&tryton);
    assert_eq!(one_or_none(id).await.expect("one"), Some(id));
    assert_eq!(one_or_none(Id::new(0)).await.expect("none"), None);
    let count = drafts.count(&tryton).await.expect("count");
    let several = drafts.clone().one_or_none::<Order>(&tryton).await.err().expect("several");
    assert!(several.is_several_found() && several.found_count() == Some(count), "{several}");
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
    // The server gives each record once.
    let thrice = [ids[1], ids[0], ids[1], ids[2], ids[1], ids[0]];
    let orders: Vec<Order> = Sale::read(&tryton, &thrice).await.expect("read");
    assert_eq!(orders.iter().map(|order| order.id).collect::<Vec<_>>(), thrice);
    assert_eq!(orders[0].party, orders[2].party);
    assert!(Sale::read::<Order>(&tryton, &[]).await.expect("nothing").is_empty());

    let missing = Sale::read::<Order>(&tryton, &[ids[0], Id::new(99_999)]).await.err().expect("no such record");
    assert!(missing.is_user_error() && missing.ids() == [ids[0].get(), 99_999], "{missing}");
}

/// What lies beyond the records, and what is asked for more often than a database likes.
#[tokio::test]
async fn the_edges_of_a_search() {
    let proxy = Proxy::start(&endpoint(SERIES).url).await;
    let tryton = endpoint(SERIES).client_by(proxy.url()).build().expect("the settings are right");
    let all = Sale::search().count(&tryton).await.expect("count");
    let before = proxy.requests();
    assert_eq!(Sale::search().limit(0).ids(&tryton).await.expect("none"), []);
    assert!(Sale::search().limit(0).fetch::<Order>(&tryton).await.expect("none").is_empty());
    assert_eq!(Sale::search().limit(0).select(Sale::F.id).first(&tryton).await.expect("none"), None);
    assert_eq!(proxy.requests() - before, 3, "the server is asked, and says none");
    assert_eq!(Sale::search().limit(0).count(&tryton).await.expect("whatever the limit"), all);
    assert_eq!(Sale::search().offset(all).ids(&tryton).await.expect("none"), []);
    assert_eq!(Sale::search().offset(all + 1).limit(5).select(Sale::F.id).fetch(&tryton).await.expect("none"), []);
    assert!(Sale::search().offset(all + 1).select(Sale::F.id).stream(&tryton).next().await.is_none());

    let first = Sale::search().order(Sale::F.id.asc()).select(Sale::F.id).first(&tryton).await.expect("first");
    let first = first.expect("a sale").get();
    // Every other number: of ranges the server makes two comparisons each.
    let many = |count: i64| Sale::search().filter(Sale::F.id.is_in((0..count).map(|n| Id::new(first + 2 * n))));
    let expected = many(all as i64).count(&tryton).await.expect("count");
    assert_eq!(many(10_000).count(&tryton).await.expect("ten thousand are no matter"), expected);
    match many(100_000).count(&tryton).await {
        Ok(found) => assert_eq!(found, expected),
        Err(error) => assert!(error.is_too_complex(), "{error}"),
    }
}

#[tokio::test]
async fn a_record_that_cannot_be_read_hides_no_other() {
    #[derive(Projection, Debug, PartialEq)]
    #[tryton(model = Sale)]
    struct Referenced {
        id: Id<Sale>,
        #[tryton(expect)]
        reference: String,
    }
    let tryton = client(SERIES);
    let search = || Sale::search().order(Sale::F.id.asc());
    let known = search().select((Sale::F.id, Sale::F.reference)).fetch(&tryton).await.expect("search");
    assert!(known.iter().any(|(_, reference)| reference.is_none()), "the seed has sales without a reference");
    let check = |each: Vec<tryton_sdk::Result<Referenced>>| {
        assert_eq!(each.len(), known.len());
        for (read, (id, reference)) in each.into_iter().zip(&known) {
            match (read, reference) {
                (Ok(read), Some(reference)) => assert_eq!((read.id, &read.reference), (*id, reference)),
                (Err(error), None) => {
                    assert_eq!((error.record_id(), error.field()), (Some(id.get()), Some("reference")));
                    assert!(error.to_string().contains(r#""sale.sale,reference" = { required = false }"#), "{error}");
                }
                (read, reference) => panic!("{read:?} is not {reference:?}"),
            }
        }
    };
    check(search().fetch_each(&tryton).await.expect("search"));
    let mut stream = Sale::search().page_size(7).stream(&tryton);
    let mut each = Vec::new();
    while let Some(read) = stream.next().await {
        each.push(read);
    }
    check(each);
    let unknown = Sale::search().filter(Domain::raw(json!([["nope", "=", 1]])).expect("a domain"));
    assert!(unknown.fetch_each::<Referenced>(&tryton).await.is_err_and(|error| error.is_unknown_field()));
}

/// A relation to one record finds it whether it is active or not, a list leaves inactive records out.
#[tokio::test]
async fn inactive_records_at_the_other_end() {
    let tryton = client(SERIES);
    let gone = Party::search().filter(Party::F.active.is(false)).select((Party::F.id, Party::F.name));
    let gone = gone.fetch(&tryton).await.expect("search");
    let sales = Sale::search().select(Sale::F.party).fetch(&tryton).await.expect("search");
    for (id, name) in gone {
        let expected = sales.iter().filter(|party| **party == id).count() as u64;
        let domain = Sale::F.party.whose(Party::F.name.is(name.expect("a name")));
        let search = Sale::search().filter(domain);
        assert_eq!(search.count(&tryton).await.expect("count"), expected);
        assert_eq!(search.with_inactive().count(&tryton).await.expect("count"), expected);
    }
}

/// Files are measured, and what a server does not have is left out.
#[tokio::test]
async fn fields_are_chosen_at_run_time() {
    let tryton = client(SERIES);
    let file = json!({"name": "chosen.txt", "type": "data", "resource": "company.company,1",
        "data": {"__class__": "bytes", "base64": "SGVsbG8="}});
    let ids: Vec<Id<Attachment>> = Attachment::call(&tryton, "create", ([file],)).await.expect("create");
    let search = || Attachment::search().filter(Attachment::F.id.is(ids[0]));
    let mut records = search().records(&tryton).await.expect("records");
    let record = records.pop().expect("the attachment");
    assert_eq!(record.size(Attachment::F.data).expect("a size"), Some(5));
    assert_eq!(record.raw("data"), Some(json!(5)));
    let error = record.get(Attachment::F.data).expect_err("only its size");
    assert!(error.is_decode() && error.to_string().contains("records_of"), "{error}");

    let mut record = search().records_of(&tryton, &["name", "data"]).await.expect("records").pop().expect("it");
    for _ in 0..2 {
        assert_eq!(record.get(Attachment::F.data).expect("the content").as_deref(), Some(&b"Hello"[..]));
        assert!(record.size(Attachment::F.data).is_err());
        let error = record.get(Attachment::F.resource).expect_err("it was not read");
        assert!(error.field() == Some("resource") && error.to_string().contains("was not read"), "{error}");
        record.reload(&tryton).await.expect("the same fields again");
    }
    let error = search().records_of(&tryton, &["name", "size"]).await.expect_err("no such field");
    assert!(error.is_invalid_request() && error.to_string().contains("`ir.attachment.size`"), "{error}");
    Attachment::delete(&tryton, &ids).await.expect("delete");
}

/// A schema of a server that has one module more.
#[tokio::test]
async fn fields_that_a_server_does_not_have_are_left_out() {
    let tryton = client(SERIES);
    let record = Elsewhere::search().limit(1).records(&tryton).await.expect("records").pop().expect("a party");
    assert!(record.get(Elsewhere::F.name).expect("a name").is_some());
    let error = record.get(Elsewhere::F.loyalty_points).expect_err("the server does not have it");
    assert!(error.field() == Some("loyalty_points") && error.to_string().contains("does not have it"), "{error}");
    let error = Elsewhere::search().records_of(&tryton, &["loyalty_points"]).await.expect_err("no such field");
    assert!(error.is_invalid_request() && error.to_string().contains("`party.party.loyalty_points`"), "{error}");
}

tryton_sdk::model! {
    /// A party with a field of a module of one's own.
    pub Elsewhere(ElsewhereFields) = "party.party" [search];
    settable { loyalty_points: "loyalty_points", name: "name" }
    read_only {}
}

/// The fields of [`Elsewhere`].
#[allow(dead_code, unreachable_pub, reason = "as in generated code")]
pub struct ElsewhereFields {
    /// Loyalty points.
    pub loyalty_points: tryton_sdk::Field<Elsewhere, Option<i64>>,
    /// Name.
    pub name: tryton_sdk::Field<Elsewhere, Option<String>>,
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
             (in related record {party}): the server sent null, expected a string: read the field as an `Option`, \
             or generate it so by `override = {{ \"…,lang\" = {{ required = false }} }}`"
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
