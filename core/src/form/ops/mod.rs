//! The operations on the records of a tree.

mod check;
mod fill;
mod list;
mod look;
mod new;
mod plan;
mod press;
mod read;
mod refresh;
mod save;
mod set;

use serde_json::{Map, Value};

use super::check::Violations;
use super::context::States;
use super::records::NodeId;
use super::tree::Work;
use crate::any_draft::AnyDraft;
use crate::error::{Error, Result};

/// An operation on the records of a [`Tree`](super::Tree). Each returns one kind of [`Outcome`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Op {
    /// Creates a record with the server's defaults and the values that follow from them. Returns [`Outcome::Node`].
    New {
        /// The model.
        model: String,
        /// The keys that all calls of the record add to the client's own context.
        context: Map<String, Value>,
    },
    /// Creates a record as a wizard shows it, without the server's defaults. Returns [`Outcome::Node`].
    View {
        /// The model.
        model: String,
        /// The initial values. The values that follow from them are computed.
        defaults: Map<String, Value>,
        /// Other values, from which nothing follows.
        values: Map<String, Value>,
        /// The keys that all calls of the record add to the client's own context.
        context: Map<String, Value>,
    },
    /// Adds saved records, which are read on demand. Returns [`Outcome::Nodes`].
    Existing {
        /// The model.
        model: String,
        /// The ids of the records.
        ids: Vec<i64>,
        /// The keys that all calls of the records add to the client's own context.
        context: Map<String, Value>,
    },
    /// Reads all fields of saved records except binary ones, and all fields of the records in these lists, in one
    /// request. Unsaved changes are kept. Returns [`Outcome::Nothing`].
    Read {
        /// The records, all of one model.
        nodes: Vec<NodeId>,
        /// The lists whose records are read, too.
        lists: Vec<String>,
    },
    /// Sets a field, and computes the values that follow. It does nothing if the field already has the value. A list is
    /// set to the ids of its records. Returns [`Outcome::Nothing`].
    Set {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The value, in Tryton's JSON.
        value: Value,
    },
    /// Returns the value of a field, after the record was notified of all changes below it: [`Outcome::Value`].
    Get {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
    },
    /// Returns the records of a list: [`Outcome::Nodes`].
    Rows {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
    },
    /// Adds a new record at the end of a list, with the server's defaults. Returns [`Outcome::Node`].
    Add {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
    },
    /// Puts records at the end of a list, except those that are already there. A saved record may be in another list;
    /// it is then added as a separate record. Returns [`Outcome::Nothing`].
    Graft {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The records to put there.
        rows: Vec<NodeId>,
    },
    /// Puts saved records at the end of a list. Returns [`Outcome::Nodes`], one for each id.
    Link {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The ids of the records.
        ids: Vec<i64>,
    },
    /// Removes a record from a list, on the server when the list is saved. Returns [`Outcome::Nothing`].
    TakeOff {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The record.
        row: NodeId,
        /// Whether to delete the record, too.
        delete: bool,
    },
    /// Sets many fields, and creates the records that the draft adds to lists, with the fewest requests that lead to
    /// the same values as setting one field after the other with [`Op::Set`]. Returns [`Outcome::Nothing`].
    Fill {
        /// The record.
        node: NodeId,
        /// The values.
        draft: AnyDraft,
    },
    /// Creates new records and writes changed ones, each with all records below it: at most one request for the new
    /// ones and one for the others. Their values are read again on demand. Returns [`Outcome::Nothing`].
    Save {
        /// The records. They must have the same model and context.
        nodes: Vec<NodeId>,
    },
    /// Deletes records. Returns [`Outcome::Nothing`].
    Delete {
        /// The records. They must have the same model and context.
        nodes: Vec<NodeId>,
    },
    /// Copies saved records on the server. Returns [`Outcome::Nodes`].
    Copy {
        /// The records. They must have the same model and context.
        nodes: Vec<NodeId>,
        /// The values that differ in the copies.
        changes: Map<String, Value>,
    },
    /// Forgets the known values of records, and all unsaved changes. Returns [`Outcome::Nothing`].
    Reload {
        /// The records.
        nodes: Vec<NodeId>,
    },
    /// Reads a saved record and the changed ones below it again, and keeps the changes. Returns [`Outcome::Nothing`].
    Refresh {
        /// The record.
        node: NodeId,
    },
    /// Saves records and presses a button on them. Returns the server's response as [`Outcome::Value`].
    Press {
        /// The records. They must have the same model and context.
        nodes: Vec<NodeId>,
        /// The button.
        button: String,
    },
    /// Presses a button that changes the values of the record, saved or not. Returns [`Outcome::Nothing`].
    PressOn {
        /// The record.
        node: NodeId,
        /// The button.
        button: String,
        /// The fields whose values it takes, according to the view.
        fields: Vec<String>,
    },
    /// Asks for the server's remarks about the current values of the record. Returns [`Outcome::Value`]: pairs of
    /// `info`, `warning` or `error`, and a text.
    Notifications {
        /// The record.
        node: NodeId,
    },
    /// Asks for the values that a selection may have with the record's current values. Returns [`Outcome::Value`]:
    /// pairs of value and label.
    Choices {
        /// The record.
        node: NodeId,
        /// The selection.
        field: String,
    },
    /// Asks for the texts that the server proposes for a field. Returns [`Outcome::Value`]: a list.
    Autocomplete {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
    },
    /// Evaluates whether a field is read-only, required and invisible with the record's current values. Returns
    /// [`Outcome::States`].
    States {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The client's own context, which expressions may look up.
        context: Map<String, Value>,
    },
    /// Finds what the server would refuse in the record and those below it, as far as they are new or changed. Returns
    /// [`Outcome::Violations`].
    Check {
        /// The record.
        node: NodeId,
        /// The client's own context, which expressions may look up.
        context: Map<String, Value>,
    },
    /// Returns all values of a record, as a wizard takes them: [`Outcome::Value`].
    Values {
        /// The record.
        node: NodeId,
    },
    /// Returns the keys that a record's calls add to the client's own context: [`Outcome::Value`], an object.
    Context {
        /// The record.
        node: NodeId,
    },
    /// Evaluates an attribute of a field that the server gives as an expression (`domain`, `context`, `search_order`)
    /// with the record's current values. Returns [`Outcome::Value`]: null if the field has no such attribute.
    Evaluate {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The attribute.
        attribute: String,
    },
}

