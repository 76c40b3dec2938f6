//! Applies changes that the server computed to records.

use serde_json::{Map, Value};

use super::args::is_known;
use super::model::FormModel;
use super::records::{List, NodeId, Place, id_of};
use super::tree::Work;
use crate::error::Result;

/// The fields for which a record has received values.
pub(super) type Named = (NodeId, Vec<String>);

impl Work {
    /// Applies a change, after learning the models of new records in it. Returns the records that the change created
    /// with their fields, inner records first.
    pub(super) async fn take(&mut self, node: NodeId, change: &Map<String, Value>) -> Result<Vec<Named>> {
        loop {
            let mut unknown = Vec::new();
            self.unknown_models(&self.node(node).model, change, &mut unknown);
            if unknown.is_empty() {
                break;
            }
            self.learn(unknown).await?;
        }
        let mut unread = Vec::new();
        self.unread_lists(node, change, &mut unread)?;
        self.read(unread).await?;
        let mut made = Vec::new();
        self.apply(node, change, &mut made)?;
        Ok(made)
    }

    /// Collects the models of the records within a change whose fields are not known yet.
    fn unknown_models(&self, model: &str, change: &Map<String, Value>, unknown: &mut Vec<String>) {
        let Some(model) = self.models.get(model) else {
            unknown.push(model.to_owned());
            return;
        };
        for (field, value) in change {
            let Some(relation) =
                model.fields.get(field).filter(|field| field.kind.is_list()).and_then(|it| it.relation.as_deref())
            else {
                continue;
            };
            let records = match value {
                Value::Array(rows) => rows.iter().filter_map(Value::as_object).collect::<Vec<_>>(),
                Value::Object(steps) => {
                    let added = items(steps, "add").filter_map(|step| step.get(1)?.as_object());
                    added.chain(items(steps, "update").filter_map(Value::as_object)).collect()
                }
                _ => Vec::new(),
            };
            // A saved record that is only named needs no fields. A new one may also have no values.
            let is_saved = |values: &Map<String, Value>| values.get("id").and_then(id_of).is_some_and(|id| id >= 0);
            for values in records.into_iter().filter(|values| !is_saved(values) || values.len() > 1) {
                self.unknown_models(relation, values, unknown);
            }
        }
    }

    /// Returns the lists of saved records that a change affects and that are not known yet.
    fn unread_lists(
        &self,
        node: NodeId,
        change: &Map<String, Value>,
        unread: &mut Vec<(NodeId, String)>,
    ) -> Result<()> {
        if change.keys().all(|key| key == "id") {
            return Ok(());
        }
        let model = self.model(node)?;
        for (field, value) in change.iter().filter(|(field, _)| model.is_list(field)) {
            if !is_known(self.node(node), field) {
                unread.push((node, field.clone()));
            }
            for values in
                value.as_object().into_iter().flat_map(|steps| items(steps, "update")).filter_map(Value::as_object)
            {
                let row = values.get("id").and_then(id_of).and_then(|id| self.row_of_id(node, field, id));
                if let Some(row) = row {
                    self.unread_lists(row, values, unread)?;
                }
            }
        }
        Ok(())
    }

    /// Applies single values first, and lists after them, because the rows may read them. The server adds values with
    /// other names, such as `party.` for the record that `party` leads to.
    fn apply(&mut self, node: NodeId, change: &Map<String, Value>, made: &mut Vec<Named>) -> Result<()> {
        if change.keys().all(|key| key == "id") {
            return Ok(());
        }
        let model = self.model(node)?;
        let own = |(field, _): &(&String, &Value)| *field != "id" && model.fields.contains_key(*field);
        let (lists, values): (Vec<_>, Vec<_>) = change.iter().filter(own).partition(|(field, _)| model.is_list(field));
        for (field, value) in values {
            let record = self.node_mut(node);
            record.changed.insert(field.clone());
            record.values.insert(field.clone(), model.field(field)?.kind.normal(value.clone()));
        }
        for (field, value) in lists {
            self.node_mut(node).changed.insert(field.clone());
            match value {
                Value::Object(steps) => self.apply_steps(node, &model, field, steps, made)?,
                Value::Array(rows) => self.replace(node, &model, field, rows, made)?,
                _ => self.replace(node, &model, field, &[], made)?,
            }
        }
        Ok(())
    }

    fn apply_steps(
        &mut self,
        node: NodeId,
        model: &FormModel,
        field: &str,
        steps: &Map<String, Value>,
        made: &mut Vec<Named>,
    ) -> Result<()> {
        let relation = model.field(field)?.relation.clone().unwrap_or_default();
        for (step, is_deleted) in [("delete", true), ("remove", false)] {
            for id in items(steps, step).filter_map(id_of) {
                if let Some(row) = self.row_of_id(node, field, id) {
                    self.take_off(node, field, row, is_deleted);
                }
            }
        }
        for step in items(steps, "add") {
            let (index, values) = (step.get(0).and_then(Value::as_i64), step.get(1).and_then(Value::as_object));
            let Some(values) = values else { continue };
            let id = values.get("id").and_then(id_of);
            let row = id.and_then(|id| self.row_of_id(node, field, id)).unwrap_or_else(|| {
                let row = id.and_then(|id| self.returning(node, field, id));
                let row = row.unwrap_or_else(|| self.make_row(node, model, field, &relation, id.filter(|id| *id >= 0)));
                let list = self.node_mut(node).lists.entry(field.to_owned()).or_default();
                let end = list.rows.len();
                let index = index.and_then(|index| usize::try_from(index).ok()).map_or(end, |index| index.min(end));
                list.rows.insert(index, row);
                row
            });
            self.apply(row, values, made)?;
            made.push((row, named(values)));
        }
        for values in items(steps, "update").filter_map(Value::as_object) {
            let row = values.get("id").and_then(id_of).and_then(|id| self.row_of_id(node, field, id));
            if let Some(row) = row {
                self.apply(row, values, made)?;
            }
        }
        Ok(())
    }

