//! `cargo tryton generate`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use tryton_sdk_codegen::plan::Overrides;
use tryton_sdk_codegen::snapshot::{LONGEST_NAME, SnapshotDir};
use tryton_sdk_metadata::generate::{MARK, files};
use tryton_sdk_metadata::patterns;

use crate::app::{self, App, Verdict};
use crate::error::Error;
use crate::patterns::Patterns;
use crate::schema::{self, Schema};

/// Write the Rust types for a snapshot to files
///
/// The files contain the same code that `tryton_sdk::models!` would generate: one file for each model, and `mod.rs`, so
/// that a crate needs only `mod erp;` for `--out src/erp`. Generating again replaces them, and removes those of models
/// that are gone; other files are never touched.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton generate --schema schemas/mine --out src/erp --rename sale.sale=Order\n  \
    cargo tryton generate --check          # in CI, with the rest in tryton.toml")]
pub(crate) struct Generate {
    #[command(flatten)]
    schema: Schema,
    /// The folder of the module [default: `out` in tryton.toml]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    models: Patterns,
    /// Another name for the type of a model, the enum of a selection field (sale.sale,state=OrderState), or the
    /// constant of a report or wizard (report:sale.sale=OFFER)
    #[arg(long, value_name = "MODEL[,FIELD]=NAME")]
    rename: Vec<String>,
    /// The path by which the code reaches the SDK, if the crate renames or re-exports it
    #[arg(long, value_name = "PATH", default_value = "::tryton_sdk")]
    crate_path: String,
    /// Write nothing, and fail if a file would change
    #[arg(long)]
    check: bool,
}

/// The answer for programs.
#[derive(Serialize)]
struct Answer<'a> {
    out: &'a Path,
    files: usize,
    changed: Vec<&'a str>,
}

impl Generate {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let settings = &app.settings;
        let out = self.out.clone().or_else(|| settings.out.as_ref().map(|out| out.path.clone()));
        let out =
            out.ok_or_else(|| Error::usage("no folder to write to: give --out FOLDER, or set `out` in tryton.toml"))?;
        let folder = self.schema.folder(settings)?;
        let snapshot = SnapshotDir::open(&folder.path)?;
        let patterns = self.models.list(settings);
        let selected = select(&snapshot, &patterns)?;
        let models = selected.iter().map(|model| snapshot.model(model)).collect::<Result<_, _>>()?;
        let plan = schema::plan(&snapshot, models, &patterns, self.overrides(app)?)?;
        let source = folder.given.replace('\\', "/");
        let files = files(&plan, source.trim_end_matches('/'), &self.crate_path()?, settings.serde);
        if let Some(name) = files.keys().find(|name| name.len() > LONGEST_NAME) {
            let why = "is too long for the name of a file: give its type a shorter name with --rename or `[rename]`";
            return Err(Error::usage(format!("{name} {why}")));
        }
        let changes = Changes::find(&out, &files)?;
        let changed: Vec<&str> = changes.names();
        if self.check {
            changed.iter().for_each(|name| app::error(format!("{} is out of date", out.join(name).display())));
        } else {
            changes.apply(&out)?;
        }
        let answer = Answer { out: &out, files: files.len(), changed };
        app.answer(&answer, || {
            let state = if self.check { "out of date" } else { "changed" };
            format!("{}: {} files, {} {state}", out.display(), answer.files, answer.changed.len())
        })?;
        if !self.check || answer.changed.is_empty() {
            return Ok(Verdict::Well);
        }
        app.next("run it without --check to write the files");
        Ok(Verdict::Differs)
    }

    /// Returns the path of the SDK, which must be valid in every module.
    fn crate_path(&self) -> Result<String, Error> {
        let path = self.crate_path.trim();
        let parsed = syn::parse_str::<syn::Path>(path).ok();
        let parsed = parsed.filter(|path| path.segments.iter().all(|segment| segment.arguments.is_none()));
        let first = parsed.and_then(|path| path.segments.first().map(|segment| segment.ident.to_string()));
        match first.as_deref() {
            Some("self" | "super") | None => Err(Error::usage(format!(
                "`--crate-path {path}` is not valid in every module: write it like ::sdk, facade::tryton_sdk or \
                 crate::sdk"
            ))),
            Some(_) => Ok(path.to_owned()),
        }
    }

    /// Returns the overrides of the settings, with names that flags may change.
    fn overrides(&self, app: &App) -> Result<Overrides, Error> {
        let mut overrides = app.settings.overrides.clone();
        for rename in &self.rename {
            let Some((key, name)) = rename.split_once('=') else {
                let form = "write it like sale.sale=Order or sale.sale,state=OrderState";
                return Err(Error::usage(format!("`--rename {rename}` has no `=`: {form}")));
            };
            overrides.names.insert(key.trim().to_owned(), name.trim().to_owned());
        }
        Ok(overrides)
    }
}

