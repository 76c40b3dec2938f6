//! Forms of models that are known at run time only.

use std::borrow::BorrowMut;
use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::check::Violations;
use super::context::States;
use super::notification::{self, Notification};
use super::ops::{Op, Outcome};
use super::records::NodeId;
use super::save_all::save_all;
use super::tree::{Step, Tree};
use crate::any_draft::AnyDraft;
use crate::button::NextStep;
use crate::connection::{Connection, InContext};
use crate::error::{Error, Result};
use crate::selected::Selected;
use crate::series::Series;

/// The records of one form, and the connection that asks about them.
pub struct Desk {
    connection: Arc<dyn Connection>,
    tree: Tree,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("tree", &self.tree).finish_non_exhaustive()
    }
}

/// A record that is being filled in, with all records of its lists, like a form in Tryton's own clients. The model and
/// its fields are named at run time; [`Form`](super::Form) is the typed equivalent.
///
/// A new record starts with the server's defaults. After each [`set`](Self::set), the server computes the values that
/// follow (`on_change`, `on_change_with`). Nothing is stored before [`save`](Self::save), which makes one request for the
/// record and the records of its lists.
///
/// A record in a list is an [`AnyRow`], which borrows the form.
///
/// ```no_run
/// use serde_json::json;
/// use tryton_sdk::form::AnyForm;
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let mut sale = AnyForm::new(&tryton, "sale.sale").await?;
/// sale.set("party", json!(7)).await?; // its addresses, payment term, …
/// let mut line = sale.add("lines").await?;
/// line.set("product", json!(3)).await?; // its unit, price, taxes, …
/// line.set("quantity", json!(2.0)).await?;
/// println!("{}", sale.get("total_amount").await?);
/// let id = sale.save().await?;
/// # Ok(())
/// # }
/// ```
pub struct AnyForm<D = Desk> {
    desk: D,
    node: NodeId,
}

/// A record in a list of an [`AnyForm`].
pub type AnyRow<'f> = AnyForm<&'f mut Desk>;

