//! Records are read again while changes of them are kept.

use serde_json::{Value, json};

use super::{Script, line_of};
use crate::form::{NodeId, Op, Options, Outcome};

impl Script {
    fn rows(&mut self, node: NodeId) -> Vec<NodeId> {
        match self.run(Op::Rows { node, list: "lines".to_owned() }).expect("rows") {
            Outcome::Nodes(rows) => rows,
            other => panic!("no records: {other:?}"),
        }
    }

    fn expect_order_read(&mut self, answer: Value) -> &mut Self {
        let fields = json!(["lines", "number", "party", "tags", "term", "total", "_timestamp"]);
        self.expect("order.read", json!([[7], fields]), json!([answer]))
    }

    /// What follows from the lines of the order, as far as they changed.
    fn expect_lines(&mut self, lines: Value, change: Value) -> &mut Self {
        self.expect("order.on_change", json!([{"lines": lines, "id": 7}, ["lines"]]), change)
    }
}

#[test]
fn what_changed_here_is_kept_and_the_rest_is_read() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    script.expect("order.on_change", json!([{"party": 2, "id": 7}, ["party"]]), json!({"total": 6})).expect(
        "order.on_change_with",
        json!([{"party": 2, "term": null, "id": 7}, ["term"]]),
        json!({"term": 3}),
    );
    script.set(order, "party", json!(2)).expect("set");
    script.expect_order_read(json!({
        "id": 7, "party": 9, "term": 9, "total": 9, "number": "B", "lines": [8, 10], "tags": [4, 5], "_timestamp": "2.5",
    }));
    script.run(Op::Refresh { node: order }).expect("read");
    let values = ["party", "term", "total", "number", "lines", "tags"].map(|field| script.tree.peek(order, field));
    // The total follows from what was set here.
    let expected = [json!(2), json!(3), json!(6), json!("B"), json!([8, 10]), json!([4, 5])];
    assert_eq!(values, expected.map(Some));
    assert_eq!(script.tree.timestamp(order), Some(&json!("2.5")));
    script.expect("order.write", json!([[7], {"party": 2, "term": 3}]), Value::Null);
    script.save(order).expect("saved");
}

#[test]
fn changes_of_lists_are_made_in_what_the_server_has_now() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    let rows = script.rows(order);
    let read = |quantity: i64, timestamp: &str| {
        json!([
            {"id": 8, "quantity": quantity, "price": 2, "amount": 2, "product": 1, "order": 7, "_timestamp": timestamp},
            {"id": 9, "quantity": quantity, "price": 3, "amount": 3, "product": 1, "order": 7, "_timestamp": timestamp},
        ])
    };
    script.expect("order.line.read", json!([[8, 9], ["_timestamp", "quantity"]]), read(1, "8.5")).expect(
        "order.line.on_change_with",
        json!([{"price": 2, "quantity": 4, "amount": 2, "id": 8}, ["amount"]]),
        json!({"amount": 8}),
    );
    script.set(rows[0], "quantity", json!(4)).expect("set");
    script.run(Op::TakeOff { node: order, list: "lines".to_owned(), row: rows[1], delete: true }).expect("off");
    script.run(Op::Link { node: order, list: "tags".to_owned(), ids: vec![6] }).expect("linked");

    // Somebody else has added a line, and taken a tag off.
    script.expect_order_read(json!({
        "id": 7, "party": 1, "term": null, "total": 5, "number": "A", "lines": [8, 9, 10], "tags": [], "_timestamp": "2.5",
    }));
    let fields = json!(["amount", "order", "price", "product", "quantity", "_timestamp"]);
    script.expect("order.line.read", json!([[8], fields]), read(7, "9.5"));
    script.run(Op::Refresh { node: order }).expect("read");
    assert_eq!(script.tree.peek(order, "lines"), Some(json!([8, 10])));
    assert_eq!(script.tree.peek(order, "tags"), Some(json!([6])), "what was linked here stays");
    assert_eq!(
        (script.tree.peek(rows[0], "quantity"), script.tree.timestamp(rows[0])),
        (Some(json!(4)), Some(&json!("9.5")))
    );

    let changed = json!([{"id": 8, "amount": 8, "quantity": 4}, {"id": 10}]);
    script.expect_lines(changed, json!({"total": 18}));
    let lines = json!([["add", [8, 10]], ["write", [8], {"amount": 8, "quantity": 4}], ["delete", [9]]]);
    script.expect("order.write", json!([[7], {"lines": lines, "tags": [["add", [6]]]}]), Value::Null);
    script.save(order).expect("saved");
}

#[test]
fn a_row_that_somebody_else_has_deleted_is_gone_and_a_new_one_stays() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    let new = line_of(&mut script, order);
    script.expect_order_read(json!({
        "id": 7, "party": 1, "term": null, "total": 5, "number": "A", "lines": [9], "tags": [4], "_timestamp": "2.5",
    }));
    script.run(Op::Refresh { node: order }).expect("read");
    assert_eq!(script.tree.peek(order, "lines"), Some(json!([9, script.tree.id(new)])));
}
