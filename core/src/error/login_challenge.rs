use std::fmt;

use super::{Error, Kind};

/// One more thing that the server wants to know before it lets a user in: a code by text message, a second password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginChallenge {
    /// The name of the parameter that is missing.
    pub parameter: String,
    /// What to ask the user.
    pub message: String,
    /// Whether the answer is to be hidden while it is typed.
    pub hidden: bool,
}

impl Error {
    /// Whether the server wants one more login parameter.
    pub fn is_login_challenge(&self) -> bool {
        self.login_challenge().is_some()
    }

    /// What the server wants to know before it lets the user in.
    ///
    /// ```
    /// fn prompt(error: &tryton_sdk::Error) -> Option<&str> {
    ///     error.login_challenge().map(|challenge| challenge.message.as_str())
    /// }
    /// ```
    pub fn login_challenge(&self) -> Option<&LoginChallenge> {
        match &self.0.kind {
            Kind::LoginChallenge(challenge) => Some(challenge),
            _ => None,
        }
    }
}

impl fmt::Display for LoginChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server wants one more login parameter, `{}`: {}", self.parameter, self.message)
    }
}
