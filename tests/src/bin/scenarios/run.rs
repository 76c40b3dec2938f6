//! Runs scenarios, each in its own process.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tryton_sandbox::Programs;
use tryton_sdk_tests::build::workspace;

use crate::forms::Variant;
use crate::scenario::Scenario;
use crate::table;

/// The time limit of a scenario. A longer one has stalled.
const LIMIT: Duration = Duration::from_secs(900);

/// A scenario and its outcome.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) scenario: Scenario,
    pub(crate) outcome: Outcome,
    /// The recorded number of requests of proteus, if records are forms.
    pub(crate) requests_of_proteus: Option<u64>,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran to its end.
    Done(Report),
    /// It did not, for this reason.
    Broken(String),
    /// It was not run, because it needs the internet for this.
    NeedsTheInternet(&'static str),
}

/// The report of a scenario's process.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    /// The number of examples with a result other than the expected one.
    pub(crate) failed: u64,
    pub(crate) attempted: u64,
    pub(crate) seconds: f64,
    /// The number of requests of the SDK to the server.
    pub(crate) requests: u64,
    /// The doctest's output for the first example that failed.
    pub(crate) output: String,
}

impl Outcome {
    /// Returns whether all results were as expected.
    pub(crate) fn has_passed(&self) -> bool {
        // A scenario without examples proves nothing.
        matches!(self, Self::Done(report) if report.failed == 0 && report.attempted > 0)
    }
}

/// Runs scenarios with the programs of one series.
#[derive(Clone, Debug)]
pub(crate) struct Runner {
    programs: Programs,
    /// The command of the bridge, which is also this program.
    bridge: Vec<String>,
    /// Whether records are forms of the SDK.
    forms: bool,
    /// The numbers of requests of proteus, by the titles of scenarios.
    proteus: BTreeMap<String, u64>,
}

impl Runner {
    pub(crate) fn new(
        programs: &Programs,
        forms: bool,
        variant: &Variant,
        proteus: BTreeMap<String, u64>,
    ) -> Result<Self, Box<dyn Error>> {
        let this = env::current_exe()?.into_os_string().into_string();
        let this = this.map_err(|path| format!("{} is not UTF-8", path.display()))?;
        let mut bridge = vec![this, "--bridge".to_owned()];
        if forms {
            bridge.extend(["--forms".to_owned()].into_iter().chain(variant.arguments()));
        }
        Ok(Self { programs: programs.clone(), bridge, forms, proteus })
    }

    /// Runs all scenarios, `jobs` at a time, and reports each when it is done. The results are in the given order.
    pub(crate) async fn run_all(&self, scenarios: Vec<Scenario>, jobs: usize) -> Vec<Run> {
        let places = Arc::new(Semaphore::new(jobs.max(1)));
        let mut tasks = JoinSet::new();
        let mut waiting: Vec<(usize, Scenario)> = scenarios.into_iter().enumerate().collect();
        // Start the longest first, so that none runs alone at the end.
        waiting.sort_by_key(|(_, scenario)| Reverse(fs::metadata(&scenario.file).map_or(0, |file| file.len())));
        for (position, scenario) in waiting {
            let place = Arc::clone(&places).acquire_owned().await.expect("the semaphore is never closed");
            let runner = self.clone();
            tasks.spawn(async move {
                let outcome = runner.run(&scenario).await;
                drop(place);
                let requests_of_proteus = runner.proteus.get(&scenario.title()).copied();
                let run = Run { scenario, outcome, requests_of_proteus };
                eprintln!("{}", table::line(&run));
                (position, run)
            });
        }
        let mut runs = tasks.join_all().await;
        runs.sort_by_key(|(position, _)| *position);
        runs.into_iter().map(|(_, run)| run).collect()
    }

    async fn run(&self, scenario: &Scenario) -> Outcome {
        if let Some(why) = scenario.needs_the_internet() {
            return Outcome::NeedsTheInternet(why);
        }
        match tokio::time::timeout(LIMIT, self.process(scenario)).await {
            Ok(Ok(report)) => Outcome::Done(report),
            Ok(Err(error)) => Outcome::Broken(error.to_string()),
            Err(_) => Outcome::Broken(format!("it was stopped after {} s", LIMIT.as_secs())),
        }
    }

    async fn process(&self, scenario: &Scenario) -> Result<Report, Box<dyn Error + Send + Sync>> {
        let what = json!({
            "scenario": scenario.file,
            "globals": scenario.globals,
            "bridge": self.bridge,
            "forms": self.forms,
            "databases": self.programs.kept("scenarios"),
        });
        let mut python = Command::from(self.programs.python());
        python.args(["-W", "ignore", "-m", "scenarios", &what.to_string()]);
        python.env("PYTHONPATH", workspace().join("tests")).env("PYTHONDONTWRITEBYTECODE", "1");
        // The process ends when this end of the pipe closes, and cleans up.
        python.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = python.spawn()?;
        let _life = child.stdin.take();
        let output = child.wait_with_output().await?;
        let said = String::from_utf8_lossy(&output.stdout);
        let report = said.lines().last().and_then(|line| serde_json::from_str(line).ok());
        report.ok_or_else(|| io::Error::other(String::from_utf8_lossy(&output.stderr)).into())
    }
}
