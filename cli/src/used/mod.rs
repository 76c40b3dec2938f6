//! What an application uses of its models, found in the tokens of its sources.
//!
//! Tokens and not syntax, so that the arguments of macros count as well.

mod scan;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tryton_sdk_codegen::plan::Plan;
use tryton_sdk_metadata::diff::{Difference, Part};
use tryton_sdk_metadata::generate::MARK;

use crate::app::note;
use crate::error::Error;

use scan::Names;

/// Something that is used, by its names on the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Model(String),
    Field(String, String),
    Value(String, String, String),
    /// Buttons among them.
    Method(String, String),
    /// A text in the program.
    Text(String),
}

/// What is used, and where it is used first.
#[derive(Debug, Default)]
pub(crate) struct Used(BTreeMap<Thing, String>);

impl Used {
    /// Goes through the Rust files in `folder` and below, generated ones excepted.
    pub(crate) fn scan(folder: &Path, plan: &Plan) -> Result<Self, Error> {
        let mut files = Vec::new();
        rust_files(folder, &mut files)
            .map_err(|error| Error::usage(format!("cannot read {}: {error}", folder.display())))?;
        let names = Names::of(plan);
        let mut used = Self::default();
        for file in files {
            let skipped =
                |why: &dyn std::fmt::Display| note(format!("{} was not looked through: {why}", file.display()));
            match fs::read_to_string(&file) {
                Ok(text) if text.starts_with(MARK) => {}
                Ok(text) => {
                    if let Err(error) = scan::file(&mut used, &file.display().to_string(), &text, &names) {
                        skipped(&error);
                    }
                }
                Err(error) => skipped(&error),
            }
        }
        Ok(used)
    }

    /// Whether no model is used.
    pub(crate) fn is_empty(&self) -> bool {
        !self.0.keys().any(|thing| matches!(thing, Thing::Model(_)))
    }

    /// Whether a model or anything of it is used.
    pub(crate) fn uses(&self, model: &str) -> bool {
        self.anything_of(model).is_some()
    }

    /// Where that is used which is different, if it is.
    pub(crate) fn place(&self, difference: &Difference) -> Option<String> {
        let model = difference.model.clone().unwrap_or_default();
        let thing = match difference.part.clone() {
            Part::Module(_) => return None,
            Part::Model => return self.anything_of(&model),
            Part::Field(field) => {
                let creates = Thing::Method(model.clone(), "create".to_owned());
                let field = self.0.get(&Thing::Field(model, field));
                return field.or_else(|| self.0.get(&creates).filter(|_| difference.must_be_given())).cloned();
            }
            Part::Value { field, value } => {
                // Where the field has no enum, its values are texts.
                let text = self.0.get(&Thing::Text(value.clone()));
                let text = text.filter(|_| self.0.contains_key(&Thing::Field(model.clone(), field.clone()))).cloned();
                return self.0.get(&Thing::Value(model, field, value)).cloned().or(text);
            }
            Part::Button(name) | Part::Method(name) => {
                let whole = Thing::Text(format!("model.{model}.{name}"));
                let place = self.0.get(&Thing::Method(model, name));
                return place.or_else(|| self.0.get(&whole)).cloned();
            }
            Part::Report(name) | Part::Wizard(name) => Thing::Text(name),
        };
        self.0.get(&thing).cloned()
    }

    /// Where a model or anything of it is used.
    fn anything_of(&self, model: &str) -> Option<String> {
        let mut things = self.0.iter().filter(|(thing, _)| match thing {
            Thing::Model(of) | Thing::Field(of, _) | Thing::Value(of, ..) | Thing::Method(of, _) => of == model,
            Thing::Text(text) => {
                let method = text.strip_prefix("model.").and_then(|text| text.strip_prefix(model)?.strip_prefix('.'));
                method.is_some_and(|method| !method.contains('.'))
            }
        });
        things.next().map(|(_, place)| place.clone())
    }
}

/// The Rust files in a folder and those below, sorted; what is hidden and `target` are no sources.
fn rust_files(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || name == "target" {
            continue;
        }
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if name.ends_with(".rs") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
