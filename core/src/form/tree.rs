//! The engine that changes the records of forms.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use serde_json::{Map, Value};

use super::ask::{Line, Question};
use super::memo::Memo;
use super::model::FormModel;
use super::ops::{Op, Outcome};
use super::records::{Node, NodeId, Records};
use crate::error::{Error, Result};

/// Switches for saving requests. None of them changes the values, as tests prove. `tell` does not save requests.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// A parent is notified when it is read, set, or saved.
    pub defer: bool,
    /// Equal questions of one operation are asked once.
    pub memo: bool,
    /// Sets of one `fill` that do not concern each other are one question.
    pub batch: bool,
    /// The values of the parent are not sent twice.
    pub slim: bool,
    /// The questions of the rows of one `fill` are asked at once.
    pub at_once: bool,
    /// Parents are notified at all. Without this, values are wrong: tests show that they notice.
    pub tell: bool,
}

impl Options {
    /// Every saving.
    pub const ALL: Self = Self { defer: true, memo: true, batch: true, slim: true, at_once: true, tell: true };
    /// None: each set asks one question after another, like Tryton's own clients.
    pub const NONE: Self = Self { defer: false, memo: false, batch: false, slim: false, at_once: false, tell: true };
}

/// The copy that an operation works on. It replaces the records of the tree when the operation succeeds.
#[derive(Clone)]
pub(super) struct Work {
    pub(super) records: Records,
    pub(super) models: HashMap<String, Arc<FormModel>>,
    pub(super) memo: Memo,
    pub(super) options: Options,
    pub(super) line: Line,
    /// The client's own context, for operations whose expressions may look it up: those that show or check a record, as
    /// in Tryton's clients with a user interface.
    pub(super) client_context: Option<Map<String, Value>>,
}

impl Work {
    pub(super) fn node(&self, node: NodeId) -> &Node {
        self.records.get(node)
    }

    pub(super) fn node_mut(&mut self, node: NodeId) -> &mut Node {
        self.records.get_mut(node)
    }

    /// Returns the model of a record, which must be known.
    pub(super) fn model(&self, node: NodeId) -> Result<Arc<FormModel>> {
        self.model_named(&self.node(node).model)
    }

    pub(super) fn model_named(&self, name: &str) -> Result<Arc<FormModel>> {
        let known = self.models.get(name).map(Arc::clone);
        known.ok_or_else(|| Error::invalid_request(format!("the fields of `{name}` are not known to the form yet")))
    }

    /// Asks one question.
    pub(super) async fn ask_one(&mut self, question: Question) -> Result<Value> {
        let answers = self.line.ask(vec![question]).await;
        answers.into_iter().next().unwrap_or_else(|| Err(unanswered()))
    }

    /// Asks questions at once, and fails with the first error.
    pub(super) async fn ask(&mut self, questions: Vec<Question>) -> Result<Vec<Value>> {
        let expected = questions.len();
        let answers = self.line.ask(questions).await.into_iter().collect::<Result<Vec<_>>>()?;
        if answers.len() == expected { Ok(answers) } else { Err(unanswered()) }
    }

    /// Keeps the changes up to here, because the server has changed.
    pub(super) fn keep(&mut self) {
        self.memo = Memo::default();
        self.line.keep(self.records.clone());
    }
}

fn unanswered() -> Error {
    Error::invalid_request("a form needs one answer for each of its questions")
}

/// An operation under way.
type Running = Pin<Box<dyn Future<Output = (Result<Outcome>, Work)> + Send>>;

/// The next step of an operation.
#[derive(Debug)]
pub enum Step {
    /// The answers to these questions, in their order. They may be sent at the same time.
    Ask(Vec<Question>),
    /// Nothing: the operation is done. A failed operation has left the tree as it was.
    Done(Result<Outcome>),
}

/// Records that are being filled in: the engine of forms, without a connection.
///
/// [`begin`](Self::begin) an operation, send its questions to the server, and pass the [`answer`](Self::answer)s, until
/// it is done. Nothing changes before that. [`run`](Self::run) does all of it with a client.
///
/// ```
/// use serde_json::{Map, json};
/// use tryton_sdk::form::{Op, Outcome, Step, Tree};
///
/// let mut tree = Tree::new();
/// let Step::Ask(questions) = tree.begin(Op::New { model: "party.party".to_owned(), context: Map::new() }) else {
///     unreachable!("it knows nothing of parties yet")
/// };
/// assert_eq!(questions[0].method, "model.party.party.fields_get");
/// let fields = json!({"name": {"type": "char"}, "active": {"type": "boolean"}});
/// let Step::Ask(questions) = tree.answer(vec![Ok(fields)]) else { unreachable!("it asks for the defaults") };
/// assert_eq!(questions[0].params, [json!(["active", "name"]), json!(false)]);
/// let Step::Done(outcome) = tree.answer(vec![Ok(json!({"active": true}))]) else { unreachable!("nothing depends on it") };
/// let Outcome::Node(party) = outcome? else { unreachable!("a new record") };
/// assert_eq!(tree.peek(party, "active"), Some(json!(true)));
/// # Ok::<(), tryton_sdk::Error>(())
/// ```
pub struct Tree {
    work: Work,
    /// In a lock that is never contended, so that a tree may be shared between threads although the operation may not.
    running: Mutex<Option<Running>>,
}

