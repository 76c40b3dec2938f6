//! `cargo tryton`: from a Tryton server's metadata to Rust types.

mod connection;
mod error;
mod generate;
mod models;
mod ping;
mod progress;
mod pull;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use error::Error;

/// Typed Rust access to a Tryton server, from its own metadata.
///
/// `pull` reads the metadata of a server into a folder of JSON files, to be checked in. From there
/// `tryton_sdk::models!` makes Rust types at every build, without a server; `generate` writes the
/// same code to files.
#[derive(Parser)]
#[command(name = "cargo-tryton", bin_name = "cargo tryton", version, max_term_width = 100)]
#[command(after_help = "For example:\n  \
    cargo tryton pull --models 'sale.*,party.party' --out schemas/mine")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Pull(pull::Pull),
    Generate(generate::Generate),
    Ping(ping::Ping),
}

fn main() -> ExitCode {
    let cli = Cli::parse_from(arguments(std::env::args_os()));
    let done = match cli.command {
        Command::Pull(pull) => pull.run(),
        Command::Generate(generate) => generate.run(),
        Command::Ping(ping) => ping.run(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Cargo runs `cargo tryton pull` as `cargo-tryton tryton pull`: the repeated word goes.
fn arguments(all: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = all.collect();
    if arguments.get(1).is_some_and(|first| first == "tryton") {
        arguments.remove(1);
    }
    arguments
}

/// Runs the one task of a command.
fn block_on<T>(task: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Error::new(format!("cannot start: {error}")))?.block_on(task)
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
