//! Describes a model, with its names in Rust.

use std::collections::BTreeMap;

use serde::Serialize;
use tryton_sdk_codegen::plan::{Access, ActionPlan, FieldPlan, ModelPlan, Plan};
use tryton_sdk_codegen::snapshot::Model;

use crate::columns::columns;

/// A model, for people and for programs that read JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Description {
    /// The technical name.
    pub model: String,
    /// The label.
    pub label: String,
    /// The type in Rust: `Sale`.
    pub rust: String,
    /// Its fields, `id` first.
    pub fields: Vec<DescribedField>,
    /// Its buttons.
    pub buttons: Vec<DescribedButton>,
    /// The functions that the server exposes besides the buttons: `Sale::search`.
    pub functions: Vec<String>,
    /// The reports on it.
    pub reports: Vec<DescribedAction>,
    /// The wizards on it.
    pub wizards: Vec<DescribedAction>,
}

/// A field of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescribedField {
    /// The technical name.
    pub name: String,
    /// The field in Rust: `Sale::F.party`.
    pub rust: String,
    /// The type of its value in Rust: `Option<Id<Party>>`.
    pub rust_type: String,
    /// Tryton's name for its type.
    pub kind: Option<String>,
    /// The label.
    pub label: String,
    /// The help text.
    pub help: String,
    /// The model that it leads to.
    pub relation: Option<String>,
    /// Whether every record has a value.
    pub required: bool,
    /// Whether clients can set it on no record.
    pub readonly: bool,
    /// Whether domains can use it.
    pub searchable: bool,
    /// Whether orders can use it.
    pub sortable: bool,
    /// The values of a selection, if they are fixed.
    pub values: Vec<DescribedValue>,
    /// The method that returns the values of a selection, if they are not fixed.
    pub selection_method: Option<String>,
}

/// A value of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescribedValue {
    /// The value on the wire.
    pub value: String,
    /// The value in Rust, if it is a variant of an enum: `SaleState::Draft`.
    pub rust: Option<String>,
    /// The label.
    pub label: String,
}

/// A button of a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescribedButton {
    /// The technical name.
    pub name: String,
    /// The function in Rust: `Sale::quote`.
    pub rust: String,
    /// The text on it.
    pub label: String,
}

/// A report or a wizard on a model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DescribedAction {
    /// The internal name.
    pub name: String,
    /// The constant in Rust: `report::SALE`.
    pub rust: String,
    /// The label.
    pub label: String,
}

/// Describes `model` with the names of `plan`.
pub fn describe(model: &Model, plan: &ModelPlan) -> Description {
    Description {
        model: model.model.clone(),
        label: model.label.clone(),
        rust: plan.name.clone(),
        fields: plan.fields.iter().map(|field| described(field, model, plan)).collect(),
        buttons: plan
            .buttons
            .iter()
            .map(|button| DescribedButton {
                name: button.name.clone(),
                rust: format!("{}::{}", plan.name, button.ident),
                label: button.label.clone(),
            })
            .collect(),
        functions: plan.functions.iter().map(|function| format!("{}::{function}", plan.name)).collect(),
        reports: actions("report", &model.reports, &plan.reports),
        wizards: actions("wizard", &model.wizards, &plan.wizards),
    }
}

/// Describes the reports, and then the wizards, that `plan` offers on no model.
///
/// ```
/// use tryton_sdk_codegen::plan::{Request, plan};
/// use tryton_sdk_metadata::describe::of_no_model;
///
/// let wizards = [("ir.lang.config".to_owned(), "Configure Languages".to_owned())].into();
/// let (_, wizards) = of_no_model(&plan(&Request { wizards, ..Request::default() }).map_err(|_| "names")?);
/// assert_eq!(wizards[0].rust, "wizard::IR_LANG_CONFIG");
/// # Ok::<(), &str>(())
/// ```
pub fn of_no_model(plan: &Plan) -> (Vec<DescribedAction>, Vec<DescribedAction>) {
    let described = |module: &str, plans: &[ActionPlan]| {
        let plans = plans.iter().filter(|plan| plan.models.is_empty());
        plans.map(|plan| action(module, &plan.name, &plan.label, &plan.ident)).collect()
    };
    (described("report", &plan.reports), described("wizard", &plan.wizards))
}

/// Returns the actions of a model, whose constants are in the order of their names.
fn actions(module: &str, labels: &BTreeMap<String, String>, constants: &[String]) -> Vec<DescribedAction> {
    let labels = labels.iter().zip(constants);
    labels.map(|((name, label), constant)| action(module, name, label, constant)).collect()
}

fn action(module: &str, name: &str, label: &str, constant: &str) -> DescribedAction {
    DescribedAction { name: name.to_owned(), rust: format!("{module}::{constant}"), label: label.to_owned() }
}

