//! What is sent when records are saved, and what becomes of them.

use super::*;

#[test]
fn a_new_record_is_created_with_its_rows() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    line_of(&mut script, order);
    script.run(Op::Link { node: order, list: "tags".to_owned(), ids: vec![4] }).expect("linked");
    let total = json!({"total": 9, "number": "B"});
    let lines = json!([{"id": -2, "amount": null, "price": null, "product": null, "quantity": null}]);
    script.expect("order.on_change", json!([{"lines": lines, "id": -1}, ["lines"]]), total);
    // Neither what is read-only nor the way back to the order.
    script.expect("order.create", json!([[{"lines": [["create", [{}]]], "tags": [["add", [4]]]}]]), json!([7]));
    script.save(order).expect("saved");
    assert_eq!((script.tree.id(order), script.tree.is_modified(order)), (7, false));
}

#[test]
fn a_saved_record_is_written_as_far_as_it_changed() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    let rows = script.tree.peek_rows(order, "lines").to_vec();
    let read = json!([
        {"id": 8, "quantity": 1, "price": 2, "amount": 2, "_timestamp": "8.5"},
        {"id": 9, "quantity": 1, "price": 3, "amount": 3, "_timestamp": "9.5"},
    ]);
    // Whoever looks at one row looks at the next: both are read.
    script.expect("order.line.read", json!([[8, 9], ["_timestamp", "quantity"]]), read).expect(
        "order.line.on_change_with",
        json!([{"price": 2, "quantity": 4, "amount": 2, "id": 8}, ["amount"]]),
        json!({"amount": 8}),
    );
    script.set(rows[0], "quantity", json!(4)).expect("set");
    script.run(Op::TakeOff { node: order, list: "lines".to_owned(), row: rows[1], delete: true }).expect("off");
    script.run(Op::Link { node: order, list: "tags".to_owned(), ids: vec![5] }).expect("linked");
    let lines = json!([{"id": 8, "amount": 8, "quantity": 4}]);
    script.expect("order.on_change", json!([{"lines": lines, "id": 7}, ["lines"]]), json!({"total": 8}));
    let lines = json!([["add", [8]], ["write", [8], {"amount": 8, "quantity": 4}], ["delete", [9]]]);
    let written = json!([[7], {"lines": lines, "tags": [["add", [4, 5]]]}]);
    script.expect("order.write", written, Value::Null);
    script.save(order).expect("saved");
    assert!(!script.tree.is_modified(order));
}

#[test]
fn what_was_read_is_checked_when_it_is_written() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    let set = script.tree.begin(Op::Set { node: order, field: "number".to_owned(), value: json!("C") });
    assert!(matches!(set, Step::Done(Ok(_))), "{set:?}");
    let Step::Ask(questions) = script.tree.begin(Op::Save { nodes: vec![order] }) else { panic!("nothing to save") };
    assert_eq!(questions[0].method, "model.order.write");
    assert_eq!(Value::Object(questions[0].context.clone()), json!({"_timestamp": {"order,7": "1.5"}}));
}

/// What the server did stays done, even if the rest of the operation fails.
#[test]
fn a_record_stays_saved_where_its_button_fails() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    script.expect("order.create", json!([[{}]]), json!([7])).refuse("order.confirm", json!([[7]]));
    script.run(Op::Press { nodes: vec![order], button: "confirm".to_owned() }).expect_err("refused");
    assert_eq!(script.tree.id(order), 7);
}

/// A relation to a record that is not saved leads to the same record when that is saved.
#[test]
fn a_relation_follows_a_record_that_is_saved() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    let line = script.loose_line();
    // The same number in a field that is no relation to an order stays what it is.
    script.set(line, "order", json!(-1)).expect("set");
    script.expect(
        "order.line.on_change_with",
        json!([{"quantity": -1, "price": null, "amount": null, "id": -2}, ["amount"]]),
        json!({}),
    );
    script.set(line, "quantity", json!(-1)).expect("set");
    script.expect("order.create", json!([[{}]]), json!([7]));
    script.save(order).expect("saved");
    assert_eq!(script.tree.peek(line, "order"), Some(json!(7)));
    assert_eq!(script.tree.peek(line, "quantity"), Some(json!(-1)));
}
