//! The engine without a server: the order of its questions, what it sends, and what becomes of the records.

mod check;
mod refresh;

use std::collections::VecDeque;

use serde_json::{Map, Value, json};

use super::{AnyDraft, NodeId, Op, Options, Outcome, Question, Step, Tree};
use crate::error::{Error, Result};

/// A server that has been told what it will be asked.
struct Script {
    tree: Tree,
    expected: VecDeque<(&'static str, Value, Result<Value>)>,
}

impl Script {
    fn new(options: Options) -> Self {
        Self { tree: Tree::with_options(options), expected: VecDeque::new() }
    }

    /// The next question is this method with these parameters, and this is the answer.
    fn expect(&mut self, method: &'static str, params: Value, answer: Value) -> &mut Self {
        self.expected.push_back((method, params, Ok(answer)));
        self
    }

    fn refuse(&mut self, method: &'static str, params: Value) -> &mut Self {
        self.expected.push_back((method, params, Err(Error::invalid_request("no"))));
        self
    }

    fn run(&mut self, op: Op) -> Result<Outcome> {
        let mut step = self.tree.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => {
                    assert!(self.expected.is_empty(), "not asked: {:?}", self.expected.front());
                    return outcome;
                }
            };
            let answers = questions.into_iter().map(|question| self.answer(question)).collect();
            step = self.tree.answer(answers);
        }
    }

    fn answer(&mut self, question: Question) -> Result<Value> {
        match question.method.as_str() {
            "model.order.fields_get" => return Ok(order()),
            "model.order.line.fields_get" => return Ok(line()),
            _ => {}
        }
        let (method, params, answer) =
            self.expected.pop_front().unwrap_or_else(|| panic!("not expected: {question:?}"));
        let asked = (question.method.strip_prefix("model.").expect("a model's method"), json!(question.params));
        assert_eq!(asked, (method, params));
        answer
    }

    fn node(&mut self, op: Op) -> NodeId {
        match self.run(op).expect("done") {
            Outcome::Node(node) => node,
            other => panic!("no record: {other:?}"),
        }
    }

    fn set(&mut self, node: NodeId, field: &str, value: Value) -> Result<Outcome> {
        self.run(Op::Set { node, field: field.to_owned(), value })
    }

    fn save(&mut self, node: NodeId) -> Result<Outcome> {
        self.run(Op::Save { nodes: vec![node] })
    }

    /// A new order without any default.
    fn order(&mut self) -> NodeId {
        self.expect(
            "order.default_get",
            json!([["lines", "number", "party", "tags", "term", "total"], false]),
            json!({}),
        );
        self.node(Op::New { model: "order".to_owned(), context: Map::new() })
    }

    /// The next question is for the defaults of a line, and there are none.
    fn expect_line_defaults(&mut self) {
        let fields = json!([["amount", "order", "price", "product", "quantity"], false]);
        self.expect("order.line.default_get", fields, json!({}));
    }

    /// A new line that is in no order, without any default.
    fn loose_line(&mut self) -> NodeId {
        self.expect_line_defaults();
        self.node(Op::New { model: "order.line".to_owned(), context: Map::new() })
    }

    /// A saved order of which everything is known.
    fn saved_order(&mut self) -> NodeId {
        let ids = vec![7];
        let Outcome::Nodes(nodes) =
            self.run(Op::Existing { model: "order".to_owned(), ids, context: Map::new() }).expect("known")
        else {
            panic!("no records")
        };
        let fields = json!(["lines", "number", "party", "tags", "term", "total", "_timestamp"]);
        let values = json!([{
            "id": 7, "party": 1, "term": null, "total": 5, "number": "A", "lines": [8, 9], "tags": [4], "_timestamp": "1.5",
        }]);
        self.expect("order.read", json!([[7], fields]), values);
        self.run(Op::Read { nodes: nodes.clone(), lists: Vec::new() }).expect("read");
        nodes[0]
    }
}

/// An order has a party, from which its term follows, and lines, from which its total follows.
fn order() -> Value {
    json!({
        "lines": {"type": "one2many", "relation": "order.line", "relation_field": "order", "on_change": ["lines", "id"]},
        "number": {"type": "char", "readonly": true},
        "party": {"type": "many2one", "relation": "party", "on_change": ["party", "id"]},
        "tags": {"type": "many2many", "relation": "tag"},
        "term": {"type": "many2one", "relation": "term", "on_change_with": ["party", "id"]},
        "total": {"type": "integer", "readonly": true},
    })
}

