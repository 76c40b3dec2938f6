//! The certificates that the client trusts and shows, for each way to Redis.

use redis::cluster::ClusterClientBuilder;
use redis::sentinel::SentinelClientBuilder;
use redis::{Client, RedisError, TlsMode};

use crate::wire::tls::Tls;

/// What is wrong with the URL of Redis: the rest of a sentence that begins with it, and repeats none of it.
pub(super) type Wrong = &'static str;

/// The files have been read by then, and only they can be what I/O fails for.
pub(super) fn wrong(error: &RedisError) -> Option<Wrong> {
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

#[cfg(feature = "rustls")]
pub(super) fn cluster(builder: ClusterClientBuilder, tls: &Tls) -> Result<ClusterClientBuilder, Wrong> {
    Ok(match tls.for_redis() {
        Some(certificates) => builder.certs(certificates),
        None => builder,
    })
}

#[cfg(feature = "rustls")]
pub(super) fn sentinels(builder: SentinelClientBuilder, tls: &Tls) -> Result<SentinelClientBuilder, Wrong> {
    let builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    Ok(match tls.for_redis() {
        Some(certificates) => builder
            .set_client_to_redis_certificates(certificates.clone())
            .set_client_to_sentinel_certificates(certificates),
        None => builder,
    })
}

#[cfg(not(feature = "rustls"))]
const NEEDS_RUSTLS: Wrong =
    "names several servers with TLS: for these, `ca_file` and `client_certificate` need tryton-sdk's feature `rustls`";

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn server(client: Client, _: &Tls) -> Result<Client, Wrong> {
    Ok(client)
}

#[cfg(not(feature = "rustls"))]
pub(super) fn cluster(builder: ClusterClientBuilder, tls: &Tls) -> Result<ClusterClientBuilder, Wrong> {
    if tls.has_files() { Err(NEEDS_RUSTLS) } else { Ok(builder) }
}

#[cfg(not(feature = "rustls"))]
pub(super) fn sentinels(builder: SentinelClientBuilder, tls: &Tls) -> Result<SentinelClientBuilder, Wrong> {
    if tls.has_files() { Err(NEEDS_RUSTLS) } else { Ok(builder.set_client_to_redis_tls_mode(TlsMode::Secure)) }
}
