//! `cargo speed`: compares the instructions of the SDK with those of code written by hand for one purpose.
//!
//! Each side does each work in its own process under valgrind, with a few and with more repetitions: the difference is
//! the cost of one more repetition. The server returns the same bytes each time, so these counts hardly vary between
//! runs; the CPU-seconds that are also shown do. For works that wait for the server, it shows times and requests.

mod canned;
mod http;
mod measure;
mod paced;
mod record;
mod waits;

use std::error::Error;

use clap::Parser;
use tryton_sandbox::Redis;

use measure::{Cost, Measure, Side};
use record::Counts;
use waits::WAITS;

/// Count the instructions of the SDK and of code written by hand for the same work.
#[derive(Parser)]
#[command(name = "cargo speed", bin_name = "cargo speed")]
struct Options {
    /// Only the works with this in their name
    #[arg(default_value = "")]
    name: String,
    /// Write the SDK's counts into tests/speed.txt, below those that are there
    #[arg(long, value_name = "WHY")]
    record: Option<String>,
    /// Count the SDK's instructions only, and fail where there are 3 % more than the last counts of tests/speed.txt say
    #[arg(long, conflicts_with = "record")]
    check: bool,
}

/// One kind of work, implemented in `tests/speed/`.
struct Work {
    name: &'static str,
    /// The SDK's goal, mostly relative to the code written by hand.
    goal: &'static str,
    /// The number of repetitions before the measured ones, and of the measured ones.
    times: (usize, usize),
    /// Whether its count is the same each time. The count for small messages depends on when they arrive.
    is_steady: bool,
}

const WORKS: [Work; 8] = [
    Work { name: "fetch", goal: "0.8", times: (1, 3), is_steady: true },
    Work { name: "fetch-gzip", goal: "0.9", times: (1, 3), is_steady: true },
    Work { name: "call", goal: "1.05", times: (20, 200), is_steady: false },
    Work { name: "hit", goal: "5,000 instructions", times: (20, 500), is_steady: true },
    Work { name: "hit-large", goal: "nothing inflated or copied", times: (1, 3), is_steady: true },
    Work { name: "hit-redis", goal: "1.3", times: (20, 200), is_steady: false },
    Work { name: "download", goal: "heap of 2.5 files", times: (1, 1), is_steady: true },
    Work { name: "upload", goal: "heap of 2.5 files", times: (1, 1), is_steady: true },
];

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let redis = Redis::start_own(&[])?;
    let measure = Measure::new(canned::start()?, redis.url())?;
    let waits: Vec<_> = WAITS.iter().filter(|wait| wait.name.contains(&options.name)).collect();
    let works: Vec<_> = WORKS.iter().filter(|work| work.name.contains(&options.name)).collect();
    let mut counts = Counts::default();
    if options.check {
        for work in works.into_iter().filter(|work| work.is_steady) {
            counts.insert(work.name, measure.count(work, Side::Sdk)?);
        }
        return counts.check();
    }
    if !works.is_empty() {
        println!(
            "work           instructions by hand       by SDK  ratio  ratio of CPU  MB of heap by hand, by SDK  goal"
        );
    }
    for work in works {
        let (hand, sdk) = (measure.cost(work, Side::Hand)?, measure.cost(work, Side::Sdk)?);
        print_row(work, &hand, &sdk);
        if work.is_steady {
            counts.insert(work.name, sdk.instructions);
        }
    }
    if !waits.is_empty() {
        waits::print_head();
    }
    for wait in waits {
        waits::print_row(&measure, wait)?;
    }
    options.record.map_or(Ok(()), |why| counts.append(&why))
}

fn print_row(work: &Work, hand: &Cost, sdk: &Cost) {
    let megabytes = |cost: &Cost| cost.heap / 1_000_000;
    println!(
        "{:<14} {:>20} {:>12} {:>6.2} {:>13.2} {:>19} {:>7}  {}",
        work.name,
        hand.instructions,
        sdk.instructions,
        sdk.instructions as f64 / hand.instructions as f64,
        sdk.cpu / hand.cpu,
        megabytes(hand),
        megabytes(sdk),
        work.goal,
    );
}
