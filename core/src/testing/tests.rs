mod forms;

use futures_util::FutureExt as _;

use super::{Any, Failure, Row, Server};
use crate::types::*;
use crate::{Connection, Context, Dict, Draft, Error, ErrorKind, Records, Result, Series};

crate::model! {
    /// Sale
    pub Sale(SaleFields) = "sale.sale" [search, create, write, delete];
    settable { sale_date: "sale_date", lines: "lines", attributes: "attributes" }
    read_only { id: "id", number: "number" }
}
/// The fields of [`Sale`].
pub struct SaleFields {
    /// ID
    pub id: Field<Sale, Id<Sale>, ReadOnly>,
    /// Number
    pub number: Field<Sale, Option<String>, ReadOnly>,
    /// Date
    pub sale_date: Field<Sale, Option<Date>>,
    /// Lines
    pub lines: Field<Sale, Vec<Id<Line>>>,
    /// Attributes
    pub attributes: Field<Sale, Option<Dict>>,
}

crate::model! {
    /// Line
    pub Line(LineFields) = "sale.line" [search];
    settable { shipping_date: "shipping_date", sale: "sale" }
    read_only {}
}
/// The fields of [`Line`].
pub struct LineFields {
    /// Shipping date
    pub shipping_date: Field<Line, Option<Date>>,
    /// Sale
    pub sale: Field<Line, Option<Id<Sale>>>,
}

const SALE: Id<Sale> = Id::new(7);

/// Tryton's years begin with 1.
const TOO_EARLY: Date = Date::constant(0, 12, 31);

/// Runs what waits for nothing: a server of a test answers at once.
fn now<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    work.now_or_never().expect("it is answered at once")
}

fn server() -> Server {
    Server::new(Series::new(8, 2))
}

#[test]
fn operations_take_the_server_itself() {
    let server = server();
    let search = || Sale::search().filter(Sale::F.sale_date.is_not_null());
    server.on_search(search()).returns([Row::new(SALE).set(Sale::F.number, "S1")]).times(2);
    server.on_create(Draft::new().set(Sale::F.sale_date, Date::constant(2026, 1, 2))).returns(SALE);
    server.on_delete(&[SALE]).refuses("It is done.");
    server
        .on_call("model.sale.sale.search_count", [serde_json::json!([])])
        .returns(3)
        .with(Context::new().language("fr"));

    assert_eq!(now(search().select(Sale::F.number).fetch(&server)).expect("rows"), [Some("S1".to_owned())]);
    let mut stream = search().select(Sale::F.id).stream(&server);
    assert_eq!(stream.next().now_or_never().expect("at once").expect("a row").expect("a row"), SALE);
    let draft = Draft::new().set(Sale::F.sale_date, Date::constant(2026, 1, 2));
    assert_eq!(now(Sale::create(&server, draft)).expect("created"), SALE);
    let error = now(Sale::delete(&server, &[SALE])).expect_err("refused");
    assert_eq!((error.user_message(), error.method()), (Some("It is done."), Some("model.sale.sale.delete")));
    let french = server.with(Context::new().language("fr"));
    assert_eq!(now(Sale::search().count(&french)).expect("a number"), 3);
    assert_eq!(now(server.series()).expect("a series"), Series::new(8, 2));
}

/// What fields there are is asked before the search.
#[test]
fn a_list_is_replaced_by_what_is_missing_and_what_is_too_much() {
    let lines = |ids: &[i64]| ids.iter().copied().map(Id::new).collect::<Vec<Id<Line>>>();
    let sale = || Row::new(SALE).raw("_timestamp", "8.5".into());
    let there = || sale().many(Sale::F.lines, lines(&[1, 2, 3]).into_iter().map(Row::new));
    let server = server();
    server.on_read(&[SALE]).returns([there()]);
    let difference = Draft::new().unlink(Sale::F.lines, lines(&[1, 3])).link(Sale::F.lines, lines(&[5, 4]));
    server.on_write(&[SALE], difference).succeeds();
    let change = now(Sale::replace(&server, SALE, Sale::F.lines, lines(&[5, 2, 4, 5]))).expect("replaced");
    assert_eq!((change.added, change.removed), (lines(&[5, 4]), lines(&[1, 3])));

    server.on_read(&[SALE]).returns([there()]);
    let change = now(Sale::replace(&server, SALE, Sale::F.lines, lines(&[3, 2, 1]))).expect("nothing to do");
    assert_eq!((change.added, change.removed), (Vec::new(), Vec::new()));
    server.on_read(&[SALE]).returns([sale().raw("lines", Value::Null)]);
    assert!(now(Sale::replace(&server, SALE, Sale::F.lines, [])).is_ok_and(|change| change.removed.is_empty()));
    server.on_read(&[SALE]).returns([sale().raw("lines", "none".into())]);
    let error = now(Sale::replace(&server, SALE, Sale::F.lines, [])).expect_err("no list");
    assert!(error.is_decode() && error.record_id() == Some(7) && error.field() == Some("lines"), "{error}");
    server.verify();
}

