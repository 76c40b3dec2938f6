//! The records of forms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::value::Decode as _;

/// A record of a [`Tree`](super::Tree).
///
/// It stays valid as long as the tree, even when the record is saved or removed from a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) usize);

/// Returns the id that a value represents. If records are the rows of a query, a server may compute it as a float.
pub(super) fn id_of(value: &Value) -> Option<i64> {
    i64::decode(value).ok()
}

/// A record, and what is known about it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) model: Arc<str>,
    /// Negative for a record that is not saved.
    pub(super) id: i64,
    /// The list that the record is in.
    pub(super) place: Option<Place>,
    /// The keys that its calls add to the client's own context. A record in a list has those of its parent instead.
    pub(super) context: Map<String, Value>,
    /// The known values of all fields except lists.
    pub(super) values: BTreeMap<String, Value>,
    /// The known lists.
    pub(super) lists: BTreeMap<String, List>,
    /// The fields to save.
    pub(super) changed: BTreeSet<String>,
    /// The lists that changed since the record was last notified.
    pub(super) pending: Vec<String>,
    pub(super) timestamp: Option<Value>,
    /// Whether a new record began with the server's defaults. Otherwise it gets them when it is created.
    pub(super) has_defaults: bool,
}

/// A place in a list.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) parent: NodeId,
    pub(super) list: String,
    /// The field that leads back to the parent, if there is one.
    pub(super) back: Option<String>,
}

/// A list of records, and those that were removed from it.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) rows: Vec<NodeId>,
    pub(super) removed: Vec<NodeId>,
    pub(super) deleted: Vec<NodeId>,
    /// The ids that it has on the server, as far as it was read.
    pub(super) on_server: Vec<i64>,
}

impl List {
    /// Forgets that these records were removed.
    pub(super) fn take_back(&mut self, row: NodeId) {
        self.removed.retain(|known| *known != row);
        self.deleted.retain(|known| *known != row);
    }
}

impl Node {
    pub(super) fn is_new(&self) -> bool {
        self.id < 0
    }

    /// Returns the field that leads to the record whose list this one is in.
    pub(super) fn back(&self) -> Option<&str> {
        self.place.as_ref()?.back.as_deref()
    }

    /// Forgets all values, so that they are read again.
    pub(super) fn forget(&mut self) {
        self.values.clear();
        self.lists.clear();
        self.changed.clear();
        self.pending.clear();
        self.timestamp = None;
    }
}

/// All records of a tree. Copying it costs one counter per record; a record is copied when it is changed.
#[derive(Clone, Default)]
pub(super) struct Records {
    nodes: Vec<Arc<Node>>,
    made: i64,
}

impl Records {
    pub(super) fn get(&self, node: NodeId) -> &Node {
        &self.nodes[node.0]
    }

    pub(super) fn get_mut(&mut self, node: NodeId) -> &mut Node {
        Arc::make_mut(&mut self.nodes[node.0])
    }

    /// Adds a record with no known values; a new one if it has no id.
    pub(super) fn add(&mut self, model: &str, id: Option<i64>, place: Option<Place>) -> NodeId {
        let id = id.unwrap_or_else(|| {
            self.made += 1;
            -self.made
        });
        self.nodes.push(Arc::new(Node {
            model: model.into(),
            id,
            place,
            context: Map::new(),
            values: BTreeMap::new(),
            lists: BTreeMap::new(),
            changed: BTreeSet::new(),
            pending: Vec::new(),
            timestamp: None,
            has_defaults: false,
        }));
        NodeId(self.nodes.len() - 1)
    }

    pub(super) fn count(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn contains(&self, node: NodeId) -> bool {
        node.0 < self.nodes.len()
    }

    /// Whether the record is in a list now: the record that has the list may have forgotten it.
    pub(super) fn is_in_a_list(&self, node: NodeId) -> bool {
        let list = self.get(node).place.as_ref().and_then(|place| self.get(place.parent).lists.get(&place.list));
        list.is_some_and(|list| list.rows.contains(&node))
    }

    /// Returns all records of the tree.
    pub(super) fn all(&self) -> impl Iterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), &**node))
    }

    /// Returns the record at the top of the tree that the record is in.
    pub(super) fn root(&self, node: NodeId) -> NodeId {
        let mut top = node;
        while let Some(place) = &self.get(top).place {
            top = place.parent;
        }
        top
    }

    /// Returns the record and those in its lists and below, with their depths.
    pub(super) fn below(&self, top: NodeId) -> Vec<(usize, NodeId)> {
        let mut found = vec![(0, top)];
        let mut next = 0;
        while let Some(&(depth, node)) = found.get(next) {
            let rows = self.get(node).lists.values().flat_map(|list| &list.rows);
            found.extend(rows.map(|row| (depth + 1, *row)));
            next += 1;
        }
        found
    }

    /// Returns the path of a record for messages: `lines[1]`; empty for the record at the top.
    pub(super) fn path(&self, node: NodeId) -> String {
        let mut parts = Vec::new();
        let mut at = node;
        while let Some(place) = &self.get(at).place {
            let rows = self.get(place.parent).lists.get(&place.list).map_or(&[][..], |list| &list.rows);
            let index = rows.iter().position(|row| *row == at).unwrap_or(rows.len());
            parts.push(format!("{}[{index}]", place.list));
            at = place.parent;
        }
        parts.reverse();
        parts.join(".")
    }
}
