//! The snapshot that commands read.

use std::path::PathBuf;

use clap::Args;
use tryton_sdk_codegen::glob;
use tryton_sdk_codegen::naming;
use tryton_sdk_codegen::plan::{self, ModelPlan, Overrides, Plan, PlanError, Request};
use tryton_sdk_codegen::snapshot::{Model, SnapshotDir};
use tryton_sdk_codegen::suggest;

use crate::error::Error;
use crate::patterns::items;
use crate::settings::{Folder, Settings};

/// The location of the snapshot.
#[derive(Args)]
pub(crate) struct Schema {
    /// The folder of the snapshot [default: `schema` in tryton.toml]
    #[arg(long, value_name = "FOLDER")]
    schema: Option<PathBuf>,
}

impl Schema {
    pub(crate) fn folder(&self, settings: &Settings) -> Result<Folder, Error> {
        let given = self.schema.as_deref().map(Folder::from).or_else(|| settings.schema.clone());
        given.ok_or_else(|| {
            let why =
                "no snapshot: give --schema FOLDER, or set `schema` in tryton.toml; `cargo tryton pull` makes one";
            Error::usage(why)
        })
    }

    pub(crate) fn open(&self, settings: &Settings) -> Result<SnapshotDir, Error> {
        Ok(SnapshotDir::open(self.folder(settings)?.path)?)
    }
}

/// Reads a model by its technical name, or by the name of its type in Rust.
pub(crate) fn model(snapshot: &SnapshotDir, settings: &Settings, wanted: &str) -> Result<Model, Error> {
    let server = snapshot.server();
    if server.models.contains(wanted) {
        return Ok(snapshot.model(wanted)?);
    }
    if let Some(name) = server.models.iter().find(|model| type_name(model, settings) == wanted) {
        return Ok(snapshot.model(name)?);
    }
    let path = snapshot.path().display();
    if server.other_models.contains(wanted) {
        let remedy = how_to_add(snapshot, settings, wanted);
        return Err(Error::usage(format!("the server has `{wanted}`, but {path} does not: {remedy}")));
    }
    let remedy = suggest::question(wanted, server.models.iter().map(String::as_str))
        .unwrap_or_else(|| format!("look for it with `cargo tryton models --search {wanted}`"));
    Err(Error::usage(format!("no model `{wanted}` in {path}: {remedy}")))
}

/// Explains how to add a model of the server that the snapshot lacks.
pub(crate) fn how_to_add(snapshot: &SnapshotDir, settings: &Settings, model: &str) -> String {
    if settings.models.is_empty() {
        let path = snapshot.path().display();
        return format!("add it: `cargo tryton pull --models '…,{model}' --out {path}`");
    }
    format!("{}, and run `cargo tryton pull`", how_to_select(settings, model))
}

/// Explains how to select a model permanently.
pub(crate) fn how_to_select(settings: &Settings, model: &str) -> String {
    let models = settings.models.iter().map(String::as_str).chain([model]);
    format!("set `models = [{}]` in tryton.toml", items(models))
}

/// Chooses a model for an example: the first of `patterns` says which, by its name or as the main one of a module. Where none
/// of them does, any that they select, or any.
pub(crate) fn example<'a>(names: impl Iterator<Item = &'a str> + Clone, patterns: &[String]) -> Option<&'a str> {
    let is_selected = |name: &&str| glob::selects(patterns.iter().map(String::as_str), name);
    // The main model of a module has the module's name: `party.party`.
    let is_main = |name: &&str| name.split_once('.').is_some_and(|(module, name)| module == name);
    let selected = names.clone().filter(is_selected);
    let meant = |pattern: &String| {
        selected.clone().find(|name| pattern == name || is_main(name) && glob::selects([pattern.as_str()], name))
    };
    patterns.iter().find_map(meant).or_else(|| selected.clone().next()).or_else(|| names.clone().next())
}

/// Returns the name of a model's type.
pub(crate) fn type_name(model: &str, settings: &Settings) -> String {
    settings.overrides.names.get(model).cloned().unwrap_or_else(|| naming::type_name(model))
}

/// Returns the names in Rust for one model.
pub(crate) fn model_plan(snapshot: &SnapshotDir, settings: &Settings, model: &Model) -> Result<ModelPlan, Error> {
    let plan = plan_of_some(snapshot, vec![model.clone()], std::slice::from_ref(&model.model), settings)?;
    plan.models.into_iter().next().ok_or_else(|| Error::files(format!("`{}` has no names in Rust", model.model)))
}

/// Returns the names in Rust for `models`, and for the reports and wizards of no model that match any of `patterns`, or
/// for all of these.
pub(crate) fn plan(
    snapshot: &SnapshotDir,
    models: Vec<Model>,
    patterns: &[String],
    overrides: Overrides,
) -> Result<Plan, Error> {
    plan::plan(&request(snapshot, models, patterns, overrides)).map_err(|errors| collisions(&errors))
}

/// Like [`plan()`], but ignores settings that do not affect these models.
pub(crate) fn plan_of_some(
    snapshot: &SnapshotDir,
    models: Vec<Model>,
    patterns: &[String],
    settings: &Settings,
) -> Result<Plan, Error> {
    let mut request = request(snapshot, models, patterns, settings.overrides.clone());
    loop {
        let errors = match plan::plan(&request) {
            Ok(plan) => return Ok(plan),
            Err(errors) => errors,
        };
        let Overrides { names, fields } = &mut request.overrides;
        let before = names.len() + fields.len();
        for error in &errors {
            match error {
                PlanError::NeverApplied { setting: "rename", key, .. } => drop(names.remove(key)),
                PlanError::NeverApplied { key, .. } => drop(fields.remove(key)),
                _ => {}
            }
        }
        if names.len() + fields.len() == before {
            return Err(collisions(&errors));
        }
    }
}

fn request(snapshot: &SnapshotDir, models: Vec<Model>, patterns: &[String], overrides: Overrides) -> Request {
    let fits = |name: &str| patterns.is_empty() || glob::selects(patterns.iter().map(String::as_str), name);
    Request { overrides, ..Request::new(snapshot.server(), models, fits) }
}

/// Explains which names collide, and where to write a rename.
fn collisions(errors: &[PlanError]) -> Error {
    let mut lines: Vec<String> = errors.iter().map(PlanError::to_string).collect();
    let renames = errors.iter().find_map(|error| match error {
        PlanError::Collision { key, free, .. } => Some((key, free)),
        _ => None,
    });
    lines.extend(renames.map(|(key, free)| {
        format!(
            "In tryton.toml: `\"{key}\" = \"{free}\"` below `[rename]`; for `generate` also `--rename {key}={free}`."
        )
    }));
    Error::usage(lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::example;

    #[test]
    fn an_example_is_what_was_asked_for() {
        let names = ["account.account", "party.address", "party.party", "sale.line"];
        for (patterns, expected) in [
            (&["sale.line", "party.*"][..], "sale.line"),
            (&["party.*", "sale.line"], "party.party"),
            (&["party.*", "!party.party", "sale.line"], "sale.line"),
            (&["party.*"], "party.party"),
            (&["party.a*"], "party.address"),
            (&[], "account.account"),
        ] {
            let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            assert_eq!(example(names.into_iter(), &patterns), Some(expected));
        }
    }
}
