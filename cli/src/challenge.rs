//! Second factors: answers to what a server asks for besides the password, from `--code` or the terminal.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tryton_sdk::{LoginChallenge, SecretString};

use crate::{app, terminal};

/// The answers to a server's questions.
#[derive(Clone)]
pub(crate) struct Answers {
    /// The codes of `--code` that are not used yet.
    codes: Arc<Mutex<Vec<String>>>,
    asked: Arc<AtomicBool>,
}

impl Answers {
    pub(crate) fn new(codes: &[String]) -> Self {
        Self { codes: Arc::new(Mutex::new(codes.to_vec())), asked: Arc::default() }
    }

    /// Whether the server has asked for anything.
    pub(crate) fn were_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    fn given(&self, parameter: &str) -> Option<String> {
        take(&mut self.codes.lock().unwrap_or_else(PoisonError::into_inner), parameter)
    }

    /// Returns the answer, if there is one.
    pub(crate) async fn answer(self, challenge: LoginChallenge) -> Option<SecretString> {
        self.asked.store(true, Ordering::Relaxed);
        if let Some(code) = self.given(&challenge.parameter) {
            return Some(code.into());
        }
        // In its own thread, because waiting for a key would block timers.
        tokio::task::spawn_blocking(move || ask(&challenge)).await.ok()?
    }
}

/// Takes the code for a parameter: the one that names it, or else the first without a name.
fn take(codes: &mut Vec<String>, parameter: &str) -> Option<String> {
    let named = |code: &String| code.split_once('=').is_some_and(|(name, _)| name == parameter);
    if let Some(at) = codes.iter().position(named) {
        return codes.remove(at).split_once('=').map(|(_, code)| code.to_owned());
    }
    let at = codes.iter().position(|code| !code.contains('='))?;
    Some(codes.remove(at))
}

/// Asks on the terminal, if there is one. An empty answer counts as none.
fn ask(challenge: &LoginChallenge) -> Option<SecretString> {
    if !io::stderr().is_terminal() {
        return None;
    }
    app::prompt(&challenge.message);
    let answer = if challenge.hidden { terminal::hidden() } else { terminal::line() };
    terminal::filled(answer).map(SecretString::from)
}

#[cfg(test)]
mod tests {
    use super::take;

    #[test]
    fn each_code_answers_one_question() {
        let mut codes = ["123456", "badge=A=17", "654321"].map(str::to_owned).to_vec();
        let answers = ["sms_code", "badge", "sms_code", "pin", "badge"].map(|parameter| take(&mut codes, parameter));
        let expected = [Some("123456"), Some("A=17"), Some("654321"), None, None];
        assert_eq!(answers, expected.map(|code| code.map(str::to_owned)));
    }
}
