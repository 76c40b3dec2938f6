//! `cargo tryton generate`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use tryton_sdk_codegen::generate::{MARK, files};
use tryton_sdk_codegen::glob::{self, Unmatched};
use tryton_sdk_codegen::plan::{self, PlanError, Request};
use tryton_sdk_codegen::snapshot::SnapshotDir;

use crate::error::Error;

/// Write the Rust types for a snapshot to files
///
/// The files hold what `tryton_sdk::models!` would make: one for each model, and `mod.rs`, so that
/// `mod erp;` is all that a crate needs for `--out src/erp`. Generating again replaces them, and
/// removes those of models that are gone; other files are never touched.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton generate --schema schemas/mine --out src/erp --rename sale.sale=Order")]
pub(crate) struct Generate {
    /// The folder of the snapshot
    #[arg(long, value_name = "FOLDER")]
    schema: PathBuf,
    /// The folder of the module
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    /// Models by name or pattern, separated by commas
    #[arg(long, value_name = "PATTERNS", default_value = "*")]
    models: Vec<String>,
    /// Another name for the type of a model, or for the enum of a selection field: sale.sale,state=OrderState
    #[arg(long, value_name = "MODEL[,FIELD]=NAME")]
    rename: Vec<String>,
}

impl Generate {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let snapshot = SnapshotDir::open(&self.schema)?;
        let server = snapshot.server();
        let selected = self.select(&server.models)?;
        let models = selected.iter().map(|model| snapshot.model(model));
        let request = Request {
            models: models.collect::<Result<_, _>>()?,
            known: server.models.union(&server.other_models).cloned().collect(),
            renames: self.renames()?,
        };
        let plan = plan::plan(&request).map_err(|errors| collisions(&errors))?;
        let source = self.schema.to_string_lossy().replace('\\', "/");
        let files = files(&plan, source.trim_end_matches('/'));
        let changed = write(&self.out, &files)?;
        println!("{}: {} files, {changed} changed", self.out.display(), files.len());
        Ok(())
    }

    fn select<'a>(&self, models: &'a BTreeSet<String>) -> Result<Vec<&'a str>, Error> {
        let patterns = self.models.iter().flat_map(|text| glob::split(text)).map(str::to_owned);
        let patterns: Vec<String> = patterns.collect();
        glob::select(&patterns, models.iter().map(String::as_str)).map_err(|Unmatched { pattern, similar }| {
            let similar = similar.map(|similar| format!(": did you mean `{similar}`?")).unwrap_or_default();
            Error::new(format!("no model `{pattern}` in {}{similar}", self.schema.display()))
        })
    }

    fn renames(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut renames = BTreeMap::new();
        for rename in &self.rename {
            let Some((key, name)) = rename.split_once('=') else {
                let form = "write it like sale.sale=Order or sale.sale,state=OrderState";
                return Err(Error::new(format!("`--rename {rename}` names no type: {form}")));
            };
            renames.insert(key.trim().to_owned(), name.trim().to_owned());
        }
        Ok(renames)
    }
}

/// All that cannot be named, with the flags that rename it.
fn collisions(errors: &[PlanError]) -> Error {
    let sentence = |error: &PlanError| match error {
        PlanError::Collision { key, free, .. } => format!("{error}, here `--rename {key}={free}`"),
        other => other.to_string(),
    };
    Error::new(errors.iter().map(sentence).collect::<Vec<_>>().join("\n"))
}

/// Writes what differs, removes generated files that are no longer made, and counts both.
fn write(dir: &Path, files: &BTreeMap<String, String>) -> Result<usize, Error> {
    let failed = |action: &str, path: &Path, error: io::Error| {
        Error::new(format!("cannot {action} {}: {error}", path.display()))
    };
    fs::create_dir_all(dir).map_err(|error| failed("create", dir, error))?;
    let present = present(dir).map_err(|error| failed("read", dir, error))?;
    for (name, text) in &present {
        if files.contains_key(name) && !text.starts_with(MARK) {
            return Err(Error::new(format!(
                "{} was not generated, and is not overwritten: remove it, or name another folder",
                dir.join(name).display()
            )));
        }
    }
    let mut changed = 0;
    for (name, text) in files {
        if present.get(name) != Some(text) {
            let path = dir.join(name);
            fs::write(&path, text).map_err(|error| failed("write", &path, error))?;
            changed += 1;
        }
    }
    for (name, text) in &present {
        if !files.contains_key(name) && text.starts_with(MARK) {
            let path = dir.join(name);
            fs::remove_file(&path).map_err(|error| failed("remove", &path, error))?;
            changed += 1;
        }
    }
    Ok(changed)
}

/// The Rust files in a folder and their text.
fn present(dir: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = name.filter(|name| name.ends_with(".rs") && path.is_file()) {
            files.insert(name, String::from_utf8_lossy(&fs::read(&path)?).into_owned());
        }
    }
    Ok(files)
}
