//! Works that mostly wait: their times and requests are compared, because instruction counts reveal nothing about them.

use std::error::Error;

use crate::measure::{Measure, Run, Side};
use crate::paced::Paced;

/// The number of runs of each side, in turns. The median counts.
const ROUNDS: usize = 3;

/// A work that waits, implemented in `tests/speed/`.
pub(crate) struct Wait {
    pub(crate) name: &'static str,
    /// The SDK's goal, mostly relative to the code written by hand.
    goal: &'static str,
    /// The numbers of workers of the server, for the code written by hand and for the SDK.
    workers: (usize, usize),
}

pub(crate) const WAITS: [Wait; 4] = [
    Wait { name: "stream", goal: "none", workers: (1, 1) },
    Wait { name: "stream-ahead", goal: "1.1, 20 MB", workers: (1, 1) },
    Wait { name: "stream-four", goal: "0.33, 20 MB", workers: (1, 4) },
    Wait { name: "batch", goal: "1 or 2 requests", workers: (4, 4) },
];

/// The results of one side's runs.
#[derive(Default)]
struct Taken {
    seconds: Vec<f64>,
    /// The requests of the last run.
    requests: usize,
    /// The maximum of all runs.
    grown: usize,
}

pub(crate) fn print_head() {
    println!("work            seconds by hand  by SDK  ratio  requests by hand, by SDK  MB the process grows by  goal");
}

pub(crate) fn print_row(measure: &Measure, wait: &Wait) -> Result<(), Box<dyn Error>> {
    let servers = [Paced::start(wait.workers.0)?, Paced::start(wait.workers.1)?];
    let (mut hand, mut sdk) = (Taken::default(), Taken::default());
    for _ in 0..ROUNDS {
        hand.add(measure, wait, Side::Hand, &servers[0])?;
        sdk.add(measure, wait, Side::Sdk, &servers[1])?;
    }
    println!(
        "{:<14} {:>16.3} {:>7.3} {:>6.2} {:>17} {:>7} {:>24.1}  {}",
        wait.name,
        hand.median(),
        sdk.median(),
        sdk.median() / hand.median(),
        hand.requests,
        sdk.requests,
        sdk.grown as f64 / 1e6,
        wait.goal,
    );
    Ok(())
}

impl Taken {
    fn add(&mut self, measure: &Measure, wait: &Wait, side: Side, server: &Paced) -> Result<(), Box<dyn Error>> {
        let before = server.requests();
        let Run { seconds, grown, .. } = measure.run_once(wait.name, side, 1, &server.url)?;
        self.seconds.push(seconds);
        self.requests = server.requests() - before;
        self.grown = self.grown.max(grown);
        Ok(())
    }

    fn median(&self) -> f64 {
        let mut seconds = self.seconds.clone();
        seconds.sort_by(f64::total_cmp);
        seconds[seconds.len() / 2]
    }
}
