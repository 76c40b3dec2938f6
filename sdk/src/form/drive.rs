//! The engine with a client: asks its questions, several at a time.

use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;

use super::ask::Question;
use super::ops::{Op, Outcome};
use super::tree::{Step, Tree};
use crate::client::Client;
use crate::error::Result;

/// How many questions are under way at the same time.
const AT_ONCE: usize = 8;

impl Tree {
    /// Carries out an operation with a client. Nothing changes here before it is done, or where it is dropped.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`], and [`is_invalid_request`](crate::Error::is_invalid_request) for a field that the server does
    /// not have or for what cannot be done with the record. The message says where in the form it arose.
    pub async fn run(&mut self, client: &Client, op: Op) -> Result<Outcome> {
        let mut step = self.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome,
            };
            let answers = stream::iter(questions).map(|question| ask(client, question)).buffered(AT_ONCE);
            step = self.answer(answers.collect().await);
        }
    }
}

async fn ask(client: &Client, question: Question) -> Result<Value> {
    client.with(question.context.into()).call(&question.method, question.params).await
}
