//! Bytes: one HTTP exchange, its TLS, and compression.

pub(crate) mod gzip;
pub(crate) mod http;
pub(crate) mod tls;
