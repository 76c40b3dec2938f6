//! A tree whose questions are counted.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tryton_sdk::form::{NodeId, Op, Options, Outcome, Step, Tree};
use tryton_sdk::{Client, Result};

/// The engine, driven by hand.
pub(crate) struct Counted<'a> {
    pub(crate) tree: Tree,
    tryton: &'a Client,
    asked: BTreeMap<String, usize>,
    /// How many answers were waited for one after the other.
    pub(crate) steps: usize,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(tryton: &'a Client, options: Options) -> Self {
        Self { tree: Tree::with_options(options), tryton, asked: BTreeMap::new(), steps: 0 }
    }

    pub(crate) async fn run(&mut self, op: Op) -> Result<Outcome> {
        let mut step = self.tree.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome,
            };
            self.steps += usize::from(questions.iter().any(|question| counts(&question.method)));
            let mut answers = Vec::new();
            for question in questions {
                *self.asked.entry(question.method.clone()).or_default() += 1;
                let tryton = self.tryton.with(question.context.into());
                answers.push(tryton.call(&question.method, question.params).await);
            }
            step = self.tree.answer(answers);
        }
    }

    pub(crate) async fn node(&mut self, op: Op) -> NodeId {
        match self.run(op).await.expect("done") {
            Outcome::Node(node) => node,
            other => panic!("no record: {other:?}"),
        }
    }

    pub(crate) async fn new_record(&mut self, model: &str) -> NodeId {
        self.node(Op::New { model: model.to_owned(), context: Map::new() }).await
    }

    pub(crate) async fn add(&mut self, node: NodeId, list: &str) -> NodeId {
        self.node(Op::Add { node, list: list.to_owned() }).await
    }

    pub(crate) async fn set(&mut self, node: NodeId, field: &str, value: Value) {
        self.run(Op::Set { node, field: field.to_owned(), value }).await.expect("set");
    }

    pub(crate) async fn get(&mut self, node: NodeId, field: &str) -> Value {
        match self.run(Op::Get { node, field: field.to_owned() }).await.expect("read") {
            Outcome::Value(value) => value,
            other => panic!("no value: {other:?}"),
        }
    }

    /// How many requests there were, without those for the fields of models, which a client keeps for a day.
    pub(crate) fn requests(&self) -> usize {
        self.asked.iter().filter(|(method, _)| counts(method)).map(|(_, asked)| asked).sum()
    }
}

fn counts(method: &str) -> bool {
    !method.ends_with(".fields_get")
}
