//! `cargo tryton pull`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir, SnapshotError};
use tryton_sdk_metadata::diff::page::{self, Entry};
use tryton_sdk_metadata::diff::{Difference, Weight, diff};
use tryton_sdk_metadata::folder;
use tryton_sdk_metadata::introspect::{Introspected, Refused, Wanted};

use crate::app::{self, App, Verdict, note};
use crate::connection::given;
use crate::error::Error;
use crate::patterns::{Patterns, items};
use crate::schema;
use crate::server::Server;
use crate::settings::Settings;

/// The default language of labels.
const LANGUAGE: &str = "en";

/// The number of breaking changes that are listed one by one.
const TOLD: usize = 20;

/// Read the metadata of a server into a folder of JSON files
///
/// The folder holds one file for each model and `server.json`. Check it in: builds read it, and never the server. Pull
/// again when the server's modules change; pulling from an unchanged server changes no byte. A snapshot in the folder,
/// or where a link leads, is replaced as a whole. Any other folder and a mount point are refused before the server is
/// asked. A model whose name cannot be a file name is left out, with a note.
///
/// Fields that the user may not read are missing from the snapshot: pull as an administrator.
///
/// With a Redis (TRYTON_REDIS_URL), what was read is cached for seven days. An interrupted pull continues where it
/// stopped, and from a server with unchanged modules, versions, fields and access rights only these are read again.
#[derive(Args, Clone)]
#[command(after_help = "For example, with the server in the environment or in tryton.toml:\n  \
    cargo tryton pull --models 'sale.*,party.party' --out schemas/mine")]
pub(crate) struct Pull {
    #[command(flatten)]
    pub(crate) models: Patterns,
    /// The folder of the snapshot [default: `schema` in tryton.toml]
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// The language of labels and help texts, which the server must know [default: `language` in tryton.toml, or en]
    #[arg(long, value_name = "CODE")]
    language: Option<String>,
    #[command(flatten)]
    pub(crate) server: Server,
}

impl Pull {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let pulled = self.pull(&app.settings)?;
        app.answer(&pulled.answer, || pulled.summary.clone())?;
        pulled.tell(app);
        let patterns = self.models.list(&app.settings);
        let names = pulled.snapshot.models.iter().map(|model| model.model.as_str());
        if let Some(model) = schema::example(names, &patterns) {
            let folder = pulled.out.display();
            let flag = if app.settings.has_schema(&pulled.out) { String::new() } else { format!(" --schema {folder}") };
            app.next(format!("`cargo tryton describe {model}{flag}`, or in Rust"));
            if app.settings.state(&pulled.out, &patterns) {
                app.next("`tryton_sdk::models! {}`, which reads tryton.toml");
            } else {
                let models = items(patterns.iter().map(String::as_str));
                app.next(format!("`tryton_sdk::models! {{ schema = \"{folder}\", models = [{models}] }}`"));
            }
        }
        Ok(Verdict::Well)
    }

    /// Returns the folder of the snapshot.
    pub(crate) fn out(&self, settings: &Settings) -> Option<PathBuf> {
        self.out.clone().or_else(|| settings.schema.as_ref().map(|folder| folder.path.clone()))
    }

    /// Sets the folder of a pull without one.
    pub(crate) fn into_folder(mut self, out: PathBuf) -> Self {
        self.out = Some(out);
        self
    }

    /// Reads the server and writes the snapshot.
    pub(crate) fn pull(&self, settings: &Settings) -> Result<Pulled, Error> {
        let start = Instant::now();
        let out = self.out(settings);
        let out = out.ok_or_else(|| Error::usage("no folder: give --out FOLDER, or set `schema` in tryton.toml"))?;
        let patterns = self.models.required(settings)?;
        folder::check_place(&out).map_err(unwritable)?;
        let language = given(&self.language, &settings.language).unwrap_or(LANGUAGE);
        let read = self.server.read(settings, language, Wanted::Matching(&patterns))?;
        if read.snapshot.models.is_empty() {
            return Err(Error::server(format!("nothing was pulled: {}", list(&read.refused, "; "))));
        }
        // If there is no snapshot, or one of another version, there is nothing to compare.
        let old = SnapshotDir::open(&out).and_then(|dir| dir.load()).ok();
        if let Some(old) = &old {
            refuse_to_lose(&read, old, &out)?;
        }
        let Introspected { snapshot, refused, requests } = read;
        let written = folder::write(&out, &snapshot).map_err(unwritable)?;
        let differences: Option<Vec<Entry>> =
            old.map(|old| diff(&old, &snapshot, &settings.overrides).into_iter().map(Entry::from).collect());
        let fields: usize = snapshot.models.iter().map(|model| model.fields.len()).sum();
        let answer = json!({
            "out": out.display().to_string(),
            "unchanged": written.unchanged,
            "models": snapshot.models.len(),
            "fields": fields,
            "bytes": written.bytes,
            "calls": requests,
            "refused": refused.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "differences": differences,
        });
        let state = if written.unchanged { "unchanged" } else { "written" };
        let summary = format!(
            "{}: {state}, {} models with {fields} fields, {} kB ({requests} calls, {:.1} s)",
            out.display(),
            snapshot.models.len(),
            written.bytes.div_ceil(1000),
            start.elapsed().as_secs_f64()
        );
        let differences = differences.filter(|_| !written.unchanged);
        Ok(Pulled { out, snapshot, refused, differences, answer, summary })
    }
}

