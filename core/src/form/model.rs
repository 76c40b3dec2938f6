//! A model as a form needs it: decoded once from the response of `fields_get`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::records::id_of;
use crate::error::{Error, Result};
use crate::pyson::{Expression, Fault};

/// The fields of a model, by name. The server lists them in this order, too, which decides what `on_change_with`
/// computes in its first round.
#[derive(Debug)]
pub(super) struct FormModel {
    pub(super) name: String,
    pub(super) fields: BTreeMap<String, FormField>,
}

/// The kinds of fields that a form treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Text,
    Binary,
    ToOne,
    Reference,
    OneToMany,
    ManyToMany,
    Other,
}

impl Kind {
    pub(super) fn is_list(self) -> bool {
        matches!(self, Self::OneToMany | Self::ManyToMany)
    }

    /// Whether both values are empty texts or null, which are the same to people.
    pub(super) fn are_blank(self, one: &Value, other: &Value) -> bool {
        let is_blank = |value: &Value| value.is_null() || value.as_str().is_some_and(str::is_empty);
        self == Self::Text && is_blank(one) && is_blank(other)
    }

    /// Returns the value as it is stored. SQLite sends booleans as numbers, and a query may compute an id as a float.
    pub(super) fn normal(self, value: Value) -> Value {
        match (self, value) {
            (Self::Boolean, Value::Null) => false.into(),
            (Self::Boolean, Value::Number(number)) => (number.as_i64() != Some(0)).into(),
            (Self::ToOne, value) => id_of(&value).map_or(value, Value::from),
            (_, value) => value,
        }
    }
}

/// A field as `fields_get` describes it.
#[derive(Debug)]
pub(super) struct FormField {
    pub(super) kind: Kind,
    /// The fields that `on_change` reads; empty if there is no `on_change`.
    pub(super) on_change: Vec<String>,
    /// The fields from which this field is computed again when one of them is set.
    pub(super) on_change_with: Vec<String>,
    pub(super) selection_change_with: Vec<String>,
    pub(super) autocomplete: Vec<String>,
    /// The model that the field leads to.
    pub(super) relation: Option<String>,
    /// The field by which the records of a list lead back.
    pub(super) back: Option<String>,
    pub(super) readonly: bool,
    /// Whether it is read together with all other fields that are cheap to read.
    pub(super) eager: bool,
    /// The ends from which white space is removed.
    pub(super) strip: Strip,
    /// The choices: pairs of value and label, or the name of the method that returns them.
    pub(super) selection: Value,
    /// The whole definition that the server sends.
    definition: Map<String, Value>,
    /// The attributes that have been parsed.
    parsed: Mutex<BTreeMap<String, Parsed>>,
}

/// An attribute that is an expression, if there is one.
type Parsed = Result<Option<Arc<Expression>>, Fault>;

/// The ends of a text from which white space is removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Strip {
    leading: bool,
    trailing: bool,
}

impl FormModel {
    /// Decodes the response of `fields_get`.
    pub(super) fn decode(name: &str, answer: &Value) -> Result<Self> {
        let fields = answer.as_object().ok_or_else(|| {
            let reason = "expected an object of field definitions".to_owned();
            Error::decode(None, format!("{name}.fields_get"), reason, false)
        })?;
        let fields = fields.iter().filter_map(|(name, field)| Some((name.clone(), FormField::of(field.as_object()?))));
        Ok(Self { name: name.to_owned(), fields: fields.collect() })
    }

    /// Returns the field of this name.
    ///
    /// # Errors
    ///
    /// `is_invalid_request` if the model has no such field, or none that the user may see.
    pub(super) fn field(&self, name: &str) -> Result<&FormField> {
        self.fields.get(name).ok_or_else(|| {
            let model = &self.name;
            Error::invalid_request(format!(
                "`{model}` has no field `{name}` on this server, or none that the user may see: check the name, the \
                 activated modules and the user's access rights"
            ))
        })
    }

