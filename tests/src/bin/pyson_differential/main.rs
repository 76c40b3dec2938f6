//! `cargo run --bin pyson_differential`: evaluates expressions here and with Tryton's own decoder, and shows differences.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;
use serde_json::{Value, json};
use tryton_sandbox::{Sandbox, Seed};
use tryton_sdk::__pyson::Expression;
use tryton_sdk_tests::pyson::{Oracle, compare, official};

/// Compare the evaluation of PYSON with that of Tryton's own decoder.
#[derive(Parser)]
struct Options {
    /// How many pairs of an expression and an environment
    #[arg(long, default_value_t = 100_000)]
    cases: u64,
    /// Where the random ones begin; the same number gives the same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Take the expressions of all modules of which `schemas/8.2` knows, not of sale and purchase alone; this installs
    /// them the first time
    #[arg(long)]
    all_modules: bool,
    /// Measure how long it takes to evaluate the states of a field
    #[arg(long)]
    time: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = Options::parse();
    if options.time {
        println!("{:.2} µs for the three states of a field", microseconds_for_states()?);
        return Ok(ExitCode::SUCCESS);
    }
    let sandbox = Sandbox::default().seed(Seed::None);
    let sandbox = if options.all_modules { sandbox.modules(all_modules()?) } else { sandbox };
    let server = sandbox.start()?;
    let tryton = server.endpoint().client().build()?;
    let official: Vec<String> = official(&tryton).await?.into_iter().collect();
    let mut oracle = Oracle::start(server.python(), "proteus")?;
    println!("{} distinct expressions of the modules", official.len());
    let tally = compare(&mut oracle, &official, options.cases, options.seed)?;
    println!("{tally}");
    Ok(if tally.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn all_modules() -> Result<Vec<String>, Box<dyn Error>> {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas/8.2/server.json");
    let server: Value = serde_json::from_slice(&std::fs::read(path)?)?;
    let modules = server["modules"].as_object().ok_or("the snapshot has no list of modules")?;
    Ok(modules.keys().filter(|name| !["ir", "res", "tests"].contains(&name.as_str())).cloned().collect())
}

/// Returns the time of the fastest round, with states like those of a sale's shipment address.
fn microseconds_for_states() -> Result<f64, Box<dyn Error>> {
    const ROUNDS: usize = 20;
    const TIMES: u32 = 20_000;
    let eval = |name: &str, default: &Value| json!({"__class__": "Eval", "v": name, "d": default});
    let is = |name: &str, value: &str| json!({"__class__": "Equal", "s1": eval(name, &"".into()), "s2": value});
    let set = |name: &str| json!({"__class__": "Bool", "v": eval(name, &"".into())});
    let draft = json!({"__class__": "Not", "v": is("state", "draft")});
    let states = json!({
        "readonly": {"__class__": "Or", "s": [draft, {"__class__": "And", "s": [set("lines"), set("currency")]}]},
        "required": {"__class__": "Not", "v": {"__class__": "In", "k": eval("state", &"".into()),
            "v": ["draft", "quotation", "cancelled"]}},
        "invisible": {"__class__": "Not", "v": set("party")},
    });
    let states = Expression::new(states)?.into_entries().ok_or("states are an object")?;
    let record = json!({"id": 7, "state": "draft", "lines": [1, 2, 3], "currency": 1, "party": 5});
    let record = record.as_object().ok_or("a record is an object")?;
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for _ in 0..TIMES {
            for (_, state) in &states {
                std::hint::black_box(state.is_true(std::hint::black_box(record))?);
            }
        }
        best = best.min(started.elapsed().as_secs_f64() * 1e6 / f64::from(TIMES));
    }
    Ok(best)
}
