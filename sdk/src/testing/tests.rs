use serde_json::{Value, json};

use super::{Any, Failure, Recorder, Row, Server, ServerExt};
use crate::types::*;
use crate::{AcceptWarnings, Context, Draft, Error, NextStep, Series};

crate::model! {
    /// Sale
    pub Sale(SaleFields) = "sale.sale" [search, read, create, write, delete];
    settable { lines: "lines" }
    read_only { id: "id", number: "number" }
}
/// The fields of [`Sale`].
pub struct SaleFields {
    /// ID
    pub id: Field<Sale, Id<Sale>, ReadOnly>,
    /// Number
    pub number: Field<Sale, Option<String>, ReadOnly>,
    /// Lines
    pub lines: Field<Sale, Vec<Id<Line>>>,
}

crate::model! {
    /// Line
    pub Line(LineFields) = "sale.line" [search];
    settable { quantity: "quantity" }
    read_only {}
}
/// The fields of [`Line`].
pub struct LineFields {
    /// Quantity
    pub quantity: Field<Line, Option<f64>>,
}

crate::buttons! {
    Sale {
        /// Quote
        quote: "quote",
    }
}

const SALE: Id<Sale> = Id::new(7);

fn server() -> Server {
    Server::new(Series::new(8, 2))
}

/// What `verify` says.
fn complaint(server: Server) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| server.verify())).expect_err("a complaint");
    let text = *panic.downcast::<String>().expect("a text");
    // It would complain again when it is dropped.
    std::mem::forget(server);
    text
}

fn numbered(number: &str) -> Row<Sale> {
    Row::new(SALE).set(Sale::F.number, number)
}

#[tokio::test]
async fn a_search_is_answered_whichever_way_it_ends() {
    let server = server();
    let search = || Sale::search().filter(Sale::F.number.is("S1"));
    let rows = || [numbered("S1"), Row::new(Id::new(8)).clear(Sale::F.number)];
    server.on_search(search()).returns(rows()).times(5);
    let tryton = server.client();
    let numbers = search().select(Sale::F.number).fetch(&tryton).await.expect("rows");
    assert_eq!(numbers, [Some("S1".to_owned()), None]);
    assert_eq!(search().limit(1).select(Sale::F.id).fetch(&tryton).await.expect("rows"), [SALE]);
    assert_eq!(search().offset(1).ids(&tryton).await.expect("ids"), [Id::new(8)]);
    assert_eq!(search().count(&tryton).await.expect("a number"), 2);
    let mut stream = search().select(Sale::F.id).stream(&tryton);
    assert_eq!(stream.next().await.expect("a row").expect("a row"), SALE);
}

#[tokio::test]
async fn every_series_is_found_and_writes_are_told_apart() {
    for series in [Series::new(6, 0), Series::new(7, 0), Series::new(8, 0), Series::new(8, 2)] {
        let server = Server::new(series);
        let line = || Draft::new().set(Line::F.quantity, 2);
        server.on_create(Draft::new().add(Sale::F.lines, [line()])).returns(SALE);
        server.on_write(&[SALE], Draft::new().raw("number", json!("S2"))).succeeds();
        server.on_delete(&[SALE]).refuses("It is done.");
        server.on_call("model.sale.sale.search_count", [json!([])]).returns(3).with(Context::new().language("fr"));
        let tryton = server.client();
        assert_eq!(tryton.series().await.expect("series"), series);
        let sale = Sale::create(&tryton, Draft::new().add(Sale::F.lines, [line()])).await.expect("created");
        Sale::write(&tryton, &[sale], Draft::new().raw("number", json!("S2"))).await.expect("written");
        let error = Sale::delete(&tryton, &[sale]).await.expect_err("refused");
        assert_eq!(error.user_message(), Some("It is done."));
        let french = tryton.with(Context::new().language("fr"));
        assert_eq!(Sale::search().count(&french).await.expect("a number"), 3);
        tryton.logout().await.expect("out");
    }
}

#[tokio::test]
async fn failures_and_then_answers_show_that_a_call_is_repeated() {
    let server = server();
    server.on_read(&[SALE]).fails(Failure::Interrupted).fails(Failure::Status(503)).returns([numbered("S1")]);
    server.on_write::<Sale>(Any, Any).fails(Failure::Status(401)).fails(Failure::Interrupted);
    server.on_call("common.db.login", Any).returns((1, "token")).times(2);
    let tryton = server.client();
    let rows: Vec<Value> = tryton.call("model.sale.sale.read", ([7], ["number"])).await.expect("the third time");
    assert_eq!(rows, [json!({"id": 7, "number": "S1"})]);
    let error = Sale::write(&tryton, &[SALE], Draft::new()).await.expect_err("a fault");
    assert!(error.is_outcome_unknown() && error.is_interrupted(), "logged in again, and sent once: {error}");
    let failures = [
        (Failure::Unreachable, Error::is_unreachable as fn(&Error) -> bool),
        (Failure::TimedOut, Error::is_timed_out),
        (Failure::Concurrency, Error::is_concurrency),
        (Failure::Exception("'x'".to_owned()), Error::is_server_exception),
    ];
    let once = crate::Client::builder("http://erp.test", "erp").session(crate::Session::new("a", 1, "b")).retries(0);
    let once = server.build(once).expect("the settings are right");
    for (failure, is) in failures {
        server.on_delete(&[SALE]).fails(failure.clone());
        let error = Sale::delete(&once, &[SALE]).await.expect_err("a failure");
        assert!(is(&error), "{failure:?}: {error}");
    }
}

