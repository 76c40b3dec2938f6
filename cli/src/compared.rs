//! Compares an existing `tryton.toml` with the one that `cargo tryton init` would write.

use std::path::Path;

use tryton_sdk_metadata::patterns;

use crate::app::{App, note};
use crate::patterns::{items, quoted};
use crate::settings::{FILE, Settings};

/// A key of `tryton.toml` with its value in TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Whether it belongs below `[server]`, and not at the top.
    pub(crate) is_of_server: bool,
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

impl Entry {
    /// Returns the name with that of the table: `server.url`.
    pub(crate) fn key(&self) -> String {
        format!("{}{}", if self.is_of_server { "server." } else { "" }, self.name)
    }

    /// Returns the line for the file.
    pub(crate) fn line(&self) -> String {
        format!("{} = {}", self.name, self.value)
    }
}

/// The keys that the file lacks, and those with other values.
#[derive(Debug, Default)]
pub(crate) struct Compared {
    pub(crate) lacking: Vec<Entry>,
    /// Their names.
    pub(crate) differing: Vec<String>,
}

impl Compared {
    /// Compares the file with `entries`. Without a file, nothing is lacking.
    pub(crate) fn of(settings: &Settings, entries: Vec<Entry>) -> Self {
        let mut compared = Self::default();
        for entry in entries.into_iter().filter(|_| settings.file.is_some()) {
            match stated(settings, &entry.key()) {
                None => compared.lacking.push(entry),
                Some(value) if value != entry.value => compared.differing.push(entry.key()),
                Some(_) => {}
            }
        }
        compared
    }

    /// Notes the keys with other values.
    pub(crate) fn tell(&self) {
        if !self.differing.is_empty() {
            let keys = self.differing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            note(format!("{FILE} keeps other values than those of this run: {keys}"));
        }
    }

    /// Prints the lines to add.
    pub(crate) fn next(&self, app: &App, settings: &Settings) {
        let Some(file) = &settings.file else { return };
        for (is_of_server, place) in [(false, "at its top"), (true, "below `[server]`")] {
            let wanted = self.lacking.iter().filter(|entry| entry.is_of_server == is_of_server);
            let lines: Vec<_> = wanted.map(|entry| from_folder_of(file, entry).line()).collect();
            if !lines.is_empty() {
                app.next(format!("add to {} what it lacks, {place}:\n{}", file.display(), lines.join("\n")));
            }
        }
    }
}

/// Returns the value of a key in the file, as `init` writes it.
fn stated(settings: &Settings, key: &str) -> Option<String> {
    let models = settings.models.iter().flat_map(|text| patterns::split(text));
    match key {
        "schema" => settings.schema.as_ref().map(|folder| quoted(&folder.path.to_string_lossy())),
        "models" if settings.models.is_empty() => None,
        "models" => Some(format!("[{}]", items(models))),
        "server.url" => settings.stated_url().map(quoted),
        "server.database" => settings.database.as_deref().map(quoted),
        "server.user" => settings.user.as_deref().map(quoted),
        _ => None,
    }
}

/// Returns the entry as it belongs in the file, where the folder of the snapshot is relative to that of the file.
fn from_folder_of(file: &Path, entry: &Entry) -> Entry {
    let mut entry = entry.clone();
    let folder = file.parent().and_then(|folder| Path::new(".").join(folder).canonicalize().ok());
    let here = Path::new(".").canonicalize().ok();
    if entry.name == "schema"
        && let (Some(folder), Some(here)) = (folder, here)
        && let Ok(below) = here.strip_prefix(folder)
        && !below.as_os_str().is_empty()
    {
        let given: String = serde_json::from_str(&entry.value).unwrap_or_default();
        entry.value = quoted(&below.join(given).to_string_lossy());
    }
    entry
}
