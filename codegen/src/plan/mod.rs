//! The plan: every name and type of the generated code, with all collisions found.
//!
//! [`plan`] turns models from a snapshot into a [`Plan`]; [`emit`](crate::emit) only prints it.

mod action;
mod button;
mod field;
mod names;
mod overrides;
mod types;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::naming;
use crate::snapshot::{Field, Model, Server};

pub use action::{ActionModel, ActionPlan};
pub use button::ButtonPlan;
pub use field::{Access, FieldPlan};
pub use names::{PlanError, RESERVED};
pub use overrides::{FieldOverride, Overrides};
pub use types::{RustType, Shape, rust_type};

use names::{Names, Scope};

/// The most values that an enum has; a longer selection is a `Choice`, unless an override says otherwise.
pub const MAX_VARIANTS: usize = 64;

/// The input of a plan.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The series of the server, if it is known.
    pub series: Option<(u16, u16)>,
    /// The selected models.
    pub models: Vec<Model>,
    /// All models of the server, selected or not: enums do not use their names.
    pub known: BTreeSet<String>,
    /// Reports that belong to no model: internal name and label.
    pub reports: BTreeMap<String, String>,
    /// Wizards that belong to no model: internal name and label.
    pub wizards: BTreeMap<String, String>,
    /// The overrides of the snapshot and the rules.
    pub overrides: Overrides,
}

impl Request {
    /// Creates a request for `models` of `server`, and for those of its reports and wizards of no model whose names are
    /// `selected`.
    pub fn new(server: &Server, models: Vec<Model>, selected: impl Fn(&str) -> bool) -> Self {
        let select = |labels: &BTreeMap<String, String>| {
            let labels = labels.iter().filter(|(name, _)| selected(name));
            labels.map(|(name, label)| (name.clone(), label.clone())).collect()
        };
        let series = server.series.split_once('.');
        Self {
            series: series.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?))),
            models,
            known: server.models.union(&server.other_models).cloned().collect(),
            reports: select(&server.reports),
            wizards: select(&server.wizards),
            overrides: Overrides::default(),
        }
    }
}

/// All that will be generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The selected models, in the order of their technical names.
    pub models: Vec<ModelPlan>,
    /// The models that relations lead to and that are not selected.
    pub markers: Vec<MarkerPlan>,
    /// The reports of the selected models and those of no model, in the order of their names.
    pub reports: Vec<ActionPlan>,
    /// The wizards of the selected models and those of no model, in the order of their names.
    pub wizards: Vec<ActionPlan>,
}

/// A model and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPlan {
    /// The technical name.
    pub model: String,
    /// The series of its server, if it is known.
    pub series: Option<(u16, u16)>,
    /// The type.
    pub name: String,
    /// The struct of its fields.
    pub fields_name: String,
    /// The label.
    pub label: String,
    /// The functions among `search`, `read`, `create`, `write` and `delete` that the server exposes.
    pub functions: Vec<&'static str>,
    /// The fields, `id` first, then in the order of their names.
    pub fields: Vec<FieldPlan>,
    /// The buttons in the order of their names.
    pub buttons: Vec<ButtonPlan>,
    /// The enums of its selection fields.
    pub selections: Vec<SelectionPlan>,
    /// The methods that the server exposes, except those of every model and buttons.
    pub methods: Vec<String>,
    /// The constants of its reports.
    pub reports: Vec<String>,
    /// The constants of its wizards.
    pub wizards: Vec<String>,
}

/// An enum for the values of one selection field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionPlan {
    /// The field.
    pub field: String,
    /// The type.
    pub name: String,
    /// The field's label.
    pub label: String,
    /// The variants in the order of the selection.
    pub variants: Vec<VariantPlan>,
}

/// One variant of a selection enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantPlan {
    /// The variant.
    pub name: String,
    /// The value on the wire.
    pub value: String,
    /// The label.
    pub label: String,
}

/// A type that stands for a model outside the selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerPlan {
    /// The technical name.
    pub model: String,
    /// The type.
    pub name: String,
}

