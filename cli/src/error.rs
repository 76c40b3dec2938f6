//! What a command says when it fails: one sentence.

use std::fmt;

use tryton_sdk_codegen::introspect::IntrospectError;
use tryton_sdk_codegen::snapshot::SnapshotError;

/// Why a command failed.
#[derive(Debug)]
pub(crate) struct Error(String);

impl Error {
    pub(crate) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error of the SDK is a whole sentence, with its cause.
impl From<tryton_sdk::Error> for Error {
    fn from(error: tryton_sdk::Error) -> Self {
        Self(error.to_string())
    }
}

impl From<SnapshotError> for Error {
    fn from(error: SnapshotError) -> Self {
        match std::error::Error::source(&error) {
            Some(source) => Self(format!("{error}: {source}")),
            None => Self(error.to_string()),
        }
    }
}

impl From<IntrospectError<tryton_sdk::Error>> for Error {
    fn from(error: IntrospectError<tryton_sdk::Error>) -> Self {
        match error {
            IntrospectError::Call { source, .. } => source.into(),
            other => Self(other.to_string()),
        }
    }
}