#[test]
fn fields_can_be_chosen_at_run_time() {
    let server = server();
    let row = || Row::new(SALE).set(Sale::F.number, "S1").raw("_timestamp", "1.5".into());
    server.on_search::<Sale>(Any).returns([row()]).times(2).returns([]);
    let records = now(Sale::search().records(&server)).expect("records");
    assert_eq!(records[0].get(Sale::F.number).expect("a number").as_deref(), Some("S1"));
    let error = records[0].get(Sale::F.sale_date).expect_err("the row says nothing of it");
    assert!(error.to_string().contains("the server does not have it"), "{error}");
    let records = now(Sale::search().records_of(&server, &["number"])).expect("records");
    assert_eq!(records[0].raw("number"), Some("S1".into()));
    // Where there is no record, all fields may be asked for.
    assert!(now(Sale::search().records_of(&server, &["sale_date"])).expect("no records").is_empty());

    let definitions = serde_json::json!({"lines": {"type": "binary"}});
    server.on_call("model.sale.sale.fields_get", [serde_json::Value::Null]).returns(definitions);
    let error = now(Sale::search().records_of(&server, &["number"])).expect_err("the test says what fields there are");
    assert!(error.is_invalid_request() && error.to_string().contains("`sale.sale.number`"), "{error}");
}

#[test]
fn each_failure_is_its_kind_and_nothing_is_repeated() {
    let server = server();
    for (failure, kind) in [
        (Failure::Unreachable, ErrorKind::Unreachable),
        (Failure::TimedOut, ErrorKind::TimedOut),
        (Failure::Interrupted, ErrorKind::Interrupted),
        (Failure::Status(401), ErrorKind::SessionExpired),
        (Failure::Status(503), ErrorKind::Unavailable),
        (Failure::Concurrency, ErrorKind::Concurrency),
        (Failure::Exception("'x'".to_owned()), ErrorKind::ServerException),
    ] {
        server.on_read::<Sale>(Any).fails(failure.clone());
        let error = now(crate::connection::fetch::<serde_json::Value, _>(
            &server,
            crate::Call::on_model("sale.sale", "read", vec![serde_json::json!([7])], &Context::new()),
            std::marker::PhantomData,
        ));
        assert_eq!(error.map_err(|error| error.kind()), Err(kind), "{failure:?}");
    }
}

/// The builders take any value, and the call names the field whose value Tryton cannot hold.
#[test]
fn a_value_that_tryton_cannot_hold_fails_the_call_and_names_the_field() {
    let server = server();
    let refused = |result: Result<()>, field: &str| {
        let error: Error = result.expect_err("it cannot be sent");
        assert!(error.is_invalid_request() && error.field() == Some(field), "{error}");
        let expected = format!(": the value of `{field}` cannot be sent: Tryton has no dates before the year 1");
        assert!(error.to_string().ends_with(&expected) && error.method().is_some(), "{error}");
    };
    let find = |domain| now(Sale::search().filter(domain).ids(&server)).map(drop);
    refused(find(Sale::F.sale_date.is(TOO_EARLY)), "sale_date");
    refused(find(!Sale::F.sale_date.is_in([Date::constant(2026, 1, 2), TOO_EARLY])), "sale_date");
    refused(
        find(Sale::F.id.is(SALE).or(Sale::F.lines.any(Line::F.shipping_date.lt(TOO_EARLY)))),
        "lines.shipping_date",
    );
    let lines = Line::search().filter(Line::F.sale.whose(Sale::F.sale_date.ge(TOO_EARLY)));
    refused(now(lines.count(&server)).map(drop), "sale.sale_date");

    let create = |draft| now(Sale::create(&server, draft)).map(drop);
    refused(create(Draft::new().set(Sale::F.sale_date, TOO_EARLY)), "sale_date");
    let line = || Draft::new().set(Line::F.shipping_date, TOO_EARLY);
    refused(create(Draft::new().add(Sale::F.lines, [Draft::new(), line()])), "lines.shipping_date");
    refused(create(Draft::new().update(Sale::F.lines, Id::new(3), line())), "lines.shipping_date");
    let attributes = Dict::new().set("due", TOO_EARLY);
    refused(create(Draft::new().set(Sale::F.attributes, attributes)), "attributes.due");
    refused(now(Sale::write(&server, &[SALE], Draft::new().set(Sale::F.sale_date, TOO_EARLY))), "sale_date");

    let past = server.with(Context::new().at(DateTime::constant(0, 1, 1, 0, 0, 0, 0)));
    refused(now(Sale::search().ids(&past)).map(drop), "_datetime");
    let stock = server.with(Context::new().set("stock_date_end", TOO_EARLY));
    refused(now(Sale::search().ids(&stock)).map(drop), "stock_date_end");
    server.verify(); // nothing was sent
}

#[test]
fn a_better_value_takes_the_place_of_one_that_cannot_be_sent() {
    let server = server();
    server.on_create::<Sale>(Any).returns(SALE).times(2);
    let draft = || Draft::new().set(Sale::F.sale_date, TOO_EARLY).add(Sale::F.lines, [Draft::new()]);
    now(Sale::create(&server, draft().set(Sale::F.sale_date, Date::constant(2026, 1, 2)))).expect("created");
    now(Sale::create(&server, draft().clear(Sale::F.sale_date))).expect("created");
    assert_eq!(Context::new().set("date", TOO_EARLY).set("date", 7), Context::new().set("date", 7));
    let dict = Dict::new().set("due", TOO_EARLY).set("due", 7);
    assert_eq!(crate::Encode::encode(&dict).expect("it can be sent"), serde_json::json!({"due": 7}));
}
