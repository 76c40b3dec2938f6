//! The conditions and orders of searches, as values.

mod active;
mod clause;
mod conditions;
mod domain;
mod node;
mod operand;
mod operator;
mod order;
mod text;
mod through;

pub use domain::Domain;
pub use operand::Operand;
pub(crate) use operator::Operator;
pub use operator::is_operator;
pub use order::{Order, OrderPath};
