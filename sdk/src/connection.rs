//! The way of a call to a server: for those who wrap a client, or carry calls in their own way.

pub use tryton_sdk_core::connection::{BoxFuture, Bytes, Call, Connection};
pub use tryton_sdk_core::{Body, Subject};