#[tokio::test]
async fn a_warning_stays_until_it_is_accepted() {
    for series in [Series::new(6, 0), Series::new(8, 2)] {
        let server = Server::new(series);
        server
            .on_button(Sale::quote, &[SALE])
            .warns("sunday", "Today?")
            .warns("night", "Now?")
            .returns(NextStep::Nothing);
        let tryton = server.client();
        for name in ["sunday", "sunday"] {
            let error = Sale::quote(&tryton, &[SALE]).await.expect_err("a warning");
            assert_eq!(error.warning().map(|warning| &*warning.name), Some(name));
        }
        let error = Sale::quote(&tryton, &[SALE]).await.expect_err("a warning");
        tryton.accept(error.warning().expect("a warning")).await.expect("accepted");
        let tryton = tryton.accepting(AcceptWarnings::named(["night"]));
        assert_eq!(Sale::quote(&tryton, &[SALE]).await.expect("quoted"), NextStep::Nothing);
    }
    let server = server();
    server.on_button(Sale::quote, Any).warns("sunday", "Today?");
    Sale::quote(&server.client(), &[SALE]).await.expect_err("a warning that nobody accepts is no mistake");
}

#[tokio::test]
async fn a_call_that_nobody_expects_is_an_error_that_says_how_it_differs() {
    let server = server();
    server.on_search(Sale::search().filter(Sale::F.number.is("S1")).limit(5)).returns([numbered("S1")]);
    let tryton = server.client();
    let wrong = Sale::search().filter(Sale::F.number.is("S2")).limit(5);
    let error = wrong.select(Sale::F.number).fetch(&tryton).await.expect_err("another search").to_string();
    let difference = "it differs in\n    domain[0]\n        expected [\"number\",\"=\",\"S1\"]\n        \
                      got      [\"number\",\"=\",\"S2\"]";
    assert!(error.starts_with("model.sale.sale.search_read: ") && error.ends_with(difference), "{error}");
    let inactive = Sale::search().filter(Sale::F.number.is("S1")).limit(5).with_inactive();
    let error = inactive.ids(&tryton).await.expect_err("another context").to_string();
    assert!(error.contains("`active_test` of the context\n        expected null\n        got      false"), "{error}");
    let error = Sale::delete(&tryton, &[SALE]).await.expect_err("another method").to_string();
    assert!(error.ends_with("expects no call of this method: model.sale.sale.delete [[7]]"), "{error}");
    let said = complaint(server);
    assert!(said.contains(difference) && said.contains("model.sale.sale.delete"), "{said}");
    assert!(said.ends_with("search_count (domain [[\"number\",\"=\",\"S1\"]], limit 5) has not come\n"), "{said}");
}

#[tokio::test]
async fn one_call_too_many_and_a_field_that_is_missing_are_reported() {
    let server = server();
    server.on_search::<Sale>(Any).returns([Row::new(SALE)]).returns([]);
    let tryton = server.client();
    let error = Sale::search().select(Sale::F.number).fetch(&tryton).await.expect_err("no number").to_string();
    assert!(
        error.ends_with("`number` is read, and the row with the id 7 says nothing of it: set it, or clear it"),
        "{error}"
    );
    assert_eq!(Sale::search().ids(&tryton).await.expect("the second"), []);
    let error = Sale::search().ids(&tryton).await.expect_err("the third").to_string();
    assert!(error.contains("the test expects no more calls like this, after 2: model.sale.sale.search"), "{error}");
    let said = complaint(server);
    assert_eq!(said.lines().count(), 3, "a title and both: {said}");
}

#[test]
fn an_expectation_without_an_answer_is_reported() {
    let server = server();
    let _ = server.on_read::<Sale>(Any);
    assert!(complaint(server).contains("model.sale.sale.read has no answer"));
}

#[test]
fn one_that_is_to_answer_always_and_has_no_answer_is_reported() {
    let server = server();
    let _ = server.on_read::<Sale>(Any).always();
    assert!(complaint(server).contains("model.sale.sale.read has no answer"));
}

#[tokio::test]
async fn a_warning_that_is_given_always_need_not_come_and_may_come_often() {
    let server = server();
    let _ = server.on_button(Sale::quote, &[SALE]).warns("sunday", "Today?").always();
    server.verify();
    let tryton = server.client();
    for _ in 0..2 {
        assert!(Sale::quote(&tryton, &[SALE]).await.expect_err("a warning").is_warning());
        server.verify();
    }
    let _ = server.on_button(Sale::quote, Any).refuses("No.").warns("night", "Now?").always();
    assert!(complaint(server).contains("model.sale.sale.quote has not come"));
}

#[test]
#[should_panic(expected = "model.sale.sale.quote has not come")]
fn what_has_not_come_is_found_out_when_the_server_is_dropped() {
    server().on_button(Sale::quote, Any).returns(NextStep::Nothing);
}

#[tokio::test]
async fn a_recording_is_refused_where_it_is_none() {
    let path = std::env::temp_dir().join(format!("tryton-sdk-recording-{}", std::process::id()));
    Recorder::new().save(&path).expect("written");
    let error = Server::replay(&path).expect_err("of no version");
    assert!(error.to_string().contains("`` is no version of Tryton"), "{error}");
    std::fs::remove_file(&path).expect("removed");
    assert!(Server::replay(&path).is_err());
}
