//! Searching and reading: domains, orders, what to read, and the requests made of them.

mod active;
mod choices;
mod chosen;
mod domain;
mod each;
mod exchange;
mod history;
mod operand;
mod order;
mod read;
mod resources;
mod search;
mod select;
mod stream;

pub use choices::Labelled;
pub(crate) use chosen::Chosen;
pub use domain::Domain;
pub(crate) use domain::Operator;
pub(crate) use exchange::{export_data, import_data};
pub use history::Revision;
pub(crate) use history::history_revisions;
pub use operand::Operand;
pub(crate) use order::Direction;
pub use order::Order;
pub(crate) use read::{read, read_many};
pub use resources::Resources;
pub(crate) use resources::resources;
pub use search::{Search, Select};
pub use select::Columns;
pub use stream::RecordStream;
