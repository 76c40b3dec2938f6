use std::fmt;

use super::{Error, ErrorKind};

/// The server refused, with a reason written for users.
pub(super) struct UserError {
    pub(super) message: String,
    pub(super) description: String,
}

impl Error {
    /// Whether the server refused, with a reason written for users: a validation, an access rule, a state.
    ///
    /// ```
    /// fn show(error: &tryton_sdk::Error) -> String {
    ///     match error.user_message() {
    ///         Some(message) if error.is_user_error() => message.to_owned(),
    ///         _ => "Something went wrong.".to_owned(),
    ///     }
    /// }
    /// ```
    pub fn is_user_error(&self) -> bool {
        self.kind() == ErrorKind::UserError
    }
}

impl fmt::Display for UserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server refused: {}", self.message)?;
        if !self.description.is_empty() {
            write!(f, " ({})", self.description)?;
        }
        Ok(())
    }
}
