//! What can be done with the records of a tree.

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

/// An operation on the records of a [`Tree`](super::Tree). What it asks for and what it gives is said of each.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Op {
    /// A new record with the server's defaults and what follows from them: a [`Outcome::Node`].
    New {
        /// The model.
        model: String,
        /// The keys of the context over the client's own, for all calls of the record.
        context: Map<String, Value>,
    },
    /// A new record as a wizard shows it, without the server's defaults: a [`Outcome::Node`].
    View {
        /// The model.
        model: String,
        /// The values that it begins with. What follows from them is computed.
        defaults: Map<String, Value>,
        /// The values that it has besides. Nothing follows from them.
        values: Map<String, Value>,
        /// The keys of the context over the client's own, for all calls of the record.
        context: Map<String, Value>,
    },
    /// Saved records, which are read when something of them is needed: [`Outcome::Nodes`].
    Existing {
        /// The model.
        model: String,
        /// The ids of the records.
        ids: Vec<i64>,
        /// The keys of the context over the client's own, for all calls of the records.
        context: Map<String, Value>,
    },
    /// All fields of saved records but binary ones, and all fields of the records in these lists, are read in one request.
    /// What changed here stays as it is. Gives [`Outcome::Nothing`].
    Read {
        /// The records, all of one model.
        nodes: Vec<NodeId>,
        /// The lists whose records are read with them.
        lists: Vec<String>,
    },
    /// Sets a field, and computes what follows. Nothing happens where it has that value already. A list is set to the ids
    /// of its records. Gives [`Outcome::Nothing`].
    Set {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The value, in Tryton's JSON.
        value: Value,
    },
    /// The value of a field, after the record has heard of all that changed below it: [`Outcome::Value`].
    Get {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
    },
    /// The records of a list: [`Outcome::Nodes`].
    Rows {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
    },
    /// A new record at the end of a list, with the server's defaults: [`Outcome::Node`].
    Add {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
    },
    /// Records are put at the end of a list, but those that are there already. One that is in another list, which only a
    /// saved record may be, is put there as a record of its own. Gives [`Outcome::Nothing`].
    Graft {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The records that are put there.
        rows: Vec<NodeId>,
    },
    /// Saved records are put at the end of a list: [`Outcome::Nodes`], one for each id.
    Link {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The ids of the records.
        ids: Vec<i64>,
    },
    /// A record is taken off a list, at the server when the list is saved. Gives [`Outcome::Nothing`].
    TakeOff {
        /// The record whose list it is.
        node: NodeId,
        /// The list.
        list: String,
        /// The record.
        row: NodeId,
        /// Whether the record is to be deleted, too.
        delete: bool,
    },
    /// Sets many fields, and makes the records that the draft adds to lists, with as few requests as there can be for the
    /// same values as by one [`Op::Set`] after the other. Gives [`Outcome::Nothing`].
    Fill {
        /// The record.
        node: NodeId,
        /// The values.
        draft: AnyDraft,
    },
    /// Creates the records that are new and writes those that changed, each with all records below it: at most one request
    /// for the new ones and one for the others. Their values are read again when they are needed. Gives
    /// [`Outcome::Nothing`].
    Save {
        /// The records. They have to be of one model and one context.
        nodes: Vec<NodeId>,
    },
    /// Deletes records. Gives [`Outcome::Nothing`].
    Delete {
        /// The records. They have to be of one model and one context.
        nodes: Vec<NodeId>,
    },
    /// Copies saved records at the server: [`Outcome::Nodes`].
    Copy {
        /// The records. They have to be of one model and one context.
        nodes: Vec<NodeId>,
        /// What is to be other in the copies.
        changes: Map<String, Value>,
    },
    /// Forgets what is known of records, and all changes that are not saved. Gives [`Outcome::Nothing`].
    Reload {
        /// The records.
        nodes: Vec<NodeId>,
    },
    /// Reads a saved record and the changed ones below it again, and keeps what changed. Gives [`Outcome::Nothing`].
    Refresh {
        /// The record.
        node: NodeId,
    },
    /// Saves records and presses a button on them: the [`Outcome::Value`] is the server's answer.
    Press {
        /// The records. They have to be of one model and one context.
        nodes: Vec<NodeId>,
        /// The button.
        button: String,
    },
    /// Presses a button that changes the values of the record, saved or not. Gives [`Outcome::Nothing`].
    PressOn {
        /// The record.
        node: NodeId,
        /// The button.
        button: String,
        /// The fields whose values it takes, as the view says.
        fields: Vec<String>,
    },
    /// What the server has to say of the record as it stands: an [`Outcome::Value`], pairs of `info`, `warning` or `error`,
    /// and a text.
    Notifications {
        /// The record.
        node: NodeId,
    },
    /// The values that a selection may have as the record stands: an [`Outcome::Value`], pairs of value and label.
    Choices {
        /// The record.
        node: NodeId,
        /// The selection.
        field: String,
    },
    /// The texts that the server proposes for a field: an [`Outcome::Value`], a list.
    Autocomplete {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
    },
    /// Whether a field is read-only, required and invisible as the record stands: [`Outcome::States`].
    States {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The client's own context, which expressions may look up.
        context: Map<String, Value>,
    },
    /// What the server would refuse of the record and those below it, as far as they are new or changed:
    /// [`Outcome::Violations`].
    Check {
        /// The record.
        node: NodeId,
        /// The client's own context, which expressions may look up.
        context: Map<String, Value>,
    },
    /// All values of a record, as a wizard takes them: an [`Outcome::Value`].
    Values {
        /// The record.
        node: NodeId,
    },
    /// The context of a record's calls, over the client's own: an [`Outcome::Value`], an object.
    Context {
        /// The record.
        node: NodeId,
    },
    /// An attribute of a field that the server gives as an expression (`domain`, `context`, `search_order`), as the record
    /// stands: an [`Outcome::Value`], null where the field has no such attribute.
    Evaluate {
        /// The record.
        node: NodeId,
        /// The field.
        field: String,
        /// The attribute.
        attribute: String,
    },
}

/// What an operation gives.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// Nothing but that it is done.
    Nothing,
    /// A record.
    Node(NodeId),
    /// Records.
    Nodes(Vec<NodeId>),
    /// A value in Tryton's JSON.
    Value(Value),
    /// The states of a field.
    States(States),
    /// What is wrong with records.
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

    /// The records that are named by the caller.
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
        Err(Error::invalid_request("the record is of another form, or of one whose operation failed"))
    }
}
