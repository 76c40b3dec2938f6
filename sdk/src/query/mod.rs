//! Searching and reading: domains, orders, what to read, and the requests made of them.

mod domain;
mod operand;
mod order;
mod read;
mod search;
mod select;
mod stream;

pub use domain::Domain;
pub(crate) use domain::Operator;
pub use operand::Operand;
pub(crate) use order::Direction;
pub use order::Order;
pub(crate) use read::{read, read_many};
pub use search::{Search, Select};
pub use select::Columns;
pub use stream::RecordStream;
