//! `cargo tryton diff`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tryton_sdk_codegen::diff::{Weight, diff, page};
use tryton_sdk_codegen::snapshot::SnapshotDir;

use crate::app::{self, App, Verdict, headings};
use crate::error::Error;

/// Tell what differs between two snapshots, breaking changes first
///
/// Breaking is what may stop a program that was right from compiling or working: models, fields, values, buttons,
/// methods, reports and wizards that are gone; a field that has another type or leads elsewhere, may be null now, must be
/// given now when a record is created, cannot be searched, ordered or set any more. A new field is an addition even if it
/// is required. Models that one of the snapshots leaves out are not compared. No difference is an error here.
#[derive(Args)]
#[command(after_help = "For example, before an upgrade:\n  \
    cargo tryton diff schemas/7.0 schemas/8.2\n  \
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
}

impl Diff {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let [old, new] = [&self.old, &self.new].map(|folder| SnapshotDir::open(folder).and_then(|dir| dir.load()));
        let (old, new) = (old?, new?);
        let mut differences = diff(&old, &new);
        let names = [&old, &new].map(|snapshot| format!("Tryton {}", snapshot.server.series));
        let [from, to] = &names;
        if app.json && !self.wording {
            differences.retain(|difference| difference.weight != Weight::Wording);
        }
        let page = page::Page { from, to, differences: &differences, wording: self.wording };
        if self.markdown {
            app::say(page.markdown().trim_end());
            return Ok(Verdict::Well);
        }
        let answer = json!({
            "from": old.server.series,
            "to": new.server.series,
            "breaking": page::count(&differences, Weight::Breaking),
            "differences": differences,
        });
        app.answer(&answer, || headings(&page.text()))?;
        Ok(Verdict::Well)
    }
}
