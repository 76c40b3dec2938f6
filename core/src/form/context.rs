//! Attributes given by expressions: the context of a list's records, and the states of a field.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::args::PARENT;
use super::model::FormModel;
use super::records::NodeId;
use super::tree::Work;
use crate::error::{Error, Result};
use crate::pyson::{Env, Expression, Fault, Found};

/// How a view shows a field with the current values of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct States {
    /// Whether a view does not let the user change the field. A program may set it: the server decides when the record is
    /// saved.
    pub readonly: bool,
    /// Whether the field needs a value.
    pub required: bool,
    /// Whether the field is hidden.
    pub invisible: bool,
}

impl Work {
    /// Returns the keys that a record's calls add to the client's own context: its own ones, or those of the record
    /// whose list it is in and of the list itself.
    pub(super) fn context(&self, node: NodeId) -> Result<Map<String, Value>> {
        let record = self.node(node);
        let Some(place) = &record.place else { return Ok(record.context.clone()) };
        let mut context = self.context(place.parent)?;
        let model = self.model(place.parent)?;
        if !model.fields.contains_key(&place.list) {
            return Ok(context);
        }
        match self.attribute(place.parent, &place.list, "context")? {
            Value::Object(keys) => context.extend(keys),
            Value::Null => {}
            _ => return Err(Error::expression(&model.name, &place.list, "context", &"it is not an object")),
        }
        Ok(context)
    }

    /// Evaluates an attribute that is an expression with the known values; null if there is no such attribute.
    pub(super) fn attribute(&self, node: NodeId, field: &str, attribute: &str) -> Result<Value> {
        let model = self.model(node)?;
        let expression = model.field(field)?.expression(attribute);
        let value = expression.and_then(|expression| match expression {
            Some(expression) => expression.value(&Names::of(self, node)),
            None => Ok(Value::Null),
        });
        value.map_err(|fault| Error::expression(&model.name, field, attribute, &fault))
    }

    /// Returns the fields that these attributes of a field read, in the form of argument names.
    pub(super) fn read_by(&self, model: &FormModel, field: &str, attributes: &[&str]) -> Result<Vec<String>> {
        let definition = model.field(field)?;
        let mut names = Vec::new();
        for attribute in attributes {
            let expression = definition.expression(attribute);
            let expression = expression.map_err(|fault| Error::expression(&model.name, field, attribute, &fault))?;
            names.extend(expression.iter().flat_map(|expression| expression.names()).map(|name| {
                match name.split_once('.') {
                    Some((base, _)) if !base.starts_with(PARENT) => base.to_owned(),
                    _ => name.to_owned(),
                }
            }));
        }
        Ok(names)
    }

    pub(super) fn states(&self, node: NodeId, name: &str) -> Result<States> {
        let model = self.model(node)?;
        let field = model.field(name)?;
        let names = Names::of(self, node);
        let wrong = |attribute: &str, fault: Fault| Error::expression(&model.name, name, attribute, &fault);
        let expression = field.expression("states").map_err(|fault| wrong("states", fault))?;
        let entries = expression.and_then(|states| Expression::clone(&states).into_entries()).unwrap_or_default();
        let state = |attribute: &str| match entries.iter().find(|(key, _)| &**key == attribute) {
            Some((_, expression)) => expression.is_true(&names).map_err(|fault| wrong(attribute, fault)),
            None => Ok(field.is(attribute)),
        };
        // Since 8.2 a field may be writable only for programs.
        let is_editable = match entries.iter().find(|(key, _)| &**key == "editable") {
            Some((_, expression)) => expression.is_true(&names).map_err(|fault| wrong("editable", fault))?,
            None => true,
        };
        // No expression makes a field writable that is always read-only.
        let readonly = field.is("readonly") || !is_editable || state("readonly")?;
        Ok(States { readonly, required: state("required")?, invisible: state("invisible")? })
    }
}

/// The names that the expressions of a record's fields can look up.
pub(super) struct Names<'w> {
    work: &'w Work,
    node: NodeId,
    parent: Option<Box<Names<'w>>>,
}

impl<'w> Names<'w> {
    pub(super) fn of(work: &'w Work, node: NodeId) -> Self {
        let parent = work.node(node).place.as_ref().map(|place| Box::new(Self::of(work, place.parent)));
        Self { work, node, parent }
    }
}

impl Env for Names<'_> {
    fn get(&self, name: &str) -> Option<Found<'_>> {
        let back = self.work.node(self.node).back();
        if let ("context", Some(context)) = (name, &self.work.client_context) {
            let mut context = context.clone();
            context.extend(self.work.context(self.node).unwrap_or_default());
            return Some(Found::Value(Cow::Owned(context.into())));
        }
        match (name.strip_prefix(PARENT), &self.parent) {
            (Some(up), Some(parent)) if Some(up) == back => Some(Found::Record(&**parent)),
            _ => self.work.known(self.node, name).map(|value| Found::Value(Cow::Owned(value))),
        }
    }
}
