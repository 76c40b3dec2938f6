//! The values of records in the three forms that the server takes: alone, as arguments of `on_change`, and as the
//! values of a whole record.

use serde_json::{Map, Value, json};

use super::model::{FormModel, Kind};
use super::records::{Node, NodeId};
use super::tree::Work;
use crate::error::Result;

/// The prefix of an argument that is read from the parent record.
pub(super) const PARENT: &str = "_parent_";

impl Work {
    /// Returns the value of a field as far as it is known: for a list, the ids of its records.
    pub(super) fn known(&self, node: NodeId, field: &str) -> Option<Value> {
        let record = self.node(node);
        if field == "id" {
            return Some(record.id.into());
        }
        let model = self.models.get(&*record.model)?;
        let definition = model.fields.get(field)?;
        if let Some(place) = record.place.as_ref().filter(|place| place.back.as_deref() == Some(field)) {
            let parent = self.node(place.parent);
            return Some(match definition.kind {
                Kind::Reference => format!("{},{}", parent.model, parent.id).into(),
                _ => parent.id.into(),
            });
        }
        match (definition.kind, record.lists.get(field), record.values.get(field)) {
            (Kind::OneToMany | Kind::ManyToMany, Some(list), _) => {
                Some(list.rows.iter().map(|row| self.node(*row).id).collect())
            }
            (Kind::OneToMany | Kind::ManyToMany, None, _) => record.is_new().then(|| json!([])),
            (_, _, Some(value)) => Some(value.clone()),
            (Kind::Boolean, _, None) if record.is_new() => Some(false.into()),
            (_, _, None) => record.is_new().then_some(Value::Null),
        }
    }

    /// Like [`known`](Self::known), with null for an unknown value.
    pub(super) fn raw(&self, node: NodeId, field: &str) -> Value {
        self.known(node, field).unwrap_or_default()
    }

    /// Returns a value as `on_change` takes it: for a one2many all values of its records, for the parent all of its
    /// values.
    fn arg(&self, node: NodeId, field: &str, slim: bool) -> Result<Value> {
        let record = self.node(node);
        let model = self.model(node)?;
        let Some(definition) = model.fields.get(field) else { return Ok(Value::Null) };
        match (definition.kind, &record.place) {
            (Kind::OneToMany, _) => {
                let rows = record.lists.get(field).map_or(&[][..], |list| &list.rows);
                rows.iter().map(|row| self.record(*row, definition.back.as_deref())).collect()
            }
            (kind @ (Kind::ToOne | Kind::Reference), Some(place)) if place.back.as_deref() == Some(field) => {
                let parent = match slim {
                    true => json!({"id": self.node(place.parent).id}),
                    false => self.record(place.parent, Some(&place.list))?,
                };
                let name = &self.node(place.parent).model;
                Ok(if kind == Kind::Reference { json!([&**name, parent]) } else { parent })
            }
            _ => Ok(self.raw(node, field)),
        }
    }

    /// Returns the values of a record: all for a new one, the changed ones for a saved one.
    pub(super) fn record(&self, node: NodeId, skip: Option<&str>) -> Result<Value> {
        let record = self.node(node);
        let mut values = Map::new();
        values.insert("id".to_owned(), record.id.into());
        if !record.is_new() && record.changed.is_empty() {
            return Ok(Value::Object(values));
        }
        for field in self.model(node)?.fields.keys().filter(|field| *field != "id" && Some(field.as_str()) != skip) {
            if record.is_new() || record.changed.contains(field) {
                values.insert(field.clone(), self.arg(node, field, false)?);
            }
        }
        Ok(Value::Object(values))
    }

    /// Returns the arguments of these names. A name that leads nowhere is left out, which differs from null.
    pub(super) fn args<'a>(
        &self,
        node: NodeId,
        names: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<Map<String, Value>> {
        let back = self.node(node).back();
        // The server replaces the whole parent by the values that are read from it, so the parent need not be sent
        // then.
        let reads_parent =
            |name: &str| name.strip_prefix(PARENT).and_then(|rest| rest.split_once('.')).map(|it| it.0) == back;
        let slim = self.options.slim && back.is_some() && names.clone().any(reads_parent);
        let mut args = Map::new();
        for name in names {
            if let Some((scope, field)) = self.walk(node, name)?
                && (field == "id" || self.model(scope)?.fields.contains_key(field))
            {
                let value = if field == "id" {
                    self.node(scope).id.into()
                } else {
                    self.arg(scope, field, slim && scope == node)?
                };
                args.insert(name.to_owned(), value);
            }
        }
        Ok(args)
    }

    /// Returns the record and the field that an argument names.
    fn walk<'a>(&self, node: NodeId, name: &'a str) -> Result<Option<(NodeId, &'a str)>> {
        let (mut scope, mut rest) = (node, name);
        while let Some((step, more)) = rest.split_once('.') {
            match &self.node(scope).place {
                Some(place) if place.back.is_some() && step.strip_prefix(PARENT) == place.back.as_deref() => {
                    scope = place.parent;
                    rest = more;
                }
                _ => return Ok(None),
            }
        }
        Ok(Some((scope, rest)))
    }

    /// Returns the fields of saved records that must be read before these arguments can be sent.
    pub(super) fn unread<'a>(
        &self,
        node: NodeId,
        names: impl Iterator<Item = &'a str>,
        unread: &mut Vec<(NodeId, String)>,
    ) -> Result<()> {
        for name in names {
            if let Some((scope, field)) = self.walk(node, name)?
                && self.models.get(&*self.node(scope).model).is_none_or(|model| model.fields.contains_key(field))
                && !is_known(self.node(scope), field)
            {
                unread.push((scope, field.to_owned()));
            }
        }
        Ok(())
    }

    /// Whether a record's questions read the list that it is in: the rows then depend on each other.
    pub(super) fn reads_its_list(&self, node: NodeId) -> Result<bool> {
        let Some(place) = &self.node(node).place else { return Ok(false) };
        let Some(back) = &place.back else { return Ok(false) };
        let own = format!("{PARENT}{back}.{}", place.list);
        let model = self.model(node)?;
        Ok(model
            .fields
            .values()
            .any(|field| field.on_change.iter().chain(&field.on_change_with).any(|read| *read == own)))
    }
}

/// Whether a field's value needs no reading.
pub(super) fn is_known(node: &Node, field: &str) -> bool {
    node.is_new()
        || field == "id"
        || node.back() == Some(field)
        || node.values.contains_key(field)
        || node.lists.contains_key(field)
}

/// Returns the names of all fields, as `default_get` takes them.
pub(super) fn all_fields(model: &FormModel) -> Value {
    model.fields.keys().map(String::as_str).collect()
}
