//! `cargo sandbox`: real Tryton servers on this machine, from nothing.

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use tryton_sandbox::{self as sandbox, Backend, Down, PASSWORD, Progress, SandboxError, Seed, Series, Spec, Whose};

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
    ///
    /// Without arguments it stops those that this checkout has started. A server that is named is stopped, whoever started
    /// it.
    Down {
        /// The server of this series
        #[arg(long, value_name = "SERIES")]
        series: Option<Series>,
        /// The Redis
        #[arg(long)]
        redis: bool,
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
            let mut text = format!("error: {error}");
            let mut source = error.source();
            while let Some(cause) = source {
                text.push_str(&format!(": {cause}"));
                source = cause.source();
            }
            tell(text);
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<(), SandboxError> {
    match command {
        Command::Up(options) => up(options),
        Command::Down { series, redis } => down(series, redis),
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
    let server = sandbox::up(&spec, &progress)?;
    let redis = options.redis.then(|| sandbox::redis_up(&progress)).transpose()?;
    let mut exports = server.server().exports();
    if let Some(redis) = &redis {
        exports.push_str(&sandbox::export("TRYTON_REDIS_URL", redis.server()));
    }
    say(exports.trim_end());
    tell_up(&spec.to_string(), &server, |endpoint| &endpoint.url, &format!("--series {}", options.series));
    if let Some(redis) = &redis {
        tell_up("Redis", redis, |url| url, "--redis");
    }
    Ok(())
}

/// Whether a server was started or found, and how to stop it.
fn tell_up<T>(what: &str, server: &sandbox::Up<T>, url: fn(&T) -> &String, name: &str) {
    let at = url(server.server());
    match server {
        sandbox::Up::Started(_) => tell(format!("{what} runs at {at}; stop it with `cargo sandbox down`")),
        sandbox::Up::Found(_, Some(starter)) if *starter == sandbox::checkout() => {
            tell(format!("{what} was running already, at {at}; stop it with `cargo sandbox down`"));
        }
        sandbox::Up::Found(_, starter) => {
            let who = who(starter.as_deref());
            tell(format!(
                "{what} was running already, at {at}; {who} started it, and `cargo sandbox down {name}` stops it"
            ));
        }
    }
}

fn who(starter: Option<&Path>) -> String {
    starter.map_or_else(|| "an unknown checkout".to_owned(), |starter| format!("the checkout {}", starter.display()))
}

/// Stops what is named, or else what this checkout has started.
fn down(series: Option<Series>, redis: bool) -> Result<(), SandboxError> {
    let is_named = series.is_some() || redis;
    let whose = if is_named { Whose::Anybodys } else { Whose::Ours };
    let all = if is_named { Vec::new() } else { Series::ALL.to_vec() };
    let mut is_any = false;
    for series in series.map_or(all, |series| vec![series]) {
        let name = format!("--series {series}");
        is_any |= tell_down(&format!("Tryton {series}"), &sandbox::down(series, whose)?, &name);
    }
    if redis || !is_named {
        is_any |= tell_down("Redis", &sandbox::redis_down(whose)?, "--redis");
    }
    if !is_any {
        tell("nothing was running");
    }
    Ok(())
}

/// Says what has become of a server, if there was one.
fn tell_down(what: &str, down: &Down, name: &str) -> bool {
    match down {
        Down::Stopped => tell(format!("stopped {what}")),
        Down::Left(starter) => {
            let who = who(starter.as_deref());
            tell(format!("left {what} running, which {who} started: `cargo sandbox down {name}` stops it"));
        }
        Down::NoneRuns => return false,
    }
    true
}

/// Writes lines to standard output. Whoever reads them may have gone away: that is no error.
fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Writes a line to standard error.
fn tell(text: impl Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

fn status() -> Result<(), SandboxError> {
    let (servers, redis) = sandbox::status()?;
    if servers.is_empty() && redis.is_none() {
        say("nothing runs");
    }
    for server in servers {
        let endpoint = server.endpoint();
        say(format_args!("{} at {} (process {})", server.spec(), endpoint.url, server.pid()));
        let (database, user) = (&endpoint.database, &endpoint.user);
        say(format_args!("    database {database}, users {user} and limited, password {PASSWORD}"));
    }
    if let Some(url) = redis {
        say(format_args!("Redis at {url}"));
    }
    Ok(())
}
