//! What the server says by expressions.

use super::*;

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
    let text = "the `invisible` of `step.broken` cannot be evaluated: `Len`: needs a text, a list or an object, but got an \
                integer: 1";
    assert!(error.is_expression() && error.to_string() == text, "{error}");
    assert!(look(&mut tree, "nothing").expect_err("no such field").is_invalid_request());
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
