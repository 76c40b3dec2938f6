//! The `tryton.toml` of a crate: in its folder, or in the nearest folder above.

use std::fs;
use std::path::{Path, PathBuf};

use crate::settings::{FILE, Mistake, Stated};

/// The file, its folder, and its settings.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) file: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) stated: Stated,
}

/// Finds and reads the file from the folder of the crate upwards. The error is the whole message.
pub(super) fn find(crate_dir: &Path) -> Result<Found, String> {
    let Some(folder) = crate_dir.ancestors().find(|folder| folder.join(FILE).is_file()) else {
        return Err(format!(
            "there is no {FILE} in {} or a folder above it: run `cargo tryton init`, or give `schema` and `models` here",
            crate_dir.display()
        ));
    };
    let file = folder.join(FILE);
    let text = fs::read_to_string(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let stated =
        Stated::read(&text).map_err(|Mistake { line, message }| format!("{}:{line}: {message}", file.display()))?;
    Ok(Found { folder: folder.to_owned(), file, stated })
}

#[cfg(test)]
mod tests {
    use std::io;

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn the_nearest_file_is_read() -> io::Result<()> {
        let root = TempDir::new()?;
        let crate_dir = root.path().join("app/core");
        fs::create_dir_all(&crate_dir)?;
        fs::write(root.path().join(FILE), "schema = \"far\"")?;
        assert_eq!(find(&crate_dir).expect("the one at the root").stated.schema.as_deref(), Some("far"));
        fs::write(root.path().join("app").join(FILE), "\nmodel = \"near\"")?;
        let said = find(&crate_dir).expect_err("an unknown key");
        assert!(said.ends_with("app/tryton.toml:2: unknown key `model`: did you mean `models`?"), "{said}");
        Ok(())
    }
}
