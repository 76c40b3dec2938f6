//! The conditions and orders of searches, as values.

mod active;
mod conditions;
mod domain;
mod operand;
mod order;

pub use domain::Domain;
pub(crate) use domain::Operator;
pub use domain::is_operator;
pub use operand::Operand;
pub(crate) use order::Direction;
pub use order::Order;
