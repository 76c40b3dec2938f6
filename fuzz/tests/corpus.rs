//! The files below `corpus/` through what is fuzzed, whole and cut off at many places.

use std::fs;
use std::path::Path;

fn run(target: &str, run: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut files = 0;
    for entry in fs::read_dir(&folder).expect("the corpus") {
        let input = fs::read(entry.expect("a file of the corpus").path()).expect("a file of the corpus");
        run(&input);
        (0..input.len()).step_by(5).for_each(|end| run(&input[..end]));
        files += 1;
    }
    assert!(files > 0, "{} is empty", folder.display());
}

#[test]
fn answers() {
    run("answer", tryton_sdk_fuzz::answer);
}

#[test]
fn snapshots() {
    run("snapshot", tryton_sdk_fuzz::snapshot);
}
