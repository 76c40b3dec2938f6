//! The progress of reading a server: a bar on a terminal, and one line elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use tryton_sdk_metadata::introspect::Progress;

use crate::app;

/// Shows the progress on standard error.
pub(crate) enum Report {
    /// A bar that is redrawn in place.
    Bar(ProgressBar),
    /// A line at the beginning, and whether it was printed.
    Line(bool),
}

impl Report {
    pub(crate) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Line(false);
        }
        let bar = ProgressBar::new(0);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} models, {elapsed}");
        Self::Bar(style.map_or_else(|_| ProgressBar::new(0), |style| bar.with_style(style)))
    }

    pub(crate) fn tell(&mut self, progress: Progress) {
        let Progress { done, total } = progress;
        match self {
            Self::Bar(bar) => {
                bar.set_length(total as u64);
                bar.set_position(done as u64);
            }
            Self::Line(told) if !*told => {
                *told = true;
                app::remark(format!("reading {total} models"));
            }
            Self::Line(_) => {}
        }
    }

    /// Removes the bar.
    pub(crate) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