/// Returns the models of a snapshot that match; without patterns, all.
fn select<'a>(snapshot: &'a SnapshotDir, patterns: &[String]) -> Result<Vec<&'a str>, Error> {
    let names = snapshot.server().models.iter().map(String::as_str);
    if patterns.is_empty() {
        return Ok(names.collect());
    }
    let place = snapshot.path().display().to_string();
    patterns::select(patterns, names).map_err(|unmatched| Error::usage(unmatched.about(&place)))
}

/// The differences between a folder and the files that it should contain.
struct Changes<'a> {
    write: BTreeMap<&'a str, &'a str>,
    remove: BTreeSet<String>,
}

impl<'a> Changes<'a> {
    /// Finds generated files to remove because they are no longer generated; a foreign file in the place of a generated
    /// one is an error.
    fn find(dir: &Path, files: &'a BTreeMap<String, String>) -> Result<Self, Error> {
        let present = match present(dir) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeMap::new(),
            present => present.map_err(|error| Error::io("read", dir, &error))?,
        };
        let is_generated = |name: &str| present.get(name).is_some_and(|text| text.starts_with(MARK));
        if let Some(name) = files.keys().find(|name| present.contains_key(*name) && !is_generated(name)) {
            return Err(Error::usage(format!(
                "{} was not generated, and is not overwritten: remove it, or name another folder",
                dir.join(name).display()
            )));
        }
        let write = files.iter().filter(|(name, text)| present.get(*name) != Some(text));
        let remove = present.keys().filter(|name| !files.contains_key(*name) && is_generated(name));
        Ok(Self {
            write: write.map(|(name, text)| (name.as_str(), text.as_str())).collect(),
            remove: remove.cloned().collect(),
        })
    }

    fn names(&self) -> Vec<&str> {
        self.write.keys().copied().chain(self.remove.iter().map(String::as_str)).collect()
    }

    /// Writes all files under other names before the first replaces an old one.
    fn apply(&self, dir: &Path) -> Result<(), Error> {
        fs::create_dir_all(dir).map_err(|error| Error::io("create", dir, &error))?;
        let new = dir.join(format!(".new-{}", std::process::id()));
        let outcome = self.exchange(dir, &new);
        if new.exists() {
            // The first error is the one to report.
            let _ = fs::remove_dir_all(&new);
        }
        outcome
    }

    fn exchange(&self, dir: &Path, new: &Path) -> Result<(), Error> {
        if !self.write.is_empty() {
            fs::create_dir_all(new).map_err(|error| Error::io("create", new, &error))?;
        }
        for (name, text) in &self.write {
            let path = new.join(name);
            fs::write(&path, text).map_err(|error| Error::io("write", &path, &error))?;
        }
        for name in self.write.keys() {
            let path = dir.join(name);
            fs::rename(new.join(name), &path).map_err(|error| Error::io("replace", &path, &error))?;
        }
        for name in &self.remove {
            let path = dir.join(name);
            fs::remove_file(&path).map_err(|error| Error::io("remove", &path, &error))?;
        }
        Ok(())
    }
}

/// Returns the Rust files in a folder and their text, whose lines may end as Git ends them on Windows.
fn present(dir: &Path) -> io::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = name.filter(|name| name.ends_with(".rs") && path.is_file()) {
            files.insert(name, String::from_utf8_lossy(&fs::read(&path)?).replace("\r\n", "\n"));
        }
    }
    Ok(files)
}
