//! Reading snapshots, and the errors of those that cannot be read.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const SERVER: &str = r#"{
    "format": 1, "series": "8.2", "language": "en", "user": {"login": "admin", "administrator": true},
    "modules": {"sale": "8.2.0"}, "models": ["sale.sale"]
}"#;

const SALE: &str = r#"{"format": 1, "model": "sale.sale", "fields": {"views": {"type": null, "required": true}}}"#;

/// What opening `dir` and reading `model` says.
fn refusal(dir: &Path, model: &str) -> String {
    match SnapshotDir::open(dir).and_then(|dir| dir.model(model)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_key_that_is_left_out_has_its_default() -> Outcome {
    let scratch = TempDir::new()?;
    let dir = scratch.path().join("8.2");
    fs::create_dir_all(&dir)?;
    fs::write(dir.join(SERVER_FILE), SERVER)?;
    fs::write(dir.join("sale.sale.json"), SALE)?;
    let snapshot = SnapshotDir::open(&dir)?;
    assert_eq!(snapshot.server().models, ["sale.sale".to_owned()].into());
    let views = Field { kind: None, required: true, ..Field::new("") };
    let sale = Model {
        format: FORMAT,
        model: "sale.sale".to_owned(),
        fields: [("views".to_owned(), views)].into(),
        ..Model::default()
    };
    assert_eq!(snapshot.load()?.models, [sale]);
    Ok(())
}

#[test]
fn what_cannot_be_read_is_refused_with_file_place_reason_and_remedy() -> Outcome {
    let scratch = TempDir::new()?;
    let dir = scratch.path().join("8.2");
    let path = dir.display().to_string();
    let pull = format!("`cargo tryton pull --models '…' --out {path}`");
    let file = format!("{path}/sale.sale.json");

    assert_eq!(refusal(&dir, "sale.sale"), format!("there is no snapshot at {path}: create it with {pull}"));
    fs::create_dir_all(&dir)?;
    assert_eq!(
        refusal(&dir, "sale.sale"),
        format!(
            "{path} is not a snapshot (it has no server.json of one): name another folder, or \
             empty this one and create the snapshot with {pull}"
        )
    );
    fs::write(dir.join(SERVER_FILE), SERVER)?;
    assert_eq!(
        refusal(&dir, "sale.sale"),
        format!(
            "{file} is missing, although server.json lists its model: restore the file, or pull \
             the snapshot again with {pull}"
        )
    );
    fs::write(&file, "{\"format\": 2, \"future\": true}")?;
    assert_eq!(
        refusal(&dir, "sale.sale"),
        format!(
            "{file} has format 2, but this version of tryton-sdk reads format 1: pull the snapshot \
             again with {pull} of the same version"
        )
    );
    let mend = format!("; fix it, or pull the snapshot again with {pull}");
    for (text, place, reason) in [
        ("", ":1:0", "EOF while parsing a value"),
        ("{\n  \"format\": 1,\n  oops", ":3:3", "key must be a string"),
        ("{}", ":1:2", "missing field `format`"),
        ("{\"format\": 1}", ":1:13", "missing field `model`"),
        ("{\"format\": 1, \"model\": 7}", ":1:24", "invalid type: integer `7`, expected a string"),
        (
            "{\"format\": 1, \"model\": \"sale.line\", \"fields\": {}}",
            "",
            "it describes `sale.line` instead of `sale.sale`",
        ),
        (
            "{\"format\": 1, \"model\": \"sale.sale\", \"fields\": {\"x\": {\"label\": \"X\"}}}",
            ":1:66",
            "missing field `type`",
        ),
    ] {
        fs::write(&file, text)?;
        assert_eq!(refusal(&dir, "sale.sale"), format!("{file}{place}: {reason}{mend}"));
    }
    fs::write(&file, "{\"format\": 1, \"fields\": {}, \"modle\": \"\"}")?;
    assert!(refusal(&dir, "sale.sale").contains(": unknown field `modle`, expected one of "));
    fs::write(&file, b"{\"format\": \xff}")?;
    assert_eq!(refusal(&dir, "sale.sale"), format!("{file}: it is not UTF-8{mend}"));
    Ok(())
}

#[test]
fn names_that_are_no_file_names_stay_out_of_paths() {
    assert_eq!(file_name("sale.line-account.tax").as_deref(), Some("sale.line-account.tax.json"));
    let longest = "a".repeat(250);
    assert!(file_name(&longest).is_some());
    for name in ["server", "", "..", "../x", "a/b", "a\\b", ".hidden", "a\0b", &(longest + "b"), &"é".repeat(126)] {
        assert_eq!(file_name(name), None, "{name:?}");
    }
}
