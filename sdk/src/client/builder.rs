use std::path::PathBuf;
use std::str::FromStr;
use std::sync::{Arc, OnceLock, RwLock};
use std::time::Duration;

use secrecy::SecretString;

use super::address::Address;
use super::challenge::Challenger;
use super::login::{Login, Way};
use super::shared_session::SharedSession;
use super::{Client, Retry, Session, Sessions, Shared};
use crate::cache::{Answers, Cache, MemoryCache};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::http::{Http, Limits, Transport};
use crate::tls::{ClientCertificate, Tls, TlsSettings};
use crate::warnings::AcceptWarnings;

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
    pub(super) challenger: Option<Challenger>,
    pub(super) device_cookie: Option<SecretString>,
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

#[derive(Clone, Debug)]
struct Credentials {
    user: String,
    password: SecretString,
    way: Way,
}

/// Where answers are kept.
#[derive(Clone, Debug)]
enum Store {
    Memory,
    /// The URL may hold a password.
    Redis(SecretString),
    Own(Arc<dyn Cache>),
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

    /// The settings that the variables hold; `read` gives a variable's value.
    pub(super) fn from_variables(read: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let read = |name: &str| read(name).filter(|value| !value.is_empty());
        let required = |name: &str| read(name).ok_or_else(|| missing(name));
        let url = required("TRYTON_RPC_URL")?;
        let database = read("TRYTON_DATABASE");
        let in_environment = |e: Error| Error::configuration(format!("TRYTON_RPC_URL, TRYTON_DATABASE: {e}"));
        Address::parse(&url, database.as_deref()).map_err(in_environment)?;
        let mut builder = Self { database, ..Self::new(&url, "") };
        builder = builder.credentials(&required("TRYTON_USER")?, required("TRYTON_PASSWORD")?);
        let seconds = |name| Ok(parsed(read(name), name, "a number of seconds")?.map(|Seconds(duration)| duration));
        let number = |name| parsed(read(name), name, "a whole number");
        builder.limits = Limits {
            connect: seconds("TRYTON_CONNECT_TIMEOUT")?.unwrap_or(LIMITS.connect),
            idle: seconds("TRYTON_IDLE_TIMEOUT")?.unwrap_or(LIMITS.idle),
            whole: seconds("TRYTON_TIMEOUT")?,
            answer: number("TRYTON_ANSWER_LIMIT")?.unwrap_or(LIMITS.answer),
        };
        builder.retry = Retry {
            retries: number("TRYTON_RETRIES")?.unwrap_or(RETRY.retries),
            within: seconds("TRYTON_RETRY_WITHIN")?.unwrap_or(RETRY.within),
        };
        builder.session_ttl = seconds("TRYTON_SESSION_TTL")?;
        if let Some(url) = read("TRYTON_REDIS_URL") {
            builder = builder.redis(url);
        }
        builder.session_key = read("TRYTON_SESSION_KEY").map(SecretString::from);
        builder.tls.ca_file = read("TRYTON_CA_FILE").map(PathBuf::from);
        builder.tls.client_certificate = match (read("TRYTON_CLIENT_CERT"), read("TRYTON_CLIENT_KEY")) {
            (Some(chain), Some(key)) => Some(ClientCertificate { chain: chain.into(), key: key.into() }),
            (None, None) => None,
            (Some(_), None) => return Err(missing("TRYTON_CLIENT_KEY")),
            (None, Some(_)) => return Err(missing("TRYTON_CLIENT_CERT")),
        };
        builder.tls.pins =
            read("TRYTON_PIN").map_or_else(Vec::new, |pins| pins.split(',').map(str::to_owned).collect());
        builder.proxy = parsed(read("TRYTON_PROXY"), "TRYTON_PROXY", "`true` or `false`")?.unwrap_or(true);
        Ok(builder)
    }

    /// The name and the password to log in with.
    pub fn credentials(mut self, login: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some(Credentials { user: login.to_owned(), password: password.into(), way: Way::Session });
        self
    }

