//! Why a server's metadata cannot be read.

use std::error::Error;
use std::fmt;

use crate::patterns::Unmatched;

/// Metadata that cannot be read at all.
#[derive(Debug)]
#[non_exhaustive]
pub enum IntrospectError<E> {
    /// A call failed.
    Call {
        /// The method.
        method: String,
        /// What the client says.
        source: E,
    },
    /// A method answered something that it should not.
    Answer {
        /// The method.
        method: String,
        /// What was expected.
        expected: &'static str,
    },
    /// The patterns do not select what they should of this server.
    NoModel(Unmatched),
}

impl<E> fmt::Display for IntrospectError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { method, .. } => write!(f, "cannot read the metadata by `{method}`"),
            Self::Answer { method, expected } => {
                write!(f, "the answer of `{method}` is not {expected}")
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

/// A model, or a part of the metadata, that the server would not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The model.
    pub subject: String,
    /// Whether it is what the records of the model tell about others, such as buttons; else it is the model's own fields.
    pub is_part: bool,
    /// Why.
    pub reason: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.subject, self.reason)
    }
}
