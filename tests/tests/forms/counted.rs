//! A tree whose questions are counted.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tryton_sdk::form::{NodeId, Op, Options, Outcome, Question, Step, Tree};
use tryton_sdk::{Client, Result};

/// The engine, driven by hand.
pub(crate) struct Counted<'a> {
    pub(crate) tree: Tree,
    tryton: &'a Client,
    requests: usize,
    /// The questions for defaults, which a client asks once in five minutes.
    defaults: BTreeSet<String>,
    /// How many answers were waited for one after the other.
    pub(crate) steps: usize,
}

impl<'a> Counted<'a> {
    pub(crate) fn new(tryton: &'a Client, options: Options) -> Self {
        Self { tree: Tree::with_options(options), tryton, requests: 0, defaults: BTreeSet::new(), steps: 0 }
    }

    pub(crate) async fn run(&mut self, op: Op) -> Result<Outcome> {
        let mut step = self.tree.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome,
            };
            let requests = questions.iter().filter(|&question| self.is_request(question)).count();
            self.requests += requests;
            self.steps += usize::from(requests > 0);
            let mut answers = Vec::new();
            for question in questions {
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
        self.requests
    }

    /// Whether a client would send the question. The server lets it keep fields and defaults.
    fn is_request(&mut self, question: &Question) -> bool {
        match question.method.rsplit('.').next() {
            Some("fields_get") => false,
            Some("default_get") => self.defaults.insert(format!("{question:?}")),
            _ => true,
        }
    }
}