    /// The name and the password that go with each call (HTTP Basic), in place of a session.
    ///
    /// For programs that make a single call, or may leave nothing behind at the server: there is no request to log in and
    /// no session to end. But the server checks the password in each call as it does in a login, which it makes slow on
    /// purpose: a call that takes 27 ms with a session took 378 ms. Servers that ask for a second factor cannot be called
    /// so.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production").basic("report", "secret").build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn basic(mut self, login: &str, password: impl Into<SecretString>) -> Self {
        self.credentials = Some(Credentials { user: login.to_owned(), password: password.into(), way: Way::Basic });
        self
    }

    /// A session to begin with, as another client's [`Client::session`] gave it.
    ///
    /// With credentials beside it, the client logs in once the server refuses the session.
    /// Its age counts from here. Servers since 7.8 accept a session only from the address that it was made from.
    pub fn session(mut self, session: Session) -> Self {
        self.session = Some(session);
        self
    }

    /// How old a session may become before the client replaces it by a new login.
    /// By default it is used until the server refuses it.
    pub fn session_ttl(mut self, ttl: Duration) -> Self {
        self.session_ttl = Some(ttl);
        self
    }

    /// Shares the session with other processes that have the same key, by way of the [Redis](Self::redis), or of the
    /// [cache of your own](Self::cache_in), that they share: one of them logs in, and the others use its session.
    ///
    /// `key` is 32 random bytes in base64, as `openssl rand -base64 32` makes them. The session's token is encrypted with
    /// it. Whoever has another key, or none, finds nothing and logs in.
    ///
    /// A session that the server refuses is replaced, by one that another process has made since or by a login, at most
    /// twice in one call. Processes that lose the session at the same moment may still log in each for itself.
    /// A Redis that is down delays a login by no more than twice the [`redis_timeout`](Self::redis_timeout).
    /// The session is kept for the [`session_ttl`](Self::session_ttl), or for 30 days.
    ///
    /// Servers since 7.8 accept a session only from the address that it was made from: give processes that the server
    /// sees at other addresses a key of their own.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("http://localhost:8000", "demo")
    ///     .credentials("admin", "secret")
    ///     .redis("redis://localhost:6379/0")
    ///     .share_session("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn share_session(mut self, key: impl Into<SecretString>) -> Self {
        self.session_key = Some(key.into());
        self
    }

    /// How long a whole request may take, from connecting to the last byte of the answer.
    /// By default it takes as long as the server works on it. A repetition is another request.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.whole = Some(timeout);
        self
    }

    /// How long connecting may take, TLS included; 10 seconds by default, and never all of [`timeout`](Self::timeout).
    /// A host that does not answer in time [is unreachable](Error::is_unreachable): nothing was sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// How long an answer that has begun may pause; 60 seconds by default. Before its first byte, while the server works,
    /// only [`timeout`](Self::timeout) counts.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = timeout;
        self
    }

    /// The most bytes that an answer may have, as it comes and once it is inflated; 256 MiB by default.
    /// A longer one is an error ([`is_answer_too_long`](Error::is_answer_too_long)), and is not read to its end.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.limits.answer = bytes;
        self
    }

    /// How often a call is made again when the network fails or the server is not available; 2 by default. A call that
    /// writes is repeated only while it cannot have reached the server.
    ///
    /// What was refused because there were too many requests (429) was not executed: it is repeated as well, be it a read,
    /// a write or a login, and a second later at the earliest. If that does not help, the call fails with
    /// [`is_rate_limited`](Error::is_rate_limited).
    pub fn retries(mut self, retries: usize) -> Self {
        self.retry.retries = retries;
        self
    }

    /// How long after its beginning a call may be made again; 30 seconds by default. Before it is, the client waits for
    /// 100 ms, then 200 ms and so on, at random up to twice as long, and for as long as the server asks beside that
    /// (`Retry-After`). Where that would be too late, the call fails at once.
    pub fn retry_within(mut self, time: Duration) -> Self {
        self.retry.within = time;
        self
    }

    /// Whether answers are cached: those that the server declares cacheable, and those of [`Client::cached_call`].
    /// It is on by default.
    pub fn cache(mut self, cache: bool) -> Self {
        self.cache = cache;
        self
    }

    /// Keeps answers in a Redis, for all processes that use the same one. By default they are kept in this process's
    /// memory. It needs the feature `redis`. The URL says what there is:
    ///
    /// | | |
    /// |---|---|
    /// | one server | `redis://[[user]:password@]host[:6379][/number]` |
    /// | a cluster, by some of its servers | `redis+cluster://[[user]:password@]host[:6379],other-host[:6379]` |
    /// | the primary that Sentinels know | `redis+sentinel://[[user]:password@]host[:26379],other-host[:26379]/service[/number]` |
    ///
    /// `service` is the Sentinels' name of the primary. User and password are those of the servers that hold the data;
    /// where the Sentinels want some, too, they are the options `?sentinel_username=…&sentinel_password=…`.
    /// With `rediss` in place of `redis` everything goes by TLS, with the certificates of [`ca_file`](Self::ca_file)
    /// and [`client_certificate`](Self::client_certificate).
    ///
    /// When a primary fails, the client goes on with the one that takes its place. A cluster is used while all its
    /// primaries answer.
    ///
    /// A Redis that is down, slow, full or out of its mind fails no call. Each of its answers is waited for no longer
    /// than [`redis_timeout`](Self::redis_timeout) says. Then a warning is logged once, and calls go to the server alone,
    /// while Redis is tried again every two seconds.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("http://localhost:8000", "demo")
    ///     .credentials("admin", "secret")
    ///     .redis("redis://:another-secret@localhost:6379/0")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn redis(mut self, url: impl Into<SecretString>) -> Self {
        self.store = Store::Redis(url.into());
        self
    }

    /// How long a call waits for an answer of Redis before it goes to the server; 100 ms by default.
    pub fn redis_timeout(mut self, timeout: Duration) -> Self {
        self.redis_timeout = Some(timeout);
        self
    }

    /// Keeps answers in a cache of your own, or in a [`MemoryCache`] that several clients share.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use tryton_sdk::{Client, MemoryCache};
    ///
    /// let small = Client::builder("http://localhost:8000", "demo").cache_in(Arc::new(MemoryCache::new(1 << 20)));
    /// ```
    pub fn cache_in(mut self, cache: Arc<dyn Cache>) -> Self {
        self.store = Store::Own(cache);
        self
    }

    /// Trusts the certificate authorities of this file, PEM, instead of those of the system; Redis is not trusted
    /// otherwise either. By default the system decides.
    ///
    /// The server's name and its dates are verified in any case. A server with a certificate that it has issued itself
    /// is trusted by naming that certificate here. The file is read by [`build`](Self::build).
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production")
    ///     .credentials("admin", "secret")
    ///     .ca_file("/etc/ssl/example.pem")
    ///     .pin("sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.ca_file = Some(path.into());
        self
    }

    /// The client's own certificate, with those that lead to its authority, and its private key: two files in PEM, read
    /// by [`build`](Self::build). They are shown to a server that asks for them, and to Redis.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let builder = Client::builder("https://erp.example.com", "production")
    ///     .client_certificate("/etc/shop/client.pem", "/etc/shop/client.key");
    /// ```
    pub fn client_certificate(mut self, chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.client_certificate = Some(ClientCertificate { chain: chain.into(), key: key.into() });
        self
    }

    /// Speaks with the server only if it has this public key, beside being trusted. Called several times, it names
    /// several keys, of which the server has one: so that the next one is known before it is used.
    ///
    /// A pin is `sha256//` and, in base64, the SHA-256 of the certificate's public key, as curl takes it:
    ///
    /// ```sh
    /// openssl x509 -in server.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    /// ```
    ///
    /// It is compared before anything is sent, and [`is_untrusted`](Error::is_untrusted) is the error. The pin of a
    /// server that has another key is in the message. It needs the feature `rustls`.
    pub fn pin(mut self, pin: &str) -> Self {
        self.tls.pins.push(pin.to_owned());
        self
    }

    /// Whether a proxy is used where the variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say so, or the settings
    /// of Windows and macOS. It is on by default. A server on this machine is never asked by way of a proxy.
    pub fn proxy(mut self, proxy: bool) -> Self {
        self.proxy = proxy;
        self
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
        self.check_credentials()?;
        let Limits { connect, idle, whole, .. } = self.limits;
        if [Some(connect), Some(idle), whole, self.session_ttl, self.redis_timeout].contains(&Some(Duration::ZERO)) {
            return Err(Error::configuration("a timeout or session TTL of zero seconds leaves no time for anything"));
        }
        // Less than the whole, so that a host that does not answer is told from a server that is slow.
        let connect = whole.map_or(connect, |whole| connect.min(whole / 10 * 9));
        #[cfg(feature = "metrics")]
        super::metrics::describe();
        let tls = self.tls.read()?;
        let is_private = matches!(self.store, Store::Memory);
        let is_used = self.cache || self.session_key.is_some();
        let store = is_used.then(|| self.store.open(self.redis_timeout, &tls)).transpose()?;
        let login = self.credentials.map(|Credentials { user, password, way }| {
            let device_cookie = RwLock::new(self.device_cookie);
            Login { user, password, way, challenger: self.challenger, device_cookie }
        });
        let shared = match (&store, self.session_key, &login) {
            (Some(store), Some(key), Some(login)) => {
                if is_private {
                    let why = "processes share a session (TRYTON_SESSION_KEY or `share_session`) by a Redis or another \
                               cache that they share, and none is configured";
                    return Err(Error::configuration(why));
                }
                Some(SharedSession::new(Arc::clone(store), &key, &address.scope(&login.user))?)
            }
            _ => None,
        };
        let answers = store.filter(|_| self.cache).map(|store| Arc::new(Answers::new(store)));
        let limits = Limits { connect, ..self.limits };
        let shared = Shared {
            transport: transport(Http::new(address.parsed(), limits, &tls, self.proxy)?),
            address,
            server: OnceLock::new(),
            finding_server: tokio::sync::Mutex::new(()),
            sessions: Sessions::new(login, self.session, self.session_ttl, shared),
            answers,
            retry: self.retry,
        };
        Ok(Client { shared: Arc::new(shared), context: Arc::new(self.context), accepting: AcceptWarnings::None })
    }
}

