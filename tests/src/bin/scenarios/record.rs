//! The results of the scenarios, which `docs/scenarios.md` keeps between runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;

use tryton_sandbox::Series;
use tryton_sdk_tests::build::workspace;

use crate::MODULES;
use crate::run::{Outcome, Run};

/// The line after which this program writes the page.
const MARKER: &str = "<!-- From here on, `cargo scenarios --record` writes this page. -->";

/// How scenarios are run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Way {
    Transport,
    Forms,
    NoSavings,
    WithoutOnChange,
    WithoutOnChangeWith,
    WithoutTelling,
}

impl Way {
    const ALL: [Self; 6] = [
        Self::Transport,
        Self::Forms,
        Self::NoSavings,
        Self::WithoutOnChange,
        Self::WithoutOnChangeWith,
        Self::WithoutTelling,
    ];
    /// The ways in which scenarios must pass.
    const PASSING: [Self; 2] = [Self::Transport, Self::Forms];

    /// Returns the heading of its column.
    fn as_str(self) -> &'static str {
        match self {
            Self::Transport => "transport",
            Self::Forms => "forms",
            Self::NoSavings => "no savings",
            Self::WithoutOnChange => "without `on_change`",
            Self::WithoutOnChangeWith => "without `on_change_with`",
            Self::WithoutTelling => "parents not told",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == name)
    }
}

/// The result of a scenario that was run in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Result {
    /// It passed with this number of requests.
    Passed(u64),
    Failed,
}

impl Result {
    fn of(outcome: &Outcome) -> Option<Self> {
        match outcome {
            Outcome::Done(report) if outcome.has_passed() => Some(Self::Passed(report.requests)),
            Outcome::Done(_) | Outcome::Broken(_) => Some(Self::Failed),
            Outcome::NeedsTheInternet(_) => None,
        }
    }

    /// Parses a cell of the table. Returns `None` if the scenario was not run.
    fn read(cell: &str) -> Option<Self> {
        match cell {
            "failed" => Some(Self::Failed),
            number => number.parse().ok().map(Self::Passed),
        }
    }

    fn cell(result: Option<&Self>) -> String {
        match result {
            None => String::new(),
            Some(Self::Passed(requests)) => requests.to_string(),
            Some(Self::Failed) => "failed".to_owned(),
        }
    }
}

/// The results of a series, by the titles of scenarios.
type Results = BTreeMap<String, BTreeMap<Way, Result>>;

/// The page.
#[derive(Debug, PartialEq)]
pub(crate) struct Page {
    /// The text written by hand.
    written: String,
    series: BTreeMap<Series, Results>,
}

impl Page {
    fn path() -> PathBuf {
        workspace().join("docs/scenarios.md")
    }

    pub(crate) fn load() -> io::Result<Self> {
        Ok(Self::parse(&fs::read_to_string(Self::path())?))
    }

    pub(crate) fn store(&self) -> io::Result<()> {
        fs::write(Self::path(), self.text())
    }

    fn parse(text: &str) -> Self {
        let (written, results) = text.split_once(MARKER).unwrap_or((text, ""));
        let mut series = BTreeMap::<Series, Results>::new();
        let mut of = None;
        let mut ways: Vec<Option<Way>> = Vec::new();
        for line in results.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                of = heading.parse::<Series>().ok();
            }
            let (Some(of), Some(row)) = (of, line.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"))) else {
                continue;
            };
            let cells: Vec<&str> = row.split(" | ").map(str::trim).collect();
            match cells.split_first() {
                Some((&"scenario", heads)) => ways = heads.iter().map(|head| Way::named(head)).collect(),
                Some((title, cells)) => {
                    let results = ways.iter().zip(cells).filter_map(|(way, cell)| Some(((*way)?, Result::read(cell)?)));
                    series.entry(of).or_default().insert(title.trim_matches('`').to_owned(), results.collect());
                }
                None => {}
            }
        }
        Self { written: written.trim_end().to_owned(), series }
    }

    /// Replaces earlier results with those of runs.
    pub(crate) fn take(&mut self, series: Series, way: Way, runs: &[Run]) {
        for run in runs {
            if let Some(result) = Result::of(&run.outcome) {
                let results = self.series.entry(series).or_default().entry(run.scenario.title()).or_default();
                results.insert(way, result);
            }
        }
    }

    /// Returns the numbers of requests of the scenarios in which proteus computes the values.
    pub(crate) fn requests_of_proteus(&self, series: Series) -> BTreeMap<String, u64> {
        let results = self.series.get(&series).into_iter().flatten();
        let passed = results.filter_map(|(title, results)| match results.get(&Way::Transport) {
            Some(Result::Passed(requests)) => Some((title.clone(), *requests)),
            _ => None,
        });
        passed.collect()
    }

    fn text(&self) -> String {
        let mut text = format!("{}\n\n{MARKER}\n", self.written);
        self.write(&mut text).expect("a string takes everything");
        text
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "\n## Passed\n\n| series | modules | transport | forms | requests of both |\n|---|---|---|---|---|"
        )?;
        for (series, results) in self.series.iter().rev() {
            for (modules, is_default) in [("the default ones", true), ("others", false)] {
                let results: Vec<_> = results.iter().filter(|(title, _)| is_of_default(title) == is_default).collect();
                let passed = Way::PASSING.map(|way| passed(way, results.iter().map(|(_, results)| *results)));
                if results.is_empty() {
                    continue;
                }
                let both = requests_of_both(results.iter().map(|(_, results)| *results));
                writeln!(text, "| {series} | {modules} | {} | {} | {both} |", passed[0], passed[1])?;
            }
        }
        writeln!(text, "\n## Forms that do without something\n\n| series | variant | passed |\n|---|---|---|")?;
        for (series, results) in self.series.iter().rev() {
            for way in Way::ALL.into_iter().filter(|way| !Way::PASSING.contains(way)) {
                if results.values().any(|results| results.contains_key(&way)) {
                    writeln!(text, "| {series} | {} | {} |", way.as_str(), passed(way, results.values()))?;
                }
            }
        }
        for (series, results) in self.series.iter().rev() {
            let ways: BTreeSet<Way> = results.values().flat_map(BTreeMap::keys).copied().collect();
            let heads: Vec<&str> = ways.iter().map(|way| way.as_str()).collect();
            writeln!(
                text,
                "\n## {series}\n\n| scenario | {} |\n|---|{}",
                heads.join(" | "),
                "---|".repeat(ways.len())
            )?;
            for (title, results) in results {
                let cells: Vec<String> = ways.iter().map(|way| Result::cell(results.get(way))).collect();
                writeln!(text, "| `{title}` | {} |", cells.join(" | "))?;
            }
        }
        Ok(())
    }
}

