//! A few of Tryton's own scenarios through the SDK, and what the harness for them promises of itself.
//!
//! `cargo scenarios` runs the others.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tryton_sdk_tests::build::{program, workspace};

static SCENARIOS: LazyLock<PathBuf> = LazyLock::new(|| program("bin", "scenarios"));

fn scenarios(arguments: &[&str]) -> Output {
    let mut command = Command::new(&*SCENARIOS);
    command.args(arguments).current_dir(workspace()).stdin(Stdio::null());
    command.output().expect("it runs")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A wizard over two models, exceptions of the server's classes, and the notifications of a form.
#[test]
fn scenarios_of_tryton_pass() {
    let output = scenarios(&["--jobs", "1", "party_replace", "party_erase", "party_contact_mechanism_notifications"]);
    let said = said(&output);
    assert!(output.status.success() && said.sums_up_as("3 passed, 0 failed"), "{said}");
}

/// With forms they prove what `on_change` does: without it the same scenario fails.
#[test]
fn a_scenario_by_forms_passes_and_fails_without_on_change() {
    for (without, sum) in [(&[][..], "1 passed, 0 failed"), (&["--without", "on_change"], "0 passed, 1 failed")] {
        let output = scenarios(&[&["--forms", "product_variant"], without].concat());
        let said = said(&output);
        assert!(said.sums_up_as(sum), "{without:?}: {said}");
    }
}

#[test]
fn every_call_goes_through_the_sdk_and_every_error_is_told_whole() {
    let output = scenarios(&["--file", "tests/scenarios/own/honesty.rst"]);
    let said = said(&output);
    assert!(output.status.success() && said.sums_up_as("1 passed, 0 failed"), "{said}");
}

#[test]
fn a_scenario_that_does_not_hold_fails_and_is_shown() {
    let output = scenarios(&["--file", "tests/scenarios/own/failing.rst"]);
    let said = said(&output);
    assert!(!output.status.success() && said.sums_up_as("0 passed, 1 failed"), "{said}");
    assert!(said.contains("Expected:\n    [proteus.Model.get('party.party')(1)]\nGot:\n    []"), "{said}");
}

#[test]
fn a_name_that_no_scenario_has_is_an_error() {
    let output = scenarios(&["no_such_scenario"]);
    assert!(!output.status.success() && said(&output).contains("no scenario has such a name"), "{}", said(&output));
}

trait Summary {
    /// Whether the summary is a line of it.
    fn sums_up_as(&self, summary: &str) -> bool;
}

impl Summary for String {
    fn sums_up_as(&self, summary: &str) -> bool {
        self.lines().any(|line| line == summary)
    }
}
