//! `cargo tryton check`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::json;
use tryton_sdk_codegen::diff::{Difference, Weight, diff};
use tryton_sdk_codegen::introspect::{Introspected, Wanted};
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir};

use crate::app::{self, App, Verdict, note};
use crate::error::Error;
use crate::schema::{self, Schema};
use crate::server::Server;
use crate::used::Used;

/// Compare the snapshot with the live server
///
/// What is missing on the server, or different there, is an error; what the server has in addition is a note. Labels and
/// help texts are not compared. The snapshot stays as it is.
///
/// --used reads the Rust files of the application, and tells only what concerns what it names: `Sale::F.party`,
/// `SaleState::Draft`, `Sale::quote`, the members and paths of `#[tryton(model = Sale)]`, methods that are called by their
/// whole name, names of reports and wizards as text; inside macros as well, and under a name given by `use … as`. It does
/// not see fields reached through a variable that holds `Sale::F`, type aliases, names that are put together when the
/// program runs, what `records` reads, and renames other than those in tryton.toml.
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

/// A difference, and where the application uses what is different.
#[derive(Serialize)]
struct Found {
    #[serde(flatten)]
    difference: Difference,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<String>,
}

impl Found {
    fn is_error(&self) -> bool {
        self.difference.weight <= Weight::Compatible
    }
}

impl Check {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let dir = self.schema.open(&app.settings)?;
        let snapshot = dir.load()?;
        let used = self.used.as_deref().map(|folder| scan(&dir, &snapshot, folder, app)).transpose()?;
        let server = &snapshot.server;
        let Introspected { snapshot: live, refused, .. } =
            self.server.read(&app.settings, &server.language, Wanted::Known(&server.models))?;
        let differences = diff(&snapshot, &live).into_iter().filter(|found| found.weight != Weight::Wording);
        let found: Vec<Found> = match &used {
            None => differences.map(|difference| Found { difference, used_at: None }).collect(),
            Some(used) => differences
                .filter_map(|difference| Some(Found { used_at: Some(used.place(&difference)?), difference }))
                .collect(),
        };
        let errors = found.iter().filter(|found| found.is_error()).count() + refused.len();
        let refused: Vec<String> = refused.iter().map(|refused| format!("the server refused {refused}")).collect();
        app.answer(&json!({ "errors": errors, "differences": found, "refused": refused }), || {
            format!("{}: {errors} errors, {} additions", dir.path().display(), found.len() + refused.len() - errors)
        })?;
        if !app.json {
            found.iter().for_each(tell);
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
        app.next(format!("`cargo tryton pull --out {}`, then `git diff` and `cargo check`", dir.path().display()));
        Ok(Verdict::Differs)
    }
}

/// What the application uses of the snapshot.
fn scan(dir: &SnapshotDir, snapshot: &Snapshot, folder: &Path, app: &App) -> Result<Used, Error> {
    let plan = schema::plan(dir, snapshot.models.clone(), app.settings.rename.clone())?;
    let used = Used::scan(folder, &plan)?;
    if used.is_empty() {
        let why = format!("no Rust file in {} names a model: give the folder as --used=FOLDER", folder.display());
        return Err(Error::usage(why));
    }
    Ok(used)
}

fn tell(found: &Found) {
    let place = found.used_at.as_ref().map(|place| format!(" (used at {place})")).unwrap_or_default();
    let line = format!("{}{place}", found.difference);
    match found.difference.weight {
        Weight::Breaking => app::breaking(line),
        Weight::Compatible => app::say(format!("  changed: {line}")),
        Weight::Addition | Weight::Wording => app::say(format!("  new: {line}")),
    }
}
