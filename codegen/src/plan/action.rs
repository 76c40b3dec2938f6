//! Reports and wizards, each a constant in a module of its own: 16 of their names are also those of models.

use std::collections::{BTreeMap, BTreeSet};

use crate::snapshot::Model;

use super::names::{Names, Scope};

/// A report or a wizard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionPlan {
    /// The internal name, such as `sale.sale`.
    pub name: String,
    /// The constant.
    pub ident: String,
    /// The label.
    pub label: String,
    /// The selected models on which it is offered.
    pub models: Vec<ActionModel>,
}

/// A model on which a report or a wizard is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionModel {
    /// The technical name.
    pub model: String,
    /// The type.
    pub name: String,
}

/// Internal names and labels.
type Labels = BTreeMap<String, String>;

/// Returns the actions that `of` returns for `models` and those of no model, in the order of their names.
pub(super) fn actions(
    models: &[&Model],
    of: impl Fn(&Model) -> &Labels,
    of_none: &Labels,
    scope: Scope,
    names: &mut Names<'_>,
) -> Vec<ActionPlan> {
    let known: BTreeSet<&String> = models.iter().flat_map(|model| of(model).keys()).chain(of_none.keys()).collect();
    let plan = |name: &String| {
        let on = models.iter().filter(|model| of(model).contains_key(name));
        let label = on.clone().map(|model| &of(model)[name]).chain(of_none.get(name)).next();
        ActionPlan {
            name: name.clone(),
            ident: names.action(scope, name),
            label: label.cloned().unwrap_or_default(),
            models: on
                .map(|model| ActionModel { model: model.model.clone(), name: names.model(&model.model) })
                .collect(),
        }
    };
    known.into_iter().map(plan).collect()
}

/// Returns the constants among `plans` that are offered on `model`.
pub(super) fn offered_on(model: &str, plans: &[ActionPlan]) -> Vec<String> {
    let offered = plans.iter().filter(|plan| plan.models.iter().any(|on| on.model == model));
    offered.map(|plan| plan.ident.clone()).collect()
}
