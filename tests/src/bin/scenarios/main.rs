//! `cargo scenarios`: runs Tryton's own test scenarios, as they are published, through the SDK.
//!
//! A scenario is a doctest that uses proteus, Tryton's own client library. The Python package in `tests/scenarios/` makes
//! proteus send its calls through the SDK: with `--bridge`, this program is the SDK's end of the connection to Python.

mod bridge;
mod forms;
mod record;
mod run;
mod scenario;
mod table;
mod values;
mod wizards;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tryton_sandbox::{Programs, Progress, Sandbox, Series};

use forms::Variant;
use record::{Page, Way};
use run::Runner;
use scenario::{Scenario, Selection};

/// Run the scenarios of Tryton's modules through the SDK, each against a server of its own.
///
/// They are the doctests that the modules are published with, unchanged. What they need is installed from PyPI the first
/// time, and the databases that they begin with are kept, all of it under target/sandbox/.
#[derive(Parser)]
#[command(name = "cargo scenarios", bin_name = "cargo scenarios")]
struct Options {
    /// 8.2, 8.0, 7.0 or 6.0
    #[arg(long, value_name = "SERIES", default_value_t)]
    series: Series,
    /// Only the scenarios of these modules, which may be others than those of the default
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    modules: Vec<String>,
    /// How many scenarios run at the same time
    #[arg(long, value_name = "NUMBER", default_value_t = 2)]
    jobs: usize,
    /// Only the few that are chosen for breadth
    #[arg(long)]
    sample: bool,
    /// A scenario in a file of your own, instead of Tryton's
    #[arg(long, value_name = "PATH", conflicts_with_all = ["sample", "modules", "patterns"])]
    file: Vec<PathBuf>,
    /// Only those whose names contain one of these, such as `sale/` or `party_replace`
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// Let records be forms of the SDK, instead of proteus's own whose calls go through the SDK
    #[arg(long, id = "forms_of")]
    forms: bool,
    #[command(flatten)]
    variant: Variant,
    /// Write the results into docs/scenarios.md
    #[arg(long, conflicts_with = "file")]
    record: bool,
    /// Be the SDK for one scenario, behind standard input and output
    #[arg(long, hide = true)]
    bridge: bool,
}

/// The modules whose scenarios run by default.
const MODULES: &[&str] = &[
    "account",
    "account_invoice",
    "account_invoice_stock",
    "account_product",
    "company",
    "country",
    "currency",
    "party",
    "product",
    "production",
    "purchase",
    "sale",
    "stock",
];

/// Other modules that the scenarios of those activate.
const ALSO: &[&str] = &["bank", "stock_lot"];

/// The packages that scenarios expect to be installed.
const PACKAGES: &[&str] = &["phonenumbers", "pycountry"];

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let options = Options::parse();
    if options.bridge {
        bridge::serve(&options.variant)?;
        return Ok(ExitCode::SUCCESS);
    }
    let named = options.modules.iter().map(String::as_str);
    let modules: Vec<&str> = if options.modules.is_empty() { MODULES.to_vec() } else { named.clone().collect() };
    let installed = MODULES.iter().chain(ALSO).copied().chain(named);
    let sandbox = Sandbox::new(options.series).modules(installed).packages(PACKAGES.iter().copied());
    let programs = Programs::provide(&sandbox, &Progress::stderr())?;

    let scenarios = if options.file.is_empty() {
        let selection = Selection { sample: options.sample, patterns: options.patterns };
        selection.of(scenario::find(&programs, &modules)?)?
    } else {
        options.file.iter().map(|file| Scenario::at(file)).collect::<Result<_, _>>()?
    };
    let way = if options.forms { options.variant.way() } else { Some(Way::Transport) };
    if options.record && way.is_none() {
        return Err("docs/scenarios.md has no column for such a run: do without one thing only".into());
    }
    let proteus = if options.forms { Page::load()?.requests_of_proteus(options.series) } else { BTreeMap::new() };
    let runner = Runner::new(&programs, options.forms, &options.variant, proteus)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let results = runtime.block_on(runner.run_all(scenarios, options.jobs));
    let ok = table::print(options.series, &results);
    if let Some(way) = way.filter(|_| options.record) {
        // Load the page again: other runs may have been recorded meanwhile.
        let mut page = Page::load()?;
        page.take(options.series, way, &results);
        page.store()?;
    }
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
