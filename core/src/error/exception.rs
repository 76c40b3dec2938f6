use std::fmt;

use super::{Error, ErrorKind, Kind};

/// An exception in the server that is none of the kinds meant for clients.
pub(super) struct Exception {
    text: String,
    traceback: String,
}

impl Exception {
    pub(super) fn new(text: String, traceback: String) -> Self {
        Self { text, traceback }
    }
}

impl Error {
    /// Whether the server's own code failed: an unknown model or field, a wrong argument, a defect in a module.
    ///
    /// ```
    /// fn report(error: &tryton_sdk::Error) {
    ///     if error.is_server_exception() {
    ///         eprintln!("{error}\n{}", error.traceback().unwrap_or("the server sent no traceback"));
    ///     }
    /// }
    /// ```
    pub fn is_server_exception(&self) -> bool {
        self.kind() == ErrorKind::ServerException
    }

    /// The server's traceback, where it is configured to send one.
    pub fn traceback(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Exception(exception) => Some(exception.traceback.as_str()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// What the exception says, and nothing around it.
    pub fn exception_text(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Exception(exception) => Some(&exception.text),
            _ => None,
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server failed with an exception: {}", self.text)
    }
}
