//! Whole documents: checked, changed at several places and levels, saved together, read again.

use std::time::Duration;

use serde_json::{Value, json};
use tryton_sandbox::Series;
use tryton_sdk::form::{AnyForm, Op, Options, Outcome, Rule};
use tryton_sdk::{Client, Draft, Form, Id, Records};

use super::erp::*;
use super::{SERIES, client, customer, decimal, product};
use crate::counted::Counted;

/// A sale of two hammers and ten bolts that is not saved yet.
async fn sale(tryton: &Client, party: Id<Party>) -> Form<Sale> {
    let mut lines = Vec::new();
    for (code, quantity) in [("HAMMER", 2.0), ("BOLT-M8", 10.0)] {
        let product = product(tryton, code).await;
        lines.push(Draft::new().set(SaleLine::F.product, product).set(SaleLine::F.quantity, quantity));
    }
    let mut sale = Sale::form(tryton).await.expect("a form");
    sale.fill(Draft::new().set(Sale::F.party, party).add(Sale::F.lines, lines)).await.expect("filled in");
    sale
}

async fn address(tryton: &Client, party: Id<Party>) -> Id<PartyAddress> {
    let addresses = PartyAddress::search().filter(PartyAddress::F.party.is(party));
    addresses.select(PartyAddress::F.id).one(tryton).await.expect("an address")
}

/// The paths of what is wrong. The server is asked to save the form, and refuses it, too.
async fn refused(form: &mut Form<Sale>) -> Vec<String> {
    let violations = form.check().await.expect("checked");
    let error = form.save().await.expect_err("the server finds it, too");
    assert!(error.is_user_error(), "{error}");
    violations.into_iter().map(|found| found.path).collect()
}

/// Each violation is one that the server would find, and there is none where it finds none.
#[tokio::test]
async fn a_document_is_checked_before_it_is_saved() {
    let tryton = &client().await;
    let (party, other) = (customer(tryton, "Checked").await, customer(tryton, "Not checked").await);

    let mut empty = Sale::form(tryton).await.expect("a form");
    let violations = empty.check().await.expect("checked");
    assert!(
        violations.iter().any(|found| found.path == "party" && found.label == "Party" && found.rule == Rule::Required),
        "{violations}"
    );
    assert!(empty.save().await.expect_err("nobody to sell to").is_user_error());

    let mut good = sale(tryton, party).await;
    let violations = good.check().await.expect("checked");
    assert!(violations.is_empty(), "{violations}");
    let id = good.save().await.expect("the server agrees");

    let elsewhere = address(tryton, other).await;
    let mut wrong = sale(tryton, party).await;
    wrong.set(Sale::F.invoice_address, elsewhere).await.expect("set");
    assert_eq!(refused(&mut wrong).await, ["invoice_address"]);
    let mut line = sale(tryton, party).await;
    let price = decimal("7.1234567");
    line.row(Sale::F.lines, 1).await.expect("a line").set(SaleLine::F.unit_price, price).await.expect("set");
    assert_eq!(refused(&mut line).await, ["lines[1].unit_price"]);

    // Of the saved sale, what changes.
    let mut saved = Sale::open(tryton, id).await.expect("open");
    let mut line = saved.row(Sale::F.lines, 0).await.expect("a line");
    line.clear(SaleLine::F.unit_price).await.expect("set");
    assert_eq!(refused(&mut saved).await, ["lines[0].unit_price"]);
    let mut line = saved.row(Sale::F.lines, 0).await.expect("a line");
    line.set(SaleLine::F.unit_price, decimal("7.5")).await.expect("set");
    let violations = saved.check().await.expect("checked");
    assert!(violations.is_empty(), "{violations}");
    saved.save().await.expect("the server agrees");
}

