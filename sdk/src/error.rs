//! Errors, and the parts that they are made of.

pub use tryton_sdk_core::{
    Error, ErrorCategory, ErrorKind, LoginChallenge, ParseDecimalError, ParseReferenceError, ParseSeriesError, Result,
    Trouble, Unfinished, UnfinishedUpsert, Warning,
};