/// The result of an operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// The operation has no result.
    Nothing,
    /// A record.
    Node(NodeId),
    /// Records.
    Nodes(Vec<NodeId>),
    /// A value in Tryton's JSON.
    Value(Value),
    /// The states of a field.
    States(States),
    /// The violations of the rules.
    Violations(Violations),
}

impl Op {
    pub(super) async fn run(self, work: &mut Work) -> Result<Outcome> {
        self.nodes().try_for_each(|node| work.check(node))?;
        match self {
            Self::New { model, context } => work.new_record(&model, context).await.map(Outcome::Node),
            Self::View { model, defaults, values, context } => {
                work.view(&model, &defaults, &values, context).await.map(Outcome::Node)
            }
            Self::Existing { model, ids, context } => work.existing(&model, &ids, &context).await.map(Outcome::Nodes),
            Self::Read { nodes, lists } => work.read_all(&nodes, &lists).await.map(done),
            Self::Set { node, field, value } => work.set(node, &field, value).await.map(done),
            Self::Get { node, field } => work.value(node, &field).await.map(Outcome::Value),
            Self::Rows { node, list } => work.rows(node, &list).await.map(Outcome::Nodes),
            Self::Add { node, list } => work.add_row(node, &list).await.map(Outcome::Node),
            Self::Graft { node, list, rows } => work.graft(node, &list, rows).await.map(done),
            Self::Link { node, list, ids } => work.link(node, &list, &ids).await.map(Outcome::Nodes),
            Self::TakeOff { node, list, row, delete } => work.drop_row(node, &list, row, delete).await.map(done),
            Self::Fill { node, draft } => work.fill(vec![(node, draft)]).await.map(done),
            Self::Save { nodes } => work.save(&nodes).await.map(done),
            Self::Delete { nodes } => work.delete(&nodes).await.map(done),
            Self::Copy { nodes, changes } => work.copy(&nodes, changes).await.map(Outcome::Nodes),
            Self::Reload { nodes } => {
                nodes.into_iter().for_each(|node| work.forget(node));
                Ok(Outcome::Nothing)
            }
            Self::Refresh { node } => work.refresh(node).await.map(done),
            Self::Press { nodes, button } => work.press(&nodes, &button).await.map(Outcome::Value),
            Self::PressOn { node, button, fields } => work.press_on(node, &button, &fields).await.map(done),
            Self::Notifications { node } => work.notifications(node).await.map(Outcome::Value),
            Self::Choices { node, field } => work.choices(node, &field).await.map(Outcome::Value),
            Self::Autocomplete { node, field } => work.autocomplete(node, &field).await.map(Outcome::Value),
            Self::States { node, field, context } => work.states_of(node, &field, context).await.map(Outcome::States),
            Self::Check { node, context } => work.violations(node, context).await.map(Outcome::Violations),
            Self::Values { node } => work.values(node).await.map(Outcome::Value),
            Self::Context { node } => {
                work.know(node).await.and_then(|()| Ok(Outcome::Value(work.context(node)?.into())))
            }
            Self::Evaluate { node, field, attribute } => {
                work.evaluated(node, &field, &attribute).await.map(Outcome::Value)
            }
        }
    }

    /// Returns the records that the caller named.
    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        match self {
            Self::New { .. } | Self::View { .. } | Self::Existing { .. } => Vec::new(),
            Self::Read { nodes, .. }
            | Self::Save { nodes }
            | Self::Delete { nodes }
            | Self::Copy { nodes, .. }
            | Self::Reload { nodes }
            | Self::Press { nodes, .. } => nodes.clone(),
            Self::Set { node, .. }
            | Self::Get { node, .. }
            | Self::Rows { node, .. }
            | Self::Add { node, .. }
            | Self::Link { node, .. }
            | Self::Fill { node, .. }
            | Self::PressOn { node, .. }
            | Self::Refresh { node }
            | Self::Notifications { node }
            | Self::Choices { node, .. }
            | Self::Autocomplete { node, .. }
            | Self::States { node, .. }
            | Self::Check { node, .. }
            | Self::Values { node }
            | Self::Context { node }
            | Self::Evaluate { node, .. } => vec![*node],
            Self::Graft { node, rows, .. } => [node].into_iter().chain(rows).copied().collect(),
            Self::TakeOff { node, row, .. } => vec![*node, *row],
        }
        .into_iter()
    }
}

fn done((): ()) -> Outcome {
    Outcome::Nothing
}

impl Work {
    fn check(&self, node: NodeId) -> Result<()> {
        if self.records.contains(node) {
            return Ok(());
        }
        Err(Error::invalid_request("the record belongs to another form, or to one whose operation failed"))
    }
}
