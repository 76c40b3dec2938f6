//! Fewer requests: each saving leaves the values the same.

use super::*;

#[test]
fn the_order_hears_of_its_lines_when_it_is_looked_at() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    let line = line_of(&mut script, order);
    script.expect(
        "order.line.on_change_with",
        json!([{"price": null, "quantity": 3, "amount": null, "id": -2}, ["amount"]]),
        json!({"amount": 15}),
    );
    script.set(line, "quantity", json!(3)).expect("set");
    let lines = json!([{"id": -2, "amount": 15, "price": null, "product": null, "quantity": 3}]);
    let total = json!({"total": 15, "lines": {"update": [{"id": -2, "amount": 16}]}});
    script.expect("order.on_change", json!([{"lines": lines, "id": -1}, ["lines"]]), total);
    let outcome = script.run(Op::Get { node: order, field: "total".to_owned() }).expect("the total");
    assert_eq!(outcome, Outcome::Value(json!(15)));
    assert_eq!(script.tree.peek(line, "amount"), Some(json!(16)), "the order may change its lines");
    script.run(Op::Get { node: order, field: "total".to_owned() }).expect("nothing is asked again");
}

#[test]
fn the_order_hears_of_its_lines_at_once_where_that_is_wanted() {
    let mut script = Script::new(Options { defer: false, ..Options::ALL });
    let order = script.order();
    let line = json!({"id": -2, "amount": null, "price": null, "product": null, "quantity": null});
    script
        .expect(
            "order.line.default_get",
            json!([["amount", "order", "price", "product", "quantity"], false]),
            json!({}),
        )
        .expect("order.on_change", json!([{"lines": [line], "id": -1}, ["lines"]]), json!({"total": 0}));
    script.node(add(order));
}

/// The fourth rule: where the answer contradicts what was set by hand, the fields are set one by one.
#[test]
fn a_contradicted_question_is_thrown_away() {
    let fields = json!({
        "a": {"type": "integer", "on_change": ["a", "b"]},
        "b": {"type": "integer", "on_change": ["a", "b"]},
    });
    let mut tree = Tree::new();
    let mut answers = VecDeque::from([
        ("fields_get", json!([[]]), fields),
        ("default_get", json!([["a", "b"], false]), json!({})),
        ("on_change", json!([{"a": 1, "b": 2, "id": -1}, ["a", "b"]]), json!({"b": 9})),
        ("on_change", json!([{"a": 1, "b": null, "id": -1}, ["a"]]), json!({"b": 9})),
        ("on_change", json!([{"a": 1, "b": 2, "id": -1}, ["b"]]), json!({})),
    ]);
    let mut run = |tree: &mut Tree, op| {
        let mut step = tree.begin(op);
        while let Step::Ask(questions) = step {
            let (method, params, answer) = answers.pop_front().expect("an answer");
            assert_eq!(
                (questions[0].method.as_str(), json!(questions[0].params)),
                (&*format!("model.m.{method}"), params)
            );
            step = tree.answer(vec![Ok(answer)]);
        }
        step
    };
    let Step::Done(Ok(Outcome::Node(node))) = run(&mut tree, Op::New { model: "m".to_owned(), context: Map::new() })
    else {
        panic!("no record")
    };
    let draft = AnyDraft::new().set("a", json!(1)).set("b", json!(2));
    assert!(matches!(run(&mut tree, Op::Fill { node, draft }), Step::Done(Ok(_))));
    assert_eq!(["a", "b"].map(|field| tree.peek(node, field)), [json!(1), json!(2)].map(Some));
}

/// The server may compute something else by then, because of what somebody else has done.
#[test]
fn an_answer_is_good_for_one_operation() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    for (party, term) in [(3, 2), (4, 5), (3, 9)] {
        // What was computed before is an argument, too.
        script.set(order, "term", Value::Null).expect("nothing follows");
        script.expect("order.on_change", json!([{"party": party, "id": -1}, ["party"]]), json!({})).expect(
            "order.on_change_with",
            json!([{"party": party, "term": null, "id": -1}, ["term"]]),
            json!({"term": term}),
        );
        script.set(order, "party", json!(party)).expect("set");
        assert_eq!(script.tree.peek(order, "term"), Some(json!(term)));
    }
}
