#![doc = include_str!("../README.md")]

mod derive;
pub mod draft;
pub mod emit;
pub mod glob;
pub mod models_macro;
pub mod naming;
pub mod plan;
pub mod projection;
pub mod referenced;
mod sdk;
pub mod settings;
pub mod snapshot;
pub mod suggest;
