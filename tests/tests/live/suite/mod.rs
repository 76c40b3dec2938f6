//! The tests that every series passes.

mod core;
mod domains;
mod errors;
mod reading;

use super::{SERIES, erp};
use crate::support;
