use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tryton_sdk_codegen::snapshot::{FORMAT, Field, Model, Server, SnapshotDir};

use super::*;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A folder of its own for each test, which goes when the test ends.
struct Scratch(TempDir);

impl Scratch {
    fn new() -> std::io::Result<Self> {
        TempDir::new().map(Self)
    }

    /// The folder of the snapshot.
    fn snapshot(&self) -> PathBuf {
        self.0.path().join("8.2")
    }

    /// What lies beside the snapshot.
    fn siblings(&self) -> std::io::Result<Vec<String>> {
        names(self.0.path())
    }
}

fn names(dir: &Path) -> std::io::Result<Vec<String>> {
    let entries = fs::read_dir(dir)?.collect::<Result<Vec<_>, _>>()?;
    let mut names: Vec<_> = entries.iter().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    Ok(names)
}

fn snapshot(models: &[&str]) -> Snapshot {
    let model = |name: &&str| {
        let state = Field {
            required: true,
            searchable: false,
            selection: Some(vec![(None, String::new()), (Some("draft".to_owned()), "Draft".to_owned())]),
            digits: Some((Some(16), None)),
            ..Field::new("selection")
        };
        let views = Field { kind: None, ..Field::new("") };
        Model {
            format: FORMAT,
            model: (*name).to_owned(),
            methods: ["read".to_owned(), "search".to_owned()].into(),
            fields: [("state".to_owned(), state), ("views".to_owned(), views)].into(),
            ..Model::default()
        }
    };
    let server = Server {
        format: FORMAT,
        series: "8.2".to_owned(),
        language: "en".to_owned(),
        models: models.iter().map(|name| (*name).to_owned()).collect(),
        ..Server::default()
    };
    Snapshot { server, models: models.iter().map(model).collect() }
}

/// What opening `dir` and reading `model` says.
fn refusal(dir: &Path, model: &str) -> String {
    match SnapshotDir::open(dir).and_then(|dir| dir.model(model)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn what_is_written_is_read() -> Outcome {
    let scratch = Scratch::new()?;
    let written = snapshot(&["sale.line-account.tax", "sale.sale"]);
    write(&scratch.snapshot(), &written)?;
    let dir = SnapshotDir::open(scratch.snapshot())?;
    assert_eq!(*dir.server(), written.server);
    for model in &written.models {
        assert_eq!(dir.model(&model.model)?, *model);
    }
    Ok(())
}

#[test]
fn files_are_readable_and_say_what_differs_from_the_default() -> Outcome {
    let scratch = Scratch::new()?;
    write(&scratch.snapshot(), &snapshot(&["sale.sale"]))?;
    let text = fs::read_to_string(scratch.snapshot().join("sale.sale.json"))?;
    let expected = r#"{
  "format": 1,
  "model": "sale.sale",
  "methods": [
    "read",
    "search"
  ],
  "fields": {
    "state": {
      "type": "selection",
      "required": true,
      "searchable": false,
      "selection": [
        [null, ""],
        ["draft", "Draft"]
      ],
      "digits": [
        16,
        null
      ]
    },
    "views": {
      "type": null
    }
  }
}
"#;
    assert_eq!(text, expected);
    Ok(())
}

#[test]
fn the_same_snapshot_changes_nothing() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    let first = write(&dir, &snapshot(&["sale.sale"]))?;
    let time = fs::metadata(dir.join(SERVER_FILE))?.modified()?;
    let second = write(&dir, &snapshot(&["sale.sale"]))?;
    assert_eq!((first.unchanged, second.unchanged), (false, true));
    assert_eq!(first.bytes, second.bytes);
    assert_eq!(fs::metadata(dir.join(SERVER_FILE))?.modified()?, time);
    Ok(())
}

#[test]
fn models_no_longer_selected_go_and_notes_stay() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.line", "sale.sale"]))?;
    fs::write(dir.join("NOTES.md"), "ours")?;
    assert!(!write(&dir, &snapshot(&["party.party", "sale.sale"]))?.unchanged);
    assert_eq!(names(&dir)?, ["NOTES.md", "party.party.json", "sale.sale.json", "server.json"]);
    assert_eq!(scratch.siblings()?, ["8.2"]);
    assert!(write(&dir, &snapshot(&["party.party", "sale.sale"]))?.unchanged);
    Ok(())
}

#[test]
fn a_stray_file_is_a_change() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.sale"]))?;
    fs::write(dir.join("sale.old.json"), "{}")?;
    assert!(!write(&dir, &snapshot(&["sale.sale"]))?.unchanged);
    assert_eq!(names(&dir)?, ["sale.sale.json", "server.json"]);
    Ok(())
}

#[test]
fn an_interrupted_write_leaves_the_old_snapshot() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.sale"]))?;
    // Between the two renames the old snapshot has its sibling name only.
    fs::rename(&dir, scratch.0.path().join(".8.2.old"))?;
    assert!(write(&dir, &snapshot(&["sale.sale"]))?.unchanged);
    // After them it is superfluous, but for notes that have not been carried over yet.
    fs::create_dir(scratch.0.path().join(".8.2.old"))?;
    fs::copy(dir.join("server.json"), scratch.0.path().join(".8.2.old/server.json"))?;
    fs::write(scratch.0.path().join(".8.2.old/NOTES.md"), "ours")?;
    write(&dir, &snapshot(&["sale.line"]))?;
    assert_eq!(scratch.siblings()?, ["8.2"]);
    assert_eq!(names(&dir)?, ["NOTES.md", "sale.line.json", "server.json"]);
    Ok(())
}

