//! Forms: records that are filled in as a user of Tryton's own clients fills them in.

mod any;
mod args;
mod ask;
mod change;
mod context;
mod drive;
mod memo;
mod model;
mod ops;
mod save;
mod settle;
#[cfg(test)]
mod tests;
mod tree;
mod typed;

pub use crate::any_draft::AnyDraft;
pub use any::{AnyForm, AnyRow, Desk};
pub use ask::Question;
pub use ops::{Op, Outcome};
#[doc(hidden)]
pub use tree::Options;
pub use tree::{NodeId, Step, Tree};
pub use typed::{Form, Row};
