//! `cargo tryton`: from a Tryton server's metadata to Rust types.

mod app;
mod call;
mod challenge;
mod check;
mod compared;
mod completions;
mod connection;
mod describe;
mod devices;
mod diff;
mod docs;
mod error;
mod found;
mod generate;
mod graph;
mod init;
mod login;
mod models;
mod patterns;
mod ping;
mod progress;
mod pull;
mod rights;
#[cfg(unix)]
mod sandbox;
mod schema;
mod server;
mod settings;
mod starter;
mod terminal;
mod trust;
mod used;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use app::{App, Verdict};
use error::{EXIT_CODES, Error};
use settings::Settings;

/// Typed Rust access to a Tryton server, from its own metadata.
///
/// `pull` reads the metadata of a server into a folder of JSON files to check in. From there, `tryton_sdk::models!`
/// generates Rust types at every build, without a server; `generate` writes the same code to files.
#[derive(Parser)]
#[command(name = "cargo-tryton", bin_name = "cargo tryton", version, max_term_width = 100)]
#[command(after_help = format!("For example:\n  \
    cargo tryton pull --models 'sale.*,party.party' --out schemas/mine\n  \
    cargo tryton describe sale.sale --schema schemas/mine\n  \
    cargo tryton check --schema schemas/mine\n\n{}\n\n{EXIT_CODES}", settings::HELP))]
struct Cli {
    /// Answer in JSON, for programs; errors are still sentences on standard error
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Init),
    Login(login::Login),
    Ping(ping::Ping),
    Call(call::Call),
    Pull(pull::Pull),
    Check(check::Check),
    Generate(generate::Generate),
    Diff(diff::Diff),
    Models(models::Models),
    Describe(describe::Describe),
    Graph(graph::Draw),
    Docs(docs::Docs),
    #[cfg(unix)]
    Sandbox(sandbox::Sandbox),
    Completions(completions::Completions),
}

impl Command {
    /// Returns the word that calls it.
    fn name(&self) -> &'static str {
        match self {
            Self::Init(_) => "init",
            Self::Login(_) => "login",
            Self::Ping(_) => "ping",
            Self::Call(_) => "call",
            Self::Pull(_) => "pull",
            Self::Check(_) => "check",
            Self::Generate(_) => "generate",
            Self::Diff(_) => "diff",
            Self::Models(_) => "models",
            Self::Describe(_) => "describe",
            Self::Graph(_) => "graph",
            Self::Docs(_) => "docs",
            #[cfg(unix)]
            Self::Sandbox(_) => "sandbox",
            Self::Completions(_) => "completions",
        }
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse_from(arguments(std::env::args_os()));
    match run(&cli) {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::Differs) => ExitCode::FAILURE,
        Err(error) => {
            app::error(error.said_by(cli.command.name()));
            ExitCode::from(error.code())
        }
    }
}

fn run(cli: &Cli) -> Result<Verdict, Error> {
    let app = App { settings: Settings::find()?, json: cli.json };
    match &cli.command {
        Command::Init(init) => init.run(&app),
        Command::Login(login) => login.run(&app),
        Command::Ping(ping) => ping.run(&app),
        Command::Call(call) => call.run(&app),
        Command::Pull(pull) => pull.run(&app),
        Command::Check(check) => check.run(&app),
        Command::Generate(generate) => generate.run(&app),
        Command::Diff(diff) => diff.run(&app),
        Command::Models(models) => models.run(&app),
        Command::Describe(describe) => describe.run(&app),
        Command::Graph(graph) => graph.run(&app),
        Command::Docs(docs) => docs.run(&app),
        #[cfg(unix)]
        Command::Sandbox(sandbox) => sandbox.run(&app),
        Command::Completions(completions) => {
            completions.run(Cli::command());
            Ok(Verdict::Well)
        }
    }
}

/// Removes the repeated word: Cargo runs `cargo tryton pull` as `cargo-tryton tryton pull`.
fn arguments(all: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = all.collect();
    if arguments.get(1).is_some_and(|first| first == "tryton") {
        arguments.remove(1);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use clap::CommandFactory;

    use super::{Cli, arguments};

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn both_ways_to_call_it_are_the_same() {
        let given = |words: &[&str]| arguments(words.iter().map(OsString::from));
        assert_eq!(given(&["cargo-tryton", "tryton", "ping"]), given(&["cargo-tryton", "ping"]));
        assert_eq!(given(&["cargo-tryton"]), ["cargo-tryton"]);
    }
}