fn is_of_default(title: &str) -> bool {
    title.split_once('/').is_some_and(|(module, _)| MODULES.contains(&module))
}

/// Formats how many of the scenarios that were run have passed.
fn passed<'r>(way: Way, results: impl Iterator<Item = &'r BTreeMap<Way, Result>>) -> String {
    let results: Vec<_> = results.filter_map(|results| results.get(&way)).collect();
    let passed = results.iter().filter(|result| matches!(result, Result::Passed(_))).count();
    if results.is_empty() { String::new() } else { format!("{passed} of {}", results.len()) }
}

/// Formats the numbers of requests of the scenarios that passed in both ways.
fn requests_of_both<'r>(results: impl Iterator<Item = &'r BTreeMap<Way, Result>>) -> String {
    let requests = results.filter_map(|results| match Way::PASSING.map(|way| results.get(&way)) {
        [Some(Result::Passed(transport)), Some(Result::Passed(forms))] => Some((transport, forms)),
        _ => None,
    });
    let (transport, forms) = requests.fold((0, 0), |sum, requests| (sum.0 + requests.0, sum.1 + requests.1));
    if transport == 0 { String::new() } else { format!("{transport} and {forms}") }
}

#[cfg(test)]
mod tests {
    use serde_json::Map;

    use super::*;
    use crate::run::Report;
    use crate::scenario::Scenario;

    fn run(name: &str, failed: u64, requests: u64) -> Run {
        let scenario = Scenario { name: name.to_owned(), file: PathBuf::new(), globals: Map::new() };
        let report = Report { failed, attempted: 3, seconds: 1.0, requests, output: String::new() };
        Run { scenario, outcome: Outcome::Done(report), requests_of_proteus: None }
    }

    #[test]
    fn the_page_is_as_this_program_writes_it() {
        let text = fs::read_to_string(Page::path()).expect("the page");
        assert_eq!(Page::parse(&text).text(), text);
    }

    #[test]
    fn results_are_kept_beside_those_of_other_runs() {
        let mut page = Page::parse("# Scenarios\n\nWords.\n");
        page.take(Series::V8_2, Way::Transport, &[run("sale/sale", 0, 800), run("party/party_erase", 0, 20)]);
        page.take(Series::V8_2, Way::Forms, &[run("sale/sale", 0, 600), run("party/party_erase", 1, 7)]);
        let mut page = Page::parse(&page.text());
        page.take(Series::V8_2, Way::WithoutOnChange, &[run("sale/sale", 1, 60)]);
        page.take(Series::V7_0, Way::Forms, &[run("project/project", 0, 9)]);
        let text = page.text();
        assert!(text.starts_with("# Scenarios\n\nWords.\n\n<!-- "), "{text}");
        for line in [
            "| 8.2 | the default ones | 2 of 2 | 1 of 2 | 800 and 600 |",
            "| 7.0 | others |  | 1 of 1 |  |",
            "| 8.2 | without `on_change` | 0 of 1 |",
            "| scenario | transport | forms | without `on_change` |",
            "| `sale/sale` | 800 | 600 | failed |",
            "| `party/party_erase` | 20 | failed |  |",
        ] {
            assert!(text.lines().any(|it| it == line), "no {line} in {text}");
        }
        assert_eq!(Page::parse(&text), page);
        assert_eq!(page.requests_of_proteus(Series::V8_2)["sale/sale"], 800);
    }
}