#[test]
fn a_folder_that_only_has_the_name_of_an_old_snapshot_is_kept() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.sale"]))?;
    fs::create_dir(scratch.0.path().join(".8.2.old"))?;
    fs::write(scratch.0.path().join(".8.2.old/thesis.txt"), "mine")?;
    assert!(write(&dir, &snapshot(&["sale.line"])).is_err());
    assert_eq!(names(&dir)?, ["sale.sale.json", "server.json"]);
    assert_eq!(names(&scratch.0.path().join(".8.2.old"))?, ["thesis.txt"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn what_a_link_leads_to_is_replaced() -> Outcome {
    let scratch = Scratch::new()?;
    let (dir, link) = (scratch.snapshot(), scratch.0.path().join("link"));
    write(&dir, &snapshot(&["sale.sale"]))?;
    std::os::unix::fs::symlink(&dir, &link)?;
    write(&link, &snapshot(&["sale.line"]))?;
    assert!(link.is_symlink());
    assert_eq!(names(&dir)?, ["sale.line.json", "server.json"]);
    Ok(())
}

#[cfg(unix)]
#[test]
fn a_link_may_lead_to_what_is_not_there_yet() -> Outcome {
    let scratch = Scratch::new()?;
    let (first, second) = (scratch.0.path().join("first"), scratch.0.path().join("second"));
    std::os::unix::fs::symlink("second", &first)?;
    std::os::unix::fs::symlink("8.2", &second)?;
    check_place(&first)?;
    write(&first, &snapshot(&["sale.sale"]))?;
    assert!(first.is_symlink() && second.is_symlink());
    assert_eq!(names(&scratch.snapshot())?, ["sale.sale.json", "server.json"]);
    fs::remove_file(&second)?;
    std::os::unix::fs::symlink("first", &second)?;
    assert!(check_place(&first).is_err(), "a circle");
    Ok(())
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_work() -> Outcome {
    let scratch = Scratch::new()?;
    check_place(&scratch.0.path().join("a/b/c"))?;
    assert!(scratch.siblings()?.is_empty(), "it leaves nothing");
    let long = scratch.0.path().join("x".repeat(250));
    let refused = check_place(&long).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.starts_with("cannot create "), "{refused}");
    if cfg!(target_os = "linux") {
        let refused = check_place(Path::new("/proc")).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.starts_with("/proc is a mount point, "), "{refused}");
    }
    Ok(())
}

#[test]
fn line_ends_of_windows_are_no_change() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.sale"]))?;
    for name in names(&dir)? {
        let text = fs::read_to_string(dir.join(&name))?.replace('\n', "\r\n");
        fs::write(dir.join(&name), text)?;
    }
    assert!(write(&dir, &snapshot(&["sale.sale"]))?.unchanged);
    Ok(())
}

#[test]
fn a_failed_write_leaves_the_old_snapshot() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["sale.sale"]))?;
    let failed = write(&dir, &snapshot(&["sale.line", "../evil"]));
    let message = failed.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(message.contains("the name of the model `../evil` cannot be a file name"), "{message}");
    assert_eq!(names(&dir)?, ["sale.sale.json", "server.json"]);
    assert_eq!(scratch.siblings()?, ["8.2"]);
    Ok(())
}

#[test]
fn other_folders_are_not_replaced() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    for (file, content) in [("main.rs", ""), ("server.json", "{\"port\": 80}")] {
        fs::create_dir_all(&dir)?;
        fs::write(dir.join(file), content)?;
        let failed = write(&dir, &snapshot(&["sale.sale"]));
        let message = failed.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(message.contains("8.2 is not a snapshot"), "{message}");
        assert_eq!(names(&dir)?, [file]);
        fs::remove_dir_all(&dir)?;
    }
    fs::write(&dir, "a file")?;
    assert!(write(&dir, &snapshot(&["sale.sale"])).is_err());
    fs::remove_file(&dir)?;
    fs::create_dir(&dir)?;
    assert!(!write(&dir, &snapshot(&["sale.sale"]))?.unchanged);
    Ok(())
}

#[test]
fn a_snapshot_with_the_marks_of_a_merge_may_be_replaced() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    write(&dir, &snapshot(&["party.party", "sale.sale"]))?;
    let conflict = "{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n";
    for file in ["server.json", "sale.sale.json"] {
        fs::write(dir.join(file), conflict)?;
    }
    check_place(&dir)?;
    write(&dir, &snapshot(&["party.party", "sale.sale"]))?;
    assert_eq!(refusal(&dir, "sale.sale"), "");
    Ok(())
}

#[test]
fn a_snapshot_of_another_version_may_be_replaced() -> Outcome {
    let scratch = Scratch::new()?;
    let dir = scratch.snapshot();
    fs::create_dir(&dir)?;
    fs::write(dir.join("server.json"), "{\"format\": 0, \"series\": \"8.2\", \"old\": 1}")?;
    write(&dir, &snapshot(&["sale.sale"]))?;
    assert_eq!(refusal(&dir, "sale.sale"), "");
    Ok(())
}
