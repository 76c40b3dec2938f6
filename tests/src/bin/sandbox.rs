//! `cargo sandbox`: real Tryton servers on this machine, from nothing.

use std::error::Error;
use std::io;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tryton_sdk_tests::sandbox::{self, Backend, PASSWORD, Progress, SandboxError, Seed, Series, Spec};

/// Real Tryton servers on this machine, from nothing but Python.
///
/// trytond comes from PyPI and keeps its database in SQLite, all of it under target/sandbox/ (TRYTON_SANDBOX_DIR names
/// another folder, TRYTON_PYTHON another Python). The first `up` of a series takes about a minute, every later one
/// about two seconds. With `--backend postgresql` a PostgreSQL of its own keeps the database.
#[derive(Parser)]
#[command(name = "cargo sandbox", bin_name = "cargo sandbox")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a server, or find the running one, and print the environment to export
    ///
    /// Only the exports go to standard output: eval "$(cargo sandbox up)"
    Up(Up),
    /// Stop servers and remove their databases; what they are made from is kept
    Down {
        /// Only the server of this series [default: all of them, and Redis]
        #[arg(long, value_name = "SERIES")]
        series: Option<Series>,
    },
    /// List the running servers
    Status,
    /// Print what a server has written
    Logs {
        /// The server's series
        #[arg(long, value_name = "SERIES", default_value_t)]
        series: Series,
        /// Go on until the server is stopped
        #[arg(short, long)]
        follow: bool,
    },
}

#[derive(Args)]
struct Up {
    /// 8.2, 8.0, 7.0 or 6.0
    #[arg(long, value_name = "SERIES", default_value_t)]
    series: Series,
    /// Modules, named as Tryton names them; those they depend on come along
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "sale,purchase")]
    modules: Vec<String>,
    /// Where the database is: sqlite or postgresql
    #[arg(long, value_name = "NAME", default_value_t)]
    backend: Backend,
    /// Demo data: small (50 sales), large (1,000 parties, 1,000 sales), records (of the module tests) or none
    #[arg(long, value_name = "SIZE", default_value = "small")]
    seed: Seed,
    /// The port to listen on [default: a free one]
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
    /// Start a Redis too, and export TRYTON_REDIS_URL
    #[arg(long)]
    redis: bool,
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                eprint!(": {cause}");
                source = cause.source();
            }
            eprintln!();
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), SandboxError> {
    match command {
        Command::Up(options) => up(options),
        Command::Down { series } => down(series),
        Command::Status => status(),
        Command::Logs { series, follow } => sandbox::logs(series, follow, &mut io::stdout().lock()),
    }
}

fn up(options: Up) -> Result<(), SandboxError> {
    let progress = Progress::stderr();
    let spec = Spec::default().series(options.series).modules(options.modules);
    let mut spec = spec.seed(options.seed).backend(options.backend);
    if let Some(port) = options.port {
        spec = spec.port(port);
    }
    let endpoint = sandbox::up(&spec, &progress)?;
    let redis = if options.redis { Some(sandbox::redis_up(&progress)?) } else { None };
    print!("{}", endpoint.exports());
    if let Some(url) = redis {
        print!("{}", sandbox::export("TRYTON_REDIS_URL", &url));
    }
    eprintln!("{spec} runs at {}; stop it with `cargo sandbox down`", endpoint.url);
    Ok(())
}

fn down(series: Option<Series>) -> Result<(), SandboxError> {
    for series in series.map_or(Series::ALL.to_vec(), |series| vec![series]) {
        if sandbox::down(series)? {
            eprintln!("stopped Tryton {series}");
        }
    }
    if series.is_none() && sandbox::redis_down()? {
        eprintln!("stopped Redis");
    }
    Ok(())
}

fn status() -> Result<(), SandboxError> {
    let (servers, redis) = sandbox::status()?;
    if servers.is_empty() && redis.is_none() {
        println!("nothing runs");
    }
    for server in servers {
        let endpoint = server.endpoint();
        println!("{} at {} (process {})", server.spec(), endpoint.url, server.pid());
        println!("    database {}, users {} and limited, password {PASSWORD}", endpoint.database, endpoint.user);
    }
    if let Some(url) = redis {
        println!("Redis at {url}");
    }
    Ok(())
}
