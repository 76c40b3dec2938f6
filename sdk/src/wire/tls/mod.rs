//! TLS: the authorities that the client trusts, its own certificate, and pinned keys.

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
#[path = "native.rs"]
mod library;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[path = "none.rs"]
mod library;
#[cfg(feature = "rustls")]
#[path = "rustls.rs"]
mod library;
mod pin;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use secrecy::SecretSlice;

pub(crate) use library::refusal;
use pin::Pin;
use tryton_sdk_core::{Error, Result};

/// The TLS settings. The defaults are the system's authorities, and no client certificate.
#[derive(Clone, Debug, Default)]
pub(crate) struct TlsSettings {
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) pins: Vec<String>,
}

/// Two PEM files.
#[derive(Clone, Debug)]
pub(crate) struct ClientCertificate {
    pub(crate) chain: PathBuf,
    pub(crate) key: PathBuf,
}

/// The settings with the contents of the files. Its `Debug` output shows none of them.
#[cfg_attr(
    not(any(feature = "rustls", feature = "native-tls", feature = "redis-cluster", feature = "redis-sentinel")),
    expect(dead_code, reason = "nothing to set up")
)]
pub(crate) struct Tls {
    /// Certificates in PEM that replace the system's.
    pub(crate) authorities: Option<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
    pins: Vec<Pin>,
}

/// A certificate chain and its private key, in PEM.
#[cfg_attr(not(any(feature = "rustls", feature = "native-tls")), expect(dead_code, reason = "nothing to set up"))]
pub(crate) struct Identity {
    pub(crate) chain: Vec<u8>,
    pub(crate) key: SecretSlice<u8>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl TlsSettings {
    pub(crate) fn read(&self) -> Result<Tls> {
        let authorities = self.ca_file.as_deref().map(|path| read(path, "ca_file", "TRYTON_CA_FILE")).transpose()?;
        let identity = self.client_certificate.as_ref().map(ClientCertificate::read).transpose()?;
        let pins = self.pins.iter().map(|pin| pin.parse()).collect::<Result<_>>()?;
        Ok(Tls { authorities, identity, pins })
    }
}

impl ClientCertificate {
    fn read(&self) -> Result<Identity> {
        let chain = read(&self.chain, "client_certificate", "TRYTON_CLIENT_CERT")?;
        let key = read(&self.key, "client_certificate", "TRYTON_CLIENT_KEY")?.into();
        Ok(Identity { chain, key })
    }
}

impl Tls {
    #[cfg(all(any(feature = "redis-cluster", feature = "redis-sentinel"), not(feature = "rustls")))]
    pub(crate) fn has_files(&self) -> bool {
        self.authorities.is_some() || self.identity.is_some()
    }

    /// Configures the client for a server at `url`. Pins need TLS.
    pub(crate) fn configure(
        &self,
        builder: reqwest::ClientBuilder,
        url: &reqwest::Url,
    ) -> Result<reqwest::ClientBuilder> {
        if url.scheme() == "https" {
            return library::configure(builder, self);
        }
        if !self.pins.is_empty() {
            let why = "a pin (`pin` or TRYTON_PIN) is set, and nothing can be compared with it: the server's URL \
                       begins with http://";
            return Err(Error::configuration(why));
        }
        Ok(library::plain(builder))
    }
}

#[cfg(all(feature = "redis", any(feature = "rustls", feature = "native-tls")))]
impl Tls {
    /// Returns the certificates for Redis. Pins apply only to the Tryton server.
    pub(crate) fn for_redis(&self) -> Option<redis::TlsCertificates> {
        use secrecy::ExposeSecret;

        library::before_redis();
        let client_tls = self.identity.as_ref().map(|identity| redis::ClientTlsConfig {
            client_cert: identity.chain.clone(),
            client_key: identity.key.expose_secret().to_vec(),
        });
        let certificates = redis::TlsCertificates { client_tls, root_cert: self.authorities.clone() };
        (certificates.client_tls.is_some() || certificates.root_cert.is_some()).then_some(certificates)
    }
}

fn read(path: &Path, setting: &str, variable: &str) -> Result<Vec<u8>> {
    let unread = || wrong(setting, variable, format_args!("`{}` cannot be read", path.display()));
    fs::read(path).map_err(|e| unread().caused_by(e))
}

fn wrong(setting: &str, variable: &str, why: impl fmt::Display) -> Error {
    Error::configuration(format!("the setting `{setting}` ({variable}): {why}"))
}
