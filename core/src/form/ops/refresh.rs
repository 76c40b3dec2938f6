//! Reads saved records again, and keeps unsaved changes.

use crate::error::Result;
use crate::form::records::{List, NodeId};
use crate::form::tree::Work;

impl Work {
    /// Reads a record and the changed ones below it again: changes by others are taken over unless the field was also
    /// changed here.
    pub(super) async fn refresh(&mut self, top: NodeId) -> Result<()> {
        let mut next = vec![top];
        while let Some(node) = next.pop() {
            self.know(node).await?;
            if !self.node(node).is_new() {
                self.refresh_record(node).await?;
            }
            let rows = self.node(node).lists.values().flat_map(|list| list.rows.clone());
            next.extend(rows.filter(|row| self.node(*row).is_new() || !self.node(*row).changed.is_empty()));
        }
        Ok(())
    }

    async fn refresh_record(&mut self, node: NodeId) -> Result<()> {
        let kept = self.set_changes_apart(node);
        self.read_all(&[node], &[]).await?;
        for (name, before) in kept {
            self.merge(node, &name, before);
            // The values that follow from the list are computed again.
            let record = self.node_mut(node);
            record.changed.insert(name.clone());
            if !record.pending.contains(&name) {
                record.pending.push(name);
            }
        }
        Ok(())
    }

    /// Forgets the values that did not change here. Returns the lists that did.
    fn set_changes_apart(&mut self, node: NodeId) -> Vec<(String, List)> {
        let mut record = self.node(node).clone();
        record.values.retain(|name, _| record.changed.contains(name));
        record.pending.retain(|name| record.changed.contains(name));
        record.timestamp = None;
        let (kept, forgotten): (Vec<_>, Vec<_>) =
            std::mem::take(&mut record.lists).into_iter().partition(|(name, _)| record.changed.contains(name));
        // If the list is gone, its rows keep their context.
        forgotten.into_iter().flat_map(|(_, list)| list.rows).for_each(|row| self.detach(row));
        *self.node_mut(node) = record;
        kept
    }

    /// Applies the changes of a list to the server's current one: its own rows except those to remove, then those that
    /// were linked or created here.
    fn merge(&mut self, node: NodeId, name: &str, before: List) {
        let now = self.node_mut(node).lists.remove(name).unwrap_or_default();
        let is_on_server = |work: &Self, row: NodeId| now.on_server.contains(&work.node(row).id);
        let find = |work: &Self, rows: &[NodeId], id: i64| rows.iter().copied().find(|row| work.node(*row).id == id);
        let mut list = List { on_server: now.on_server.clone(), ..List::default() };
        for row in &now.rows {
            let id = self.node(*row).id;
            if let Some(row) = find(self, &before.removed, id) {
                list.removed.push(row);
            } else if let Some(row) = find(self, &before.deleted, id) {
                list.deleted.push(row);
            } else {
                list.rows.push(find(self, &before.rows, id).unwrap_or(*row));
            }
        }
        for row in before.rows {
            let is_added = self.node(row).is_new() || !before.on_server.contains(&self.node(row).id);
            if is_added && !list.rows.contains(&row) {
                list.rows.push(row);
            } else if !is_on_server(self, row) {
                // Somebody else has deleted it or removed it from the list.
                self.detach(row);
            }
        }
        for row in list.rows.iter().chain(&list.removed).chain(&list.deleted).copied().collect::<Vec<_>>() {
            if !self.node(row).is_new() && self.node(row).changed.is_empty() {
                self.forget(row);
            }
        }
        self.node_mut(node).lists.insert(name.to_owned(), list);
    }
}
