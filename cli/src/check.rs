//! `cargo tryton check`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use tryton_sdk_metadata::diff::{Weight, diff};
use tryton_sdk_metadata::introspect::{Refused, Wanted};

use crate::app::{self, App, Verdict, note};
use crate::error::Error;
use crate::found::{Found, found, scan};
use crate::schema::Schema;
use crate::server::Server;

/// Compare the snapshot with the live server
///
/// What is missing on the server, or different there, is an error; what the server has in addition is a note. Labels and
/// help texts are not compared. The snapshot stays as it is.
///
/// --used reads the Rust files of the application, and tells only what concerns what it names: `Sale::F.party`,
/// `SaleState::Draft`, `Sale::quote`, the members and paths of `#[tryton(model = Sale)]`, methods that are called by
/// `Sale::call` or by their whole name, constants and names of reports and wizards; inside macros as well, and under a
/// name given by `use … as`. It does not see fields reached through a variable that holds `Sale::F`, type aliases, names
/// that are put together when the program runs, what `records` reads, and renames other than those in tryton.toml.
#[derive(Args)]
#[command(after_help = "For example, in CI, with the rest in tryton.toml:\n  \
    cargo tryton check\n  \
    cargo tryton check --used=app/src")]
pub(crate) struct Check {
    #[command(flatten)]
    schema: Schema,
    /// Tell only what concerns the code in this folder, by default src
    #[arg(long, value_name = "FOLDER", num_args = 0..=1, require_equals = true, default_missing_value = "src")]
    used: Option<PathBuf>,
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
        let differences = diff(&snapshot, live).into_iter().filter(|found| found.weight != Weight::Wording);
        let found = found(differences, used.as_ref());
        let concerns =
            |refused: &&Refused| used.as_ref().is_none_or(|used| refused.is_part || used.uses(&refused.subject));
        let refused = read.lost(&snapshot).filter(concerns);
        let refused: Vec<String> = refused.map(|refused| format!("the server refused {refused}")).collect();
        let differ = found.iter().filter(|found| found.is_error()).count();
        let (errors, additions) = (differ + refused.len(), found.len() - differ);
        app.answer(&json!({ "errors": errors, "differences": found, "refused": refused }), || {
            format!("{}: {errors} errors, {additions} additions", dir.path().display())
        })?;
        if !app.json {
            found.iter().for_each(Found::tell);
            refused.iter().for_each(app::error);
        }
        if live.server.user != server.user {
            note(format!(
                "{} looks at the server, and {} made the snapshot: they may see different fields",
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
