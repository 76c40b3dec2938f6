//! TLS with rustls.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use secrecy::ExposeSecret;

use super::{Identity, Pin, Tls, wrong};
use tryton_sdk_core::{Error, Result};

type Verifier = Arc<dyn ServerCertVerifier>;

pub(super) fn configure(builder: reqwest::ClientBuilder, tls: &Tls) -> Result<reqwest::ClientBuilder> {
    let provider = provider();
    let mut verifier = match &tls.authorities {
        Some(authorities) => {
            let usual = trusting(authorities, Arc::clone(&provider))?;
            Arc::new(Named { certificates: certificates(authorities)?, usual })
        }
        None => as_the_system(Arc::clone(&provider))?,
    };
    if !tls.pins.is_empty() {
        verifier = Arc::new(Pinned { pins: tls.pins.clone(), usual: verifier });
    }
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Error::configuration("the program's TLS provider cannot be used").caused_by(e))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &tls.identity {
        Some(identity) => {
            let (chain, key) = parts(identity)?;
            config.with_client_auth_cert(chain, key).map_err(wrong_identity)?
        }
        None => config.with_no_client_auth(),
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

/// Avoids loading the system's authorities: without any, not even plain HTTP would work.
pub(super) fn plain(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_certs_only([])
}

/// Installs a default provider: the crate `redis` leaves the choice to rustls, which cannot choose if a program has two.
#[cfg(feature = "redis")]
pub(super) fn before_redis() {
    // Fails if the program has chosen a provider, which stays.
    let _ = aws_lc_rs::default_provider().install_default();
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

fn as_the_system(provider: Arc<CryptoProvider>) -> Result<Verifier> {
    let verifier = rustls_platform_verifier::Verifier::new(provider).map_err(|e| {
        Error::configuration("the certificate authorities of this machine cannot be used")
            .noting("name a file of them with `ca_file` or TRYTON_CA_FILE")
            .caused_by(e)
    })?;
    Ok(Arc::new(verifier))
}

fn trusting(authorities: &[u8], provider: Arc<CryptoProvider>) -> Result<Verifier> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(authorities)? {
        roots.add(certificate).map_err(wrong_authorities)?;
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(wrong_authorities)?)
}

fn certificates(authorities: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let certificates: Vec<_> =
        CertificateDer::pem_slice_iter(authorities).collect::<Result<_, _>>().map_err(wrong_authorities)?;
    if certificates.is_empty() {
        return Err(wrong_authorities("the file holds no certificate in PEM"));
    }
    Ok(certificates)
}

fn wrong_authorities(why: impl fmt::Display) -> Error {
    wrong("ca_file", "TRYTON_CA_FILE", why)
}

fn parts(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&identity.chain).collect::<Result<_, _>>().map_err(wrong_identity)?;
    if chain.is_empty() {
        return Err(wrong_identity("the first file holds no certificate in PEM"));
    }
    // The error contains no part of the key.
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret())
        .map_err(|_| wrong_identity("the second file holds no private key in PEM"))?;
    Ok((chain, key))
}

fn wrong_identity(why: impl fmt::Display) -> Error {
    wrong("client_certificate", "TRYTON_CLIENT_CERT, TRYTON_CLIENT_KEY", why)
}

/// The signature methods of a verifier, delegated to `usual`.
macro_rules! as_usual {
    () => {
        fn verify_tls12_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            self.usual.verify_tls12_signature(message, certificate, signature)
        }

        fn verify_tls13_signature(
            &self,
            message: &[u8],
            certificate: &CertificateDer<'_>,
            signature: &DigitallySignedStruct,
        ) -> Result<HandshakeSignatureValid, rustls::Error> {
            self.usual.verify_tls13_signature(message, certificate, signature)
        }

        fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
            self.usual.supported_verify_schemes()
        }
    };
}

/// Trusts servers that another verifier trusts, and servers with a CA certificate that is in the file itself, such as one
/// from plain `openssl req -x509`. Its name and dates are verified in any case.
#[derive(Debug)]
struct Named {
    certificates: Vec<CertificateDer<'static>>,
    usual: Verifier,
}

impl ServerCertVerifier for Named {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // This error comes after the check of the dates, and before those of the name and the issuer, which is the
        // certificate itself.
        match self.usual.verify_server_cert(certificate, intermediates, name, ocsp, now) {
            Err(error) if is_of_an_authority(&error) && self.certificates.contains(certificate) => {
                verify_server_name(&ParsedCertificate::try_from(certificate)?, name)?;
                Ok(ServerCertVerified::assertion())
            }
            outcome => outcome,
        }
    }

    as_usual!();
}

/// Trusts servers that another verifier trusts and that have one of the pinned keys.
#[derive(Debug)]
struct Pinned {
    pins: Vec<Pin>,
    usual: Verifier,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.usual.verify_server_cert(certificate, intermediates, name, ocsp, now)?;
        let key = ParsedCertificate::try_from(certificate)?.subject_public_key_info();
        let pin = Pin::of(&key);
        if self.pins.contains(&pin) {
            Ok(verified)
        } else {
            Err(CertificateError::Other(OtherError(Arc::new(WrongKey(pin)))).into())
        }
    }

    as_usual!();
}

/// Returns whether a server was rejected because it presents a CA certificate. rustls does not export the error's type.
fn is_of_an_authority(error: &rustls::Error) -> bool {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(why))) => {
            why.to_string() == "CaUsedAsEndEntity"
        }
        _ => false,
    }
}

/// The error for a key that is not pinned, with its pin.
#[derive(Debug)]
struct WrongKey(Pin);

impl fmt::Display for WrongKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its key is none of those that are pinned, but {}", self.0)
    }
}

impl StdError for WrongKey {}

/// Returns why the client rejected the server's certificate, if it did.
pub(crate) fn refusal(error: &(dyn StdError + 'static)) -> Option<String> {
    // An I/O error may contain another one that is not among its sources.
    if let Some(held) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return refusal(held);
    }
    match error.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => Some(
            "nobody whom this machine trusts has issued it; the certificate of an authority of your own is named by \
             `ca_file` or TRYTON_CA_FILE"
                .to_owned(),
        ),
        Some(error) if is_of_an_authority(error) => Some(
            "it shows the certificate of an authority, as plain `openssl req -x509` makes one: name this very certificate by \
             `ca_file` or TRYTON_CA_FILE, or make one with `-addext basicConstraints=CA:FALSE`"
                .to_owned(),
        ),
        Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(why)))) => Some(why.to_string()),
        Some(rustls::Error::InvalidCertificate(why)) => Some(why.to_string()),
        _ => refusal(error.source()?),
    }
}
