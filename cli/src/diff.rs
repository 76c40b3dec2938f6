//! `cargo tryton diff`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::diff::{Weight, diff, page};

use crate::app::{self, App, Verdict, headings};
use crate::error::Error;
use crate::found::{Found, found, scan};

/// Tell what differs between two snapshots, breaking changes first
///
/// Breaking is what may stop a program that was right from compiling or working: models, fields, values, buttons,
/// methods, reports and wizards that are gone; a field that has another type or leads elsewhere, may be null now, must be
/// given now when a record is created, cannot be searched, ordered or set any more. A new field is an addition even if it
/// is required. Models that one of the snapshots leaves out are not compared. No difference is an error here.
///
/// --used tells only what concerns the Rust files of an application, one line a difference with the place of its first
/// use: what the compiler will say once the application is given the newer snapshot, and what it cannot see. `cargo tryton
/// check --help` says what is found in the files.
#[derive(Args)]
#[command(after_help = "For example, before an upgrade:\n  \
    cargo tryton diff schemas/7.0 schemas/8.2\n  \
    cargo tryton diff schemas/7.0 schemas/8.2 --used\n  \
    cargo tryton diff schemas/7.0 schemas/8.2 --markdown > upgrade.md")]
pub(crate) struct Diff {
    /// The older snapshot
    #[arg(value_name = "FOLDER")]
    old: PathBuf,
    /// The newer one
    #[arg(value_name = "FOLDER")]
    new: PathBuf,
    /// Write Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// Tell differences of labels and help texts as well
    #[arg(long)]
    wording: bool,
    /// Tell only what concerns the code in this folder, by default src
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = "src")]
    #[arg(conflicts_with_all = ["markdown", "wording"])]
    used: Option<PathBuf>,
}

impl Diff {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let dir = SnapshotDir::open(&self.old)?;
        let (old, new) = (dir.load()?, SnapshotDir::open(&self.new)?.load()?);
        let mut differences = diff(&old, &new);
        let series = [&old, &new].map(|snapshot| snapshot.server.series.as_str());
        if (app.json || self.used.is_some()) && !self.wording {
            differences.retain(|difference| difference.weight != Weight::Wording);
        }
        if let Some(folder) = &self.used {
            let used = scan(&dir, &old, folder, app)?;
            return tell(series, &found(differences, Some(&used)), folder, app);
        }
        let [from, to] = &series.map(|series| format!("Tryton {series}"));
        let page = page::Page { from, to, differences: &differences, wording: self.wording };
        if self.markdown {
            app::say(page.markdown().trim_end());
            return Ok(Verdict::Well);
        }
        let breaking = page::count(&differences, Weight::Breaking);
        app.answer(&answer(series, breaking, &differences), || headings(&page.text()))?;
        Ok(Verdict::Well)
    }
}

/// What is said to programs.
fn answer([from, to]: [&str; 2], breaking: usize, differences: impl Serialize) -> Value {
    json!({ "from": from, "to": to, "breaking": breaking, "differences": differences })
}

/// The differences of what the application in `folder` uses.
fn tell(series: [&str; 2], found: &[Found], folder: &Path, app: &App) -> Result<Verdict, Error> {
    let [from, to] = series;
    let breaking = found.iter().filter(|found| found.difference.weight == Weight::Breaking).count();
    app.answer(&answer(series, breaking, found), || {
        format!("Tryton {from} → Tryton {to}: {breaking} of the breaking changes concern {}", folder.display())
    })?;
    if !app.json {
        found.iter().for_each(Found::tell);
    }
    Ok(Verdict::Well)
}
