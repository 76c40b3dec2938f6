use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Longer details are truncated to fit on one line.
const LONGEST_DETAIL: usize = 30;

/// Reports on standard error what the sandbox is doing and for how long.
///
/// ```no_run
/// use tryton_sandbox::{Progress, Sandbox, background};
///
/// background::up(&Sandbox::default(), &Progress::silent())?;
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    output: Output,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Output {
    /// One line that is overwritten.
    Terminal,
    /// A line at the start, one every ten seconds, one at the end.
    Lines,
    Silent,
}

impl Progress {
    /// Reports on standard error: one line that is overwritten on a terminal, plain lines elsewhere.
    ///
    /// ```
    /// let progress = tryton_sandbox::Progress::stderr();
    /// ```
    #[must_use]
    pub fn stderr() -> Self {
        let output = if io::stderr().is_terminal() { Output::Terminal } else { Output::Lines };
        Progress { output }
    }

    /// Reports nothing.
    ///
    /// ```
    /// let progress = tryton_sandbox::Progress::silent();
    /// ```
    #[must_use]
    pub fn silent() -> Self {
        Progress { output: Output::Silent }
    }

    /// Begins a step. It ends with [`Step::done`]; a step that is dropped before has failed.
    pub(crate) fn step(&self, what: impl Into<String>) -> Step {
        let shared = Arc::new(Shared {
            what: what.into(),
            output: self.output,
            started: Instant::now(),
            state: Mutex::default(),
            over: Condvar::new(),
        });
        let ticker = match self.output {
            Output::Silent => None,
            Output::Terminal | Output::Lines => {
                shared.print("");
                let shared = Arc::clone(&shared);
                Some(thread::spawn(move || shared.tick()))
            }
        };
        Step { shared, ticker }
    }
}

/// A step whose progress is reported.
pub(crate) struct Step {
    shared: Arc<Shared>,
    ticker: Option<JoinHandle<()>>,
}

impl Step {
    /// Reports the step's current detail.
    pub(crate) fn detail(&self, text: &str) {
        self.shared.state().detail = text.chars().take(LONGEST_DETAIL).collect();
    }

    /// Ends the step successfully.
    pub(crate) fn done(mut self) {
        self.end("done in ");
    }

    fn end(&mut self, outcome: &str) {
        if let Some(ticker) = self.ticker.take() {
            self.shared.state().is_over = true;
            self.shared.over.notify_all();
            // The thread returns nothing.
            let _ = ticker.join();
            self.shared.state().detail.clear();
            self.shared.print(outcome);
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.end("failed after ");
    }
}

#[derive(Default)]
struct State {
    detail: String,
    is_over: bool,
}

struct Shared {
    what: String,
    output: Output,
    started: Instant,
    state: Mutex<State>,
    over: Condvar,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tick(&self) {
        let pause = match self.output {
            Output::Terminal => Duration::from_millis(200),
            Output::Lines | Output::Silent => Duration::from_secs(10),
        };
        loop {
            let wait = self.over.wait_timeout_while(self.state(), pause, |state| !state.is_over);
            let (state, _) = wait.unwrap_or_else(PoisonError::into_inner);
            if state.is_over {
                return;
            }
            drop(state);
            self.print("");
        }
    }

    fn print(&self, outcome: &str) {
        let line = line(&self.what, &self.state().detail, outcome, self.started.elapsed());
        let mut stderr = io::stderr().lock();
        // Continue even if standard error cannot be written to.
        let _ = match self.output {
            Output::Terminal if outcome.is_empty() => write!(stderr, "\r\x1b[K{line}"),
            Output::Terminal => writeln!(stderr, "\r\x1b[K{line}"),
            Output::Lines => writeln!(stderr, "{line}"),
            Output::Silent => Ok(()),
        };
        let _ = stderr.flush();
    }
}

fn line(what: &str, detail: &str, outcome: &str, elapsed: Duration) -> String {
    let separator = if detail.is_empty() { "" } else { ": " };
    match elapsed.as_secs_f64() {
        seconds if seconds < 0.1 && outcome.is_empty() => format!("{what}{separator}{detail} …"),
        seconds => format!("{what}{separator}{detail} … {outcome}{seconds:.1} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_what_how_far_and_how_long() {
        let at = |milliseconds| Duration::from_millis(milliseconds);
        assert_eq!(line("Tryton 8.2: seeding", "", "", at(0)), "Tryton 8.2: seeding …");
        assert_eq!(
            line("Tryton 8.2: seeding", "sales 25 of 50", "", at(3_210)),
            "Tryton 8.2: seeding: sales 25 of 50 … 3.2 s"
        );
        assert_eq!(line("Tryton 8.2: seeding", "", "done in ", at(7_000)), "Tryton 8.2: seeding … done in 7.0 s");
    }
}
