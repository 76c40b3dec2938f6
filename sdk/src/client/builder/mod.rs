//! The settings of a client, and the client that they make.

mod cache;
mod environment;
mod network;
mod session;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::SecretString;

use super::address::Address;
use super::challenge::Challenger;
use super::{Client, Retry, Session, Sessions, Shared};
use crate::cache::{Answers, Flights};
use crate::wire::http::{Http, Limits, Transport};
use crate::wire::tls::TlsSettings;
use cache::Store;
use session::Credentials;
use tryton_sdk_core::AcceptWarnings;
use tryton_sdk_core::Context;
use tryton_sdk_core::{Error, Result};

const LIMITS: Limits =
    Limits { connect: Duration::from_secs(10), idle: Duration::from_secs(60), whole: None, answer: 256 << 20 };
const RETRY: Retry = Retry { retries: 2, within: Duration::from_secs(30) };

/// The settings of a [`Client`] that is to be built.
///
/// ```
/// use std::time::Duration;
/// use tryton_sdk::Client;
///
/// let tryton = Client::builder("http://localhost:8000", "demo")
///     .credentials("admin", "secret")
///     .timeout(Duration::from_secs(60))
///     .build()?;
/// # Ok::<(), tryton_sdk::Error>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    database: Option<String>,
    credentials: Option<Credentials>,
    challenger: Option<Challenger>,
    device_cookie: Option<SecretString>,
    session: Option<Session>,
    session_ttl: Option<Duration>,
    session_key: Option<SecretString>,
    limits: Limits,
    retry: Retry,
    cache: bool,
    store: Store,
    redis_timeout: Option<Duration>,
    tls: TlsSettings,
    proxy: bool,
    context: Context,
}

impl ClientBuilder {
    pub(super) fn new(url: &str, database: &str) -> Self {
        Self {
            url: url.to_owned(),
            database: Some(database.to_owned()),
            credentials: None,
            challenger: None,
            device_cookie: None,
            session: None,
            session_ttl: None,
            session_key: None,
            limits: LIMITS,
            retry: RETRY,
            cache: true,
            store: Store::Memory,
            redis_timeout: None,
            tls: TlsSettings::default(),
            proxy: true,
            context: Context::new(),
        }
    }

    /// The context that every call begins with.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) where a setting is wrong; the message says which and why.
    pub fn build(self) -> Result<Client> {
        self.build_over(|network| Arc::new(network))
    }

    /// The same with something between the client and the network, or in its place.
    pub(crate) fn build_over(self, transport: impl FnOnce(Http) -> Arc<dyn Transport>) -> Result<Client> {
        let address = Address::parse(&self.url, self.database.as_deref())?;
        self.check_times()?;
        self.check_credentials()?;
        #[cfg(feature = "metrics")]
        super::metrics::describe();
        let tls = self.tls.read()?;
        let store = self.open_store(&tls)?;
        let shared_session = self.shared_session(store.as_ref(), &address)?;
        let http = Http::new(address.parsed(), self.limits(), &tls, self.proxy)?;
        let login = self.credentials.map(|credentials| credentials.login(self.challenger, self.device_cookie));
        let shared = Shared {
            transport: transport(http),
            address,
            server: OnceLock::new(),
            finding_server: Flights::new(),
            sessions: Sessions::new(login, self.session, self.session_ttl, shared_session),
            answers: store.filter(|_| self.cache).map(|store| Arc::new(Answers::new(store))),
            retry: self.retry,
        };
        Ok(Client { shared: Arc::new(shared), context: Arc::new(self.context), accepting: AcceptWarnings::None })
    }

    fn check_times(&self) -> Result<()> {
        let Limits { connect, idle, whole, .. } = self.limits;
        if [Some(connect), Some(idle), whole, self.session_ttl, self.redis_timeout].contains(&Some(Duration::ZERO)) {
            return Err(Error::configuration("a timeout or session TTL of zero seconds leaves no time for anything"));
        }
        Ok(())
    }
}
