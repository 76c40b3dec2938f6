//! Differences, and where an application uses what is different.

use std::path::Path;

use serde::Serialize;
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir};
use tryton_sdk_metadata::diff::{Difference, Weight};

use crate::app::{self, App};
use crate::error::Error;
use crate::schema;
use crate::used::Used;

/// A difference, and where the application uses what is different.
#[derive(Serialize)]
pub(crate) struct Found {
    #[serde(flatten)]
    pub(crate) difference: Difference,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<String>,
}

impl Found {
    /// What is missing or different; all the rest is new.
    pub(crate) fn is_error(&self) -> bool {
        self.difference.weight <= Weight::Compatible
    }

    /// One line.
    pub(crate) fn tell(&self) {
        let place = self.used_at.as_ref().map(|place| format!(" (used at {place})")).unwrap_or_default();
        let line = format!("{}{place}", self.difference);
        match self.difference.weight {
            Weight::Breaking => app::breaking(line),
            Weight::Compatible => app::say(format!("  changed: {line}")),
            Weight::Addition | Weight::Wording => app::say(format!("  new: {line}")),
        }
    }
}

/// All differences, or those of what is used.
pub(crate) fn found(differences: impl IntoIterator<Item = Difference>, used: Option<&Used>) -> Vec<Found> {
    let differences = differences.into_iter();
    match used {
        None => differences.map(|difference| Found { difference, used_at: None }).collect(),
        Some(used) => differences
            .filter_map(|difference| Some(Found { used_at: Some(used.place(&difference)?), difference }))
            .collect(),
    }
}

/// What the application in `folder` uses of the snapshot.
pub(crate) fn scan(dir: &SnapshotDir, snapshot: &Snapshot, folder: &Path, app: &App) -> Result<Used, Error> {
    let plan = schema::plan_of_some(dir, snapshot.models.clone(), &[], &app.settings)?;
    let used = Used::scan(folder, &plan)?;
    if used.is_empty() {
        let why = format!("no Rust file in {} names a model: give the folder as --used=FOLDER", folder.display());
        return Err(Error::usage(why));
    }
    Ok(used)
}
