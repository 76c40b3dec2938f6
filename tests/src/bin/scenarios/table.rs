//! The results of the scenarios, for people to read.

use tryton_sandbox::Series;

use crate::run::{Outcome, Run};

/// The number of lines that are shown of a failure.
const SHOWN: usize = 40;

/// Prints failures, a table, and how many scenarios passed. Returns whether none failed.
pub(crate) fn print(series: Series, runs: &[Run]) -> bool {
    let failures: Vec<&Run> = runs.iter().filter(|run| has_failed(run)).collect();
    for failure in &failures {
        println!("{}\n{}\n", failure.scenario.title(), wrong(&failure.outcome));
    }
    println!("  seconds  requests  of proteus  scenario of Tryton {series}");
    runs.iter().for_each(|run| println!("{}", line(run)));
    let passed = runs.iter().filter(|run| run.outcome.has_passed()).count();
    let skipped = runs.len() - passed - failures.len();
    let more = if skipped > 0 { format!(", {skipped} need the internet") } else { String::new() };
    println!("{passed} passed, {} failed{more}", failures.len());
    failures.is_empty()
}

/// Returns the line of the table.
pub(crate) fn line(run: &Run) -> String {
    let title = run.scenario.title();
    let of_proteus = run.requests_of_proteus.map(|requests| requests.to_string()).unwrap_or_default();
    match &run.outcome {
        Outcome::Done(report) => {
            let result = if run.outcome.has_passed() { "passed" } else { "FAILED" };
            format!("{:>9.1} {:>9} {of_proteus:>11}  {title}: {result}", report.seconds, report.requests)
        }
        Outcome::Broken(_) => format!("{:>32} {title}: FAILED", ""),
        Outcome::NeedsTheInternet(why) => format!("{:>32} {title}: needs the internet: {why}", ""),
    }
}

fn has_failed(run: &Run) -> bool {
    !run.outcome.has_passed() && !matches!(run.outcome, Outcome::NeedsTheInternet(_))
}

fn wrong(outcome: &Outcome) -> String {
    let text = match outcome {
        Outcome::Done(report) if report.attempted == 0 => "it has no examples",
        Outcome::Done(report) => report.output.as_str(),
        Outcome::Broken(why) => why.as_str(),
        Outcome::NeedsTheInternet(why) => why,
    };
    let lines: Vec<&str> = text.lines().collect();
    // A traceback's end is important; so is a doctest's beginning, which contains the line and the example.
    match lines.len() {
        0..=SHOWN => lines.join("\n"),
        all => [&lines[..SHOWN / 2], &["…"], &lines[all - SHOWN / 2..]].concat().join("\n"),
    }
}
