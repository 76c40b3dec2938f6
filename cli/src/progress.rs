//! How far the reading of a server is: a bar on a terminal, and now and then a line elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};
use tryton_sdk_metadata::introspect::Progress;

/// Shows the progress on standard error.
pub(crate) enum Report {
    /// A bar that is drawn over.
    Bar(ProgressBar),
    /// A line for each tenth; the number is the last tenth that was told.
    Lines(usize),
}

impl Report {
    pub(crate) fn new() -> Self {
        if !std::io::stderr().is_terminal() {
            return Self::Lines(0);
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
            Self::Lines(told) => {
                let tenth = done * 10 / total.max(1);
                if tenth > *told {
                    *told = tenth;
                    eprintln!("{done}/{total} models");
                }
            }
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
