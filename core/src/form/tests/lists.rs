//! Records come into lists, and go.

use super::*;

#[test]
fn lists_change_as_the_server_says() {
    let mut script = Script::new(Options::NONE);
    let order = script.saved_order();
    let lines = json!({
        "delete": [8],
        "add": [[0, {"id": null, "quantity": 1}], [-1, {"id": 12}]],
        "update": [{"id": 9, "quantity": 6}],
    });
    let change = json!({"lines": lines, "tags": {"remove": [4], "add": [[0, {"id": 5}]]}});
    script.expect("order.on_change", json!([{"party": 3, "id": 7}, ["party"]]), change).expect(
        "order.on_change_with",
        json!([{"party": 3, "term": null, "id": 7}, ["term"]]),
        json!({}),
    );
    script.set(order, "party", json!(3)).expect("set");
    let lists = ["lines", "tags"].map(|list| script.tree.peek(order, list));
    assert_eq!(lists, [json!([-1, 9, 12]), json!([5])].map(Some));
    let lines = json!([
        ["add", [9, 12]], ["create", [{"quantity": 1}]], ["write", [9], {"quantity": 6}], ["delete", [8]],
    ]);
    let tags = json!([["add", [5]], ["remove", [4]]]);
    script.expect("order.write", json!([[7], {"lines": lines, "party": 3, "tags": tags}]), Value::Null);
    script.save(order).expect("saved");
}

/// A record that was made elsewhere hears of its parent before it is in the list.
#[test]
fn a_record_may_be_put_into_a_list() {
    let mut script = Script::new(Options::NONE);
    let order = script.order();
    let line = script.loose_line();
    assert_eq!(script.tree.peek(line, "order"), Some(Value::Null));
    let lines = json!([{"id": -2, "amount": null, "price": null, "product": null, "quantity": null}]);
    script.expect("order.on_change", json!([{"lines": lines, "id": -1}, ["lines"]]), json!({}));
    script.run(Op::Graft { node: order, list: "lines".to_owned(), rows: vec![line] }).expect("there");
    assert_eq!(script.tree.peek(line, "order"), Some(json!(-1)));
    script.run(Op::Graft { node: order, list: "lines".to_owned(), rows: vec![line] }).expect("it is there already");
    assert_eq!(script.tree.peek_rows(order, "lines"), [line]);
    let second = script.order();
    let again = script.run(Op::Graft { node: second, list: "lines".to_owned(), rows: vec![line] }).expect_err("twice");
    assert!(again.is_invalid_request() && again.to_string().contains("`lines[0]`"), "{again}");
    let other = script.run(Op::Graft { node: order, list: "tags".to_owned(), rows: vec![line] });
    assert!(other.expect_err("no tag").is_invalid_request());
}

/// A default may be a record without any value, whose fields have to be known nevertheless.
#[test]
fn a_list_may_begin_with_an_empty_record() {
    let mut script = Script::new(Options::NONE);
    let fields = json!([["lines", "number", "party", "tags", "term", "total"], false]);
    script.expect("order.default_get", fields, json!({"lines": [{}]}));
    let lines = json!([{"id": -2, "amount": null, "price": null, "product": null, "quantity": null}]);
    script.expect("order.on_change", json!([{"lines": lines, "id": -1}, ["lines"]]), json!({}));
    let order = script.node(Op::New { model: "order".to_owned(), context: Map::new() });
    let rows = script.tree.peek_rows(order, "lines");
    assert_eq!(rows.iter().map(|row| script.tree.id(*row)).collect::<Vec<_>>(), [-2]);
}

/// Where a list is forgotten, what was in it is a record of its own: the server may have moved it.
#[test]
fn a_record_of_a_forgotten_list_is_read_whole() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    let line = script.tree.peek_rows(order, "lines")[0];
    script.run(Op::Reload { nodes: vec![order, line] }).expect("forgotten");
    assert_eq!(script.tree.parent(line), None);
    script.expect(
        "order.line.read",
        json!([[8], ["_timestamp", "order"]]),
        json!([{"id": 8, "order": 9, "_timestamp": "2"}]),
    );
    let value = script.run(Op::Get { node: line, field: "order".to_owned() }).expect("read");
    assert_eq!(value, Outcome::Value(json!(9)));
}

/// The ids of records that are rows of a query may be computed as floats.
#[test]
fn an_id_may_come_as_a_float() {
    let mut script = Script::new(Options::ALL);
    let ids = vec![71];
    let op = Op::Existing { model: "order".to_owned(), ids, context: Map::new() };
    let Outcome::Nodes(orders) = script.run(op).expect("known") else { panic!("no records") };
    let read = json!([{"id": 71.0, "party": 3.0, "lines": [8.0], "_timestamp": "1.5"}]);
    let fields = json!(["lines", "number", "party", "tags", "term", "total", "_timestamp"]);
    script.expect("order.read", json!([[71], fields]), read);
    script.run(Op::Read { nodes: orders.clone(), lists: Vec::new() }).expect("read");
    let values = ["party", "lines"].map(|field| script.tree.peek(orders[0], field));
    assert_eq!(values, [json!(3), json!([8])].map(Some));
}
