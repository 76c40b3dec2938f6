//! TLS by rustls.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
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
        Some(authorities) => trusting(authorities, Arc::clone(&provider))?,
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

/// Without this a machine that has no authorities could not even speak plain HTTP.
pub(super) fn plain(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.tls_certs_only([])
}

/// The crate `redis` leaves the choice to rustls, which cannot make it where a program has two providers.
#[cfg(feature = "redis")]
pub(super) fn before_redis() {
    // One that the program has chosen stays.
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
    let wrong = |e: &dyn fmt::Display| wrong("ca_file", "TRYTON_CA_FILE", e);
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(authorities) {
        roots.add(certificate.map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
    }
    if roots.is_empty() {
        return Err(wrong(&"the file holds no certificate in PEM"));
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    Ok(verifier.map_err(|e| wrong(&e))?)
}

fn parts(identity: &Identity) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&identity.chain).collect::<Result<_, _>>().map_err(wrong_identity)?;
    if chain.is_empty() {
        return Err(wrong_identity("the first file holds no certificate in PEM"));
    }
    // What is wrong with a key is told without a part of it.
    let key = PrivateKeyDer::from_pem_slice(identity.key.expose_secret())
        .map_err(|_| wrong_identity("the second file holds no private key in PEM"))?;
    Ok((chain, key))
}

fn wrong_identity(why: impl fmt::Display) -> Error {
    wrong("client_certificate", "TRYTON_CLIENT_CERT, TRYTON_CLIENT_KEY", why)
}

/// Trusts whom another verifier trusts, and of these only who has one of the keys.
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
}

/// The pin of a key that is none of those that were expected.
#[derive(Debug)]
struct WrongKey(Pin);

impl fmt::Display for WrongKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "its key is none of those that are pinned, but {}", self.0)
    }
}

impl StdError for WrongKey {}

/// Why the client has refused the server's certificate, if that is what the error is about.
pub(crate) fn refusal(error: &(dyn StdError + 'static)) -> Option<String> {
    // An I/O error holds another one that is not among its sources.
    if let Some(held) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        return refusal(held);
    }
    match error.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer)) => Some(
            "nobody whom this machine trusts has issued it; the certificate of an authority of your own is named by \
             `ca_file` or TRYTON_CA_FILE"
                .to_owned(),
        ),
        Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(why)))) => Some(why.to_string()),
        Some(rustls::Error::InvalidCertificate(why)) => Some(why.to_string()),
        _ => refusal(error.source()?),
    }
}
