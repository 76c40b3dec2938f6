//! Finds the differences, and which of them break programs.

use std::collections::{BTreeMap, BTreeSet};

use tryton_sdk_codegen::plan::{Overrides, RustType, Shape, rust_type};
use tryton_sdk_codegen::snapshot::{Button, Field, Model, Server, Snapshot};

use super::{Aspect, Change, Difference, Part, Weight};

/// Modules, and the reports and wizards of no model.
///
/// A module that is gone breaks nothing by itself: its parts are reported.
pub(super) fn servers(old: &Server, new: &Server) -> Vec<Difference> {
    let mut found = Finder { model: None, overrides: &Overrides::default(), found: Vec::new() };
    let weights = Weights { gone: |_| Weight::Compatible, added: Weight::Addition };
    found.names(old.modules.keys(), new.modules.keys(), Part::Module, weights);
    for (name, from, to) in common(&old.modules, &new.modules) {
        found.altered(Part::Module(name.clone()), Aspect::Version, (from, to), Weight::Compatible);
    }
    found.actions(&old.reports, &new.reports, Part::Report);
    found.actions(&old.wizards, &new.wizards, Part::Wizard);
    found.found
}

pub(super) fn models(old: &Snapshot, new: &Snapshot, overrides: &Overrides) -> Vec<Difference> {
    let models = |snapshot: &'_ Snapshot| -> BTreeMap<String, usize> {
        snapshot.models.iter().enumerate().map(|(at, model)| (model.model.clone(), at)).collect()
    };
    let (olds, news) = (models(old), models(new));
    let has = |server: &Server, name: &str| server.models.contains(name) || server.other_models.contains(name);
    let names: BTreeSet<&String> = olds.keys().chain(news.keys()).chain(&new.server.other_models).collect();
    let mut differences = Vec::new();
    for name in names {
        let mut found = Finder { model: Some(name.clone()), overrides, found: Vec::new() };
        match (olds.get(name), news.get(name)) {
            (Some(from), Some(to)) => found.model(&old.models[*from], &new.models[*to]),
            (Some(_), None) if !has(&new.server, name) => found.push(Part::Model, Change::Gone, Weight::Breaking),
            (None, _) if !has(&old.server, name) => found.push(Part::Model, Change::Added, Weight::Addition),
            _ => {}
        }
        differences.append(&mut found.found);
    }
    differences
}

/// The weight of a name that is gone or new.
struct Weights {
    gone: fn(&str) -> Weight,
    added: Weight,
}

impl Weights {
    const BREAKING: Self = Self { gone: |_| Weight::Breaking, added: Weight::Addition };
}

/// Collects the differences of one model, or of the server.
struct Finder<'a> {
    model: Option<String>,
    /// Determine which selections are enums.
    overrides: &'a Overrides,
    found: Vec<Difference>,
}

