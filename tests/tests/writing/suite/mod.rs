//! The tests that every series passes.

mod buttons;
mod lists;
mod records;
mod warnings;

use super::{SERIES, erp};
use crate::support;
