//! What a new series of Tryton brought, by the snapshots of the official modules.
//!
//! Each file in `differences/` counts all differences, and lists those of a few models and the models that came and
//! went. After the snapshots have been pulled anew, this writes the files again, to be read as a diff:
//!
//!     GOLDEN=overwrite cargo test --test differences

use std::fs;
use std::path::Path;

use tryton_sdk_codegen::plan::Overrides;
use tryton_sdk_codegen::snapshot::{Snapshot, SnapshotDir};
use tryton_sdk_metadata::diff::page::{self, Entry, Page};
use tryton_sdk_metadata::diff::{Change, Difference, Part, diff};

/// The models whose differences are listed.
const MODELS: [&str; 6] =
    ["account.invoice", "ir.model", "party.address", "product.product", "sale.sale", "stock.move"];

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn snapshot(series: &str) -> Result<Snapshot, Box<dyn std::error::Error>> {
    Ok(SnapshotDir::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas").join(series))?.load()?)
}

fn is_listed(difference: &Difference) -> bool {
    let is_whole = difference.part == Part::Model && matches!(difference.change, Change::Gone | Change::Added);
    is_whole || difference.model.as_deref().is_some_and(|model| MODELS.contains(&model))
}

fn check(from: &str, to: &str) -> Outcome {
    let differences: Vec<Entry> =
        diff(&snapshot(from)?, &snapshot(to)?, &Overrides::default()).into_iter().map(Entry::from).collect();
    let listed: Vec<Entry> = differences.iter().filter(|entry| is_listed(&entry.difference)).cloned().collect();
    let page = Page { from, to, differences: &listed, wording: true };
    let text = format!("All: {}\n\nOf these, {}", page::summary(&differences), page.text());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/differences/{from}-{to}.txt"));
    if std::env::var_os("GOLDEN").is_some_and(|golden| golden == "overwrite") {
        fs::write(&file, &text)?;
    }
    assert_eq!(text, fs::read_to_string(&file)?, "{} is out of date", file.display());
    Ok(())
}

#[test]
fn from_6_0_to_7_0() -> Outcome {
    check("6.0", "7.0")
}

#[test]
fn from_7_0_to_8_0() -> Outcome {
    check("7.0", "8.0")
}

#[test]
fn from_8_0_to_8_2() -> Outcome {
    check("8.0", "8.2")
}

#[test]
fn from_a_snapshot_to_itself_nothing_differs() -> Outcome {
    let snapshot = snapshot("8.2")?;
    assert_eq!(diff(&snapshot, &snapshot, &Overrides::default()), []);
    Ok(())
}