/// Before 8.0 SQLite tells seconds apart only.
#[tokio::test]
async fn changes_are_kept_where_somebody_else_was_faster() {
    let tryton = &client().await;
    let party = customer(tryton, "Kept").await;
    let id = sale(tryton, party).await.save().await.expect("save");
    let mut mine = Sale::open(tryton, id).await.expect("open");
    let mut line = mine.row(Sale::F.lines, 0).await.expect("a line");
    line.set(SaleLine::F.quantity, 3.0).await.expect("set");
    let mut theirs = Sale::open(tryton, id).await.expect("open");
    if SERIES < Series::V8_0 {
        tokio::time::sleep(Duration::from_millis(1_100)).await;
    }
    theirs.set(Sale::F.reference, "theirs").await.expect("set");
    theirs.row(Sale::F.lines, 1).await.expect("a line").set(SaleLine::F.quantity, 20.0).await.expect("set");
    theirs.save().await.expect("save");

    let error = mine.save().await.expect_err("it has changed");
    assert!(error.is_concurrency(), "{error}");
    assert!(mine.is_modified(), "the changes are kept");
    mine.reload_keeping_changes().await.expect("read again");
    assert_eq!(mine.get(Sale::F.reference).await.expect("text").as_deref(), Some("theirs"));
    // Three hammers and twenty bolts, with 19 % VAT.
    assert_eq!(mine.get(Sale::F.total_amount).await.expect("computed"), Some(decimal("97.22")));
    mine.save().await.expect("saved over it");
    let lines = SaleLine::search().filter(SaleLine::F.sale.is(id)).order(SaleLine::F.id.asc());
    let quantities = lines.select(SaleLine::F.quantity).fetch(tryton).await.expect("read");
    assert_eq!(quantities, [Some(3.0), Some(20.0)]);
}

#[tokio::test]
async fn forms_are_saved_together_and_copied() {
    let tryton = &client().await;
    let party = customer(tryton, "Together").await;
    let mut sales = [sale(tryton, party).await, sale(tryton, party).await];
    let ids = Form::save_all(&mut sales).await.expect("saved");
    assert_eq!(ids, sales.each_ref().map(|sale| sale.id().expect("saved")));
    let [first, second] = &mut sales;
    first.set(Sale::F.reference, "first").await.expect("set");
    second.row(Sale::F.lines, 0).await.expect("a line").set(SaleLine::F.quantity, 4.0).await.expect("set");
    let mut third = sale(tryton, party).await;
    let ids = Form::save_all([first, &mut third, second]).await.expect("saved");
    assert_eq!(Form::save_all(&mut sales).await.expect("nothing to save"), [ids[0], ids[2]]);
    let totals = sales[1].get(Sale::F.total_amount).await.expect("read");
    // 99.60 and 3.50 with 19 % VAT.
    assert_eq!(totals, Some(decimal("122.69")));
    assert_eq!(sales[0].get(Sale::F.reference).await.expect("read").as_deref(), Some("first"));

    let mut copy = sales[1].copy(Draft::new().set(Sale::F.comment, "as before")).await.expect("copied");
    assert!(copy.id().is_some_and(|id| !ids.contains(&id)));
    assert_eq!(copy.get(Sale::F.comment).await.expect("read").as_deref(), Some("as before"));
    assert_eq!(copy.len(Sale::F.lines).await.expect("lines"), 2);
}

#[tokio::test]
async fn rows_have_ids_and_come_off_by_them() {
    let tryton = &client().await;
    let party = customer(tryton, "By id").await;
    let mut sale = sale(tryton, party).await;
    sale.save().await.expect("save");
    let lines = sale.get(Sale::F.lines).await.expect("ids");
    let mut bolts = sale.row_by_id(Sale::F.lines, lines[1]).await.expect("the bolts");
    assert_eq!(bolts.get(SaleLine::F.quantity).await.expect("a number"), Some(10.0));
    let [tax] = bolts.get(SaleLine::F.taxes).await.expect("ids")[..] else { panic!("one tax") };
    bolts.unlink(SaleLine::F.taxes, [tax]).await.expect("off");
    // Only the hammers are taxed.
    assert_eq!(sale.get(Sale::F.tax_amount).await.expect("computed"), Some(decimal("9.46")));
    let error = sale.unlink(Sale::F.lines, [lines[0], Id::new(1_000_000)]).await.expect_err("not there");
    assert!(error.is_invalid_request(), "{error}");
    assert_eq!(sale.len(Sale::F.lines).await.expect("lines"), 2, "nothing has changed");
    sale.save().await.expect("save");
    assert_eq!(sale.get(Sale::F.tax_amount).await.expect("read"), Some(decimal("9.46")));
}