/// The result of a pull.
pub(crate) struct Pulled {
    pub(crate) out: PathBuf,
    pub(crate) snapshot: Snapshot,
    refused: Vec<Refused>,
    /// The differences since the last pull, if there was one.
    differences: Option<Vec<Entry>>,
    /// The answer for programs.
    pub(crate) answer: Value,
    /// The answer for people.
    pub(crate) summary: String,
}

impl Pulled {
    /// Prints the differences and notes that follow the answer.
    pub(crate) fn tell(&self, app: &App) {
        if !app.json {
            self.differences.iter().for_each(|differences| tell(differences));
        }
        if !self.snapshot.server.user.administrator {
            let login = &self.snapshot.server.user.login;
            note(format!(
                "{login} is not an administrator: fields that {login} may not read are missing; pull as an administrator \
                 to have all fields"
            ));
        }
        if !self.refused.is_empty() {
            note(format!("the server refused these, so the snapshot lacks them:\n  {}", list(&self.refused, "\n  ")));
        }
    }
}

/// Explains why a snapshot cannot be written there, without the advice to run this command.
fn unwritable(error: SnapshotError) -> Error {
    match error {
        SnapshotError::NotASnapshot { dir } => Error::files(format!(
            "{} contains something other than a snapshot, and is not overwritten: empty it, or name another folder with \
             --out",
            dir.display()
        )),
        SnapshotError::Broken { file, reason, .. } => {
            Error::files(format!("{} cannot be written: {reason}", file.display()))
        }
        other => other.into(),
    }
}

/// The server may temporarily refuse what it returned before: the snapshot must not lose it.
fn refuse_to_lose(read: &Introspected, old: &Snapshot, out: &Path) -> Result<(), Error> {
    let lost = list(read.lost(old), "; ");
    if lost.is_empty() {
        return Ok(());
    }
    Err(Error::server(format!(
        "the server refused what {} has, so the snapshot stays unchanged: {lost}; try again later, or name an empty \
         folder to pull without it",
        out.display()
    )))
}

/// Prints what has changed since the last pull.
fn tell(differences: &[Entry]) {
    app::say(format!("since the last pull: {}", page::summary(differences)));
    let all = differences.iter().map(|entry| &entry.difference);
    let breaking: Vec<&Difference> = all.filter(|difference| difference.weight == Weight::Breaking).collect();
    breaking.iter().take(TOLD).for_each(app::breaking);
    if breaking.len() > TOLD {
        app::say(format!("  and {} more, which `git diff` shows", breaking.len() - TOLD));
    }
}

fn list<'a>(refused: impl IntoIterator<Item = &'a Refused>, separator: &str) -> String {
    refused.into_iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}
