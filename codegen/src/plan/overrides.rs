//! Corrections of a server's metadata.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::snapshot::{Field, Model};
use crate::suggest;

use super::PlanError;
use super::types::{KINDS, is_selection, is_short};

/// Names and facts that override those of the rules and of the snapshot. One that changes nothing is an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Names by model (`sale.sale`), by selection field (`sale.sale,state`), by report (`report:sale.sale`) and by
    /// wizard (`wizard:sale.return_sale`).
    pub names: BTreeMap<String, String>,
    /// Facts by field: `sale.sale,number`.
    pub fields: BTreeMap<String, FieldOverride>,
}

/// Corrections of one field's metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldOverride {
    /// Whether every record has a value.
    pub required: Option<bool>,
    /// Tryton's name for its type, or `json` for any value.
    pub kind: Option<String>,
    /// Additional values of a selection; a dynamic selection then has only these.
    pub add: Vec<String>,
    /// Whether a selection is an enum, however many values it has. It may state the default, in case the number of
    /// values crosses the limit later.
    pub as_enum: Option<bool>,
}

impl Overrides {
    /// Whether a field of `model` becomes an enum: a selection whose values are fixed, and not too many unless
    /// overridden.
    pub fn is_enum(&self, model: &str, name: &str, field: &Field) -> bool {
        let pinned = self.fields.get(&format!("{model},{name}")).and_then(|change| change.as_enum);
        is_selection(field) && field.values().next().is_some() && pinned.unwrap_or_else(|| is_short(field))
    }

    /// Changes the fields of `models`, and reports overrides that change nothing.
    pub(super) fn apply<'m>(&self, models: &mut [Cow<'m, Model>], errors: &mut Vec<PlanError>) {
        for (key, change) in &self.fields {
            let field = key.split_once(',').filter(|(_, field)| *field != "id");
            let model = |name: &str| models.iter().position(|model| model.model == name);
            let at = field.and_then(|(name, field)| Some((model(name)?, field)));
            let at = at.filter(|(model, field)| models[*model].fields.contains_key(*field));
            let mut never = |why| errors.push(PlanError::NeverApplied { setting: "override", key: key.clone(), why });
            match at {
                None => never(no_field(key, models)),
                Some((model, name)) => {
                    if let Some(field) = models[model].to_mut().fields.get_mut(name) {
                        change.apply(field).into_iter().for_each(never);
                    }
                }
            }
        }
    }
}

impl FieldOverride {
    /// Changes `field`, and returns the reasons for each part of the override without effect.
    fn apply(&self, field: &mut Field) -> Vec<String> {
        let mut none = Vec::new();
        if self == &Self::default() {
            none.push("it is empty; set `required`, `type`, `add` or `enum`".to_owned());
        }
        if let Some(kind) = &self.kind {
            if !KINDS.contains(&kind.as_str()) {
                let remedy = suggest::or("use one of", kind, &KINDS);
                none.push(format!("`{kind}` is not a type that an override can set; {remedy}"));
            } else if field.kind.replace(kind.clone()).as_ref() == Some(kind) {
                none.push(format!("its type is already `{kind}`"));
            }
        }
        match self.required {
            Some(required) if required == field.required => {
                none.push(format!("`required` is already {required}"));
            }
            Some(required) => field.required = required,
            None => {}
        }
        if !self.add.is_empty() && !is_selection(field) {
            none.push("the field is not a selection, so it has no values to add to".to_owned());
            return none;
        }
        for value in &self.add {
            let values = field.selection.get_or_insert_default();
            if values.iter().any(|(known, _)| known.as_deref() == Some(value)) {
                none.push(format!("`{value}` is already among its values"));
            } else {
                values.push((Some(value.clone()), String::new()));
            }
        }
        if self.as_enum.is_some() && !(is_selection(field) && field.values().next().is_some()) {
            none.push("the field has no fixed values for an enum".to_owned());
        }
        none
    }
}

fn no_field(key: &str, models: &[Cow<'_, Model>]) -> String {
    let fields = |model: &Cow<'_, Model>| {
        let names = model.fields.keys().filter(|name| *name != "id");
        names.map(|name| format!("{},{name}", model.model)).collect::<Vec<_>>()
    };
    let known: Vec<String> = models.iter().flat_map(fields).collect();
    let question = suggest::question(key, known.iter().map(String::as_str));
    let question = question.map(|question| format!("; {question}")).unwrap_or_default();
    format!("no generated model has this field{question}")
}
