//! Everything that generated code names. It is brought in whole, so a name here is reserved in generated modules.

pub use crate::model::{Computed, Field, NoFilter, NoOrder, ReadOnly};
pub use crate::value::{Binary, Choice, Date, DateTime, Decimal, Dict, Id, Reference, Time, TimeDelta};
pub use serde_json::Value;
// Where an application does without the prelude.
pub use std::{option::Option, string::String, vec::Vec};
