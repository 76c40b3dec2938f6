//! The path of a call to a server: for wrapping a client, or sending calls in another way.

pub use tryton_sdk_core::connection::{BoxFuture, Bytes, Call, Connection};
pub use tryton_sdk_core::{Body, Subject, remove_secrets};