fn described(field: &FieldPlan, model: &Model, plan: &ModelPlan) -> DescribedField {
    let known = model.fields.get(&field.name);
    DescribedField {
        name: field.name.clone(),
        rust: format!("{}::F.{}", plan.name, field.ident),
        rust_type: field.rust.to_string(),
        kind: known.and_then(|field| field.kind.clone()),
        label: field.label.clone(),
        help: field.help.clone(),
        relation: field.relation.clone(),
        required: field.required,
        readonly: field.readonly,
        searchable: matches!(field.access, Access::Stored | Access::NoOrder),
        sortable: matches!(field.access, Access::Stored | Access::NoFilter),
        values: values(&field.name, model, plan),
        selection_method: known.and_then(|field| field.selection_method.clone()),
    }
}

fn values(field: &str, model: &Model, plan: &ModelPlan) -> Vec<DescribedValue> {
    if let Some(selection) = plan.selections.iter().find(|selection| selection.field == field) {
        let variants = selection.variants.iter().map(|variant| DescribedValue {
            value: variant.value.clone(),
            rust: Some(format!("{}::{}", selection.name, variant.name)),
            label: variant.label.clone(),
        });
        return variants.collect();
    }
    let plain =
        |(value, label): (&str, &str)| DescribedValue { value: value.to_owned(), rust: None, label: label.to_owned() };
    model.fields.get(field).into_iter().flat_map(|field| field.values().map(plain)).collect()
}

impl Description {
    /// Formats the description for a terminal: headings at the margin, and a line for each thing.
    pub fn text(&self) -> String {
        let mut text = format!("{} ({}): {} in Rust\n", self.model, self.label, self.rust);
        let fields = self.fields.iter().map(|field| [field.rust.clone(), field.rust_type.clone(), field.remark()]);
        section(&mut text, "Fields", fields.collect());
        for field in self.fields.iter().filter(|field| field.values.iter().any(|value| value.rust.is_some())) {
            section(&mut text, &format!("Values of {}", field.name), field.value_rows());
        }
        let buttons = self.buttons.iter().map(|button| [button.rust.clone(), button.label.clone(), String::new()]);
        section(&mut text, "Buttons", buttons.collect());
        let functions = self.functions.iter().map(|function| [function.clone(), String::new(), String::new()]);
        section(&mut text, "Functions", functions.collect());
        for (title, actions) in [("Reports", &self.reports), ("Wizards", &self.wizards)] {
            let rows = actions.iter().map(|action| [action.rust.clone(), action.name.clone(), action.label.clone()]);
            section(&mut text, title, rows.collect());
        }
        text
    }
}

impl DescribedField {
    /// Formats everything about the field for a terminal.
    pub fn text(&self) -> String {
        let mut text = format!("{}: {}\n", self.rust, self.rust_type);
        let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
        let kind = match (&self.kind, &self.relation) {
            (Some(kind), Some(relation)) => format!("{kind}, leads to {relation}"),
            (Some(kind), None) => kind.clone(),
            (None, _) => "none".to_owned(),
        };
        let rows = [
            ("label", self.label.clone()),
            ("help", self.help.clone()),
            ("type in Tryton", kind),
            ("always has a value", yes(self.required)),
            ("can be set", yes(!self.readonly)),
            ("domains may name it", yes(self.searchable)),
            ("orders may name it", yes(self.sortable)),
            ("values from method", self.selection_method.clone().unwrap_or_default()),
        ];
        let rows = rows.into_iter().filter(|(_, value)| !value.is_empty());
        section(&mut text, "Field", rows.map(|(key, value)| [key.to_owned(), value, String::new()]).collect());
        section(&mut text, "Values", self.value_rows());
        text
    }

    fn value_rows(&self) -> Vec<[String; 3]> {
        let row = |value: &DescribedValue| {
            [value.rust.clone().unwrap_or_default(), format!("\"{}\"", value.value), value.label.clone()]
        };
        self.values.iter().map(row).collect()
    }

    /// Returns the label, the related model, and the limits of the field.
    fn remark(&self) -> String {
        let mut remarks = vec![self.label.clone()];
        remarks.extend(self.relation.as_ref().map(|relation| format!("→ {relation}")));
        let flags = [
            (self.required, "required"),
            (self.readonly, "read-only"),
            (!self.searchable, "not searchable"),
            (!self.sortable, "not sortable"),
        ];
        remarks.extend(flags.into_iter().filter(|(is, _)| *is).map(|(_, word)| word.to_owned()));
        remarks.retain(|remark| !remark.is_empty());
        remarks.join(", ")
    }
}

/// Writes a heading, and rows in columns.
fn section(text: &mut String, title: &str, rows: Vec<[String; 3]>) {
    if rows.is_empty() {
        return;
    }
    text.push_str(&format!("\n{title}\n{}", columns(&rows)));
}
