//! The snapshot that commands read.

use std::path::PathBuf;

use clap::Args;
use tryton_sdk_codegen::glob;
use tryton_sdk_codegen::naming;
use tryton_sdk_codegen::plan::{self, ModelPlan, Overrides, Plan, PlanError, Request};
use tryton_sdk_codegen::snapshot::{Model, SnapshotDir};
use tryton_sdk_codegen::suggest;

use crate::error::Error;
use crate::settings::{Folder, Settings};

/// Where the snapshot is.
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

/// Reads a model by its technical name, or by that of its type in Rust.
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
        let remedy = format!("add it: `cargo tryton pull --models …,{wanted} --out {path}`");
        return Err(Error::usage(format!("the server has `{wanted}`, and {path} does not: {remedy}")));
    }
    let remedy = suggest::question(wanted, server.models.iter().map(String::as_str))
        .unwrap_or_else(|| format!("look for it with `cargo tryton models --search {wanted}`"));
    Err(Error::usage(format!("no model `{wanted}` in {path}: {remedy}")))
}

/// The name of a model's type.
pub(crate) fn type_name(model: &str, settings: &Settings) -> String {
    settings.overrides.names.get(model).cloned().unwrap_or_else(|| naming::type_name(model))
}

/// The names in Rust of what one model holds.
pub(crate) fn model_plan(snapshot: &SnapshotDir, settings: &Settings, model: &Model) -> Result<ModelPlan, Error> {
    // What is said of another model would change nothing here, which is an error elsewhere.
    let leads_to = |name: &str| model.fields.values().any(|field| field.relation.as_deref() == Some(name));
    let offers = |key: &str| match key.split_once(':') {
        Some(("report", name)) => model.reports.contains_key(name),
        Some(("wizard", name)) => model.wizards.contains_key(name),
        _ => false,
    };
    let is_about = |key: &str| {
        let name = key.split(',').next().unwrap_or_default();
        name == model.model || (key == name && leads_to(name)) || offers(key)
    };
    let mut overrides = settings.overrides.clone();
    overrides.names.retain(|key, _| is_about(key));
    overrides.fields.retain(|key, _| is_about(key));
    let plan = plan(snapshot, vec![model.clone()], std::slice::from_ref(&model.model), overrides)?;
    plan.models.into_iter().next().ok_or_else(|| Error::files(format!("`{}` has no names in Rust", model.model)))
}

/// The names in Rust of `models`, and of the reports and wizards of no model that fit any of `patterns`, or of all.
pub(crate) fn plan(
    snapshot: &SnapshotDir,
    models: Vec<Model>,
    patterns: &[String],
    overrides: Overrides,
) -> Result<Plan, Error> {
    let fits = |name: &str| patterns.is_empty() || patterns.iter().any(|pattern| glob::matches(pattern, name));
    let request = Request { overrides, ..Request::new(snapshot.server(), models, fits) };
    plan::plan(&request).map_err(|errors| collisions(&errors))
}

/// All that cannot be named, with the flags that rename it.
fn collisions(errors: &[PlanError]) -> Error {
    let sentence = |error: &PlanError| match error {
        PlanError::Collision { key, free, .. } => format!("{error}, here `--rename {key}={free}`"),
        other => other.to_string(),
    };
    Error::usage(errors.iter().map(sentence).collect::<Vec<_>>().join("\n"))
}
