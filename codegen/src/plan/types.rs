//! The Rust types of fields: which type represents which of Tryton's.

use std::fmt;

use crate::snapshot::Field;

use super::MAX_VARIANTS;

/// The types that an override can set; a relation needs more than its type.
pub(super) const KINDS: [&str; 19] = [
    "biginteger",
    "binary",
    "boolean",
    "char",
    "date",
    "datetime",
    "dict",
    "float",
    "full_text",
    "integer",
    "json",
    "multiselection",
    "numeric",
    "reference",
    "selection",
    "text",
    "time",
    "timedelta",
    "timestamp",
];

/// How many values a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Always one.
    One,
    /// One or none: `Option<…>`.
    Optional,
    /// Any number: `Vec<…>`.
    Many,
}

/// The type of a field: `Option<Id<Party>>` is a base `Id<Party>` in the shape `Optional`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustType {
    /// The type of one value.
    pub base: String,
    /// How many values there are.
    pub shape: Shape,
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.shape {
            Shape::One => write!(f, "{}", self.base),
            Shape::Optional => write!(f, "Option<{}>", self.base),
            Shape::Many => write!(f, "Vec<{}>", self.base),
        }
    }
}

/// Returns the type of `field`, given its enum `selection`, if it has one. `model` returns the type of a related model.
pub fn rust_type(field: &Field, selection: Option<&str>, model: impl Fn(&str) -> String) -> RustType {
    let single = if field.required { Shape::One } else { Shape::Optional };
    let plain = |base: &str, shape| RustType { base: base.to_owned(), shape };
    let relation = |shape| match target(field) {
        Some(target) => RustType { base: format!("Id<{}>", model(target)), shape },
        None => plain("Value", single),
    };
    let choice = selection.unwrap_or("Choice");
    match field.kind.as_deref().unwrap_or_default() {
        "boolean" => plain("bool", Shape::One),
        "integer" | "biginteger" => plain("i64", single),
        "float" => plain("f64", single),
        "numeric" => plain("Decimal", single),
        "char" | "text" | "full_text" => plain("String", single),
        "date" => plain("Date", single),
        "datetime" | "timestamp" => plain("DateTime", single),
        "time" => plain("Time", single),
        "timedelta" => plain("TimeDelta", single),
        "binary" => plain("Binary", single),
        "selection" => plain(choice, single),
        "multiselection" => plain(choice, Shape::Many),
        "reference" => plain("Reference", single),
        "dict" => plain("Dict", single),
        "many2one" | "one2one" => relation(single),
        "one2many" | "many2many" => relation(Shape::Many),
        // Also for `json`, which only an override sets.
        _ => plain("Value", single),
    }
}

/// Returns the model that a relation leads to.
pub(super) fn target(field: &Field) -> Option<&str> {
    match field.kind.as_deref()? {
        "many2one" | "one2one" | "one2many" | "many2many" => field.relation.as_deref(),
        _ => None,
    }
}

/// Whether its values are those of a selection.
pub(super) fn is_selection(field: &Field) -> bool {
    matches!(field.kind.as_deref(), Some("selection" | "multiselection"))
}

/// Whether a selection has few enough values for an enum.
pub(super) fn is_short(field: &Field) -> bool {
    field.values().count() <= MAX_VARIANTS
}
