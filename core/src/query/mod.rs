//! The conditions and orders of searches, as values.

mod active;
mod conditions;
mod domain;
mod operand;
mod order;
mod text;

pub use domain::Domain;
pub(crate) use domain::Operator;
pub use domain::is_operator;
pub use operand::Operand;
pub use order::{Order, OrderPath};
