//! A program on a terminal, with answers to its questions.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

/// The time within which a question must appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer to a question of the program.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// Typed and shown.
    Open(&'a str),
    /// Typed when the terminal no longer shows the input.
    Hidden(&'a str),
}

/// The result of a program on its terminal.
#[derive(Debug)]
pub struct Session {
    /// All visible text, including the input.
    pub shown: String,
    /// The program's exit status.
    pub status: ExitStatus,
    /// Whether the terminal shows the input again.
    pub echoes: bool,
}

/// Runs the program on its own terminal, and answers each question when it appears.
///
/// # Panics
///
/// Panics if a question does not appear, or the system has no terminals.
#[must_use]
pub fn run(mut command: Command, answers: &[(&str, Answer<'_>)]) -> Session {
    let (mut terminal, other_end) = open();
    let end = || other_end.try_clone().expect("a terminal has a copy");
    command.stdin(end()).stdout(end()).stderr(end());
    let mut child = command.spawn().expect("it runs");
    // The terminal ends with the last program that has it open.
    drop((command, other_end));

    let seen = watch(terminal.try_clone().expect("a terminal has a copy"));
    let mut screen = Screen { seen, shown: String::new(), read_to: 0 };
    for (question, answer) in answers {
        screen.wait_for(question);
        let (Answer::Open(text) | Answer::Hidden(text)) = answer;
        if matches!(answer, Answer::Hidden(_)) {
            let start = Instant::now();
            while is_echoing(&terminal) {
                assert!(start.elapsed() < PATIENCE, "{question} is asked openly");
                thread::sleep(Duration::from_millis(5));
            }
        }
        terminal.write_all(format!("{text}\n").as_bytes()).expect("the terminal is there");
    }
    if !screen.is_over() {
        child.kill().expect("it runs");
        panic!("it asks for more: {}", screen.shown);
    }
    let status = child.wait().expect("it ends");
    Session { shown: screen.shown, status, echoes: is_echoing(&terminal) }
}

/// Opens a new terminal, and returns both ends: ours and the program's.
fn open() -> (File, File) {
    let ours: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).and_then(|()| unlockpt(&ours)).expect("it can be used");
    let name = ptsname(&ours, Vec::new()).expect("it has a name").into_string().expect("its name is text");
    let other_end = OpenOptions::new().read(true).write(true).open(Path::new(&name)).expect("it can be opened");
    (File::from(ours), other_end)
}

fn is_echoing(terminal: &File) -> bool {
    tcgetattr(terminal).is_ok_and(|modes| modes.local_modes.contains(LocalModes::ECHO))
}

/// Receives the terminal's output, until no program has it open.
fn watch(mut terminal: File) -> Receiver<Vec<u8>> {
    let (sender, seen) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = terminal.read(&mut buffer) {
            if sender.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    seen
}

struct Screen {
    seen: Receiver<Vec<u8>>,
    shown: String,
    /// The end of the last question.
    read_to: usize,
}

impl Screen {
    fn wait_for(&mut self, question: &str) {
        loop {
            if let Some(at) = self.shown[self.read_to..].find(question) {
                self.read_to += at + question.len();
                return;
            }
            let Ok(bytes) = self.seen.recv_timeout(PATIENCE) else {
                panic!("{question} was not asked: {}", self.shown)
            };
            self.shown.push_str(&String::from_utf8_lossy(&bytes));
        }
    }

    /// Reads until the output ends or does not continue in time. Returns whether the program has left the terminal.
    fn is_over(&mut self) -> bool {
        loop {
            match self.seen.recv_timeout(PATIENCE) {
                Ok(bytes) => self.shown.push_str(&String::from_utf8_lossy(&bytes)),
                Err(why) => return why == RecvTimeoutError::Disconnected,
            }
        }
    }
}
