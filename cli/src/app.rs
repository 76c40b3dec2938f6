//! The common parts of all commands: the settings, and the output.

use std::fmt::Display;
use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;

use crate::error::Error;
use crate::settings::Settings;

const HEADING: Style = Style::new().bold();
const ERROR: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default();

/// The result of a command that did its work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well.
    Well,
    /// The requested check has failed.
    Differs,
}

/// The common state of all commands.
pub(crate) struct App {
    pub(crate) settings: Settings,
    /// Whether the output is for a program.
    pub(crate) json: bool,
}

impl App {
    /// Prints the answer of a command: `value` for programs, or the result of `text` for people.
    pub(crate) fn answer(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Error> {
        if self.json {
            return self.json(value);
        }
        say(text().trim_end());
        Ok(())
    }

    /// Like [`answer`](Self::answer), for a text with headings: the lines at the margin, which stand out on a terminal.
    pub(crate) fn page(&self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), Error> {
        if self.json {
            return self.json(value);
        }
        write(headings(&plain(text().trim_end())).trim_end());
        Ok(())
    }

    /// Prints the answer of a command that writes only JSON.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Error> {
        let json = serde_json::to_string_pretty(value);
        let json = json.map_err(|error| Error::files(format!("cannot write JSON: {error}")))?;
        write(escaped(&json, |c| format!("\\u{:04x}", u32::from(c))));
        Ok(())
    }

    /// Prints what the user may want to run next.
    pub(crate) fn next(&self, what: impl Display) {
        if !self.json {
            write_error(format_args!("{NOTE}next{NOTE:#}: {}", plain(what)));
        }
    }
}

fn headings(text: &str) -> String {
    let line = |line: &str| {
        if line.is_empty() || line.starts_with(' ') {
            format!("{line}\n")
        } else {
            format!("{HEADING}{line}{HEADING:#}\n")
        }
    };
    text.lines().map(line).collect()
}

/// Escapes a text that may come from a server: characters that could move the cursor or reverse the text appear as
/// `\u{1b}`.
fn plain(text: impl Display) -> String {
    escaped(&text.to_string(), |c| c.escape_unicode().to_string())
}

fn escaped(text: &str, escape: impl Fn(char) -> String) -> String {
    let turns_round = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_unsafe = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || turns_round(c);
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) { plain.push_str(&escape(c)) } else { plain.push(c) }
    }
    plain
}

/// Writes one or several lines to standard output.
pub(crate) fn say(text: impl Display) {
    write(plain(text));
}

/// Writes a line about something that breaks programs.
pub(crate) fn breaking(what: impl Display) {
    write(format_args!("  {ERROR}breaking{ERROR:#}: {}", plain(what)));
}

/// Writes something that the user should know besides the answer.
pub(crate) fn note(what: impl Display) {
    write_error(format_args!("{NOTE}note{NOTE:#}: {}", plain(what)));
}

/// Writes a line that is not part of the answer.
pub(crate) fn remark(what: impl Display) {
    write_error(plain(what));
}

/// Writes why a command failed, or what a check found.
pub(crate) fn error(what: impl Display) {
    write_error(format_args!("{ERROR}error{ERROR:#}: {}", plain(what)));
}

/// Asks for something on the terminal. The user answers on the same line.
pub(crate) fn prompt(what: &str) {
    let _ = write!(anstream::stderr(), "{NOTE}asked{NOTE:#}: {}: ", plain(what));
}

/// Ignores a reader that has gone away, as `head` does.
fn write(text: impl Display) {
    let _ = writeln!(anstream::stdout(), "{text}");
}

/// Like [`write()`], for standard error.
fn write_error(text: impl Display) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Runs the task of a command.
pub(crate) fn block_on<T>(task: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Error::files(format!("cannot start: {error}")))?.block_on(task)
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn control_characters_are_shown_and_not_written() {
        for (text, expected) in [
            ("Société\tgénérale\nline", "Société\tgénérale\nline"),
            ("\u{1b}[2Jgone", "\\u{1b}[2Jgone"),
            ("over\rwritten\u{8}", "over\\u{d}written\\u{8}"),
            ("\u{9b}31m\u{7f}\u{202e}x", "\\u{9b}31m\\u{7f}\\u{202e}x"),
        ] {
            assert_eq!(plain(text), expected);
        }
    }
}
