//! Differences, and the places where an application uses what is different.

use std::path::Path;

use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir};
use tryton_sdk_metadata::diff::page::Entry;
use tryton_sdk_metadata::diff::{Difference, Weight};

use crate::app::{self, App};
use crate::error::Error;
use crate::schema;
use crate::used::Used;

/// Prints a line about a difference.
pub(crate) fn tell(entry: &Entry) {
    let line = format!("{}{}", entry.difference, entry.places(str::to_owned));
    match entry.difference.weight {
        Weight::Breaking => app::breaking(line),
        Weight::Compatible => app::say(format!("  changed: {line}")),
        Weight::Addition | Weight::Wording => app::say(format!("  new: {line}")),
    }
}

/// Returns all differences, or those of what is used.
pub(crate) fn found(differences: impl IntoIterator<Item = Difference>, used: Option<&Used>) -> Vec<Entry> {
    let differences = differences.into_iter();
    let Some(used) = used else { return differences.map(Entry::from).collect() };
    let entries = differences.map(|difference| Entry { used_at: used.places(&difference), difference });
    entries.filter(|entry| !entry.used_at.is_empty()).collect()
}

/// Finds what the application in `folder` uses of the snapshot.
pub(crate) fn scan(dir: &SnapshotDir, snapshot: &Snapshot, folder: &Path, app: &App) -> Result<Used, Error> {
    let plan = schema::plan_of_some(dir, snapshot.models.clone(), &[], &app.settings)?;
    let used = Used::scan(folder, &plan)?;
    if used.is_empty() {
        let why = format!("no Rust file in {} names a model: give the folder as --used=FOLDER", folder.display());
        return Err(Error::usage(why));
    }
    Ok(used)
}
