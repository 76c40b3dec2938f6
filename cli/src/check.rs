//! `cargo tryton check`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tryton_sdk_metadata::diff::page::{self, Entry, Page, counted};
use tryton_sdk_metadata::diff::{Weight, diff};
use tryton_sdk_metadata::introspect::{Refused, Wanted};

use crate::app::{self, App, Verdict, note};
use crate::error::Error;
use crate::found::{found, scan, tell};
use crate::schema::Schema;
use crate::server::Server;

/// Compare the snapshot with the live server
///
/// Breaking differences are errors: a model, field, value, button or method is missing on the server; a field has
/// another type or target there, may be null, must be given, or can no longer be searched, ordered or set; a selection
/// has become an enum, or has too many values to remain one. Other versions of modules, new possibilities and additions
/// are listed, and are errors only with --strict. Labels and help texts are not compared. The snapshot stays unchanged.
///
/// --used reads the Rust files of the application, and lists only differences in what they use: `Sale::F.party`,
/// `SaleState::Draft`, `Sale::quote`, the members and paths of `#[tryton(model = Sale)]`, methods called with
/// `Sale::call` or by their full name, constants and names of reports and wizards; also inside macros, and under a name
/// from `use … as`. `records`, `Record<Sale>` and `Sale::defaults` use all fields. A field that can no longer be
/// ordered by matters only to code that orders by it; likewise for conditions and values to set. Each place is listed,
/// tests last. It does not find fields reached through a variable that holds `Sale::F`, type aliases, names composed at
/// run time, and renames other than those in tryton.toml.
#[derive(Args)]
#[command(after_help = "For example, in CI, with the rest in tryton.toml:\n  \
    cargo tryton check\n  \
    cargo tryton check --used=app/src\n  \
    cargo tryton check --strict            # is the snapshot up to date?")]
pub(crate) struct Check {
    #[command(flatten)]
    schema: Schema,
    /// List only differences in what the code in this folder uses, by default src
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = "src")]
    used: Option<PathBuf>,
    /// Treat every difference as an error: the snapshot must be what a pull would write
    #[arg(long)]
    strict: bool,
    /// Write Markdown
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
    #[command(flatten)]
    server: Server,
}

impl Check {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let dir = self.schema.open(&app.settings)?;
        let snapshot = dir.load()?;
        let used = self.used.as_deref().map(|folder| scan(&dir, &snapshot, folder, app)).transpose()?;
        let server = &snapshot.server;
        let read = self.server.read(&app.settings, &server.language, Wanted::Known(&server.models))?;
        let live = &read.snapshot;
        let differences =
            diff(&snapshot, live, &app.settings.overrides).into_iter().filter(|found| found.weight != Weight::Wording);
        let found = found(differences, used.as_ref());
        let concerns =
            |refused: &&Refused| used.as_ref().is_none_or(|used| refused.is_part || used.uses(&refused.subject));
        let refused = read.lost(&snapshot).filter(concerns);
        let refused: Vec<String> = refused.map(|refused| format!("the server refused {refused}")).collect();
        let is_error = |entry: &&Entry| self.strict || entry.difference.weight == Weight::Breaking;
        let errors = found.iter().filter(is_error).count() + refused.len();
        if self.markdown {
            let (from, to) = (&*dir.path().display().to_string(), "the server");
            app::say(Page { from, to, differences: &found, wording: false }.markdown().trim_end());
        } else {
            app.answer(&json!({ "errors": errors, "differences": found, "refused": refused }), || {
                let [breaking, compatible, additions] =
                    [Weight::Breaking, Weight::Compatible, Weight::Addition].map(|weight| page::count(&found, weight));
                let (errors, compatible, additions) = (
                    counted(errors, "error"),
                    counted(compatible, "compatible change"),
                    counted(additions, "addition"),
                );
                format!("{}: {errors}; {breaking} breaking, {compatible}, {additions}", dir.path().display())
            })?;
        }
        if !app.json && !self.markdown {
            found.iter().for_each(tell);
        }
        if !app.json {
            refused.iter().for_each(app::error);
        }
        if live.server.user != server.user {
            note(format!(
                "{} reads the server, but {} pulled the snapshot: they may see different fields",
                live.server.user.login, server.user.login
            ));
        }
        if errors == 0 {
            return Ok(Verdict::Well);
        }
        let models = if app.settings.models.is_empty() { " --models '…'" } else { "" };
        let pull = format!("cargo tryton pull{models} --out {}", dir.path().display());
        app.next(format!("`{pull}`, then `git diff` and `cargo check`"));
        Ok(Verdict::Differs)
    }
}
