//! Finds what an application uses of its models, in the tokens of its sources.
//!
//! Tokens instead of syntax, so that the arguments of macros count as well.

mod files;
mod how;
mod scan;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::Path;

use tryton_sdk_codegen::plan::Plan;
use tryton_sdk_metadata::diff::{Aspect, Change, Difference, Part};
use tryton_sdk_metadata::generate::MARK;

use crate::app::note;
use crate::error::Error;

use how::How;
use scan::Names;

/// Something that is used, by its Tryton names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Model(String),
    Field(String, String),
    /// All fields of a model, as `records` reads them.
    AllFields(String),
    Value(String, String, String),
    /// This includes buttons.
    Method(String, String),
    /// A text in the program.
    Text(String),
}

/// A line of a source. Tests come last.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    is_test: bool,
    file: String,
    line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The models, fields and other things that a program uses, with places and ways of use.
#[derive(Debug, Default)]
pub(crate) struct Used {
    things: BTreeMap<Thing, BTreeSet<(Place, How)>>,
    /// The calls of `records` in files that search no model.
    records: BTreeSet<Place>,
}

impl Used {
    /// Scans the Rust files in `folder` and below, except generated ones.
    pub(crate) fn scan(folder: &Path, plan: &Plan) -> Result<Self, Error> {
        let files = files::of_rust(folder);
        let files = files.map_err(|error| Error::usage(format!("cannot read {}: {error}", folder.display())))?;
        let names = Names::of(plan);
        let mut used = Self::default();
        for file in files {
            let skipped = |why: &dyn fmt::Display| note(format!("{} was not scanned: {why}", file.path.display()));
            match fs::read_to_string(&file.path) {
                Ok(text) if text.starts_with(MARK) => {}
                Ok(text) => {
                    let name = file.path.display().to_string();
                    if let Err(error) = scan::file(&mut used, (&name, file.is_test), &text, &names) {
                        skipped(&error);
                    }
                }
                Err(error) => skipped(&error),
            }
        }
        used.settle_records();
        Ok(used)
    }

    fn add(&mut self, thing: Thing, place: Place, how: How) {
        self.things.entry(thing).or_default().insert((place, how));
    }

    /// Settles what `records` reads: one file may read what another one searches, so it may be any of the models.
    fn settle_records(&mut self) {
        let searched = self.searched(|_| true);
        for place in std::mem::take(&mut self.records) {
            for model in &searched {
                self.add(Thing::AllFields(model.clone()), place.clone(), How::Read);
            }
        }
    }

    /// Returns the models that are searched at a matching place.
    fn searched(&self, fits: impl Fn(&Place) -> bool) -> BTreeSet<String> {
        let searched = self.things.iter().filter_map(|(thing, uses)| match thing {
            Thing::Method(model, method) if method == "search" => {
                uses.iter().any(|(place, _)| fits(place)).then(|| model.clone())
            }
            _ => None,
        });
        searched.collect()
    }

    /// Whether no model is used.
    pub(crate) fn is_empty(&self) -> bool {
        !self.things.keys().any(|thing| matches!(thing, Thing::Model(_)))
    }

    /// Whether a model or any part of it is used.
    pub(crate) fn uses(&self, model: &str) -> bool {
        !self.of_model(model).is_empty()
    }

    /// Returns every place that uses what is different, tests last; none if the difference does not matter there.
    pub(crate) fn places(&self, difference: &Difference) -> Vec<String> {
        let model = difference.model.clone().unwrap_or_default();
        let places = match difference.part.clone() {
            Part::Module(_) => BTreeSet::new(),
            Part::Model => self.of_model(&model),
            Part::Field(field) => self.of_field(model, field, difference),
            Part::Value { field, value } => {
                // If the field has no enum, its values are texts.
                let names_field = self.things.contains_key(&Thing::Field(model.clone(), field.clone()));
                let texts = if names_field { self.at(&Thing::Text(value.clone())) } else { BTreeSet::new() };
                &self.at(&Thing::Value(model, field, value)) | &texts
            }
            Part::Button(name) | Part::Method(name) => {
                let whole = Thing::Text(format!("model.{model}.{name}"));
                &self.at(&Thing::Method(model, name)) | &self.at(&whole)
            }
            Part::Report(name) | Part::Wizard(name) => self.at(&Thing::Text(name)),
        };
        places.iter().map(Place::to_string).collect()
    }

    /// Returns where a thing is used.
    fn at(&self, thing: &Thing) -> BTreeSet<Place> {
        self.in_a_way(thing, |_| true)
    }

    /// Returns where a thing is used in a matching way.
    fn in_a_way(&self, thing: &Thing, fits: impl Fn(How) -> bool) -> BTreeSet<Place> {
        let uses = self.things.get(thing).into_iter().flatten();
        uses.filter(|(_, how)| fits(*how)).map(|(place, _)| place.clone()).collect()
    }

    /// Returns where a field is used in a way that the difference affects.
    fn of_field(&self, model: String, field: String, difference: &Difference) -> BTreeSet<Place> {
        let what = match difference.change {
            Change::Altered { what, .. } => Some(what),
            Change::Gone | Change::Added => None,
        };
        let matters = |how: How| match what {
            Some(Aspect::Sortable) => how.may_order(),
            Some(Aspect::Searchable) => how.may_filter(),
            Some(Aspect::Readonly) => how.may_write(),
            _ => true,
        };
        let mut places = self.in_a_way(&Thing::Field(model.clone(), field), matters);
        // Nothing reads a field that the snapshot does not have yet.
        if difference.change != Change::Added {
            places.append(&mut self.in_a_way(&Thing::AllFields(model.clone()), matters));
        }
        if difference.must_be_given() {
            places.append(&mut self.at(&Thing::Method(model, "create".to_owned())));
        }
        places
    }

    /// Returns where a model or any part of it is used.
    fn of_model(&self, model: &str) -> BTreeSet<Place> {
        let things = self.things.iter().filter(|(thing, _)| match thing {
            Thing::Model(of)
            | Thing::Field(of, _)
            | Thing::AllFields(of)
            | Thing::Value(of, ..)
            | Thing::Method(of, _) => of == model,
            Thing::Text(text) => {
                let method = text.strip_prefix("model.").and_then(|text| text.strip_prefix(model)?.strip_prefix('.'));
                method.is_some_and(|method| !method.contains('.'))
            }
        });
        things.flat_map(|(_, uses)| uses).map(|(place, _)| place.clone()).collect()
    }
}

#[cfg(test)]
mod tests;
