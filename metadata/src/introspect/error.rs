//! Errors of reading a server's metadata.

use std::error::Error;
use std::fmt;

use crate::patterns::Unmatched;

/// The metadata cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum IntrospectError<E> {
    /// A call failed.
    Call {
        /// The method.
        method: String,
        /// The error of the client.
        source: E,
    },
    /// A method returned something unexpected.
    Answer {
        /// The method.
        method: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The patterns do not select models of this server as they should.
    NoModel(Unmatched),
}

impl<E> fmt::Display for IntrospectError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { method, .. } => write!(f, "cannot read the metadata with `{method}`"),
            Self::Answer { method, expected } => {
                write!(f, "the response of `{method}` is not {expected}")
            }
            Self::NoModel(unmatched) => f.write_str(&unmatched.about("the server")),
        }
    }
}

impl<E> From<Unmatched> for IntrospectError<E> {
    fn from(unmatched: Unmatched) -> Self {
        Self::NoModel(unmatched)
    }
}

impl<E: Error + 'static> Error for IntrospectError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call { source, .. } => Some(source),
            _ => None,
        }
    }
}

/// A model, or a part of the metadata, that the server refused to return.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The model.
    pub subject: String,
    /// Whether the records of the model describe a part of others, such as buttons; otherwise its own fields were
    /// refused.
    pub is_part: bool,
    /// The reason.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.reason)
    }
}
