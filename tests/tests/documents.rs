//! What the README promises. That its snippets compile is a documentation test of this crate's library.

use std::fs;

use tryton_sdk_tests::build::workspace;

#[test]
fn the_program_in_the_readme_is_the_example() {
    let readme = fs::read_to_string(workspace().join("README.md")).expect("the README");
    let example = fs::read_to_string(workspace().join("sdk/examples/open_sales.rs")).expect("the example");
    let fence = "```rust,no_run\n";
    let begin = readme.find(fence).expect("a program") + fence.len();
    assert!(readme[begin..].starts_with(&example), "the program in README.md differs from sdk/examples/open_sales.rs");
    assert!(readme[begin + example.len()..].starts_with("```\n"));
    assert!(example.lines().count() <= 40);
    let first_line = readme[..begin].lines().count() + 1;
    assert!(first_line <= 40, "the program begins at line {first_line}");
}
