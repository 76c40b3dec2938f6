#![doc = include_str!("../README.md")]

pub mod describe;
pub mod diff;
pub mod emit;
pub mod generate;
pub mod glob;
pub mod graph;
pub mod introspect;
pub mod models_macro;
pub mod naming;
pub mod plan;
pub mod projection;
mod sdk;
pub mod snapshot;
pub mod suggest;
