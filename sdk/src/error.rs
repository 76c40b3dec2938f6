//! Errors and their parts.

pub use tryton_sdk_core::{
    Error, ErrorCategory, ErrorKind, LoginChallenge, ParseDecimalError, ParseReferenceError, ParseSeriesError, Result,
    Trouble, Unfinished, UnfinishedUpsert, Warning,
};