/// A line has a product, from which its price follows, and the party has a say in it.
fn line() -> Value {
    json!({
        "amount": {"type": "integer", "on_change_with": ["price", "quantity", "id"]},
        "order": {"type": "many2one", "relation": "order"},
        "price": {"type": "integer", "on_change_with": ["product", "_parent_order.party", "id"]},
        "product": {"type": "many2one", "relation": "product", "on_change": ["product", "quantity", "order", "id"]},
        "quantity": {"type": "integer", "strip": true},
    })
}

fn add(node: NodeId) -> Op {
    Op::Add { node, list: "lines".to_owned() }
}

/// A new line without any default: its price depends on nothing that is set yet.
fn line_of(script: &mut Script, order: NodeId) -> NodeId {
    script.expect_line_defaults();
    script.node(add(order))
}

#[test]
fn on_change_comes_before_what_is_computed_from_a_field() {
    let mut script = Script::new(Options::NONE);
    let order = script.order();
    script
        .expect("order.on_change", json!([{"party": 3, "id": -1}, ["party"]]), json!({"number": "B", "party.": {}}))
        .expect("order.on_change_with", json!([{"party": 3, "term": null, "id": -1}, ["term"]]), json!({"term": 2}));
    script.set(order, "party", json!(3)).expect("set");
    let values = ["party", "number", "term", "total", "lines"].map(|field| script.tree.peek(order, field));
    assert_eq!(values, [json!(3), json!("B"), json!(2), Value::Null, json!([])].map(Some));
    script.set(order, "party", json!(3)).expect("nothing is asked about the same value");
}

/// An empty text is no other value than null. A new record is sent it all the same.
#[test]
fn an_empty_text_changes_nothing() {
    let mut script = Script::new(Options::ALL);
    let order = script.saved_order();
    script.set(order, "number", Value::Null).expect("set");
    assert!(script.tree.is_modified(order), "it had a number");
    // The number is read-only to clients, so that nothing of it is sent.
    script.expect("order.write", json!([[7], {}]), Value::Null);
    script.save(order).expect("saved");
    let fields = json!(["_timestamp", "number"]);
    script.expect("order.read", json!([[7], fields]), json!([{"id": 7, "number": null, "_timestamp": "2.5"}]));
    script.set(order, "number", json!("")).expect("set");
    assert!(!script.tree.is_modified(order));
    let order = script.order();
    script.set(order, "number", json!("")).expect("set");
    assert_eq!(script.tree.peek(order, "number"), Some(json!("")));
}

/// Its answers are lists of changes, and plain values.
#[test]
fn series_6_0_answers_otherwise() {
    let mut script = Script::new(Options::NONE);
    let order = script.order();
    script
        .expect(
            "order.on_change",
            json!([{"party": 3, "id": -1}, ["party"]]),
            json!([{"number": "B"}, {"tags": [4, 5]}]),
        )
        .expect("order.on_change_with", json!([{"party": 3, "term": null, "id": -1}, ["term"]]), json!({"term": 2}));
    script.set(order, "party", json!(3)).expect("set");
    assert_eq!(script.tree.peek(order, "tags"), Some(json!([4, 5])));
}

#[test]
fn results_trigger_nothing_further() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    let line = line_of(&mut script, order);
    let parent = json!({"id": -1, "number": null, "party": null, "tags": [], "term": null, "total": null});
    script
        .expect(
            "order.line.on_change",
            json!([{"product": 1, "quantity": null, "order": parent, "id": -2}, ["product"]]),
            json!({"quantity": 2}),
        )
        .expect(
            "order.line.on_change_with",
            json!([{"product": 1, "_parent_order.party": null, "price": null, "id": -2}, ["price"]]),
            json!({"price": 5}),
        );
    script.set(line, "product", json!(1)).expect("set");
    // Nothing is computed from what was computed: `amount` waits until one of its own fields is set.
    assert_eq!(script.tree.peek(line, "amount"), Some(Value::Null));
    script.expect(
        "order.line.on_change_with",
        json!([{"price": 5, "quantity": 3, "amount": null, "id": -2}, ["amount"]]),
        json!({"amount": 15}),
    );
    script.set(line, "quantity", json!(3)).expect("set");
    assert_eq!(script.tree.peek(line, "amount"), Some(json!(15)));
}

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

