//! TLS with the operating system's library.

use std::error::Error as StdError;
use std::fmt;

use reqwest::Certificate;
use secrecy::ExposeSecret;

use super::{Tls, wrong};
use tryton_sdk_core::Result;

pub(super) fn configure(mut builder: reqwest::ClientBuilder, tls: &Tls) -> Result<reqwest::ClientBuilder> {
    if !tls.pins.is_empty() {
        let why = "the system's TLS library cannot compare a pin; build tryton-sdk with its feature `rustls`";
        return Err(wrong("pin", "TRYTON_PIN", why));
    }
    if let Some(authorities) = &tls.authorities {
        let wrong = |e: &dyn fmt::Display| wrong("ca_file", "TRYTON_CA_FILE", e);
        let authorities = Certificate::from_pem_bundle(authorities).map_err(|e| wrong(&e))?;
        if authorities.is_empty() {
            return Err(wrong(&"the file holds no certificate in PEM"));
        }
        builder = builder.tls_certs_only(authorities);
    }
    if let Some(identity) = &tls.identity {
        let identity = reqwest::Identity::from_pkcs8_pem(&identity.chain, identity.key.expose_secret());
        let variables = "TRYTON_CLIENT_CERT, TRYTON_CLIENT_KEY";
        // The error contains no part of the key.
        let why = "the system's TLS library wants a certificate and its key of the form PKCS #8, both in PEM";
        builder = builder.identity(identity.map_err(|_| wrong("client_certificate", variables, why))?);
    }
    Ok(builder)
}

/// Avoids loading the system's authorities: without any, not even plain HTTP would work.
pub(super) fn plain(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_certs_only([])
}

#[cfg(feature = "redis")]
pub(super) fn before_redis() {}

/// Returns `None`: the library gives its reasons only as text.
pub(crate) fn refusal(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}
