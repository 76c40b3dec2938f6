//! The engine without a server: the order of its questions, what it sends, and what becomes of the records.

mod check;
mod expressions;
mod lists;
mod refresh;
mod saving;
mod savings;

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
    assert_eq!(error.to_string(), "no; asked about `lines[0].product` of the form of `order`, which is unchanged");
    let values = ["quantity", "amount", "product"].map(|field| script.tree.peek(line, field));
    assert_eq!(values, [Value::Null, Value::Null, Value::Null].map(Some));
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

/// A form may be part of what tasks and threads share.
#[test]
fn trees_are_shared_between_threads() {
    fn is_shared<T: Send + Sync>(_: &T) {}
    is_shared(&Tree::new());
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
