//! `cargo tryton diff`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tryton_sdk_codegen::snapshot::SnapshotDir;
use tryton_sdk_metadata::diff::page::{self, Entry, Page};
use tryton_sdk_metadata::diff::{Weight, diff};

use crate::app::{self, App, Verdict};
use crate::error::Error;
use crate::found::{found, scan, tell};

/// List the differences between two snapshots, breaking changes first
///
/// Breaking changes may stop a correct program from compiling or working: models, fields, values, buttons, methods,
/// reports and wizards that are gone; a field that has another type or target, may now be null, must now be given when
/// a record is created, or can no longer be searched, ordered or set. A new field is an addition even if it is
/// required. Models that one of the snapshots leaves out are not compared. Differences are errors only with
/// --exit-code.
///
/// --used lists only differences in what the Rust files of an application use, with each place: what the compiler will
/// report once the application uses the newer snapshot, and what it cannot see. `cargo tryton check --help` describes
/// what is found in the files.
#[derive(Args)]
#[command(after_help = "For example, before an upgrade:\n  \
    cargo tryton diff schemas/7.0 schemas/8.2\n  \
    cargo tryton diff schemas/7.0 schemas/8.2 --used --exit-code\n  \
    cargo tryton diff schemas/7.0 schemas/8.2 --markdown > upgrade.md")]
pub(crate) struct Diff {
    /// The older snapshot
    #[arg(value_name = "FOLDER")]
    old: PathBuf,
    /// The newer snapshot
    #[arg(value_name = "FOLDER")]
    new: PathBuf,
    /// Write Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    /// List differences of labels and help texts as well
    #[arg(long)]
    wording: bool,
    /// List only differences in what the code in this folder uses, by default src
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = "src")]
    #[arg(conflicts_with = "wording")]
    used: Option<PathBuf>,
    /// Exit with 1 if a listed difference breaks programs
    #[arg(long)]
    exit_code: bool,
}

impl Diff {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let dir = SnapshotDir::open(&self.old)?;
        let (old, new) = (dir.load()?, SnapshotDir::open(&self.new)?.load()?);
        let mut differences = diff(&old, &new, &app.settings.overrides);
        let series = [&old, &new].map(|snapshot| snapshot.server.series.as_str());
        if (app.json || self.used.is_some()) && !self.wording {
            differences.retain(|difference| difference.weight != Weight::Wording);
        }
        let used = self.used.as_deref().map(|folder| scan(&dir, &old, folder, app)).transpose()?;
        let found = found(differences, used.as_ref());
        let breaking = page::count(&found, Weight::Breaking);
        self.tell(series, &found, breaking, app)?;
        Ok(if self.exit_code && breaking > 0 { Verdict::Differs } else { Verdict::Well })
    }

    fn tell(&self, series: [&str; 2], found: &[Entry], breaking: usize, app: &App) -> Result<(), Error> {
        let [from, to] = &series.map(|series| format!("Tryton {series}"));
        let page = Page { from, to, differences: found, wording: self.wording };
        if self.markdown {
            app::say(page.markdown().trim_end());
            return Ok(());
        }
        let [older, newer] = series;
        let answer = json!({ "from": older, "to": newer, "breaking": breaking, "differences": found });
        match &self.used {
            None => app.page(&answer, || page.text()),
            Some(folder) => {
                app.answer(&answer, || {
                    format!("{from} → {to}: {breaking} of the breaking changes concern {}", folder.display())
                })?;
                if !app.json {
                    found.iter().for_each(tell);
                }
                Ok(())
            }
        }
    }
}