impl ClientBuilder {
    fn check_credentials(&self) -> Result<()> {
        let Some(Credentials { user, way, .. }) = &self.credentials else { return Ok(()) };
        let why = match (&self.session, way) {
            (Some(session), _) if session.login() != user => "the session belongs to another user than the credentials",
            (Some(_), Way::Basic) => "a client has either a session or `basic`",
            (None, Way::Basic) if self.session_key.is_some() => "`basic` makes no session that could be shared",
            (None, Way::Basic) if user.contains(':') => "a user name with a `:` cannot be sent by `basic`",
            _ => return Ok(()),
        };
        Err(Error::configuration(why))
    }
}

impl Store {
    fn open(self, redis_timeout: Option<Duration>, tls: &Tls) -> Result<Arc<dyn Cache>> {
        match self {
            Self::Memory => Ok(Arc::new(MemoryCache::default())),
            Self::Redis(url) => redis(&url, redis_timeout, tls),
            Self::Own(cache) => Ok(cache),
        }
    }
}

#[cfg(feature = "redis")]
fn redis(url: &SecretString, timeout: Option<Duration>, tls: &Tls) -> Result<Arc<dyn Cache>> {
    Ok(Arc::new(crate::cache::RedisCache::open(url, timeout, tls)?))
}

#[cfg(not(feature = "redis"))]
fn redis(_: &SecretString, _: Option<Duration>, _: &Tls) -> Result<Arc<dyn Cache>> {
    let why =
        "a Redis is configured (TRYTON_REDIS_URL or `redis`), and tryton-sdk was built without its feature `redis`";
    Err(Error::configuration(why))
}

