//! Runs the engine with a connection, and sends its questions, several at a time.

use std::marker::PhantomData;

use futures_util::stream::{self, StreamExt as _};
use serde_json::Value;

use super::ask::Question;
use super::ops::{Op, Outcome};
use super::tree::{Step, Tree};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;

/// The number of questions in flight at the same time.
const AT_ONCE: usize = 8;

impl Tree {
    /// Carries out an operation through a connection. The tree changes only when the operation is done, and not if it
    /// fails or is dropped.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`], and [`is_invalid_request`](crate::Error::is_invalid_request) for a field that the
    /// server does not have, or an operation that is impossible for the record. The message names the place in the
    /// form.
    pub async fn run(&mut self, connection: &dyn Connection, op: Op) -> Result<Outcome> {
        let mut step = self.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome,
            };
            step = self.answer(ask_all(connection, questions).await);
        }
    }
}

/// Asks several questions at the same time.
pub(super) async fn ask_all(connection: &dyn Connection, questions: Vec<Question>) -> Vec<Result<Value>> {
    stream::iter(questions).map(|question| ask(connection, question)).buffered(AT_ONCE).collect().await
}

pub(super) async fn ask(connection: &dyn Connection, question: Question) -> Result<Value> {
    let context = connection.context().clone().merge(question.context.into());
    let call = Call::new(&question.method, question.params, &context)?;
    fetch(connection, call, PhantomData).await
}
