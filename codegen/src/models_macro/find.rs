//! Finds the snapshot: in the crate's folder, or in the nearest folder above that has it.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::snapshot::SERVER_FILE;

/// Finds the snapshot `schema` from the folder of the crate upwards.
///
/// A folder of that name without a `server.json` is skipped: an empty one may be left over from a move, and another may
/// belong to something else.
pub(super) fn find(schema: &str, crate_dir: &Path) -> Result<PathBuf, NotFound> {
    let mut places = Vec::new();
    for folder in crate_dir.ancestors() {
        let place = folder.join(schema);
        match Why::not(&place) {
            None => return Ok(place),
            Some(why) => places.push((place, why)),
        }
        if Path::new(schema).is_absolute() {
            break;
        }
    }
    Err(NotFound { schema: schema.to_owned(), places })
}

/// There is no snapshot in any of these places.
#[derive(Debug)]
pub(super) struct NotFound {
    schema: String,
    /// The places, the nearest first.
    places: Vec<(PathBuf, Why)>,
}

/// Why a place does not hold a snapshot.
#[derive(Debug)]
enum Why {
    Missing,
    File,
    Empty,
    Other,
    Unreadable(io::Error),
}

impl Why {
    /// Returns the reason, or `None` if `place` holds a snapshot.
    fn not(place: &Path) -> Option<Self> {
        if place.join(SERVER_FILE).is_file() {
            return None;
        }
        Some(match fs::read_dir(place).map(|mut entries| entries.next().is_none()) {
            Ok(true) => Self::Empty,
            Ok(false) => Self::Other,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::Missing,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Self::File,
            Err(error) => Self::Unreadable(error),
        })
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such folder"),
            Self::File => f.write_str("not a folder"),
            Self::Empty => f.write_str("an empty folder"),
            Self::Other => write!(f, "a folder without {SERVER_FILE}"),
            Self::Unreadable(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

impl NotFound {
    /// Returns the whole message for `models!` with these patterns.
    pub(super) fn explain(&self, patterns: &[&str]) -> String {
        let Self { schema, places } = self;
        let remedy = match self.free() {
            Some(folder) => {
                let (patterns, folder) = (patterns.join(","), folder.display());
                format!(
                    "create it with `cargo tryton pull --models '{patterns}' --out {folder}`, or name another folder"
                )
            }
            None => "name another folder, and create a snapshot there with `cargo tryton pull`".to_owned(),
        };
        let places: String = places.iter().map(|(place, why)| format!("\n  {}: {why}", place.display())).collect();
        format!("there is no snapshot `{schema}`: {remedy}. Looked at:{places}")
    }

    /// Returns where a pull may write: an empty folder, which somebody has created for it, or else the nearest place.
    fn free(&self) -> Option<&Path> {
        let empty = self.places.iter().find(|(_, why)| matches!(why, Why::Empty));
        let missing = self.places.iter().find(|(_, why)| matches!(why, Why::Missing));
        empty.or(missing).map(|(place, _)| place.as_path())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn make(root: &TempDir, folders: &[&str]) -> io::Result<()> {
        folders.iter().try_for_each(|folder| fs::create_dir_all(root.path().join(folder)))
    }

    #[test]
    fn the_nearest_snapshot_is_found() -> io::Result<()> {
        let root = TempDir::new()?;
        make(&root, &["schemas/8.2", "app/schemas/8.2", "app/core/src"])?;
        let crate_dir = root.path().join("app/core");
        let (far, near) = (root.path().join("schemas/8.2"), root.path().join("app/schemas/8.2"));
        fs::write(far.join(SERVER_FILE), "{}")?;
        assert_eq!(find("schemas/8.2", &crate_dir).expect("the one at the root"), far, "past an empty folder");
        fs::write(near.join("README.md"), "")?;
        assert_eq!(find("schemas/8.2", &crate_dir).expect("the one at the root"), far, "past a folder of others");
        fs::write(near.join(SERVER_FILE), "{}")?;
        assert_eq!(find("schemas/8.2", &crate_dir).expect("the one in app"), near);
        Ok(())
    }

    #[test]
    fn every_place_is_named_where_there_is_none() -> io::Result<()> {
        let root = TempDir::new()?;
        make(&root, &["schemas/8.2", "app/core/schemas/8.2"])?;
        fs::write(root.path().join("app/core/schemas/8.2/port.json"), "{}")?;
        fs::write(root.path().join("app/schemas"), "")?;
        let error = find("schemas/8.2", &root.path().join("app/core")).expect_err("no snapshot");
        let said = error.explain(&["sale.*", "party.party"]);
        let root = root.path().display();
        let begin = format!(
            "there is no snapshot `schemas/8.2`: create it with `cargo tryton pull --models 'sale.*,party.party' --out \
             {root}/schemas/8.2`, or name another folder. Looked at:\n  \
             {root}/app/core/schemas/8.2: a folder without server.json\n  \
             {root}/app/schemas/8.2: not a folder\n  \
             {root}/schemas/8.2: an empty folder\n  /"
        );
        assert!(said.starts_with(&begin), "{said}");
        assert!(said.ends_with("\n  /schemas/8.2: no such folder"), "{said}");
        Ok(())
    }

    #[test]
    fn a_folder_that_holds_something_else_is_not_offered() -> io::Result<()> {
        let root = TempDir::new()?;
        fs::write(root.path().join("main.rs"), "")?;
        let schema = root.path().display().to_string();
        let said = find(&schema, Path::new("/app")).expect_err("no snapshot").explain(&["sale.sale"]);
        assert_eq!(
            said,
            format!(
                "there is no snapshot `{schema}`: name another folder, and create a snapshot there with `cargo tryton \
                 pull`. Looked at:\n  {schema}: a folder without server.json"
            )
        );
        Ok(())
    }
}