impl AnyForm {
    /// Starts a new record of the model with the server's defaults.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn new(connection: &dyn Connection, model: &str) -> Result<Self> {
        let op = Op::New { model: model.to_owned(), context: Map::new() };
        Self::begin(connection, op).await
    }

    /// Opens a saved record and reads its fields. The records in its lists are read on first use.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn open(connection: &dyn Connection, model: &str, id: i64) -> Result<Self> {
        let op = Op::Existing { model: model.to_owned(), ids: vec![id], context: Map::new() };
        let mut form = Self::begin(connection, op).await?;
        form.run(Op::Read { nodes: vec![form.node], lists: Vec::new() }).await?;
        Ok(form)
    }

    /// A record shown by a wizard: with values from which the server computes others, and with further values.
    pub(crate) async fn shown(
        connection: &dyn Connection,
        model: &str,
        defaults: &Map<String, Value>,
        values: &Map<String, Value>,
    ) -> Result<Self> {
        let (defaults, values) = (defaults.clone(), values.clone());
        let op = Op::View { model: model.to_owned(), defaults, values, context: Map::new() };
        Self::begin(connection, op).await
    }

    /// All values of the record, as a wizard expects them.
    pub(crate) async fn values(&mut self) -> Result<Value> {
        self.run_for_value(Op::Values { node: self.node }).await
    }

    async fn begin(connection: &dyn Connection, op: Op) -> Result<Self> {
        let mut tree = Tree::new();
        let node = match tree.run(connection, op).await? {
            Outcome::Node(node) => Some(node),
            Outcome::Nodes(nodes) => nodes.first().copied(),
            _ => None,
        };
        let node = node.expect("these operations give a record");
        Ok(Self { desk: Desk { connection: connection.share(), tree }, node })
    }

    /// Saves the record and all changes below it in one request, and returns the record's id. Without changes, no request
    /// is made. Values are read again on demand.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_concurrency`](Error::is_concurrency) if somebody else has changed one of the
    /// records since it was read. The form stays as it was: accept a warning and save again.
    pub async fn save(&mut self) -> Result<i64> {
        self.run(Op::Save { nodes: vec![self.node] }).await?;
        Ok(self.id())
    }

    /// Saves the changes, presses a button on the record, and discards its known values, because the button may have
    /// changed anything.
    ///
    /// # Errors
    ///
    /// As for [`save`](Self::save). If the button fails, the record stays saved.
    pub async fn press(&mut self, button: &str) -> Result<NextStep> {
        let answer = self.run_for_value(Op::Press { nodes: vec![self.node], button: button.to_owned() }).await?;
        Ok(NextStep::of(answer, Selected { model: Some(self.model().to_owned()), ids: vec![self.id()] }))
    }

    /// Saves several forms and returns the ids of their records: one request for all new ones, then one for all changed
    /// ones. Forms of different models or with different contexts need more requests.
    ///
    /// # Errors
    ///
    /// As for [`save`](Self::save). If a request fails, its forms stay as they were. Forms of an earlier request are
    /// saved and know it: call again to save the others.
    ///
    /// ```no_run
    /// use serde_json::json;
    /// use tryton_sdk::form::AnyForm;
    ///
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let (mut one, mut other) =
    ///     (AnyForm::new(&tryton, "party.party").await?, AnyForm::new(&tryton, "party.party").await?);
    /// one.set("name", json!("Ada")).await?;
    /// other.set("name", json!("Bertha")).await?;
    /// let ids = AnyForm::save_all([&mut one, &mut other]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn save_all<'f>(forms: impl IntoIterator<Item = &'f mut Self>) -> Result<Vec<i64>> {
        let mut forms: Vec<_> = forms.into_iter().collect();
        save_all(&mut forms).await?;
        Ok(forms.iter().map(|form| form.id()).collect())
    }

    /// Copies the saved record on the server, with `changes` applied, and opens the copy. Unsaved changes of this form
    /// are not copied.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the record is not saved.
    pub async fn copy(&mut self, changes: AnyDraft) -> Result<Self> {
        changes.unsendable().check()?;
        let changes = match changes.to_json() {
            Value::Object(changes) => changes,
            _ => Map::new(),
        };
        let nodes = vec![self.node];
        let Outcome::Nodes(copies) = self.run(Op::Copy { nodes, changes }).await? else { return Err(unexpected()) };
        let id = copies.first().map(|copy| self.tree().id(*copy)).ok_or_else(unexpected)?;
        Self::open(&*self.desk.connection, self.model(), id).await
    }

    /// Drops all unsaved changes, and reads the record again. A new record is not read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The changes are dropped even if reading fails.
    pub async fn reload(&mut self) -> Result<()> {
        self.run(Op::Reload { nodes: vec![self.node] }).await?;
        self.run(Op::Read { nodes: vec![self.node], lists: Vec::new() }).await.map(drop)
    }

    /// Reads the record and the changed records in its lists again, and keeps the changes. Use it after a save has failed
    /// with [`is_concurrency`](Error::is_concurrency): the next save overwrites only the fields that were changed in this
    /// form. Rows that somebody else has deleted disappear from the form.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The form stays as it was.
    pub async fn reload_keeping_changes(&mut self) -> Result<()> {
        self.run(Op::Refresh { node: self.node }).await.map(drop)
    }

    /// Whether there are changes to save.
    pub fn is_modified(&self) -> bool {
        self.desk.tree.is_modified(self.node)
    }

    /// A connection whose calls fail if the records have changed since they were read.
    pub(super) fn careful(&self) -> InContext {
        InContext::new(Arc::clone(&self.desk.connection), self.desk.tree.unchanged(self.node).into())
    }

    pub(super) fn connection(&self) -> &dyn Connection {
        &*self.desk.connection
    }

    /// Starts to save. The caller sends the questions.
    pub(super) fn begin_save(&mut self) -> Step {
        self.desk.tree.begin(Op::Save { nodes: vec![self.node] })
    }

    pub(super) fn answer(&mut self, answers: Vec<Result<Value>>) -> Step {
        self.desk.tree.answer(answers)
    }

    /// Discards the known values of the record.
    pub(super) async fn forget(&mut self) -> Result<()> {
        self.run(Op::Reload { nodes: vec![self.node] }).await.map(drop)
    }
}

impl<D: BorrowMut<Desk>> AnyForm<D> {
    /// The id of the record: negative until it is saved.
    pub fn id(&self) -> i64 {
        self.tree().id(self.node)
    }

    /// The record's model.
    pub fn model(&self) -> &str {
        self.tree().model(self.node)
    }

