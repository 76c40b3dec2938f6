//! Reads from the server: the fields of models, and the values of saved records.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::form::args::is_known;
use crate::form::ask::Question;
use crate::form::model::{FormModel, Kind};
use crate::form::records::{NodeId, id_of};
use crate::form::tree::Work;

/// The field with the time of a record's last change.
const TIMESTAMP: &str = "_timestamp";

/// The number of a list's records that are read together.
const MOST_ROWS: usize = 500;

impl Work {
    /// Asks for the fields of models that are not known yet.
    pub(in crate::form) async fn learn(&mut self, mut names: Vec<String>) -> Result<()> {
        names.sort();
        names.dedup();
        names.retain(|name| !self.models.contains_key(name));
        let questions =
            names.iter().map(|name| Question::new(name, "fields_get", vec![json!([])], Map::new())).collect();
        let answers = self.ask(questions).await?;
        for (name, answer) in names.into_iter().zip(answers) {
            let model = FormModel::decode(&name, &answer)?;
            self.models.insert(name, Arc::new(model));
        }
        Ok(())
    }

    /// Asks for the fields of a record's model, and of the models of the records whose lists it is in.
    pub(in crate::form) async fn know(&mut self, node: NodeId) -> Result<()> {
        let mut names = vec![self.node(node).model.to_string()];
        let mut at = node;
        while let Some(place) = &self.node(at).place {
            at = place.parent;
            names.push(self.node(at).model.to_string());
        }
        self.learn(names).await?;
        self.read_for_contexts(node).await
    }

    /// Reads the values that the contexts of the lists around a record look up, the outermost first.
    async fn read_for_contexts(&mut self, node: NodeId) -> Result<()> {
        let mut places: Vec<_> =
            std::iter::successors(self.node(node).place.as_ref(), |place| self.node(place.parent).place.as_ref())
                .map(|place| (place.parent, place.list.clone()))
                .collect();
        while let Some((parent, list)) = places.pop() {
            self.read_for(parent, &[list], &["context"]).await?;
        }
        Ok(())
    }

    /// Reads the values that these attributes of a record's fields look up, as far as they are unknown.
    pub(super) async fn read_for(&mut self, node: NodeId, fields: &[String], attributes: &[&str]) -> Result<()> {
        let model = self.model(node)?;
        let mut names = Vec::new();
        for field in fields.iter().filter(|field| model.fields.contains_key(*field)) {
            names.extend(self.read_by(&model, field, attributes)?);
        }
        let mut unread = Vec::new();
        self.unread(node, names.iter().map(String::as_str), &mut unread)?;
        self.read(unread).await
    }

    pub(super) async fn existing(
        &mut self,
        model: &str,
        ids: &[i64],
        context: &Map<String, Value>,
    ) -> Result<Vec<NodeId>> {
        self.learn(vec![model.to_owned()]).await?;
        let nodes: Vec<_> = ids.iter().map(|id| self.records.add(model, Some(*id), None)).collect();
        nodes.iter().for_each(|node| self.node_mut(*node).context = context.clone());
        Ok(nodes)
    }

    /// Reads these fields of saved records, as far as they are unknown: one request for each model and context. Reading
    /// the first field of a record also reads all fields that are cheap to read.
    pub(in crate::form) async fn read(&mut self, unread: Vec<(NodeId, String)>) -> Result<()> {
        let mut requests: BTreeMap<(String, String), Request> = BTreeMap::new();
        self.learn(unread.iter().map(|(node, _)| self.node(*node).model.to_string()).collect()).await?;
        for (node, field) in unread.into_iter().filter(|(node, field)| !is_known(self.node(*node), field)) {
            let (model, context) = (self.model(node)?, self.context(node)?);
            let key = (model.name.clone(), Value::Object(context.clone()).to_string());
            let is_first = self.node(node).timestamp.is_none();
            let alike = if is_first { self.unread_siblings(node) } else { Vec::new() };
            let request = requests.entry(key).or_insert_with(|| Request { context, ..Request::default() });
            if is_first {
                request.want(TIMESTAMP);
                model.fields.iter().filter(|(_, field)| field.eager).for_each(|(field, _)| request.want(field));
            }
            request.want(&field);
            for node in [node].into_iter().chain(alike) {
                if !request.nodes.contains(&node) {
                    request.nodes.push(node);
                }
            }
        }
        let mut asked = Vec::new();
        for ((model, _), request) in &requests {
            let mut ids: Vec<i64> = request.nodes.iter().map(|node| self.node(*node).id).collect();
            ids.sort_unstable();
            ids.dedup();
            let params = vec![json!(ids), json!(request.fields)];
            asked.push(Question::new(model, "read", params, request.context.clone()));
        }
        let answers = self.ask(asked).await?;
        for (request, answer) in requests.into_values().zip(answers) {
            self.fill_in(&request.nodes, &answer)?;
        }
        Ok(())
    }

