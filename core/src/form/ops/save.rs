//! Creates, writes, deletes and copies records.

use serde_json::{Map, Value, json};

use crate::context::CHECKED;
use crate::error::{Error, Result};
use crate::form::ask::Question;
use crate::form::model::Kind;
use crate::form::records::{NodeId, id_of};
use crate::form::tree::Work;

impl Work {
    pub(super) async fn save(&mut self, nodes: &[NodeId]) -> Result<()> {
        for node in nodes {
            self.know(*node).await?;
            self.settle(self.records.root(*node)).await?;
        }
        let Some((model, context)) = self.common(nodes)? else { return Ok(()) };
        let (new, saved): (Vec<_>, Vec<_>) = nodes.iter().copied().partition(|node| self.node(*node).is_new());
        let written: Vec<_> = saved.into_iter().filter(|node| !self.node(*node).changed.is_empty()).collect();
        if !new.is_empty() {
            let values = new.iter().map(|node| self.to_create(*node)).collect::<Result<Vec<_>>>()?;
            let question = Question::new(&model.name, "create", vec![values.into()], context.clone());
            let ids = self.ask_one(question).await?;
            self.name(&new, &ids)?;
            self.keep();
        }
        if !written.is_empty() {
            let mut params = Vec::with_capacity(written.len() * 2);
            for node in &written {
                params.extend([json!([self.node(*node).id]), self.to_write(*node)?.into()]);
            }
            let mut context = context;
            self.check_timestamps(&mut context, &written);
            self.ask_one(Question::new(&model.name, "write", params, context)).await?;
            written.iter().for_each(|node| self.forget(*node));
            self.keep();
        }
        Ok(())
    }

    /// Assigns created records their ids.
    fn name(&mut self, nodes: &[NodeId], ids: &Value) -> Result<()> {
        let ids: Vec<i64> = ids.as_array().into_iter().flatten().filter_map(id_of).collect();
        if ids.len() != nodes.len() {
            let reason = format!("expected the ids of {} new records, got {}", nodes.len(), ids.len());
            return Err(Error::decode(None, String::new(), reason, true));
        }
        for (node, id) in nodes.iter().zip(ids) {
            self.forget(*node);
            self.rename(*node, id);
        }
        Ok(())
    }

    /// Gives a record another id, and updates the relations that lead to it.
    fn rename(&mut self, node: NodeId, id: i64) {
        let record = self.node(node);
        let (model, before) = (record.model.clone(), record.id);
        let text = |id: i64| Value::from(format!("{model},{id}"));
        let mut led = Vec::new();
        for (other, record) in self.records.all() {
            let Some(fields) = self.models.get(&*record.model).map(|model| &model.fields) else { continue };
            led.extend(record.values.iter().filter_map(|(name, value)| {
                let field = fields.get(name)?;
                match field.kind {
                    Kind::ToOne if *value == before && field.relation.as_deref() == Some(&model) => {
                        Some((other, name.clone(), id.into()))
                    }
                    Kind::Reference if *value == text(before) => Some((other, name.clone(), text(id))),
                    _ => None,
                }
            }));
        }
        for (other, field, value) in led {
            self.node_mut(other).values.insert(field, value);
        }
        self.node_mut(node).id = id;
    }

    /// Requires that the records have not changed since they were read, including those in their lists.
    pub(in crate::form) fn check_timestamps(&self, context: &mut Map<String, Value>, nodes: &[NodeId]) {
        let mut checked = Map::new();
        for node in nodes {
            self.timestamps(*node, &mut checked);
        }
        if !checked.is_empty() {
            context.insert(CHECKED.to_owned(), checked.into());
        }
    }

    pub(super) async fn delete(&mut self, nodes: &[NodeId]) -> Result<()> {
        for node in nodes {
            self.know(*node).await?;
        }
        let Some((model, mut context)) = self.common(nodes)? else { return Ok(()) };
        let saved: Vec<_> = nodes.iter().copied().filter(|node| !self.node(*node).is_new()).collect();
        if !saved.is_empty() {
            self.check_timestamps(&mut context, &saved);
            let ids: Vec<i64> = saved.iter().map(|node| self.node(*node).id).collect();
            self.ask_one(Question::new(&model.name, "delete", vec![json!(ids)], context)).await?;
        }
        nodes.iter().for_each(|node| self.forget(*node));
        self.keep();
        Ok(())
    }

    pub(super) async fn copy(&mut self, nodes: &[NodeId], changes: Map<String, Value>) -> Result<Vec<NodeId>> {
        let Some((model, context)) = self.common(nodes)? else { return Ok(Vec::new()) };
        let ids: Vec<i64> = nodes.iter().map(|node| self.node(*node).id).collect();
        if ids.iter().any(|id| *id < 0) {
            return Err(Error::invalid_request("a record that is not saved cannot be copied: save it first"));
        }
        let params = vec![json!(ids), changes.into()];
        let copies = self.ask_one(Question::new(&model.name, "copy", params, context.clone())).await?;
        let copies: Vec<i64> = copies.as_array().into_iter().flatten().filter_map(id_of).collect();
        self.existing(&model.name, &copies, &context).await
    }

    /// Forgets the known values of a record. Those in its lists may be elsewhere by now: they become separate records.
    pub(super) fn forget(&mut self, node: NodeId) {
        let rows: Vec<_> = self.node(node).lists.values().flat_map(|list| list.rows.clone()).collect();
        rows.into_iter().for_each(|row| self.detach(row));
        self.node_mut(node).forget();
    }
}
