//! The certificates that the client trusts and presents, for each kind of connection to Redis.

use redis::Client;

use crate::wire::tls::Tls;

/// An error in the URL of Redis: the rest of a sentence that begins with "the URL". It contains no part of the URL.
pub(super) type Wrong = &'static str;

/// Returns the message for an I/O error. The files have been read before, so only their contents can cause one.
#[cfg(any(feature = "rustls", feature = "native-tls", feature = "redis-cluster", feature = "redis-sentinel"))]
pub(super) fn wrong(error: &redis::RedisError) -> Option<Wrong> {
    const WHY: Wrong =
        "asks for TLS, and the files of `ca_file` or `client_certificate` hold no certificate or key in PEM";
    error.is_io_error().then_some(WHY)
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn server(client: Client, tls: &Tls) -> Result<Client, Wrong> {
    let Some(certificates) = tls.for_redis() else { return Ok(client) };
    let info = client.get_connection_info().clone();
    Client::build_with_tls(info, certificates).map_err(|e| wrong(&e).unwrap_or("cannot be used with certificates"))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn server(client: Client, _: &Tls) -> Result<Client, Wrong> {
    Ok(client)
}

/// Rejects certificates: the system's TLS library does not support them for several servers.
#[cfg(all(any(feature = "redis-cluster", feature = "redis-sentinel"), not(feature = "rustls")))]
pub(super) fn none_for_several(tls: &Tls) -> Result<(), Wrong> {
    const NEEDS_RUSTLS: Wrong = "names several servers with TLS: for these, `ca_file` and `client_certificate` need \
                                 tryton-sdk's feature `rustls`";
    if tls.has_files() { Err(NEEDS_RUSTLS) } else { Ok(()) }
}