impl Tree {
    /// Creates a tree without records.
    pub fn new() -> Self {
        Self::with_options(Options::ALL)
    }

    #[doc(hidden)]
    pub fn with_options(options: Options) -> Self {
        let work = Work {
            records: Records::default(),
            models: HashMap::new(),
            memo: Memo::default(),
            options,
            line: Line::default(),
            client_context: None,
        };
        Self { work, running: Mutex::new(None) }
    }

    /// Starts an operation. An unfinished one is dropped, and the tree stays as it was before it.
    pub fn begin(&mut self, op: Op) -> Step {
        self.work.line = Line::default();
        let mut work = self.work.clone();
        self.set_running(Some(Box::pin(async move {
            let outcome = op.run(&mut work).await;
            (outcome, work)
        })));
        self.go_on()
    }

    /// Passes the answers to the questions of the last step, in the order of the questions.
    pub fn answer(&mut self, answers: Vec<Result<Value>>) -> Step {
        self.work.line.answer(answers);
        self.go_on()
    }

    fn go_on(&mut self) -> Step {
        let running = self.running.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(operation) = running else {
            return Step::Done(Err(Error::invalid_request("no operation is waiting for answers")));
        };
        let polled = operation.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        if let Some(records) = self.work.line.kept() {
            self.work.records = records;
        }
        let Poll::Ready((outcome, work)) = polled else { return Step::Ask(self.work.line.questions()) };
        self.set_running(None);
        self.work.models = work.models;
        if outcome.is_ok() {
            self.work.records = work.records;
        }
        Step::Done(outcome)
    }

    fn set_running(&mut self, operation: Option<Running>) {
        *self.running.get_mut().unwrap_or_else(PoisonError::into_inner) = operation;
    }

    /// Discards the fields of models; the next operation requests them again. Another user may see other fields, and new
    /// modules add some.
    pub fn forget_models(&mut self) {
        self.work.models.clear();
    }

    /// Returns the current value of a field in Tryton's JSON: for a list, the ids of its records, negative for new
    /// ones. `None` if it is unknown: the record has not been read, or has no such field.
    pub fn peek(&self, node: NodeId, field: &str) -> Option<Value> {
        let known = self.work.records.contains(node);
        known.then(|| self.work.known(node, field)).flatten()
    }

    /// Returns the current records of a list; empty if the list is unknown.
    pub fn peek_rows(&self, node: NodeId, list: &str) -> &[NodeId] {
        match self.work.records.contains(node).then(|| self.work.node(node).lists.get(list)).flatten() {
            Some(list) => &list.rows,
            None => &[],
        }
    }

    /// Returns the id of a record: negative until it is saved.
    ///
    /// # Panics
    ///
    /// If the record belongs to another tree.
    pub fn id(&self, node: NodeId) -> i64 {
        self.work.node(node).id
    }

    /// Returns the model of a record.
    ///
    /// # Panics
    ///
    /// If the record belongs to another tree.
    pub fn model(&self, node: NodeId) -> &str {
        &self.work.node(node).model
    }

    /// Returns the parent: the record whose list holds this one.
    ///
    /// # Panics
    ///
    /// If the record belongs to another tree.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        Some(self.work.node(node).place.as_ref()?.parent)
    }

    /// Whether there is something to save.
    ///
    /// # Panics
    ///
    /// If the record belongs to another tree.
    pub fn is_modified(&self, node: NodeId) -> bool {
        let nodes = self.work.records.below(node);
        let mut nodes = nodes.into_iter().map(|(_, node)| self.work.node(node));
        nodes.any(|node| node.is_new() || !node.changed.is_empty())
    }

    /// Returns the context for calls that must fail if a record, or a changed one below it, has changed since it was
    /// read.
    pub(super) fn unchanged(&self, node: NodeId) -> Map<String, Value> {
        let mut context = Map::new();
        self.work.check_timestamps(&mut context, &[node]);
        context
    }

    /// Returns when a saved record was last changed, if that was read.
    ///
    /// # Panics
    ///
    /// If the record belongs to another tree.
    pub fn timestamp(&self, node: NodeId) -> Option<&Value> {
        self.work.node(node).timestamp.as_ref()
    }
}

impl Default for Tree {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows only the number of records: their values may be secret.
impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree").field("records", &self.work.records.count()).finish_non_exhaustive()
    }
}
