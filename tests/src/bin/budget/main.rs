//! `cargo budget`: measures the compiler's CPU time and memory for generated code.
//!
//! GNU time measures only the compiler of the one crate, without its dependencies. The least of several runs counts, and
//! wall-clock time is ignored, so the figures are valid on a busy machine too.

mod crates;
mod measure;

use std::error::Error;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use clap::Parser;
use tryton_sdk_tests::build::workspace;

use crates::{Derive, Kind};
use measure::{Cost, Profile};

/// Measure what the compiler needs for the generated code of a snapshot
#[derive(Parser)]
#[command(name = "cargo budget", bin_name = "cargo budget")]
struct Options {
    /// The folder of the snapshot
    #[arg(long, value_name = "FOLDER", default_value = "schemas/8.2")]
    schema: PathBuf,
    /// How often each crate is compiled
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Append the results to docs/compile-budget.md under this name
    #[arg(long, value_name = "NAME")]
    record: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Options { schema, runs, record } = Options::parse();
    let schema = workspace().join(schema).canonicalize()?;
    let least = |kind, profile| -> Result<Cost, Box<dyn Error>> {
        let made = crates::write(&schema, kind)?;
        measure::least(&made, profile, runs.max(1))
    };
    let empty = least(Kind::Empty, Profile::Check)?;
    let mut rows = String::new();
    for (kind, profile) in [
        (Kind::All, Profile::Check),
        (Kind::AllBySerde, Profile::Check),
        (Kind::All, Profile::Release),
        (Kind::Some(40), Profile::Check),
        (Kind::Derived(40, Derive::Projection, 100), Profile::Check),
        (Kind::Derived(40, Derive::Draft, 100), Profile::Check),
        (Kind::Records, Profile::Check),
    ] {
        let Cost { seconds, megabytes } = least(kind, profile)?;
        let seconds = seconds - empty.seconds;
        let models = crates::models(&schema, kind)?.len();
        let row = format!("| {models} | {kind} | {profile} | {seconds:.2} | {megabytes} |");
        println!("{row}");
        rows.extend([&row, "\n"]);
    }
    if let Some(name) = record {
        let mut history = OpenOptions::new().append(true).open(workspace().join("docs/compile-budget.md"))?;
        write!(history, "\n## {name}\n\n| models | code | build | CPU-s | MB |\n|---|---|---|---|---|\n{rows}")?;
    }
    Ok(())
}