    /// Returns the field of this name, which must be a list.
    pub(super) fn list(&self, name: &str) -> Result<&FormField> {
        let field = self.field(name)?;
        if field.kind.is_list() {
            return Ok(field);
        }
        Err(Error::invalid_request(format!("`{}.{name}` is not a list of records", self.name)))
    }

    pub(super) fn is_list(&self, name: &str) -> bool {
        self.fields.get(name).is_some_and(|field| field.kind.is_list())
    }

    /// Returns the fields that `on_change_with` computes when `name` is set.
    pub(super) fn computed_from<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a FormField)> {
        let fields = self.fields.iter().map(|(name, field)| (name.as_str(), field));
        fields.filter(move |(_, field)| field.on_change_with.iter().any(|read| read == name))
    }
}

impl FormField {
    fn of(field: &Map<String, Value>) -> Self {
        let text = |key: &str| field.get(key).and_then(Value::as_str).map(str::to_owned);
        let names = |key: &str| field.get(key).map(names).unwrap_or_default();
        Self {
            kind: match field.get("type").and_then(Value::as_str).unwrap_or_default() {
                "boolean" => Kind::Boolean,
                "char" | "text" | "full_text" => Kind::Text,
                "binary" => Kind::Binary,
                "many2one" | "one2one" => Kind::ToOne,
                "reference" => Kind::Reference,
                "one2many" => Kind::OneToMany,
                "many2many" => Kind::ManyToMany,
                _ => Kind::Other,
            },
            on_change: names("on_change"),
            on_change_with: names("on_change_with"),
            selection_change_with: names("selection_change_with"),
            autocomplete: names("autocomplete"),
            relation: text("relation"),
            back: text("relation_field"),
            readonly: field.get("readonly").and_then(Value::as_bool).unwrap_or_default(),
            eager: field.get("loading").and_then(Value::as_str) == Some("eager"),
            strip: Strip::of(field.get("strip")),
            selection: field.get("selection").cloned().unwrap_or_default(),
            definition: field.clone(),
            parsed: Mutex::default(),
        }
    }

    /// Returns an attribute that does not depend on the record: `readonly`, `required`.
    pub(super) fn is(&self, attribute: &str) -> bool {
        self.definition.get(attribute).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns the label of the field.
    pub(super) fn label(&self) -> &str {
        self.definition.get("string").and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the server can search for a value of the field.
    pub(super) fn is_searchable(&self) -> bool {
        self.definition.get("searchable").and_then(Value::as_bool).unwrap_or(true)
    }

    /// Returns an attribute that is an expression: `context`, `domain`, `states`, `digits`. A `size` may be a number as
    /// well. Each is parsed once.
    pub(super) fn expression(&self, attribute: &str) -> Parsed {
        let Some(json) = self.definition.get(attribute).filter(|json| !json.is_null()) else { return Ok(None) };
        let parse = || {
            let expression = match json {
                Value::String(text) => Expression::parse(text),
                json => Expression::new(json.clone()),
            };
            expression.map(|expression| Some(Arc::new(expression)))
        };
        let mut parsed = self.parsed.lock().unwrap_or_else(PoisonError::into_inner);
        parsed.entry(attribute.to_owned()).or_insert_with(parse).clone()
    }
}

/// Reads a list of names, which old modules write as JSON in a string.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        _ => Vec::new(),
    }
}

impl Strip {
    fn of(value: Option<&Value>) -> Self {
        let (leading, trailing) = match value {
            Some(Value::Bool(both)) => (*both, *both),
            Some(Value::String(end)) => (end == "leading", end == "trailing"),
            _ => (false, false),
        };
        Self { leading, trailing }
    }

    pub(super) fn apply(self, text: &str) -> &str {
        let text = if self.leading { text.trim_start() } else { text };
        if self.trailing { text.trim_end() } else { text }
    }
}