fn missing(name: &str) -> Error {
    Error::configuration(format!("the environment variable {name} is not set"))
}

fn parsed<T: FromStr>(value: Option<String>, name: &str, what: &str) -> Result<Option<T>> {
    value
        .map(|value| {
            let wrong =
                |_| Error::configuration(format!("the environment variable {name} is `{value}`, which is not {what}"));
            value.trim().parse().map_err(wrong)
        })
        .transpose()
}

/// Seconds above zero, fractions allowed.
struct Seconds(Duration);

impl FromStr for Seconds {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let seconds = text.parse::<f64>().map_err(|_| ())?;
        let duration = Duration::try_from_secs_f64(seconds).map_err(|_| ())?;
        if duration.is_zero() { Err(()) } else { Ok(Self(duration)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(changes: &[(&str, &str)]) -> Result<Client> {
        let complete = [
            ("TRYTON_RPC_URL", "http://localhost:8000"),
            ("TRYTON_DATABASE", "demo"),
            ("TRYTON_USER", "admin"),
            ("TRYTON_PASSWORD", "secret"),
        ];
        let read = |name: &str| {
            let all = complete.iter().chain(changes).rev();
            all.clone().find(|(n, _)| *n == name).map(|(_, value)| value.to_string())
        };
        ClientBuilder::from_variables(read)?.build()
    }

    #[test]
    fn a_complete_environment_makes_a_client() {
        let all = [
            ("TRYTON_TIMEOUT", "2.5"),
            ("TRYTON_CONNECT_TIMEOUT", "1"),
            ("TRYTON_IDLE_TIMEOUT", "0.5"),
            ("TRYTON_ANSWER_LIMIT", "1048576"),
            ("TRYTON_RETRIES", "0"),
            ("TRYTON_RETRY_WITHIN", "10"),
            ("TRYTON_SESSION_TTL", "3600"),
        ];
        assert!(from(&all).is_ok());
        assert!(from(&[("TRYTON_RPC_URL", "http://localhost/demo"), ("TRYTON_DATABASE", "")]).is_ok());
    }

    #[test]
    fn a_variable_that_is_missing_or_malformed_is_named() {
        for (name, value) in [
            ("TRYTON_RPC_URL", ""),
            ("TRYTON_RPC_URL", "localhost"),
            ("TRYTON_DATABASE", ""),
            ("TRYTON_USER", ""),
            ("TRYTON_PASSWORD", ""),
            ("TRYTON_TIMEOUT", "soon"),
            ("TRYTON_TIMEOUT", "0"),
            ("TRYTON_TIMEOUT", "-1"),
            ("TRYTON_TIMEOUT", "1e999"),
            ("TRYTON_CONNECT_TIMEOUT", "0"),
            ("TRYTON_IDLE_TIMEOUT", "-1"),
            ("TRYTON_ANSWER_LIMIT", "1 GiB"),
            ("TRYTON_RETRY_WITHIN", "no"),
            ("TRYTON_RETRIES", "1.5"),
            ("TRYTON_SESSION_TTL", "NaN"),
            ("TRYTON_SESSION_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("TRYTON_CA_FILE", "/nowhere.pem"),
            ("TRYTON_CLIENT_CERT", "/nowhere.pem"),
            ("TRYTON_CLIENT_KEY", "/nowhere.pem"),
            ("TRYTON_PIN", "sha256//AAAA"),
            ("TRYTON_PIN", "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("TRYTON_PROXY", "no"),
            ("TRYTON_REDIS_URL", "localhost:6379"),
            ("TRYTON_REDIS_URL", "redis://:s3cret@host:port"),
        ] {
            let error = from(&[(name, value)]).expect_err(name);
            assert!(error.is_configuration() && error.to_string().contains(name), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
