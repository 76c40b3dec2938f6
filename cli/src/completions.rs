//! `cargo tryton completions`.

use clap::{Args, Command};
use clap_complete::Shell;

use crate::app;

/// Write the completion script of a shell for `cargo-tryton`
///
/// Shells complete `cargo tryton` by Cargo's own rules, and `cargo-tryton`, the same program, with this script.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton completions bash > ~/.local/share/bash-completion/completions/cargo-tryton")]
pub(crate) struct Completions {
    shell: Shell,
}

impl Completions {
    pub(crate) fn run(&self, mut command: Command) {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "cargo-tryton", &mut script);
        app::say(String::from_utf8_lossy(&script).trim_end());
    }
}