/// Resolves every name of the selected models, or reports all names that cannot be resolved.
pub fn plan(request: &Request) -> Result<Plan, Vec<PlanError>> {
    let mut models: Vec<Cow<'_, Model>> = request.models.iter().map(Cow::Borrowed).collect();
    models.sort_by(|a, b| a.model.cmp(&b.model));
    models.dedup_by(|a, b| a.model == b.model);
    let mut errors = Vec::new();
    request.overrides.apply(&mut models, &mut errors);

    let models: Vec<&Model> = models.iter().map(Cow::as_ref).collect();
    let outside = outside(&models);
    let mut names = Names::new(request, &models, &outside);
    let reports = action::actions(&models, |model| &model.reports, &request.reports, Scope::Reports, &mut names);
    let wizards = action::actions(&models, |model| &model.wizards, &request.wizards, Scope::Wizards, &mut names);
    let plan = Plan {
        models: models
            .iter()
            .map(|model| {
                let selections = selections(model, &request.overrides, &mut names);
                ModelPlan { series: request.series, ..model_plan(model, selections, &reports, &wizards, &names) }
            })
            .collect(),
        markers: outside.iter().map(|model| marker_plan(model, &names)).collect(),
        reports,
        wizards,
    };
    errors.splice(0..0, names.finish());
    if errors.is_empty() { Ok(plan) } else { Err(errors) }
}

/// Returns the targets of relations that are not among `models`.
fn outside(models: &[&Model]) -> BTreeSet<String> {
    let selected = |name: &str| models.binary_search_by(|m| m.model.as_str().cmp(name)).is_ok();
    let fields = models.iter().flat_map(|model| model.fields.values());
    let targets = fields.filter_map(types::target);
    targets.filter(|target| !selected(target)).map(str::to_owned).collect()
}

fn marker_plan(model: &str, names: &Names<'_>) -> MarkerPlan {
    MarkerPlan { model: model.to_owned(), name: names.model(model) }
}

fn model_plan(
    model: &Model,
    selections: Vec<SelectionPlan>,
    reports: &[ActionPlan],
    wizards: &[ActionPlan],
    names: &Names<'_>,
) -> ModelPlan {
    let name = names.model(&model.model);
    let fields = field::fields(model, &name, &selections, names);
    ModelPlan {
        model: model.model.clone(),
        series: None,
        fields_name: naming::fields_name(&name),
        label: model.label.clone(),
        functions: functions(model),
        fields,
        buttons: button::buttons(model),
        methods: methods(model),
        reports: action::offered_on(&model.model, reports),
        wizards: action::offered_on(&model.model, wizards),
        selections,
        name,
    }
}

/// The functions that a model may have, in the order of the generated code.
const FUNCTIONS: [&str; 5] = ["search", "read", "create", "write", "delete"];

fn functions(model: &Model) -> Vec<&'static str> {
    let exposes = |method: &str| model.methods.contains(method);
    // A search calls `search_read` for records, and `search` for ids.
    let exposed = |function: &&str| exposes(function) && (*function != "search" || exposes("search_read"));
    FUNCTIONS.into_iter().filter(exposed).collect()
}

/// The methods of every model, besides those that return what a change of a field changes (`on_change_…`).
const METHODS_OF_ALL: [&str; 21] = [
    "autocomplete",
    "copy",
    "create",
    "default_get",
    "delete",
    "export_data",
    "export_data_domain",
    "fields_get",
    "fields_view_get",
    "history_revisions",
    "import_data",
    "on_change",
    "on_scan_code",
    "pre_validate",
    "read",
    "resources",
    "search",
    "search_count",
    "search_read",
    "view_toolbar_get",
    "write",
];

fn methods(model: &Model) -> Vec<String> {
    let own = |method: &&String| {
        let of_all = METHODS_OF_ALL.contains(&method.as_str()) || method.starts_with("on_change_");
        !of_all && !model.buttons.contains_key(*method)
    };
    model.methods.iter().filter(own).cloned().collect()
}

fn selections(model: &Model, overrides: &Overrides, names: &mut Names<'_>) -> Vec<SelectionPlan> {
    let name = &names.model(&model.model);
    let is_enum = |(name, field): &(&String, &Field)| overrides.is_enum(&model.model, name, field);
    let mut selections = Vec::new();
    for (field_name, field) in model.fields.iter().filter(is_enum) {
        selections.push(SelectionPlan {
            field: field_name.clone(),
            name: names.selection(&model.model, name, field_name),
            label: field.label.clone(),
            variants: variants(field),
        });
    }
    selections
}

fn variants(field: &Field) -> Vec<VariantPlan> {
    let mut seen = BTreeSet::new();
    let values: Vec<(&str, &str)> = field.values().filter(|(value, _)| seen.insert(*value)).collect();
    let names = naming::variants(&values.iter().map(|(value, _)| *value).collect::<Vec<_>>());
    let variant = |(name, (value, label)): (String, (&str, &str))| VariantPlan {
        name,
        value: value.to_owned(),
        label: label.to_owned(),
    };
    names.into_iter().zip(values).map(variant).collect()
}

#[cfg(test)]
mod tests;
