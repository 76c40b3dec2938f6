use std::fmt;

use super::{Error, Kind};

/// A question that the server asks before it continues.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The name by which the warning is accepted.
    pub name: String,
    /// The question itself.
    pub message: String,
    /// Further details; often empty.
    pub description: String,
}

impl Error {
    /// Whether the server asks for a confirmation before it continues.
    pub fn is_warning(&self) -> bool {
        self.warning().is_some()
    }

    /// Returns the question that the server asks before it continues.
    ///
    /// ```
    /// fn question(error: &tryton_sdk::Error) -> Option<&str> {
    ///     error.warning().map(|warning| warning.message.as_str())
    /// }
    /// ```
    pub fn warning(&self) -> Option<&Warning> {
        match &self.0.kind {
            Kind::Warning(warning) => Some(warning),
            _ => None,
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server asks for a confirmation (`{}`): {}", self.name, self.message)?;
        if !self.description.is_empty() {
            write!(f, " ({})", self.description)?;
        }
        Ok(())
    }
}
