//! What is wrong with a form, before the server is asked to save it.

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::form::{NodeId, Op, Outcome, Question, Rule, Step, Tree, Violations};

fn eval(name: &str, default: Value) -> Value {
    json!({"__class__": "Eval", "v": name, "d": default})
}

/// A task has a customer, of its company, and steps.
fn task() -> Value {
    let domain = json!([["company", "=", eval("company", json!(-1))]]).to_string();
    let context = json!({"company": eval("company", json!(-1))}).to_string();
    // That of the client.
    let company = json!({"__class__": "Get", "v": eval("context", json!({})), "k": "company", "d": -1});
    json!({
        "company": {"type": "many2one", "relation": "company", "required": true},
        "customer": {"type": "many2one", "relation": "party", "domain": domain, "context": context, "string": "Customer"},
        "name": {"type": "char", "required": true, "size": 5, "string": "Name"},
        "number": {"type": "char", "required": true, "states": r#"{"readonly": true}"#},
        "state": {"type": "char", "required": true, "readonly": true},
        "steps": {
            "type": "one2many", "relation": "step", "relation_field": "task", "size": "1",
            "domain": json!([["task.company", "=", 1], ["price", ">", 0]]).to_string(),
        },
        "subject": {"type": "reference", "domain": json!({"party": [["company", "=", company]]}).to_string()},
        "tags": {"type": "many2many", "relation": "tag", "domain": r#"[["kind", "=", "task"]]"#},
    })
}

fn step() -> Value {
    let done = json!({"__class__": "Equal", "s1": eval("_parent_task.name", json!("")), "s2": "done"});
    json!({
        "currency": {"type": "many2one", "relation": "currency"},
        "end": {"type": "integer", "domain": json!([["end", ">=", eval("start", json!(0))]]).to_string()},
        "note": {"type": "text", "states": json!({"required": done}).to_string()},
        "price": {"type": "numeric", "digits": r#""currency""#},
        "start": {"type": "integer", "digits": "[2, null]"},
        "task": {"type": "many2one", "relation": "task", "required": true},
    })
}

/// A server that knows the models, and answers searches.
struct Server {
    tree: Tree,
    asked: Vec<Question>,
    /// The ids that are found by a domain, and that the user sees.
    found: Value,
    seen: Value,
}

impl Server {
    fn new() -> Self {
        Self { tree: Tree::new(), asked: Vec::new(), found: json!([]), seen: json!([]) }
    }

    fn answer(&mut self, question: Question) -> Result<Value> {
        let method = question.method.clone();
        let answer = match &*method {
            "model.task.fields_get" => return Ok(task()),
            "model.step.fields_get" => return Ok(step()),
            "model.task.default_get" | "model.step.default_get" => return Ok(json!({})),
            "model.task.read" => Ok(json!([{
                "id": 7, "name": "Build", "company": 1, "customer": 4, "state": "open", "number": null, "_timestamp": "1.5",
                "steps": [8], "tags": [], "subject": null,
            }])),
            "model.step.read" => Ok(json!([{
                "id": 8, "start": 1, "end": 0, "note": null, "price": decimal("1"), "currency": null, "_timestamp": "1.5",
            }])),
            "model.currency.get_digits" => Ok(json!([16, 2])),
            "model.tag.search" => Err(Error::status(403, None)),
            _ if question.params[0].as_array().is_some_and(|domain| domain.len() > 1) => Ok(self.found.clone()),
            _ => Ok(self.seen.clone()),
        };
        self.asked.push(question);
        answer
    }

    fn run(&mut self, op: Op) -> Outcome {
        let mut step = self.tree.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome.expect("done"),
            };
            let answers = questions.into_iter().map(|question| self.answer(question)).collect();
            step = self.tree.answer(answers);
        }
    }

    fn task(&mut self) -> NodeId {
        match self.run(Op::New { model: "task".to_owned(), context: Map::new() }) {
            Outcome::Node(node) => node,
            other => panic!("no record: {other:?}"),
        }
    }

    fn add_step(&mut self, node: NodeId) -> NodeId {
        match self.run(Op::Add { node, list: "steps".to_owned() }) {
            Outcome::Node(node) => node,
            other => panic!("no record: {other:?}"),
        }
    }

    fn set(&mut self, node: NodeId, field: &str, value: Value) {
        self.run(Op::Set { node, field: field.to_owned(), value });
    }

    fn check(&mut self, node: NodeId) -> Violations {
        self.asked.clear();
        let context = json!({"company": 1}).as_object().cloned().unwrap_or_default();
        match self.run(Op::Check { node, context }) {
            Outcome::Violations(violations) => violations,
            other => panic!("no violations: {other:?}"),
        }
    }
}

fn decimal(text: &str) -> Value {
    json!({"__class__": "Decimal", "decimal": text})
}

#[test]
fn all_violations_of_a_document_come_at_once() {
    let mut server = Server::new();
    let task = server.task();
    server.set(task, "name", json!("done"));
    for (start, end, price) in [(1, 0, "0.125"), (100, 200, "-1")] {
        let step = server.add_step(task);
        server.set(step, "start", json!(start));
        server.set(step, "end", json!(end));
        server.set(step, "currency", json!(3));
        server.set(step, "price", decimal(price));
    }
    let violations = server.check(task);
    assert_eq!(
        violations.to_string().lines().collect::<Vec<_>>(),
        [
            "`company` needs a value",
            "`steps` has a length of 2, but the limit is 1",
            // The company of the task is not known to the form: only the server can tell, but not of the price.
            "`steps[1]` has a value that is not allowed: it must satisfy [[\"task.company\",\"=\",1],[\"price\",\">\",0]]",
            "`steps[0].end` has a value that is not allowed: it must satisfy [[\"end\",\">=\",1]]",
            "`steps[0].note` needs a value",
            "`steps[0].price` has too many digits: 16 are allowed before the point, 2 after it",
            "`steps[1].note` needs a value",
            "`steps[1].start` has too many digits before the point: 2 are allowed",
        ]
    );
    let asked: Vec<_> = server.asked.iter().map(|question| (&*question.method, json!(question.params))).collect();
    assert_eq!(asked, [("model.currency.get_digits", json!([3]))], "both prices are in one currency");
    let found = violations.into_iter().nth(3).expect("the end");
    assert_eq!((&*found.model, &*found.field, found.id), ("step", "end", -2));
}

#[test]
fn the_server_is_asked_whether_records_satisfy_the_domain_of_a_relation() {
    let mut server = Server::new();
    let task = server.task();
    server.set(task, "name", json!("Build"));
    server.set(task, "company", json!(1));
    server.set(task, "customer", json!(4));
    server.set(task, "subject", json!("party,5"));
    server.run(Op::Link { node: task, list: "tags".to_owned(), ids: vec![6] });
    server.found = json!([5]);
    server.seen = json!([4]);
    let violations = server.check(task);
    assert_eq!(violations.len(), 1, "{violations}");
    let customer = violations.iter().next().expect("the customer");
    assert_eq!((&*customer.path, &*customer.label), ("customer", "Customer"));
    assert_eq!(customer.rule, Rule::InDomain(json!([["company", "=", 1]])));
    let asked: Vec<_> = server.asked.iter().map(|question| (&*question.method, &question.params[0])).collect();
    assert_eq!(
        asked,
        [
            ("model.party.search", &json!([["id", "in", [4]], [["company", "=", 1]]])),
            ("model.party.search", &json!([["id", "in", [5]], [["company", "=", 1]]])),
            // Nobody lets the user search for tags: they pass.
            ("model.tag.search", &json!([["id", "in", [6]], [["kind", "=", "task"]]])),
            // A record that the user cannot see is not wrong for that.
            ("model.party.search", &json!([["id", "in", [4]]])),
        ]
    );
    assert_eq!(Value::Object(server.asked[0].context.clone()), json!({"active_test": false, "company": 1}));

    server.found = json!([4, 5]);
    assert!(server.check(task).is_empty());
    server.found = json!([]);
    server.seen = json!([]);
    assert!(server.check(task).is_empty(), "nobody knows");
}

/// A record that the server's answer made gets the server's defaults only when it is created.
#[test]
fn a_record_without_defaults_may_lack_what_is_required() {
    let mut server = Server::new();
    let view = |model: &str| Op::View {
        model: model.to_owned(),
        defaults: json!({"steps": [{}]}).as_object().cloned().unwrap_or_default(),
        values: json!({"name": null, "customer": 4}).as_object().cloned().unwrap_or_default(),
        context: Map::new(),
    };
    let Outcome::Node(task) = server.run(view("task")) else { panic!("no record") };
    let paths: Vec<_> = server.check(task).into_iter().map(|found| found.path).collect();
    assert_eq!(paths, ["name"], "null would be sent for it, and nothing for the company");
    assert_eq!(server.asked, [], "the company of the customer depends on that of the task");
}

#[test]
fn of_a_saved_record_what_changed_is_checked_and_what_depends_on_it() {
    let mut server = Server::new();
    let ids = vec![7];
    let outcome = server.run(Op::Existing { model: "task".to_owned(), ids, context: Map::new() });
    let Outcome::Nodes(nodes) = outcome else { panic!("no records") };
    let task = nodes[0];
    assert!(server.check(task).is_empty(), "nothing changed");
    assert_eq!(server.asked, []);

    server.set(task, "name", json!("Build it"));
    let violations = server.check(task);
    assert_eq!(violations.to_string(), "`name` (Name) has a length of 8, but the limit is 5");

    let Outcome::Nodes(steps) = server.run(Op::Rows { node: task, list: "steps".to_owned() }) else {
        panic!("no rows")
    };
    server.set(task, "name", json!("done"));
    server.set(steps[0], "start", json!(2));
    // Its end was wrong before. It depends on the start, its note on the task alone.
    let paths: Vec<_> = server.check(task).into_iter().map(|found| found.path).collect();
    assert_eq!(paths, ["steps[0].end"]);
}