/// The states of a row depend on its parent, of which nothing is known after a save.
#[tokio::test]
async fn states_are_those_of_the_record_as_it_stands() {
    let tryton = &client().await;
    let party = customer(tryton, "States").await;
    let mut sale = sale(tryton, party).await;
    assert!(sale.states(Sale::F.party).await.expect("states").readonly, "there are lines for this party");
    sale.save().await.expect("save");
    let mut line = sale.row(Sale::F.lines, 0).await.expect("a line");
    assert!(!line.states(SaleLine::F.quantity).await.expect("states").readonly);
    assert!(line.states(SaleLine::F.quantity).await.expect("states").required);
    sale.press(Sale::quote).await.expect("quoted");
    let mut line = sale.row(Sale::F.lines, 0).await.expect("a line");
    assert!(line.states(SaleLine::F.quantity).await.expect("states").readonly, "the sale is no draft any more");
}

/// A payment term has lines, and these have deltas.
#[tokio::test]
async fn rows_of_rows_are_saved_with_the_record_at_the_top() {
    let tryton = &client().await;
    let mut term = AnyForm::new(tryton, "account.invoice.payment_term").await.expect("a form");
    term.set("name", json!("Half a month")).await.expect("set");
    let mut line = term.add("lines").await.expect("a line");
    line.set("type", json!("remainder")).await.expect("set");
    // The server begins the list with a record that has no values.
    let mut delta = line.row("relativedeltas", 0).await.expect("a delta");
    delta.set("days", json!(15)).await.expect("set");
    // The server fills in the rest while it creates the record.
    let violations = term.check().await.expect("checked");
    assert!(violations.is_empty(), "{violations}");
    let id = term.save().await.expect("save");

    let mut term = AnyForm::open(tryton, "account.invoice.payment_term", id).await.expect("open");
    let mut line = term.row("lines", 0).await.expect("a line");
    let mut delta = line.row("relativedeltas", 0).await.expect("a delta");
    assert_eq!(delta.get("days").await.expect("read"), json!(15));
    delta.set("days", json!(16)).await.expect("set");
    line.add("relativedeltas").await.expect("one more").set("months", json!(1)).await.expect("set");
    term.save().await.expect("save");
    let read: Vec<Value> = tryton
        .call(
            "model.account.invoice.payment_term.read",
            ([id], ["lines.relativedeltas.days", "lines.relativedeltas.months"]),
        )
        .await
        .expect("read");
    let deltas = read[0]["lines."][0]["relativedeltas."].as_array().expect("deltas");
    let mut deltas: Vec<_> = deltas.iter().map(|delta| (delta["days"].as_i64(), delta["months"].as_i64())).collect();
    deltas.sort_unstable_by_key(|(_, months)| months.unwrap_or_default());
    assert_eq!(deltas.iter().map(|(_, months)| months.unwrap_or_default()).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(deltas[0].0, Some(16));
}

/// A record and the records of its lists are read in one request.
#[tokio::test]
async fn lists_are_read_with_their_record() {
    let tryton = &client().await;
    let party = customer(tryton, "Read at once").await;
    let id = sale(tryton, party).await.save().await.expect("save");
    let mut form = Counted::new(tryton, Options::ALL);
    let op = Op::Existing { model: "sale.sale".to_owned(), ids: vec![id.get()], context: Default::default() };
    let Outcome::Nodes(nodes) = form.run(op).await.expect("known") else { panic!("no records") };
    let lists = vec!["lines".to_owned()];
    form.run(Op::Read { nodes: nodes.clone(), lists }).await.expect("read");
    let rows = form.tree.peek_rows(nodes[0], "lines").to_vec();
    let quantities: Vec<_> = rows.iter().map(|row| form.tree.peek(*row, "quantity")).collect();
    assert_eq!(quantities, [json!(2.0), json!(10.0)].map(Some));
    assert_eq!(form.requests(), 1);
    assert!(rows.iter().all(|row| form.tree.timestamp(*row).is_some()));
}
