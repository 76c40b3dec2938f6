use std::fmt;

use super::{Error, ErrorKind, Kind};

/// An exception in the server that is not meant for clients.
#[derive(Clone)]
pub(super) struct Exception {
    pub(super) text: String,
    traceback: String,
}

impl Exception {
    pub(super) fn new(text: String, traceback: String) -> Self {
        Self { text, traceback }
    }
}

impl Error {
    /// Whether the server's own code failed, because of a wrong argument or a bug in a module.
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

    /// The server's traceback, if it is configured to send one.
    pub fn traceback(&self) -> Option<&str> {
        self.exception().map(|exception| exception.traceback.as_str()).filter(|text| !text.is_empty())
    }

    /// The text of the exception alone.
    pub fn exception_text(&self) -> Option<&str> {
        self.exception().map(|exception| exception.text.as_str())
    }

    fn exception(&self) -> Option<&Exception> {
        match &self.0.kind {
            Kind::Exception(exception) => Some(exception),
            Kind::UnknownName(unknown) => Some(&unknown.exception),
            Kind::TooComplex(query) => Some(&query.exception),
            _ => None,
        }
    }
}

impl fmt::Display for Exception {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server failed with an exception: {}", self.text)
    }
}
