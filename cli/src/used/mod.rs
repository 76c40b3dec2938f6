//! What an application uses of its models, found in the tokens of its sources.
//!
//! Tokens and not syntax, so that the arguments of macros count as well.

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

/// Something that is used, by its names on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Model(String),
    Field(String, String),
    /// All fields of a model together, as `records` reads them.
    AllFields(String),
    Value(String, String, String),
    /// Buttons among them.
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

/// What is used, and where and how.
#[derive(Debug, Default)]
pub(crate) struct Used {
    things: BTreeMap<Thing, BTreeSet<(Place, How)>>,
    /// Where `records` is called in files that search no model.
    records: BTreeSet<Place>,
}

impl Used {
    /// Goes through the Rust files in `folder` and below, generated ones excepted.
    pub(crate) fn scan(folder: &Path, plan: &Plan) -> Result<Self, Error> {
        let files = files::of_rust(folder);
        let files = files.map_err(|error| Error::usage(format!("cannot read {}: {error}", folder.display())))?;
        let names = Names::of(plan);
        let mut used = Self::default();
        for file in files {
            let skipped =
                |why: &dyn fmt::Display| note(format!("{} was not looked through: {why}", file.path.display()));
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

    /// What is searched in one file may be read by `records` in another one: it may be any of it.
    fn settle_records(&mut self) {
        let searched = self.searched(|_| true);
        for place in std::mem::take(&mut self.records) {
            for model in &searched {
                self.add(Thing::AllFields(model.clone()), place.clone(), How::Read);
            }
        }
    }

    /// The models that are searched at a place that fits.
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

    /// Whether a model or anything of it is used.
    pub(crate) fn uses(&self, model: &str) -> bool {
        !self.of_model(model).is_empty()
    }

    /// Every place where that is used which is different, tests last; none where the difference is of no concern.
    pub(crate) fn places(&self, difference: &Difference) -> Vec<String> {
        let model = difference.model.clone().unwrap_or_default();
        let places = match difference.part.clone() {
            Part::Module(_) => BTreeSet::new(),
            Part::Model => self.of_model(&model),
            Part::Field(field) => self.of_field(model, field, difference),
            Part::Value { field, value } => {
                // Where the field has no enum, its values are texts.
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

    /// Where a thing is used.
    fn at(&self, thing: &Thing) -> BTreeSet<Place> {
        self.in_a_way(thing, |_| true)
    }

    /// Where a thing is used in a way that fits.
    fn in_a_way(&self, thing: &Thing, fits: impl Fn(How) -> bool) -> BTreeSet<Place> {
        let uses = self.things.get(thing).into_iter().flatten();
        uses.filter(|(_, how)| fits(*how)).map(|(place, _)| place.clone()).collect()
    }

    /// Where a field is used in a way for which the difference matters.
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
        // A field that the snapshot does not have yet is read by nobody.
        if difference.change != Change::Added {
            places.append(&mut self.in_a_way(&Thing::AllFields(model.clone()), matters));
        }
        if difference.must_be_given() {
            places.append(&mut self.at(&Thing::Method(model, "create".to_owned())));
        }
        places
    }

    /// Where a model or anything of it is used.
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