impl Finder<'_> {
    fn push(&mut self, part: Part, change: Change, weight: Weight) {
        self.found.push(Difference { model: self.model.clone(), part, change, weight });
    }

    /// Records that something changed from `from` to `to`, if these differ.
    fn altered(&mut self, part: Part, what: Aspect, (from, to): (&str, &str), weight: Weight) {
        if from != to {
            self.push(part, Change::Altered { what, from: from.to_owned(), to: to.to_owned() }, weight);
        }
    }

    fn names<'a>(
        &mut self,
        old: impl Iterator<Item = &'a String>,
        new: impl Iterator<Item = &'a String>,
        part: impl Fn(String) -> Part,
        weights: Weights,
    ) {
        let (old, new): (BTreeSet<&String>, BTreeSet<&String>) = (old.collect(), new.collect());
        for name in old.difference(&new) {
            self.push(part((*name).clone()), Change::Gone, (weights.gone)(name));
        }
        for name in new.difference(&old) {
            self.push(part((*name).clone()), Change::Added, weights.added);
        }
    }

    fn actions(&mut self, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>, part: fn(String) -> Part) {
        self.names(old.keys(), new.keys(), part, Weights::BREAKING);
        for (name, from, to) in common(old, new) {
            self.altered(part(name.clone()), Aspect::Label, (from, to), Weight::Wording);
        }
    }

    fn model(&mut self, old: &Model, new: &Model) {
        self.altered(Part::Model, Aspect::Label, (&old.label, &new.label), Weight::Wording);
        self.names(old.fields.keys(), new.fields.keys(), Part::Field, Weights::BREAKING);
        for (name, from, to) in common(&old.fields, &new.fields) {
            self.field(name, from, to, new.methods.contains("create"));
        }
        self.names(old.buttons.keys(), new.buttons.keys(), Part::Button, Weights::BREAKING);
        for (name, from, to) in common(&old.buttons, &new.buttons) {
            self.button(name, from, to);
        }
        // Clients call these through `on_change`, according to the field, and never by name.
        let internal = |name: &str| if name.starts_with("on_change_") { Weight::Compatible } else { Weight::Breaking };
        let weights = Weights { gone: internal, added: Weight::Addition };
        // A button is also a method, and a method may become a button.
        let is_plain = |name: &&String| !old.buttons.contains_key(*name) && !new.buttons.contains_key(*name);
        self.names(old.methods.iter().filter(is_plain), new.methods.iter().filter(is_plain), Part::Method, weights);
        self.actions(&old.reports, &new.reports, Part::Report);
        self.actions(&old.wizards, &new.wizards, Part::Wizard);
    }

    fn button(&mut self, name: &str, old: &Button, new: &Button) {
        for (what, from, to) in [
            (Aspect::Label, &old.label, &new.label),
            (Aspect::Help, &old.help, &new.help),
            (Aspect::Confirm, &old.confirm, &new.confirm),
        ] {
            self.altered(Part::Button(name.to_owned()), what, (from, to), Weight::Wording);
        }
    }

    fn is_enum(&self, name: &str, field: &Field) -> bool {
        self.model.as_deref().is_some_and(|model| self.overrides.is_enum(model, name, field))
    }

    /// Whether the field has a fixed list of values that is too long for an enum.
    fn is_long(&self, name: &str, field: &Field) -> bool {
        field.selection.is_some() && !self.is_enum(name, field)
    }

    /// Returns where the values of a selection come from, before and after.
    fn choices(&self, name: &str, old: &Field, new: &Field) -> [String; 2] {
        let crosses_the_limit = [old, new].iter().all(|field| field.selection.is_some())
            && self.is_enum(name, old) != self.is_enum(name, new);
        [old, new].map(|field| match &field.selection_method {
            Some(method) => format!("values from `{method}`"),
            None if crosses_the_limit => {
                let what = if self.is_enum(name, field) { "an enum" } else { "a `Choice`" };
                format!("{what} of {} values", field.values().count())
            }
            None if self.is_long(name, field) => format!("{} values", field.values().count()),
            None => "fixed values".to_owned(),
        })
    }

    /// `creates` states whether clients may create records of the model.
    fn field(&mut self, name: &str, old: &Field, new: &Field, creates: bool) {
        use Weight::{Breaking, Compatible, Wording};
        let breaking_if = |breaks| if breaks { Breaking } else { Compatible };
        let optional = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
        let [is_enum, is_long] = [Self::is_enum, Self::is_long].map(|is| [old, new].map(|field| is(self, name, field)));
        let [old_choices, new_choices] = self.choices(name, old, new);
        let mut altered = |what, from: &str, to: &str, weight| {
            self.altered(Part::Field(name.to_owned()), what, (from, to), weight);
        };
        let (old_type, new_type) = (in_rust(old), in_rust(new));
        let is_list = |rust: &RustType| rust.shape == Shape::Many;
        let retyped = old_type.base != new_type.base || is_list(&old_type) != is_list(&new_type);
        altered(Aspect::Type, &optional(&old.kind), &optional(&new.kind), breaking_if(retyped));
        altered(Aspect::Relation, &optional(&old.relation), &optional(&new.relation), Breaking);
        altered(Aspect::RelationField, &optional(&old.relation_field), &optional(&new.relation_field), Compatible);
        altered(Aspect::Schema, &optional(&old.schema_model), &optional(&new.schema_model), Compatible);
        altered(Aspect::Digits, &digits(old), &digits(new), Compatible);
        if !retyped {
            if is_long != [true; 2] {
                altered(Aspect::Choices, &old_choices, &new_choices, breaking_if(is_enum[0] != is_enum[1]));
            }
            // A field that clients cannot set need not be given.
            let words = if new.readonly { NULLABLE } else { REQUIRED };
            let must_be_given = new.required && creates && !new.readonly;
            let breaks = must_be_given || old_type.shape != new_type.shape;
            altered(Aspect::Required, flag(old.required, words), flag(new.required, words), breaking_if(breaks));
        }
        for (what, words, from, to, breaks) in [
            (Aspect::Readonly, READONLY, old.readonly, new.readonly, new.readonly),
            (Aspect::Searchable, SEARCHABLE, old.searchable, new.searchable, old.searchable),
            (Aspect::Sortable, SORTABLE, old.sortable, new.sortable, old.sortable),
            (Aspect::Translate, TRANSLATE, old.translate, new.translate, false),
        ] {
            altered(what, flag(from, words), flag(to, words), breaking_if(breaks));
        }
        altered(Aspect::Label, &old.label, &new.label, Wording);
        altered(Aspect::Help, &old.help, &new.help, Wording);
        if old.selection.is_some() && new.selection.is_some() {
            self.values(name, old, new);
        }
    }

    /// Compares the values of a field that had and has a fixed list of them.
    fn values(&mut self, name: &str, old: &Field, new: &Field) {
        let (from, to) = (values(old), values(new));
        let part = |value| Part::Value { field: name.to_owned(), value };
        if self.is_enum(name, new) {
            return self.names(from.iter(), to.iter(), part, Weights::BREAKING);
        }
        // New values of a long list are only counted.
        self.names(from.iter(), to.intersection(&from), part, Weights::BREAKING);
        if self.is_long(name, old) && !to.is_subset(&from) {
            let [before, after] = self.choices(name, old, new);
            self.altered(Part::Field(name.to_owned()), Aspect::Choices, (&before, &after), Weight::Addition);
        }
    }
}

