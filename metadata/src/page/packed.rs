//! The contents of a page in few bytes: each text once, and rows of numbers that refer to the texts.
//!
//! `script/snapshot.js` unpacks them.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::{Contents, Listed, Remedy, lines};
use crate::describe::{DescribedAction, DescribedButton, DescribedField, DescribedValue};
use crate::graph::EVERYWHERE;

/// The index of a text; the empty text is at 0.
type At = usize;

/// A button, a report or a wizard: name, label, line of Rust, which contains its name in Rust.
type Member = [At; 3];

/// A value of a selection: value, Rust, label.
type Value = [At; 3];

/// The contents, packed.
#[derive(Serialize)]
pub(super) struct Packed<'a> {
    texts: Vec<String>,
    series: &'a str,
    language: &'a str,
    modules: &'a BTreeMap<String, String>,
    select: [&'a str; 2],
    add: [&'a str; 2],
    models: Vec<Model>,
    /// The names of the models that the snapshot leaves out.
    others: Vec<At>,
    reports: Vec<Member>,
    wizards: Vec<Member>,
}

/// Name, label, Rust, whether it is selected, line of Rust; then its parts.
#[derive(Serialize)]
struct Model(At, At, At, u8, At, Vec<Field>, Vec<Member>, Vec<Member>, Vec<Member>);

/// Name, Rust after the name of the model's type, type in Rust, type in Tryton, label, help, flags, related model,
/// method of the selection; then its values.
#[derive(Serialize)]
struct Field(At, At, At, At, At, At, u8, At, At, Vec<Value>);

impl<'a> Packed<'a> {
    pub(super) fn new(contents: &'a Contents<'_>) -> Self {
        let mut texts = Texts::default();
        texts.put("");
        let server = contents.server;
        let words = |Remedy { before, after }: &'a Remedy| [before.as_str(), after.as_str()];
        Self {
            models: contents.models.iter().map(|model| texts.model(model)).collect(),
            others: server.other_models.iter().map(|name| texts.put(name)).collect(),
            reports: contents.reports.iter().map(|report| texts.action(report, lines::execute_alone)).collect(),
            wizards: contents.wizards.iter().map(|wizard| texts.action(wizard, lines::start_alone)).collect(),
            series: &server.series,
            language: &server.language,
            modules: &server.modules,
            select: words(&contents.select),
            add: words(&contents.add),
            texts: texts.list,
        }
    }
}

/// All texts, each once.
#[derive(Default)]
struct Texts {
    list: Vec<String>,
    places: HashMap<String, At>,
}

impl Texts {
    fn put(&mut self, text: &str) -> At {
        if let Some(at) = self.places.get(text) {
            return *at;
        }
        self.list.push(text.to_owned());
        self.places.insert(text.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    fn put_some(&mut self, text: Option<&str>) -> At {
        self.put(text.unwrap_or_default())
    }

    fn model(&mut self, Listed { description: model, is_selected }: &Listed) -> Model {
        Model(
            self.put(&model.model),
            self.put(&model.label),
            self.put(&model.rust),
            u8::from(*is_selected),
            self.put_some(lines::search(model).as_deref()),
            model.fields.iter().map(|field| self.field(field, &model.rust)).collect(),
            model.buttons.iter().map(|button| self.button(button)).collect(),
            model.reports.iter().map(|report| self.action(report, lines::execute)).collect(),
            model.wizards.iter().map(|wizard| self.action(wizard, lines::start)).collect(),
        )
    }

    fn field(&mut self, field: &DescribedField, model: &str) -> Field {
        Field(
            self.put(&field.name),
            // `::F.party` is the same in many models.
            self.put(field.rust.strip_prefix(model).unwrap_or(&field.rust)),
            self.put(&field.rust_type),
            self.put_some(field.kind.as_deref()),
            self.put(&field.label),
            self.put(&field.help),
            flags(field),
            self.put_some(field.relation.as_deref()),
            self.put_some(field.selection_method.as_deref()),
            field.values.iter().map(|value| self.value(value)).collect(),
        )
    }

    fn value(&mut self, value: &DescribedValue) -> Value {
        [self.put(&value.value), self.put_some(value.rust.as_deref()), self.put(&value.label)]
    }

    fn button(&mut self, button: &DescribedButton) -> Member {
        [self.put(&button.name), self.put(&button.label), self.put(&lines::press(button))]
    }

    fn action(&mut self, action: &DescribedAction, line: impl FnOnce(&DescribedAction) -> String) -> Member {
        [self.put(&action.name), self.put(&action.label), self.put(&line(action))]
    }
}

/// Returns the properties of a field, one bit each. The last bit marks the fields of every model that lead to
/// `res.user`.
fn flags(field: &DescribedField) -> u8 {
    let flags =
        [field.required, field.readonly, field.searchable, field.sortable, EVERYWHERE.contains(&field.name.as_str())];
    flags.iter().rev().fold(0, |bits, flag| bits << 1 | u8::from(*flag))
}
