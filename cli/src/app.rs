//! What every command has: the settings, and how it answers.

use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::error::Error;
use crate::settings::Settings;

const HEADING: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();

/// How a command ended that did what it should.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Well,
    /// The check that was asked for has failed.
    Differs,
}

/// What every command has.
pub(crate) struct App {
    pub(crate) settings: Settings,
    /// Whether the answer is for a program.
    pub(crate) json: bool,
}

impl App {
    /// The answer of a command: `value` for programs, or the text that `text` makes for people.
    pub(crate) fn answer(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Error> {
        let text = if self.json {
            let json = serde_json::to_string_pretty(value);
            json.map_err(|error| Error::files(format!("cannot write JSON: {error}")))?
        } else {
            text()
        };
        say(text.trim_end());
        Ok(())
    }

    /// What the user may want to run next.
    pub(crate) fn next(&self, what: impl Display) {
        if !self.json {
            write_error(format_args!("{NOTE}next{NOTE:#}: {what}"));
        }
    }
}

/// A text whose headings, the lines at the margin, stand out on a terminal.
pub(crate) fn headings(text: &str) -> String {
    let line = |line: &str| {
        if line.is_empty() || line.starts_with(' ') {
            format!("{line}\n")
        } else {
            format!("{HEADING}{line}{HEADING:#}\n")
        }
    };
    text.lines().map(line).collect()
}

/// Writes a line, or several, to standard output. Whoever reads it may have gone away, as `head` does: that is no error.
pub(crate) fn say(text: impl Display) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// A line about something that breaks programs.
pub(crate) fn breaking(what: impl Display) {
    say(format!("  {ERROR}breaking{ERROR:#}: {what}"));
}

/// A line that is no part of the answer.
pub(crate) fn remark(what: impl Display) {
    write_error(what);
}

/// Asks for something on the terminal. The answer is written behind it.
pub(crate) fn prompt(what: &str) {
    let _ = write!(anstream::stderr(), "{NOTE}asked{NOTE:#}: {what}: ");
}

/// Writes a line to standard error, which may have gone away as well.
fn write_error(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Something that the user should know beside the answer.
pub(crate) fn note(what: impl Display) {
    write_error(format_args!("{NOTE}note{NOTE:#}: {what}"));
}

/// Why a command failed, or what a check found.
pub(crate) fn error(what: impl Display) {
    write_error(format_args!("{ERROR}error{ERROR:#}: {what}"));
}

/// Runs the one task of a command.
pub(crate) fn block_on<T>(task: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Error::files(format!("cannot start: {error}")))?.block_on(task)
}
