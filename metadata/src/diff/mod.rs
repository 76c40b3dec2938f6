//! The differences between two snapshots, and their effect on programs.
//!
//! [`diff`] compares and knows no format; [`page`] formats its result as text and Markdown, and [`Difference`]
//! serializes to JSON. It ignores what matters only to clients with a screen: the order of a selection and lazy
//! loading.

mod compare;
pub mod page;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Serialize, Serializer};
use tryton_sdk_codegen::plan::Overrides;
use tryton_sdk_codegen::snapshot::Snapshot;

/// Compares two snapshots, model by model in the order of their names, after the parts that belong to no model.
///
/// A model is gone or new if the servers differ in it. If only one of the snapshots contains it although both servers
/// have it, it was not pulled and is not compared. Of the overrides, only those that decide which selections are enums
/// count: without one, a selection that grows past the limit becomes a `Choice`, which breaks programs.
pub fn diff(old: &Snapshot, new: &Snapshot, overrides: &Overrides) -> Vec<Difference> {
    let mut found = compare::servers(&old.server, &new.server);
    found.extend(compare::models(old, new, overrides));
    found
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The technical name of the model, if the part belongs to one.
    pub model: Option<String>,
    /// The part of the model, or of the server.
    pub part: Part,
    /// The change.
    pub change: Change,
    /// The effect on programs.
    pub weight: Weight,
}

/// A part of a model or of a server, with its name on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A module of the server.
    Module(String),
    /// The model itself.
    Model,
    /// A field.
    Field(String),
    /// One value of a selection.
    Value {
        /// The field.
        field: String,
        /// The value.
        value: String,
    },
    /// A button.
    Button(String),
    /// A method that clients may call.
    Method(String),
    /// A report.
    Report(String),
    /// A wizard.
    Wizard(String),
}

/// The change of a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It no longer exists.
    Gone,
    /// It is new.
    Added,
    /// It has changed.
    Altered {
        /// The aspect that has changed.
        what: Aspect,
        /// The old state.
        from: String,
        /// The new state.
        to: String,
    },
}

/// An aspect that has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// The version of a module.
    Version,
    /// The type of a field.
    Type,
    /// The model that a relation leads to.
    Relation,
    /// The field of that model that leads back.
    RelationField,
    /// The model that describes the keys of a dictionary.
    Schema,
    /// Where the values of a selection come from.
    Choices,
    /// The digits of a number.
    Digits,
    /// Whether every record has a value.
    Required,
    /// Whether clients can set it.
    Readonly,
    /// Whether domains can use it.
    Searchable,
    /// Whether orders can use it.
    Sortable,
    /// Whether the value depends on the language.
    Translate,
    /// The label.
    Label,
    /// The help text.
    Help,
    /// The question that a client asks first.
    Confirm,
}

/// The effect of a difference on programs, the heaviest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// A correct program may not compile, or may fail at run time.
    ///
    /// Something is gone; a field has another type or target; its value may now be null, or no longer; it can no longer
    /// be searched, ordered or set; or it must be given when a record is created. A *new* field that is required counts
    /// as an addition: old records needed a value for it, so the server has one.
    Breaking,
    /// Something has changed, and programs still work.
    Compatible,
    /// Something is new.
    Addition,
    /// Texts for people.
    Wording,
}

impl Difference {
    /// Whether the difference is about `field`, or one of its values.
    pub fn field(&self) -> Option<&str> {
        match &self.part {
            Part::Field(field) | Part::Value { field, .. } => Some(field),
            _ => None,
        }
    }

    /// Whether it is a field that must now be given to create a record.
    pub fn must_be_given(&self) -> bool {
        let [_, required] = compare::REQUIRED;
        matches!(&self.change, Change::Altered { what: Aspect::Required, to, .. } if to == required)
    }

    /// Describes the difference without the model: `field party: type many2one → char`, with each name as `quote`
    /// writes it.
    fn sentence(&self, quote: fn(&str) -> String) -> String {
        let part = self.part.in_words(quote);
        match &self.change {
            Change::Gone => format!("{part} is gone"),
            Change::Added => format!("{part} is new"),
            // These texts have several lines.
            Change::Altered { what: Aspect::Help, .. } => format!("{part}: another help text"),
            Change::Altered { what: Aspect::Confirm, .. } => format!("{part}: another question"),
            Change::Altered { what, from, to } => match what.word() {
                Some(word) => format!("{part}: {word} {} → {}", quote(from), quote(to)),
                None => format!("{part}: {from} → {to}"),
            },
        }
    }
}

/// Writes a line: `sale.sale: field party: type many2one → char`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(model) = &self.model {
            write!(f, "{model}: ")?;
        }
        f.write_str(&self.sentence(str::to_owned))
    }
}

impl Part {
    /// Returns the kind of part, in one word.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Module(_) => "module",
            Self::Model => "model",
            Self::Field(_) => "field",
            Self::Value { .. } => "value",
            Self::Button(_) => "button",
            Self::Method(_) => "method",
            Self::Report(_) => "report",
            Self::Wizard(_) => "wizard",
        }
    }

    /// Returns its Tryton name; that of a model is part of the difference.
    pub fn name(&self) -> &str {
        match self {
            Self::Model => "",
            Self::Value { value, .. } => value,
            Self::Module(name)
            | Self::Field(name)
            | Self::Button(name)
            | Self::Method(name)
            | Self::Report(name)
            | Self::Wizard(name) => name,
        }
    }

    fn in_words(&self, quote: fn(&str) -> String) -> String {
        match self {
            Self::Model => "the model".to_owned(),
            Self::Value { field, value } => format!("field {}: value {}", quote(field), quote(value)),
            other => format!("{} {}", other.kind(), quote(other.name())),
        }
    }
}

impl Aspect {
    /// Returns the word before the old and new state, unless these speak for themselves.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Version => Some("version"),
            Self::Type => Some("type"),
            Self::Relation => Some("leads to"),
            Self::RelationField => Some("leads back by"),
            Self::Schema => Some("keys from"),
            Self::Digits => Some("digits"),
            Self::Label => Some("label"),
            Self::Help
            | Self::Confirm
            | Self::Choices
            | Self::Required
            | Self::Readonly
            | Self::Searchable
            | Self::Sortable
            | Self::Translate => None,
        }
    }
}

/// A difference in JSON; keys without a value are left out.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    part: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    change: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    what: Option<Aspect>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    weight: Weight,
}

impl Serialize for Difference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (change, what, from, to) = match &self.change {
            Change::Gone => ("gone", None, None, None),
            Change::Added => ("added", None, None, None),
            Change::Altered { what, from, to } => ("altered", Some(*what), Some(from.as_str()), Some(to.as_str())),
        };
        let row = Row {
            model: self.model.as_deref(),
            part: self.part.kind(),
            name: self.part.name(),
            field: self.field(),
            change,
            what,
            from,
            to,
            weight: self.weight,
        };
        row.serialize(serializer)
    }
}