/// The words for `no` and `yes`.
type Words = [&'static str; 2];

pub(super) const REQUIRED: Words = ["optional", "required"];
const NULLABLE: Words = ["may be null", "never null"];
const READONLY: Words = ["can be set", "read-only"];
const SEARCHABLE: Words = ["not searchable", "searchable"];
const SORTABLE: Words = ["not sortable", "sortable"];
const TRANSLATE: Words = ["not translated", "translated"];

fn flag(is: bool, words: Words) -> &'static str {
    words[usize::from(is)]
}

/// Returns the type in Rust, regardless of the enum or model.
fn in_rust(field: &Field) -> RustType {
    rust_type(field, None, |_| String::new())
}

fn values(field: &Field) -> BTreeSet<String> {
    field.values().map(|(value, _)| value.to_owned()).collect()
}

fn digits(field: &Field) -> String {
    let side = |digits: Option<u32>| digits.map_or_else(|| "any".to_owned(), |digits| digits.to_string());
    field
        .digits
        .map_or_else(|| "by the record".to_owned(), |(before, after)| format!("{}.{}", side(before), side(after)))
}

/// Returns the entries whose names are in both.
fn common<'a, T>(
    old: &'a BTreeMap<String, T>,
    new: &'a BTreeMap<String, T>,
) -> impl Iterator<Item = (&'a String, &'a T, &'a T)> {
    old.iter().filter_map(|(name, from)| Some((name, from, new.get(name)?)))
}
