//! Questions on the terminal.

use std::io::{self, BufRead, BufReader, IsTerminal};

use tryton_sdk::SecretString;

use crate::app;

/// Asks for a setting on an interactive terminal. Returns `None` for an empty answer or without a terminal.
pub(crate) fn ask(what: &str) -> Option<String> {
    if !is_attended() {
        return None;
    }
    app::prompt(what);
    filled(line())
}

/// Asks for a secret on an interactive terminal, without showing the input.
pub(crate) fn ask_secret(what: &str) -> Option<SecretString> {
    if !is_attended() {
        return None;
    }
    app::prompt(what);
    filled(hidden()).map(SecretString::from)
}

/// Returns whether standard input and standard error are terminals.
fn is_attended() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Reads a line from the terminal, even if standard input is something else.
pub(crate) fn line() -> io::Result<String> {
    let mut line = String::new();
    if io::stdin().is_terminal() {
        io::stdin().read_line(&mut line)?;
    } else {
        BufReader::new(std::fs::File::open("/dev/tty")?).read_line(&mut line)?;
    }
    Ok(line)
}

/// Like [`line()`], without showing the input.
pub(crate) fn hidden() -> io::Result<String> {
    console::Term::stderr().read_secure_line()
}

/// Returns the answer without the spaces around it, if there is one.
pub(crate) fn filled(answer: io::Result<String>) -> Option<String> {
    answer.ok().map(|answer| answer.trim().to_owned()).filter(|answer| !answer.is_empty())
}
