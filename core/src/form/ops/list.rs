//! Adds records to lists, and removes them.

use serde_json::Value;

use crate::error::{Error, Result};
use crate::form::records::{NodeId, Place};
use crate::form::tree::Work;

impl Work {
    pub(super) async fn rows(&mut self, node: NodeId, list: &str) -> Result<Vec<NodeId>> {
        self.open_list(node, list).await?;
        let relation = self.model(node)?.list(list)?.relation.clone();
        self.learn(relation.into_iter().collect()).await?;
        self.settle(node).await?;
        Ok(self.node(node).lists.get(list).map(|list| list.rows.clone()).unwrap_or_default())
    }

    /// Makes sure that a list is known.
    pub(super) async fn open_list(&mut self, node: NodeId, list: &str) -> Result<()> {
        self.know(node).await?;
        self.model(node)?.list(list)?;
        let mut unread = Vec::new();
        self.unread(node, [list].into_iter(), &mut unread)?;
        self.read(unread).await?;
        self.read_for(node, &[list.to_owned()], &["context"]).await
    }

    pub(super) async fn add_row(&mut self, node: NodeId, list: &str) -> Result<NodeId> {
        let rows = self.add_rows(node, list, 1).await?;
        self.list_changed(node, list).await?;
        Ok(rows[0])
    }

    /// Adds new records at the end of a list, with the server's defaults. The list's record is not notified yet.
    pub(super) async fn add_rows(&mut self, node: NodeId, list: &str, count: usize) -> Result<Vec<NodeId>> {
        self.open_list(node, list).await?;
        let model = self.model(node)?;
        let relation = model.list(list)?.relation.clone().unwrap_or_default();
        self.learn(vec![relation.clone()]).await?;
        let rows: Vec<_> = (0..count).map(|_| self.make_row(node, &model, list, &relation, None)).collect();
        self.begin_with_defaults(rows.clone()).await?;
        self.node_mut(node).lists.entry(list.to_owned()).or_default().rows.extend(&rows);
        Ok(rows)
    }

    pub(super) async fn graft(&mut self, node: NodeId, list: &str, rows: Vec<NodeId>) -> Result<()> {
        self.open_list(node, list).await?;
        let mut is_changed = false;
        for row in rows {
            let id = self.node(row).id;
            if self.row_of_id(node, list, id).is_some() {
                continue;
            }
            is_changed = true;
            if id >= 0 && self.records.is_in_a_list(row) {
                self.put_ids(node, list, &[id]).await?;
            } else {
                self.put(node, list, row).await?;
            }
        }
        if is_changed { self.list_changed(node, list).await } else { Ok(()) }
    }

    pub(super) async fn link(&mut self, node: NodeId, list: &str, ids: &[i64]) -> Result<Vec<NodeId>> {
        let rows = self.put_ids(node, list, ids).await?;
        self.list_changed(node, list).await?;
        Ok(rows)
    }

    /// Puts saved records into a list, unless they are there already.
    pub(super) async fn put_ids(&mut self, node: NodeId, list: &str, ids: &[i64]) -> Result<Vec<NodeId>> {
        self.open_list(node, list).await?;
        let relation = self.model(node)?.list(list)?.relation.clone().unwrap_or_default();
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            let row = match self.row_of_id(node, list, *id) {
                Some(row) => row,
                None => {
                    let row = self.returning(node, list, *id);
                    let row = row.unwrap_or_else(|| self.records.add(&relation, Some(*id), None));
                    self.node_mut(row).place = None;
                    self.put(node, list, row).await?;
                    row
                }
            };
            rows.push(row);
        }
        Ok(rows)
    }

    /// Puts a record into a list. The record is notified of its parent first.
    async fn put(&mut self, node: NodeId, list: &str, row: NodeId) -> Result<()> {
        self.open_list(node, list).await?;
        let model = self.model(node)?;
        let relation = model.list(list)?.relation.as_deref().unwrap_or_default();
        if *self.node(row).model != *relation {
            let why = format!("the list `{}.{list}` is of `{relation}`, not of `{}`", model.name, self.node(row).model);
            return Err(Error::invalid_request(why));
        }
        if self.records.is_in_a_list(row) {
            let why = format!("the record is already in a list: remove it from `{}` first", self.records.path(row));
            return Err(Error::invalid_request(why));
        }
        if self.records.root(node) == row {
            return Err(Error::invalid_request("a record cannot be put into a list below itself"));
        }
        let back = self.back(&model, list);
        self.node_mut(row).place = Some(Place { parent: node, list: list.to_owned(), back: back.clone() });
        self.node_mut(node).lists.entry(list.to_owned()).or_default().take_back(row);
        if let Some(back) = back {
            self.know(row).await?;
            self.settle(row).await?;
            self.changed(&[(row, vec![back])]).await?;
        }
        self.node_mut(node).lists.entry(list.to_owned()).or_default().rows.push(row);
        Ok(())
    }

    pub(super) async fn drop_row(&mut self, node: NodeId, list: &str, row: NodeId, delete: bool) -> Result<()> {
        self.open_list(node, list).await?;
        self.settle(row).await?;
        let is_there = self.node(node).lists.get(list).is_some_and(|list| list.rows.contains(&row));
        if !is_there {
            return Err(Error::invalid_request(format!("the record is not in the list `{list}`")));
        }
        self.take_off(node, list, row, delete);
        self.list_changed(node, list).await
    }

    /// Removes records from a list by their ids.
    pub(super) async fn drop_ids(&mut self, node: NodeId, list: &str, ids: &[i64], delete: bool) -> Result<()> {
        self.open_list(node, list).await?;
        for id in ids {
            let row = self
                .row_of_id(node, list, *id)
                .ok_or_else(|| Error::invalid_request(format!("no record {id} to remove in the list `{list}`")))?;
            self.take_off(node, list, row, delete);
        }
        Ok(())
    }

    pub(super) async fn value(&mut self, node: NodeId, field: &str) -> Result<Value> {
        self.know(node).await?;
        self.model(node)?.field(field)?;
        self.settle(node).await?;
        let mut unread = Vec::new();
        self.unread(node, [field].into_iter(), &mut unread)?;
        self.read(unread).await?;
        Ok(self.raw(node, field))
    }
}
