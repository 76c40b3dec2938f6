//! Certificates, and TLS in front of a server without it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy, split};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate authority with its files in a folder.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: PathBuf,
}

/// A certificate with its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
    /// The certificate in PEM.
    pub certificate_file: PathBuf,
    /// The key in PEM.
    pub key_file: PathBuf,
}

impl Identity {
    /// Creates a self-signed CA certificate for this host name, like one from plain `openssl req -x509`.
    ///
    /// # Panics
    ///
    /// Panics if the folder cannot be written to.
    #[must_use]
    pub fn of_itself(folder: &Path, name: &str) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).expect("a certificate");
        Self::save(folder, name, certificate, key)
    }

    fn save(folder: &Path, name: &str, certificate: Certificate, key: KeyPair) -> Self {
        let [certificate_file, key_file] = ["pem", "key"].map(|kind| folder.join(format!("{name}.{kind}")));
        std::fs::write(&certificate_file, certificate.pem()).expect("a file");
        std::fs::write(&key_file, key.serialize_pem()).expect("a file");
        Self { certificate: certificate.into(), key, certificate_file, key_file }
    }

    /// Returns the public key in the form that certificates contain, which a pin hashes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        use rcgen::PublicKeyData as _;

        self.key.subject_public_key_info()
    }
}

impl Authority {
    /// Creates an authority and its folder.
    ///
    /// # Panics
    ///
    /// Panics if the folder cannot be written to.
    #[must_use]
    pub fn new(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).expect("a folder");
        let mut params = CertificateParams::default();
        // Each has a different name, because clients find the issuer of a certificate by its name.
        params.distinguished_name.push(DnType::CommonName, folder.display().to_string());
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        let issuer = CertifiedIssuer::self_signed(params, key).expect("a certificate");
        std::fs::write(folder.join("ca.pem"), issuer.pem()).expect("a file");
        Self { issuer, folder: folder.to_owned() }
    }

    /// Returns the path of its own certificate in PEM.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// Issues a certificate for this host name or address.
    ///
    /// # Panics
    ///
    /// Panics if the folder cannot be written to.
    #[must_use]
    pub fn issue(&self, name: &str) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        Identity::save(&self.folder, name, certificate, key)
    }
}

/// A TLS terminator on its own port, in front of a server. It stops with the runtime of the test.
pub struct Terminator {
    port: u16,
    passed: Arc<AtomicUsize>,
}

impl Terminator {
    /// Starts a terminator. It presents the certificate to clients, and requires certificates issued by `clients` if
    /// given.
    ///
    /// # Panics
    ///
    /// Panics if it cannot listen on a port.
    pub async fn start(upstream: &str, identity: &Identity, clients: Option<&Authority>) -> Self {
        let upstream = upstream.split_once("://").map_or(upstream, |(_, host)| host).trim_end_matches('/').to_owned();
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the usual versions");
        let config = match clients {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.issuer.der().clone()).expect("a certificate");
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
                config.with_client_cert_verifier(verifier.expect("an authority"))
            }
        };
        let key = PrivatePkcs8KeyDer::from(identity.key.serialize_der());
        let config = config.with_single_cert(vec![identity.certificate.clone()], key.into()).expect("a pair");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("a bound address").port();
        let passed = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&passed);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, acceptor.clone(), upstream.clone(), Arc::clone(&counted)));
            }
        });
        Self { port, passed }
    }

    /// Returns its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the number of bytes that clients have sent to the server.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.passed.load(Ordering::SeqCst)
    }
}

async fn pass(client: TcpStream, acceptor: TlsAcceptor, upstream: String, bytes: Arc<AtomicUsize>) -> io::Result<()> {
    let (mut from_client, mut to_client) = split(acceptor.accept(client).await?);
    let (mut from_server, mut to_server) = TcpStream::connect(upstream).await?.into_split();
    let there = tokio::spawn(async move {
        let mut chunk = [0; 16 * 1024];
        while let Ok(read @ 1..) = from_client.read(&mut chunk).await {
            bytes.fetch_add(read, Ordering::SeqCst);
            to_server.write_all(&chunk[..read]).await?;
        }
        to_server.shutdown().await
    });
    let back = copy(&mut from_server, &mut to_client).await;
    there.abort();
    back.and(to_client.shutdown().await)
}
