use std::fmt;

use super::{Error, Kind};

/// A further question of a login: a code from a text message, a second password.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LoginChallenge {
    /// The name of the missing parameter.
    pub parameter: String,
    /// What to ask the user.
    pub message: String,
    /// Whether to hide the answer while it is typed.
    pub hidden: bool,
}

impl Error {
    /// Whether the server requires another login parameter.
    pub fn is_login_challenge(&self) -> bool {
        self.login_challenge().is_some()
    }

    /// The question that the server asks before it lets the user in.
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
