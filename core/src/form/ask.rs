//! How an operation asks questions: it is an `async fn`, polled by hand, that waits only for answers.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use serde_json::{Map, Value};

use super::records::Records;
use crate::error::Result;

/// A call whose result an operation needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The method, such as `model.sale.sale.on_change`.
    pub method: String,
    /// Its parameters, without the context.
    pub params: Vec<Value>,
    /// The keys of the call's context in addition to the client's own.
    pub context: Map<String, Value>,
}

impl Question {
    pub(super) fn new(model: &str, method: &str, params: Vec<Value>, context: Map<String, Value>) -> Self {
        Self { method: format!("model.{model}.{method}"), params, context }
    }
}

/// The state that an operation shares with the tree that runs it.
#[derive(Default)]
struct Shared {
    questions: Vec<Question>,
    answers: Option<Vec<Result<Value>>>,
    kept: Option<Records>,
}

/// The connection between an operation and the tree that runs it.
#[derive(Clone, Default)]
pub(super) struct Line(Arc<Mutex<Shared>>);

impl Line {
    /// Waits for the answers to these questions, which may be sent at once.
    pub(super) async fn ask(&self, questions: Vec<Question>) -> Vec<Result<Value>> {
        if questions.is_empty() {
            return Vec::new();
        }
        self.shared().questions = questions;
        poll_fn(|_| self.shared().answers.take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Returns the questions of the waiting operation.
    pub(super) fn questions(&self) -> Vec<Question> {
        std::mem::take(&mut self.shared().questions)
    }

    pub(super) fn answer(&self, answers: Vec<Result<Value>>) {
        self.shared().answers = Some(answers);
    }

    /// Keeps the records as they are now, even if the rest of the operation fails: the server has changed.
    pub(super) fn keep(&self, records: Records) {
        self.shared().kept = Some(records);
    }

    pub(super) fn kept(&self) -> Option<Records> {
        self.shared().kept.take()
    }

    /// Nothing panics while it holds the lock.
    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
