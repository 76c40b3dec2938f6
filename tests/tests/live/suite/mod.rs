//! The tests that every series passes. They share a server: those that write do so to `party.category`, which no other
//! test counts.

mod batching;
mod choices;
mod core;
mod derived;
mod domains;
mod errors;
mod reading;
mod streams;
mod unlike;

use super::{SERIES, erp};
use crate::support;
