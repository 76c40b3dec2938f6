//! One model: `<technical.name>.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Deserializer, Serialize};

/// The content of a model's file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// The version of the file's format.
    pub format: u32,
    /// The technical name, such as `sale.sale`.
    pub model: String,
    /// The label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The methods that clients can call.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub methods: BTreeSet<String>,
    /// Buttons by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub buttons: BTreeMap<String, Button>,
    /// Reports on this model: internal name and label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reports: BTreeMap<String, String>,
    /// Wizards on this model: internal name and label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wizards: BTreeMap<String, String>,
    /// Fields by name.
    pub fields: BTreeMap<String, Field>,
}

/// A button of a model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// The text on the button.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The help text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// The question that a client asks before it presses the button.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub confirm: String,
}

/// One value of a selection and its label; `None` and `""` both stand for "nothing selected".
pub type Choice = (Option<String>, String);

/// A field of a model. A key with its default value is not written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Tryton's name for the type; `null` for the few fields without one.
    #[serde(rename = "type", deserialize_with = "present")]
    pub kind: Option<String>,
    /// The label.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The help text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// Whether every record has a value.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether clients cannot set it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly: bool,
    /// Whether domains can use it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub searchable: bool,
    /// Whether orders can use it.
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    pub sortable: bool,
    /// Whether clients load it only when they show it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lazy: bool,
    /// Whether the value depends on the language.
    #[serde(default, skip_serializing_if = "is_false")]
    pub translate: bool,
    /// The model that a relation leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<String>,
    /// The field of the other model that leads back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation_field: Option<String>,
    /// The model that describes the keys of a dictionary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_model: Option<String>,
    /// The values of a selection in the order in which clients show them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection: Option<Vec<Choice>>,
    /// The method that returns the values of a selection, unless they are fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub selection_method: Option<String>,
    /// The fields whose values that method needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub selection_with: Vec<String>,
    /// Whether clients keep the values in the given order instead of sorting them by label.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unsorted: bool,
    /// The digits before and after the decimal point, if both are plain numbers or unlimited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digits: Option<(Option<u32>, Option<u32>)>,
}

impl Field {
    /// Creates a searchable, sortable, optional field of the type `kind`.
    pub fn new(kind: &str) -> Self {
        Self { kind: Some(kind.to_owned()), searchable: true, sortable: true, ..Self::default() }
    }

    /// Returns the values of a selection and their labels, without the empty value, which is `None` in Rust.
    pub fn values(&self) -> impl Iterator<Item = (&str, &str)> {
        let choices = self.selection.iter().flatten().filter_map(|(value, label)| Some((value.as_deref()?, &**label)));
        choices.filter(|(value, _)| !value.is_empty())
    }
}

/// Makes a key mandatory although its value may be `null`.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

fn yes() -> bool {
    true
}

fn is_true(flag: &bool) -> bool {
    *flag
}

fn is_false(flag: &bool) -> bool {
    !*flag
}
