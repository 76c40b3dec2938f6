//! The fields of a model: names, types, and their use in domains and orders.

use std::collections::BTreeSet;

use crate::naming;
use crate::snapshot::{Field, Model};

use super::names::Names;
use super::types::{RustType, Shape, rust_type};
use super::{SelectionPlan, types};

/// The server's operations on a field besides reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Filter and order by it.
    Stored,
    /// Filter by it.
    NoOrder,
    /// Order by it.
    NoFilter,
    /// Neither.
    Computed,
}

/// A field of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPlan {
    /// The name on the wire.
    pub name: String,
    /// The name in Rust, raw where it must be (`r#type`).
    pub ident: String,
    /// Its type.
    pub rust: RustType,
    /// How domains and orders may use it.
    pub access: Access,
    /// The label.
    pub label: String,
    /// The help text.
    pub help: String,
    /// Whether every record has a value.
    pub required: bool,
    /// Whether clients can set it on no record.
    pub readonly: bool,
    /// The model that a relation leads to.
    pub relation: Option<String>,
    /// The method of the server that returns its choices, unless they are fixed.
    pub choices: Option<String>,
    /// The field by which the records of a one2many lead back.
    pub back: Option<String>,
}

/// Returns the fields of `model`, whose type is `type_name`; `id` comes first, whether listed or not.
pub(super) fn fields(
    model: &Model,
    type_name: &str,
    selections: &[SelectionPlan],
    names: &Names<'_>,
) -> Vec<FieldPlan> {
    let mut taken = BTreeSet::new();
    let mut plans = vec![id(model, type_name, &mut taken)];
    for (name, field) in model.fields.iter().filter(|(name, _)| *name != "id") {
        let selection = selections.iter().find(|selection| selection.field == *name);
        let selection = selection.map(|selection| selection.name.as_str());
        let rust = rust_type(field, selection, |target| names.model(target));
        plans.push(field_plan(name, field, rust, &mut taken));
    }
    plans
}

/// Returns the field `id`: never null, never set by clients, and typed by its model.
fn id(model: &Model, type_name: &str, taken: &mut BTreeSet<String>) -> FieldPlan {
    let default = Field { label: "ID".to_owned(), ..Field::new("integer") };
    let field = model.fields.get("id").unwrap_or(&default);
    let rust = RustType { base: format!("Id<{type_name}>"), shape: Shape::One };
    FieldPlan { required: false, readonly: true, ..field_plan("id", field, rust, taken) }
}

fn field_plan(name: &str, field: &Field, rust: RustType, taken: &mut BTreeSet<String>) -> FieldPlan {
    FieldPlan {
        name: name.to_owned(),
        ident: naming::unique(naming::field_name(name), taken),
        rust,
        access: match (field.searchable, field.sortable) {
            (true, true) => Access::Stored,
            (true, false) => Access::NoOrder,
            (false, true) => Access::NoFilter,
            (false, false) => Access::Computed,
        },
        label: field.label.clone(),
        help: field.help.clone(),
        required: field.required,
        readonly: field.readonly,
        relation: types::target(field).map(str::to_owned),
        choices: field.selection_method.clone().filter(|_| field.selection.is_none()),
        back: field.relation_field.clone().filter(|_| field.kind.as_deref() == Some("one2many")),
    }
}
