#![doc = include_str!("../README.md")]

pub mod columns;
pub mod describe;
pub mod diff;
pub mod folder;
pub mod generate;
pub mod graph;
pub mod introspect;
pub mod page;
pub mod patterns;
