//! What is fuzzed: each function takes any bytes, and panics where something is wrong with the SDK.
//!
//! `tests/corpus.rs` calls them with the files below `corpus/`, `bash fuzz/run` with what libFuzzer makes of those.

mod answer;
mod snapshot;

pub use answer::answer;
pub use snapshot::snapshot;
