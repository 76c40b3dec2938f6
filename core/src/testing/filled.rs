//! What the server of a test answers to forms.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::recording::Said;
use crate::Series;
use crate::model::{FieldNames, Model};

/// The models whose records are filled in, by name.
#[derive(Default)]
pub(super) struct Forms(BTreeMap<&'static str, Filled>);

/// How the records of a model are filled in.
pub(super) struct Filled {
    fields: FieldNames,
    pub(super) defaults: Map<String, Value>,
    /// The model of a list's records, and the field by which they lead back.
    lists: BTreeMap<&'static str, (&'static str, Option<&'static str>)>,
    /// What else is said of fields.
    pub(super) attributes: BTreeMap<String, Map<String, Value>>,
    pub(super) on_set: Vec<(&'static str, OnSet)>,
}

/// Makes of the values of a record those that follow.
type Change = dyn FnMut(Map<String, Value>) -> Map<String, Value> + Send;

/// What follows when a field is set.
pub(super) enum OnSet {
    Change(Box<Change>),
    Refuse(String),
}

impl Forms {
    pub(super) fn model<M: Model>(&mut self) -> &mut Filled {
        self.0.entry(M::NAME).or_insert_with(|| Filled {
            fields: M::FIELDS,
            defaults: Map::new(),
            lists: BTreeMap::new(),
            attributes: BTreeMap::new(),
            on_set: Vec::new(),
        })
    }

    pub(super) fn add_list<M: Model, R: Model>(&mut self, list: &'static str, back: Option<&'static str>) {
        self.model::<R>();
        self.model::<M>().lists.insert(list, (R::NAME, back));
    }

    /// Whether the records of the model are filled in: then fields that a row says nothing of are null.
    pub(super) fn has(&self, call: &Call) -> bool {
        model_of(call).is_some_and(|model| self.0.contains_key(model))
    }

    /// The answer to what a form asks; none for any other call.
    pub(super) fn answer(&mut self, call: &Call, series: Series) -> Option<Said> {
        let model = model_of(call)?;
        let result = match call.function() {
            // A search that chooses among the fields asks for null: its rows say which there are.
            "fields_get" => self.definitions(model, call.params.first()?.as_array()?)?,
            "default_get" => self.0.get(model)?.default_values(),
            "on_change" => match self.0.get_mut(model)?.on_change(call) {
                // Series 6.0 answers with a list of changes.
                Ok(change) if series < Series::new(7, 0) => json!([change]),
                Ok(change) => change.into(),
                Err(message) => return Some(Said::Error(json!(["UserError", [message, ""]]))),
            },
            "on_change_notify" => self.0.get(model).map(|_| json!([]))?,
            _ => return None,
        };
        Some(Said::Result(result))
    }

    /// The definitions of the fields that are named, or of all.
    fn definitions(&self, model: &str, names: &[Value]) -> Option<Value> {
        let filled = self.0.get(model)?;
        let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
        let wanted = filled.fields.all().filter(|field| names.is_empty() || names.contains(field));
        let reads = self.arguments(model, filled);
        let definitions = wanted.map(|field| (field.to_owned(), self.definition(model, filled, field, &reads)));
        Some(Value::Object(definitions.collect()))
    }

    fn definition(&self, model: &str, filled: &Filled, field: &str, reads: &[String]) -> Value {
        let mut definition = Map::new();
        if let Some((relation, back)) = filled.lists.get(field) {
            let kind = if back.is_some() { "one2many" } else { "many2many" };
            definition.insert("type".to_owned(), kind.into());
            definition.insert("relation".to_owned(), (*relation).into());
            definition.insert("relation_field".to_owned(), json!(back));
        } else if let Some((parent, _)) = self.parents(model).find(|(_, back)| *back == field) {
            definition.insert("type".to_owned(), "many2one".into());
            definition.insert("relation".to_owned(), parent.into());
        }
        if filled.fields.read_only().any(|name| name == field) {
            definition.insert("readonly".to_owned(), true.into());
        }
        if filled.on_set.iter().any(|(name, _)| *name == field) {
            definition.insert("on_change".to_owned(), json!(reads));
        }
        definition.extend(filled.attributes.get(field).cloned().unwrap_or_default());
        definition.into()
    }

    /// The arguments of each `on_change`: all values of the record, and of the record whose list it is in.
    fn arguments(&self, model: &str, filled: &Filled) -> Vec<String> {
        let own = filled.fields.all().filter(|field| *field != "id").map(str::to_owned);
        let above = self.parents(model).flat_map(|(parent, back)| {
            let fields = self.0.get(parent).map(|filled| filled.fields);
            fields.into_iter().flat_map(FieldNames::all).map(move |field| format!("_parent_{back}.{field}"))
        });
        own.chain(above).collect()
    }

    /// The models in whose lists the records of a model are, each with the field that leads back.
    fn parents<'f>(&'f self, model: &'f str) -> impl Iterator<Item = (&'static str, &'static str)> + 'f {
        self.0.iter().flat_map(move |(parent, filled)| {
            let lists = filled.lists.values().filter(move |(relation, _)| *relation == model);
            lists.filter_map(|(_, back)| Some((*parent, (*back)?)))
        })
    }
}

impl Filled {
    /// The defaults as `default_get` gives them: lists as they are to be, not as steps.
    fn default_values(&self) -> Value {
        let whole = |value: &Value| match value.get("add").and_then(Value::as_array) {
            Some(added) => added.iter().filter_map(|step| step.get(1).cloned()).collect(),
            None => value.clone(),
        };
        Value::Object(self.defaults.iter().map(|(field, value)| (field.clone(), whole(value))).collect())
    }

    /// What follows from the fields that are named, one after the other: each sees what followed from those before.
    fn on_change(&mut self, call: &Call) -> Result<Map<String, Value>, String> {
        let mut values = call.params.first().and_then(Value::as_object).cloned().unwrap_or_default();
        let named: Vec<&str> =
            call.params.get(1).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let mut changes = Map::new();
        for (_, on_set) in self.on_set.iter_mut().filter(|(field, _)| named.contains(field)) {
            match on_set {
                OnSet::Change(change) => {
                    let change = change(values.clone());
                    values.extend(change.clone());
                    changes.extend(change);
                }
                OnSet::Refuse(message) => return Err(message.clone()),
            }
        }
        Ok(changes)
    }
}

/// The model whose method is called.
fn model_of(call: &Call) -> Option<&str> {
    call.method.strip_prefix("model.")?.rsplit_once('.').map(|(model, _)| model)
}