    pub(super) async fn read_all(&mut self, nodes: &[NodeId], lists: &[String]) -> Result<()> {
        for node in nodes {
            self.know(*node).await?;
        }
        let Some((model, context)) = self.common(nodes)? else { return Ok(()) };
        let mut fields: Vec<String> = readable(&model).map(str::to_owned).collect();
        let mut relations = Vec::new();
        for list in lists {
            relations.extend(model.list(list)?.relation.clone());
        }
        self.learn(relations).await?;
        for list in lists {
            let relation = self.model_named(model.list(list)?.relation.as_deref().unwrap_or_default())?;
            fields.extend(readable(&relation).chain([TIMESTAMP]).map(|field| format!("{list}.{field}")));
        }
        fields.push(TIMESTAMP.to_owned());
        let saved: Vec<_> = nodes.iter().copied().filter(|node| !self.node(*node).is_new()).collect();
        let ids: Vec<i64> = saved.iter().map(|node| self.node(*node).id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let answer = self.ask_one(Question::new(&model.name, "read", vec![json!(ids), json!(fields)], context)).await?;
        self.fill_in(&saved, &answer)?;
        for list in lists {
            let key = format!("{list}.");
            for values in records(&answer).filter_map(|values| values.get(&key)) {
                let rows: Vec<_> = saved
                    .iter()
                    .flat_map(|node| self.node(*node).lists.get(list))
                    .flat_map(|list| list.rows.clone())
                    .collect();
                let rows: Vec<_> = rows.into_iter().filter(|row| !self.node(*row).is_new()).collect();
                self.fill_in(&rows, values)?;
            }
        }
        Ok(())
    }

    /// Returns the unread records next to one in its list: code that reads one usually reads the next.
    fn unread_siblings(&self, node: NodeId) -> Vec<NodeId> {
        let Some(place) = &self.node(node).place else { return Vec::new() };
        let rows = self.node(place.parent).lists.get(&place.list).map_or(&[][..], |list| &list.rows);
        let rows = rows.iter().copied().filter(|row| !self.node(*row).is_new() && self.node(*row).timestamp.is_none());
        rows.take(MOST_ROWS).collect()
    }

    /// Sets the values that were read. Unsaved changes are newer, and stay.
    fn fill_in(&mut self, nodes: &[NodeId], answer: &Value) -> Result<()> {
        let read: BTreeMap<i64, &Map<String, Value>> =
            records(answer).filter_map(|values| Some((id_of(values.get("id")?)?, values))).collect();
        for node in nodes {
            let Some(values) = read.get(&self.node(*node).id) else { continue };
            let model = self.model(*node)?;
            for (field, value) in values.iter() {
                if field == TIMESTAMP {
                    self.node_mut(*node).timestamp = Some(value.clone());
                    continue;
                }
                let Some(definition) = model.fields.get(field).filter(|_| !is_known(self.node(*node), field)) else {
                    continue;
                };
                if definition.kind.is_list() {
                    let ids = value.as_array().map(Vec::as_slice).unwrap_or_default();
                    self.fill_list(*node, &model, field, ids)?;
                } else {
                    let value = definition.kind.normal(value.clone());
                    self.node_mut(*node).values.insert(field.clone(), value);
                }
            }
        }
        Ok(())
    }

    /// Returns the model and the context that records have in common, as one request needs.
    pub(super) fn common(&self, nodes: &[NodeId]) -> Result<Option<Common>> {
        let Some(first) = nodes.first() else { return Ok(None) };
        let (model, context) = (self.model(*first)?, self.context(*first)?);
        for node in nodes {
            if *self.node(*node).model != *model.name || self.context(*node)? != context {
                let why = "the records differ in model or context: make a request for each of them";
                return Err(Error::invalid_request(why));
            }
        }
        Ok(Some((model, context)))
    }
}

/// The model and the context that records have in common.
type Common = (Arc<FormModel>, Map<String, Value>);

/// One request for values.
#[derive(Default)]
struct Request {
    context: Map<String, Value>,
    nodes: Vec<NodeId>,
    fields: Vec<String>,
}

impl Request {
    fn want(&mut self, field: &str) {
        if !self.fields.iter().any(|known| known == field) {
            self.fields.push(field.to_owned());
        }
    }
}

/// Returns all fields except those whose contents may be large.
fn readable(model: &FormModel) -> impl Iterator<Item = &str> {
    model.fields.iter().filter(|(_, field)| field.kind != Kind::Binary).map(|(name, _)| name.as_str())
}

fn records(answer: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    answer.as_array().into_iter().flatten().filter_map(Value::as_object)
}