    /// Sets a field, and lets the server compute the values that follow: up to three requests, and none if the field
    /// already has the value. The value is in Tryton's JSON, as written by [`Encode`](crate::Encode); a list is set to
    /// the ids of its records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_user_error`](Error::is_user_error) if the server refuses the value: the message
    /// names the field and the record. The field keeps its previous value.
    pub async fn set(&mut self, field: &str, value: Value) -> Result<()> {
        self.run(Op::Set { node: self.node, field: field.to_owned(), value }).await.map(drop)
    }

    /// Returns the value of a field in Tryton's JSON, after the server has computed the consequences of changed lists. A
    /// list is the ids of its records.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn get(&mut self, field: &str) -> Result<Value> {
        self.run_for_value(Op::Get { node: self.node, field: field.to_owned() }).await
    }

    /// Returns the current value of a field without a request; `None` if it has not been read.
    pub fn peek(&self, field: &str) -> Option<Value> {
        self.tree().peek(self.node, field)
    }

    /// Evaluates whether a field is read-only, required and invisible with the current values. Values that the field's
    /// expressions need are read.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the server has no such field,
    /// and [`is_expression`](Error::is_expression) if one of its expressions cannot be evaluated.
    pub async fn states(&mut self, field: &str) -> Result<States> {
        match self.run(Op::States { node: self.node, field: field.to_owned(), context: self.client_context() }).await? {
            Outcome::States(states) => Ok(states),
            _ => Err(unexpected()),
        }
    }

    /// Checks the record and those in its lists before they are saved, and returns all violations at once: missing
    /// values, texts and lists that are too long, numbers with too many digits, and values outside the domain of their
    /// field. In a saved record, only changed fields and those that depend on them are checked.
    ///
    /// Related records are checked against domains by one search per domain; without such domains, no request is made.
    /// Some models fill in a required field while the record is created, such as `number_next_internal` of
    /// `ir.sequence.strict`: it is reported all the same.
    ///
    /// Rules that only the server knows are not checked. [`Violations`] says what to do with the result.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_expression`](Error::is_expression) if an expression of a field cannot be
    /// evaluated.
    pub async fn check(&mut self) -> Result<Violations> {
        match self.run(Op::Check { node: self.node, context: self.client_context() }).await? {
            Outcome::Violations(violations) => Ok(violations),
            _ => Err(unexpected()),
        }
    }

    /// Adds a new record with the server's defaults at the end of a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn add(&mut self, list: &str) -> Result<AnyRow<'_>> {
        let added = self.run(Op::Add { node: self.node, list: list.to_owned() }).await?;
        let Outcome::Node(node) = added else { return Err(unexpected()) };
        Ok(AnyForm { desk: self.desk.borrow_mut(), node })
    }

    /// Returns the number of records in a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn len(&mut self, list: &str) -> Result<usize> {
        Ok(self.rows(list).await?.len())
    }

    /// Returns the record at this index of a list, starting with 0.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the index is out of bounds.
    pub async fn row(&mut self, list: &str, index: usize) -> Result<AnyRow<'_>> {
        let node = self.row_at(list, index).await?;
        Ok(AnyForm { desk: self.desk.borrow_mut(), node })
    }

    /// Removes the record at this index from a list, on the server when the form is saved. The record itself still
    /// exists.
    ///
    /// # Errors
    ///
    /// As for [`row`](Self::row).
    pub async fn remove(&mut self, list: &str, index: usize) -> Result<()> {
        self.take_off(list, index, false).await
    }

    /// Deletes the record at this index of a list, on the server when the form is saved.
    ///
    /// # Errors
    ///
    /// As for [`row`](Self::row).
    pub async fn delete(&mut self, list: &str, index: usize) -> Result<()> {
        self.take_off(list, index, true).await
    }

    async fn take_off(&mut self, list: &str, index: usize, delete: bool) -> Result<()> {
        let row = self.row_at(list, index).await?;
        self.run(Op::TakeOff { node: self.node, list: list.to_owned(), row, delete }).await.map(drop)
    }

    /// Returns the record of a list with this id. Ids of unsaved records are negative.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]; [`is_invalid_request`](Error::is_invalid_request) if the list has no such record.
    pub async fn row_by_id(&mut self, list: &str, id: i64) -> Result<AnyRow<'_>> {
        let node = self.row_of(list, id).await?;
        Ok(AnyForm { desk: self.desk.borrow_mut(), node })
    }

    /// Removes records from a list by their ids, on the server when the form is saved. The records themselves still
    /// exist. The opposite of [`link`](Self::link).
    ///
    /// # Errors
    ///
    /// As for [`row_by_id`](Self::row_by_id). The form stays as it was.
    pub async fn unlink(&mut self, list: &str, ids: impl IntoIterator<Item = i64>) -> Result<()> {
        self.fill(AnyDraft::new().unlink(list, ids)).await
    }

    /// Adds saved records at the end of a list.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn link(&mut self, list: &str, ids: impl IntoIterator<Item = i64>) -> Result<()> {
        let ids = ids.into_iter().collect();
        self.run(Op::Link { node: self.node, list: list.to_owned(), ids }).await.map(drop)
    }

    /// Sets all fields of a draft in its order, and adds its records to the lists. The result is the same as calling
    /// [`set`](Self::set) for each field, with the fewest requests.
    ///
    /// # Errors
    ///
    /// As for [`set`](Self::set). The form stays as it was.
    pub async fn fill(&mut self, draft: AnyDraft) -> Result<()> {
        self.run(Op::Fill { node: self.node, draft }).await.map(drop)
    }

    /// Presses a button that changes the values of the record, saved or not, and stores nothing. `fields` names the
    /// fields that the button reads, as listed in the view (`change`).
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn press_on(&mut self, button: &str, fields: &[&str]) -> Result<()> {
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        self.run(Op::PressOn { node: self.node, button: button.to_owned(), fields }).await.map(drop)
    }

    /// Returns the server's notifications about the record with its current values. Servers before 7.0 have none, and no
    /// request is made.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn notifications(&mut self) -> Result<Vec<Notification>> {
        let connection = &self.desk.borrow().connection;
        if connection.series().await? < Series::new(7, 0) {
            return Ok(Vec::new());
        }
        notification::read(&self.run_for_value(Op::Notifications { node: self.node }).await?)
    }

    /// Returns the values that a selection may have with the current values of the record, with their labels.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn choices(&mut self, field: &str) -> Result<Vec<(Value, String)>> {
        let value = self.run_for_value(Op::Choices { node: self.node, field: field.to_owned() }).await?;
        read(field, value)
    }

    /// Returns the server's suggestions for a field.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn autocomplete(&mut self, field: &str) -> Result<Vec<String>> {
        let value = self.run_for_value(Op::Autocomplete { node: self.node, field: field.to_owned() }).await?;
        read(field, value)
    }

    async fn rows(&mut self, list: &str) -> Result<Vec<NodeId>> {
        match self.run(Op::Rows { node: self.node, list: list.to_owned() }).await? {
            Outcome::Nodes(nodes) => Ok(nodes),
            _ => Err(unexpected()),
        }
    }

    async fn row_at(&mut self, list: &str, index: usize) -> Result<NodeId> {
        let rows = self.rows(list).await?;
        rows.get(index).copied().ok_or_else(|| {
            let count = rows.len();
            Error::invalid_request(format!("no record at place {index} of the list `{list}`, which has {count}"))
        })
    }

    async fn row_of(&mut self, list: &str, id: i64) -> Result<NodeId> {
        let rows = self.rows(list).await?;
        let row = rows.into_iter().find(|row| self.tree().id(*row) == id);
        row.ok_or_else(|| Error::invalid_request(format!("no record {id} in the list `{list}`")))
    }

    /// The context of the connection.
    fn client_context(&self) -> Map<String, Value> {
        self.desk.borrow().connection.context().clone().into_keys()
    }

    fn tree(&self) -> &Tree {
        &self.desk.borrow().tree
    }

    async fn run(&mut self, op: Op) -> Result<Outcome> {
        let Desk { connection, tree } = self.desk.borrow_mut();
        tree.run(&**connection, op).await
    }

    async fn run_for_value(&mut self, op: Op) -> Result<Value> {
        match self.run(op).await? {
            Outcome::Value(value) => Ok(value),
            _ => Err(unexpected()),
        }
    }
}

impl AsMut<AnyForm> for AnyForm {
    fn as_mut(&mut self) -> &mut AnyForm {
        self
    }
}

/// The model and the id: the values may be secret.
impl<D: BorrowMut<Desk>> fmt::Debug for AnyForm<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyForm({},{})", self.model(), self.id())
    }
}

fn read<T: serde::de::DeserializeOwned>(of: &str, value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::decode(None, of.to_owned(), e.to_string(), false))
}

fn unexpected() -> Error {
    Error::invalid_request("the operation gives something else")
}
