//! The values with which a record is saved.

use serde_json::{Map, Value, json};

use super::model::{FormModel, Kind};
use super::records::{List, Node, NodeId};
use super::tree::Work;
use crate::error::Result;

impl Work {
    /// Returns all values of a new record, including defaults and computed ones.
    pub(super) fn to_create(&self, node: NodeId) -> Result<Map<String, Value>> {
        let record = self.node(node);
        self.to_save(node, record.values.keys().chain(record.lists.keys()))
    }

    /// Returns the changed values of a saved record.
    pub(super) fn to_write(&self, node: NodeId) -> Result<Map<String, Value>> {
        self.to_save(node, self.node(node).changed.iter())
    }

    fn to_save<'a>(&self, node: NodeId, fields: impl Iterator<Item = &'a String>) -> Result<Map<String, Value>> {
        let record = self.node(node);
        let model = self.model(node)?;
        let mut values = Map::new();
        for field in fields.filter(|field| is_saved(&model, record, field)) {
            match record.lists.get(field) {
                Some(list) => {
                    let steps = self.steps(list)?;
                    // An empty list would require the right to change it.
                    if !steps.is_empty() {
                        values.insert(field.clone(), steps.into());
                    }
                }
                None if model.is_list(field) => {}
                None => drop(values.insert(field.clone(), self.raw(node, field))),
            }
        }
        Ok(values)
    }

    /// Returns a list as steps from its state on the server.
    fn steps(&self, list: &List) -> Result<Vec<Value>> {
        let (new, saved): (Vec<NodeId>, Vec<NodeId>) = list.rows.iter().partition(|row| self.node(**row).is_new());
        let ids = |rows: &[NodeId]| rows.iter().map(|row| self.node(*row).id).collect::<Vec<_>>();
        let mut steps = Vec::new();
        if !saved.is_empty() {
            steps.push(json!(["add", ids(&saved)]));
        }
        if !new.is_empty() {
            let created = new.into_iter().map(|row| self.to_create(row)).collect::<Result<Vec<_>>>()?;
            steps.push(json!(["create", created]));
        }
        let mut written = vec![json!("write")];
        for row in saved {
            let values = if self.node(row).changed.is_empty() { Map::new() } else { self.to_write(row)? };
            if !values.is_empty() {
                written.extend([json!([self.node(row).id]), values.into()]);
            }
        }
        if written.len() > 1 {
            steps.push(written.into());
        }
        for (step, rows) in [("remove", &list.removed), ("delete", &list.deleted)] {
            if !rows.is_empty() {
                steps.push(json!([step, ids(rows)]));
            }
        }
        Ok(steps)
    }

    /// Collects the times of the last change of the record, and of those in its lists that changed or go, as far as
    /// they were read.
    pub(super) fn timestamps(&self, node: NodeId, checked: &mut Map<String, Value>) {
        let record = self.node(node);
        if let Some(timestamp) = &record.timestamp {
            checked.insert(format!("{},{}", record.model, record.id), timestamp.clone());
        }
        for list in record.lists.values() {
            let changed = list.rows.iter().filter(|row| !self.node(**row).changed.is_empty());
            for row in changed.chain(&list.removed).chain(&list.deleted) {
                self.timestamps(*row, checked);
            }
        }
    }
}

/// Whether a field is sent: neither one that nobody may set nor the one that leads to the parent, which sends it.
fn is_saved(model: &FormModel, record: &Node, field: &str) -> bool {
    let Some(definition) = model.fields.get(field) else { return false };
    field != "id" && record.back() != Some(field) && (!definition.readonly || definition.kind == Kind::OneToMany)
}
