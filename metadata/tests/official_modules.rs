//! The snapshots of the official modules, written as folders and as Rust files.

use std::error::Error;
use std::path::{Path, PathBuf};

use proc_macro2::TokenStream;
use tryton_sdk_codegen::plan::{Request, plan};
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir, SnapshotError};
use tryton_sdk_metadata::{folder, generate};

const SERIES: [&str; 4] = ["6.0", "7.0", "8.0", "8.2"];

fn schema(series: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(series)
}

fn snapshot(series: &str) -> Result<Snapshot, SnapshotError> {
    SnapshotDir::open(schema(series))?.load()
}

#[test]
fn the_files_are_rust_in_every_series() -> Result<(), Box<dyn Error>> {
    for series in SERIES {
        let Snapshot { server, models } = snapshot(series)?;
        let plan = plan(&Request::new(&server, models, |_| true)).map_err(|errors| format!("{errors:?}"))?;
        let files = generate::files(&plan, "schemas", "::tryton_sdk", false);
        assert!(files.len() > plan.models.len(), "{series}");
        for (name, text) in files {
            assert!(text.parse::<TokenStream>().is_ok(), "{name} of {series}");
        }
    }
    Ok(())
}

#[test]
fn writing_what_was_read_changes_no_byte() -> Result<(), Box<dyn Error>> {
    for series in SERIES {
        let root = tempfile::tempdir()?;
        let scratch = root.path().join(series);
        folder::write(&scratch, &snapshot(series)?)?;
        for entry in std::fs::read_dir(schema(series))? {
            let entry = entry?;
            let copy = std::fs::read(scratch.join(entry.file_name()))?;
            assert!(copy == std::fs::read(entry.path())?, "{}", entry.path().display());
        }
    }
    Ok(())
}
