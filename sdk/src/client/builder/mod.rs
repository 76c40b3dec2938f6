//! The builder of clients.

mod cache;
mod environment;
mod network;
mod session;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::Client;
use super::address::Address;
use super::answers::Answers;
use super::endpoint::Endpoint;
use super::exchange::Exchange;
use super::retry::Retry;
use super::sessions::{Admission, Challenger, Session, Sessions};
use super::user_context::UserContext;
use crate::cache::Kept;
use crate::wire::headers::Headers;
use crate::wire::http::{Http, Limits, Transport};
use crate::wire::tls::TlsSettings;
use cache::Store;
use session::Credentials;
use tryton_sdk_core::AcceptWarnings;
use tryton_sdk_core::Context;
use tryton_sdk_core::{Error, Result, Series};

const LIMITS: Limits = Limits {
    connect: Duration::from_secs(10),
    idle: Duration::from_secs(60),
    whole: None,
    answer: 256 << 20,
    pool_idle: None,
};
const LOGIN_TIMEOUT: Duration = Duration::from_secs(30);
const RETRY: Retry = Retry { retries: 2, within: Duration::from_secs(30) };

/// The settings of a new [`Client`].
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
    series: Option<Series>,
    credentials: Option<Credentials>,
    challenger: Option<Challenger>,
    device_cookie: Option<SecretString>,
    session: Option<Session>,
    session_ttl: Option<Duration>,
    session_key: Option<SecretString>,
    limits: Limits,
    login_timeout: Duration,
    retry: Retry,
    cache: bool,
    store: Store,
    redis_timeout: Option<Duration>,
    tls: TlsSettings,
    proxy: bool,
    headers: Headers,
    context: Context,
    user_context: bool,
    reading: HashSet<String>,
}

impl ClientBuilder {
    pub(super) fn new(url: &str, database: &str) -> Self {
        Self {
            url: url.to_owned(),
            database: Some(database.to_owned()),
            series: None,
            credentials: None,
            challenger: None,
            device_cookie: None,
            session: None,
            session_ttl: None,
            session_key: None,
            limits: LIMITS,
            login_timeout: LOGIN_TIMEOUT,
            retry: RETRY,
            cache: true,
            store: Store::Memory,
            redis_timeout: None,
            tls: TlsSettings::default(),
            proxy: true,
            headers: Headers::default(),
            context: Context::new(),
            user_context: false,
            reading: HashSet::new(),
        }
    }

    /// Sets the context of every call.
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Sets whether calls are made in the context that the user has chosen: language, company, employee, groups. Off by
    /// default: calls then have only the client's own context.
    ///
    /// The first call of each session makes one additional request
    /// ([`Client::user_context`](crate::Client::user_context)). Later choices of the user take effect with the next
    /// session; responses cached by then stay until they expire. The client's own context takes precedence.
    /// [`Client::context`] does not include the user's.
    ///
    /// ```
    /// use tryton_sdk::{Client, Context};
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production")
    ///     .credentials("shop", "secret")
    ///     .user_context(true)
    ///     .context(Context::new().language("fr"))
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn user_context(mut self, is_added: bool) -> Self {
        self.user_context = is_added;
        self
    }

    /// Declares that these methods only read, for methods that the SDK does not know, such as those of your own modules.
    /// Call it once or several times.
    ///
    /// They are then retried when the network fails, may be cached ([`Client::cached_call`], or if the server marks them
    /// cacheable), and count as reads in errors, spans and metrics. Never declare a method that writes: it might be
    /// executed twice, or not at all.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use erp::Party;
    /// use std::time::Duration;
    /// use tryton_sdk::{Client, Id, Records, Result};
    ///
    /// async fn scores(parties: &[Id<Party>]) -> Result<Vec<f64>> {
    ///     let tryton = Client::builder("https://erp.example.com", "production")
    ///         .credentials("shop", "secret")
    ///         .reading(["model.party.party.get_score", "model.party.party.get_rating"])
    ///         .build()?;
    ///     let _: String = tryton.cached_call("model.party.party.get_rating", [parties], Duration::from_secs(60)).await?;
    ///     Party::call(&tryton, "get_score", [parties]).await
    /// }
    /// ```
    pub fn reading<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        self.reading.extend(methods.into_iter().map(Into::into));
        self
    }

    /// Builds the client. No request is made.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) if a setting is wrong; the message says which one and why.
    pub fn build(self) -> Result<Client> {
        self.build_over(|network| Arc::new(network))
    }

    /// Builds the client with a transport around the network, or instead of it.
    pub(crate) fn build_over(self, transport: impl FnOnce(Http) -> Arc<dyn Transport>) -> Result<Client> {
        let address = Address::parse(&self.url, self.database.as_deref())?;
        self.check_times()?;
        self.check_credentials()?;
        #[cfg(feature = "metrics")]
        super::metrics::describe();
        let tls = Arc::new(self.tls.read()?);
        let store = self.open_store(&tls)?;
        let shared_session = self.shared_session(store.as_ref(), &address)?;
        let http = Http::new(address.parsed(), self.limits(), &tls, self.proxy, &self.headers)?;
        let endpoint = Arc::new(Endpoint::new(transport(http), address, self.login_timeout, self.series));
        let admission = Admission {
            login: self.credentials.map(|credentials| credentials.login(self.challenger, self.device_cookie)),
            session: self.session,
            ttl: self.session_ttl,
            shared: shared_session,
        };
        let sessions = Sessions::new(Arc::clone(&endpoint), self.retry, admission);
        let kept = store.filter(|_| self.cache).map(|store| Arc::new(Kept::new(store)));
        let user_context = self.user_context.then(UserContext::new);
        let answers = Answers::new(Exchange::new(endpoint, sessions, self.retry, user_context), kept);
        Ok(Client {
            answers: Arc::new(answers),
            context: Arc::new(self.context),
            accepting: AcceptWarnings::none(),
            reading: Arc::new(self.reading),
        })
    }

    fn check_times(&self) -> Result<()> {
        let Limits { connect, idle, whole, .. } = self.limits;
        let times = [Some(connect), Some(idle), Some(self.login_timeout), whole, self.session_ttl, self.redis_timeout];
        if times.contains(&Some(Duration::ZERO)) {
            return Err(Error::configuration("a timeout or session TTL of zero seconds leaves no time for anything"));
        }
        Ok(())
    }
}