#[test]
fn a_failure_leaves_everything_as_it_was() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    let line = line_of(&mut script, order);
    let draft = AnyDraft::new().set("quantity", json!(3)).set("product", json!(1));
    script.expect(
        "order.line.on_change_with",
        json!([{"price": null, "quantity": 3, "amount": null, "id": -2}, ["amount"]]),
        json!({"amount": 15}),
    );
    let parent = json!({"id": -1, "number": null, "party": null, "tags": [], "term": null, "total": null});
    let args = json!([{"product": 1, "quantity": 3, "order": parent, "id": -2}, ["product"]]);
    script.refuse("order.line.on_change", args);
    let error = script.run(Op::Fill { node: line, draft }).expect_err("refused");
    assert_eq!(error.to_string(), "no; asked about `lines[0].product` of the form of `order`, which stays as it was");
    let values = ["quantity", "amount", "product"].map(|field| script.tree.peek(line, field));
    assert_eq!(values, [Value::Null, Value::Null, Value::Null].map(Some));
}

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

#[test]
fn an_operation_may_be_given_up() {
    let mut script = Script::new(Options::ALL);
    let order = script.order();
    let step = script.tree.begin(Op::Set { node: order, field: "party".to_owned(), value: json!(3) });
    assert!(matches!(&step, Step::Ask(questions) if questions.len() == 1), "{step:?}");
    assert_eq!(script.tree.peek(order, "party"), Some(Value::Null), "nothing changes before it is done");
    script.expect("order.create", json!([[{}]]), json!([7]));
    script.save(order).expect("another one begins");
    assert!(matches!(script.tree.answer(Vec::new()), Step::Done(Err(_))), "it waits for nothing");
}

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

/// A state of a wizard: what follows from its defaults is computed, nothing from its values.
#[test]
fn a_wizard_shows_a_record() {
    let mut script = Script::new(Options::ALL);
    script.expect("order.on_change", json!([{"party": 3, "id": -1}, ["party"]]), json!({"number": "B"})).expect(
        "order.on_change_with",
        json!([{"party": 3, "term": null, "id": -1}, ["term"]]),
        json!({"term": 2}),
    );
    let object = |value: Value| value.as_object().cloned().expect("an object");
    let view = Op::View {
        model: "order".to_owned(),
        defaults: object(json!({"party": 3, "party.": {"rec_name": "A"}})),
        values: object(json!({"total": 9, "tags": [4]})),
        context: Map::new(),
    };
    let ask = script.node(view);
    let values = json!({"id": -1, "lines": [], "number": "B", "party": 3, "tags": [4], "term": 2, "total": 9});
    assert_eq!(script.run(Op::Values { node: ask }).expect("all of them"), Outcome::Value(values));
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

/// A form may be part of what tasks and threads share.
#[test]
fn trees_are_shared_between_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    is_shared(&Tree::new());
}

