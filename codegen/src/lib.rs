#![doc = include_str!("../README.md")]

pub mod emit;
pub mod glob;
pub mod models_macro;
pub mod naming;
pub mod plan;
pub mod projection;
mod sdk;
pub mod snapshot;
pub mod suggest;
