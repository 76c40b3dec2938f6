//! Bytes: one HTTP exchange, its TLS, and compression.

pub(crate) mod gzip;
pub(crate) mod headers;
pub(crate) mod http;
mod proxy;
mod times;
pub(crate) mod tls;