/// A task has steps, whose context and states are expressions.
#[test]
fn expressions_look_up_the_values_of_the_record_and_of_its_parent() {
    let eval = |name: &str, default: Value| json!({"__class__": "Eval", "v": name, "d": default});
    let context = json!({"company": eval("company", json!(-1)), "kind": "step"}).to_string();
    let done = json!({"__class__": "Equal", "s1": eval("_parent_task.state", json!("")), "s2": "done"});
    let states =
        json!({"readonly": done, "required": {"__class__": "Bool", "v": eval("name", json!(null))}}).to_string();
    let task = json!({
        "company": {"type": "many2one", "relation": "company"},
        "state": {"type": "selection"},
        "steps": {"type": "one2many", "relation": "step", "relation_field": "task", "context": context},
    });
    let step = json!({
        "name": {"type": "char", "states": states},
        "broken": {"type": "char", "required": true, "states": r#"{"invisible": {"__class__": "Len", "v": 1}}"#},
        "locked": {"type": "char", "states": r#"{"editable": false}"#},
        "task": {"type": "many2one", "relation": "task"},
    });
    let mut tree = Tree::new();
    let mut contexts = Vec::new();
    let mut run = |tree: &mut Tree, op: Op| {
        let mut next = tree.begin(op);
        loop {
            let questions = match next {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome.expect("done"),
            };
            let answers = questions.into_iter().map(|question| match question.method.as_str() {
                "model.task.fields_get" => Ok(task.clone()),
                "model.step.fields_get" => Ok(step.clone()),
                "model.task.default_get" => Ok(json!({"company": 3, "state": "open"})),
                method => {
                    assert_eq!(method, "model.step.default_get");
                    contexts.push(Value::Object(question.context));
                    Ok(json!({}))
                }
            });
            next = tree.answer(answers.collect());
        }
    };
    let Outcome::Node(node) = run(&mut tree, Op::New { model: "task".to_owned(), context: Map::new() }) else {
        panic!("a record")
    };
    let add = Op::Add { node, list: "steps".to_owned() };
    let Outcome::Node(row) = run(&mut tree, add) else { panic!("a record") };
    assert_eq!(contexts, [json!({"company": 3, "kind": "step"})]);

    let look = |tree: &mut Tree, field: &str| {
        let step = tree.begin(Op::States { node: row, field: field.to_owned(), context: Map::new() });
        let Step::Done(outcome) = step else { panic!("everything is known: {step:?}") };
        outcome.map(|outcome| match outcome {
            Outcome::States(states) => states,
            other => panic!("no states: {other:?}"),
        })
    };
    let states = look(&mut tree, "name").expect("states");
    assert!(!states.readonly && !states.required && !states.invisible, "{states:?}");
    let set = |tree: &mut Tree, node: NodeId, field: &str, value: Value| {
        let step = tree.begin(Op::Set { node, field: field.to_owned(), value });
        assert!(matches!(step, Step::Done(Ok(_))), "nothing follows: {step:?}");
    };
    set(&mut tree, row, "name", json!("first"));
    set(&mut tree, node, "state", json!("done"));
    let states = look(&mut tree, "name").expect("states");
    assert!(states.readonly && states.required && !states.invisible, "{states:?}");

    assert!(look(&mut tree, "locked").expect("states").readonly, "nobody may edit it");

    let error = look(&mut tree, "broken").expect_err("a number has no length");
    let text = "the `invisible` of `step.broken` cannot be evaluated: `Len`: needs a text, a list or an object, and an \
                integer came: 1";
    assert!(error.is_expression() && error.to_string() == text, "{error}");
    assert!(look(&mut tree, "nothing").expect_err("no such field").is_invalid_request());
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

/// What is known of the fields of models is asked for again: another user may see others.
#[test]
fn models_may_be_forgotten() {
    let mut tree = Tree::new();
    let op = || Op::Existing { model: "order".to_owned(), ids: vec![7], context: Map::new() };
    for _ in 0..2 {
        assert!(matches!(tree.begin(op()), Step::Ask(_)), "the fields are not known");
        assert!(matches!(tree.answer(vec![Ok(order())]), Step::Done(Ok(_))));
        assert!(matches!(tree.begin(op()), Step::Done(Ok(_))), "they are known");
        tree.forget_models();
    }
}

/// The expressions of a field are evaluated for the record as it stands.
#[test]
fn an_attribute_is_evaluated() {
    let mut tree = Tree::new();
    let domain = r#"[["party", "=", {"__class__": "Eval", "v": "party", "d": -1}]]"#;
    let context = r#"{"party": {"__class__": "Eval", "v": "party"}}"#;
    let fields = json!({
        "party": {"type": "many2one", "relation": "party"},
        "lines": {"type": "one2many", "relation": "order.line", "domain": domain, "context": context},
    });
    let defaults = json!({"party": 3, "lines": [{"id": 8}]});
    let answers = [fields, defaults];
    let mut step = tree.begin(Op::New { model: "order".to_owned(), context: Map::new() });
    for answer in answers {
        step = tree.answer(vec![Ok(answer)]);
    }
    let Step::Done(Ok(Outcome::Node(order))) = step else { panic!("no record") };
    let mut evaluated = |attribute: &str| match tree.begin(Op::Evaluate {
        node: order,
        field: "lines".to_owned(),
        attribute: attribute.to_owned(),
    }) {
        Step::Done(Ok(Outcome::Value(value))) => value,
        other => panic!("no value: {other:?}"),
    };
    assert_eq!(evaluated("domain"), json!([["party", "=", 3]]));
    assert_eq!(evaluated("search_order"), Value::Null);
    let row = tree.peek_rows(order, "lines")[0];
    let Step::Ask(_) = tree.begin(Op::Context { node: row }) else { panic!("the row's model is not known") };
    let Step::Done(Ok(Outcome::Value(context))) = tree.answer(vec![Ok(line())]) else { panic!("no context") };
    assert_eq!(context, json!({"party": 3}));
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