    /// Replaces the list, by ids or by the values of new records. Records that stay keep their known values; a saved
    /// one that goes is removed from the list.
    fn replace(
        &mut self,
        node: NodeId,
        model: &FormModel,
        field: &str,
        rows: &[Value],
        made: &mut Vec<Named>,
    ) -> Result<()> {
        let relation = model.field(field)?.relation.clone().unwrap_or_default();
        let mut before = self.node_mut(node).lists.remove(field).unwrap_or_default();
        let mut list = List { on_server: std::mem::take(&mut before.on_server), ..List::default() };
        for value in rows {
            let id = id_of(value.get("id").unwrap_or(value));
            let kept =
                before.rows.iter().position(|row| Some(self.node(*row).id) == id).map(|at| before.rows.remove(at));
            let row = kept.unwrap_or_else(|| self.make_row(node, model, field, &relation, id.filter(|id| *id >= 0)));
            if let Some(values) = value.as_object() {
                self.apply(row, values, made)?;
                made.push((row, named(values)));
            }
            list.rows.push(row);
        }
        let is_here = |row: &NodeId| list.rows.iter().any(|kept| self.node(*kept).id == self.node(*row).id);
        let gone: Vec<_> = before.rows.iter().copied().filter(|row| !self.node(*row).is_new()).collect();
        list.removed = before.removed.into_iter().chain(gone).filter(|row| !is_here(row)).collect();
        list.deleted = before.deleted.into_iter().filter(|row| !is_here(row)).collect();
        before.rows.into_iter().for_each(|row| self.detach(row));
        self.node_mut(node).lists.insert(field.to_owned(), list);
        Ok(())
    }

    /// Sets the ids that a list has on the server.
    pub(super) fn fill_list(&mut self, node: NodeId, model: &FormModel, field: &str, ids: &[Value]) -> Result<()> {
        let relation = model.field(field)?.relation.clone().unwrap_or_default();
        let on_server: Vec<i64> = ids.iter().filter_map(id_of).collect();
        let rows = on_server.iter().map(|id| self.make_row(node, model, field, &relation, Some(*id))).collect();
        self.node_mut(node).lists.insert(field.to_owned(), List { rows, on_server, ..List::default() });
        Ok(())
    }

    /// Creates a record to put into a list.
    pub(super) fn make_row(
        &mut self,
        node: NodeId,
        model: &FormModel,
        field: &str,
        relation: &str,
        id: Option<i64>,
    ) -> NodeId {
        let place = Place { parent: node, list: field.to_owned(), back: self.back(model, field) };
        self.records.add(relation, id, Some(place))
    }

    /// Returns the field by which the records of a list lead back to the record that has the list.
    pub(super) fn back(&self, model: &FormModel, list: &str) -> Option<String> {
        model.fields.get(list)?.back.clone()
    }

    pub(super) fn row_of_id(&self, node: NodeId, field: &str, id: i64) -> Option<NodeId> {
        self.node(node).lists.get(field)?.rows.iter().copied().find(|row| self.node(*row).id == id)
    }

    /// Returns a record that was removed from the list, to put it back.
    pub(super) fn returning(&mut self, node: NodeId, field: &str, id: i64) -> Option<NodeId> {
        let list = self.node(node).lists.get(field)?;
        let row = list.removed.iter().chain(&list.deleted).copied().find(|row| self.node(*row).id == id)?;
        let back = self.model(node).ok().and_then(|model| self.back(&model, field));
        self.node_mut(node).lists.get_mut(field)?.take_back(row);
        self.node_mut(row).place = Some(Place { parent: node, list: field.to_owned(), back });
        Some(row)
    }

    /// Removes a record from a list. A new one no longer exists then.
    pub(super) fn take_off(&mut self, node: NodeId, field: &str, row: NodeId, is_deleted: bool) {
        let is_saved = !self.node(row).is_new();
        let Some(list) = self.node_mut(node).lists.get_mut(field) else { return };
        list.rows.retain(|known| *known != row);
        match (is_saved, is_deleted) {
            (true, true) => list.deleted.push(row),
            (true, false) => list.removed.push(row),
            (false, _) => {}
        }
        self.detach(row);
    }

    /// Detaches a record from its list. The context of its calls stays the same.
    pub(super) fn detach(&mut self, row: NodeId) {
        let context = self.context(row);
        let record = self.node_mut(row);
        record.place = None;
        if let Ok(context) = context {
            record.context = context;
        }
    }
}

fn items<'a>(steps: &'a Map<String, Value>, step: &str) -> impl Iterator<Item = &'a Value> {
    steps.get(step).and_then(Value::as_array).into_iter().flatten()
}

/// Returns the fields that values name, without those of `party.`, which belong to the record that `party` leads to.
pub(super) fn named(values: &Map<String, Value>) -> Vec<String> {
    values.keys().filter(|field| !field.contains('.') && *field != "id").cloned().collect()
}
