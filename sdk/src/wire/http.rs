//! One HTTP POST: its headers, and a response of bounded size within bounded time.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reqwest::header::{self, HeaderMap, HeaderValue};
use tokio::runtime;
use tokio::time::timeout;

use crate::task;
use crate::wire::gzip;
use crate::wire::headers::Headers;
use crate::wire::proxy::{is_loopback, proxy_for};
use crate::wire::times::{keep, keep_alive, retry_after};
use crate::wire::tls::{self, Tls};
use tryton_sdk_core::Body;
use tryton_sdk_core::{Error, Result, Trouble};

/// Sends a request to the server and returns its response: the network, or its replacement in tests.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Body,
    ) -> BoxFuture<'_, Result<Response>>;
}

/// The network.
#[derive(Debug)]
pub(crate) struct Http {
    url: reqwest::Url,
    /// One client for each of the latest runtimes: a connection is useless after its runtime has ended.
    clients: Mutex<VecDeque<(Option<runtime::Id>, reqwest::Client)>>,
    tls: Arc<Tls>,
    headers: HeaderMap,
    limits: Limits,
    /// How long the server keeps an idle connection, less a margin, if it announces this.
    server_idle: Mutex<Option<Duration>>,
    /// The proxy for the server, without the password that its URL may contain.
    proxy: Option<String>,
}

/// The number of runtimes that can use one client at the same time without losing connections.
const RUNTIMES: usize = 8;

/// The limits of one exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The timeout of connecting.
    pub(crate) connect: Duration,
    /// The timeout between two parts of a response.
    pub(crate) idle: Duration,
    /// The timeout from connecting to the last byte.
    pub(crate) whole: Option<Duration>,
    /// The maximum size of a response in bytes, compressed and decompressed.
    pub(crate) answer: usize,
    /// How long an idle connection is kept open. `None`: as the server announces.
    pub(crate) pool_idle: Option<Duration>,
}

/// How long an idle connection is kept open if neither a setting nor the server states it: servers that keep connections
/// at all keep them for at least 2 s.
const POOL_IDLE: Duration = Duration::from_millis(1_500);

/// The server's response.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long the server allows a client to cache the response (`X-Tryton-Cache`).
    pub(crate) keep: Option<Duration>,
    /// The pause that the server asks for (`Retry-After`).
    retry_after: Option<Duration>,
    /// Whether the response states how to log in (`WWW-Authenticate`).
    pub(crate) says_how_to_log_in: bool,
    /// The size of the request's body in bytes.
    sent: usize,
}

/// A text of Werkzeug's page, with which trytond rejects a session that is too old for an action that requires a recent
/// login: posting a move or an invoice, changing a password.
const NOT_FRESH: &str = "could not verify that you are authorized to access the URL requested";

impl Response {
    /// Creates the response of a test's server.
    #[cfg(feature = "testing")]
    pub(crate) fn of_test(answered: tryton_sdk_core::testing::Answered) -> Self {
        let tryton_sdk_core::testing::Answered { status, body, keep, says_how_to_log_in } = answered;
        Self { status, body, keep, retry_after: None, says_how_to_log_in, sent: 0 }
    }

    /// Returns whether trytond no longer accepts the session. A proxy may respond with 401 for its own reasons.
    pub(crate) fn refuses_session(&self) -> bool {
        let is_not_fresh = || self.body.windows(NOT_FRESH.len()).any(|window| window == NOT_FRESH.as_bytes());
        self.status == 401 && if self.says_how_to_log_in { self.body.is_empty() } else { is_not_fresh() }
    }

    /// Returns the response if the server has executed the call, else the error of its status.
    pub(crate) fn expect_ok(self) -> Result<Self> {
        if self.status == 200 { Ok(self) } else { Err(self.refusal()) }
    }

    /// Returns the error of the status.
    pub(crate) fn refusal(&self) -> Error {
        Error::status_page(self.status, self.retry_after, self.sent, &String::from_utf8_lossy(&self.body))
    }
}

impl Http {
    pub(crate) fn new(url: &reqwest::Url, limits: Limits, tls: &Arc<Tls>, proxy: bool, own: &Headers) -> Result<Self> {
        let mut headers = headers();
        own.add_to(&mut headers)?;
        let is_loopback = is_loopback(url);
        // A proxy cannot reach the loopback addresses of this machine.
        let proxy = if proxy && !is_loopback { proxy_for(url)? } else { None };
        if url.scheme() == "http" && !is_loopback {
            tracing::warn!(%url, "passwords and data go to the server unencrypted: its URL begins with http://");
        }
        let (url, tls, clients) = (url.clone(), Arc::clone(tls), Mutex::default());
        let http = Self { url, clients, tls, headers, limits, server_idle: Mutex::default(), proxy };
        // Connecting now reveals errors in the settings. The first runtime uses this client.
        let first = http.connect()?;
        http.clients().push_back((None, first));
        Ok(http)
    }

    /// Creates an HTTP client with its own connections.
    fn connect(&self) -> Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tryton-sdk/", env!("CARGO_PKG_VERSION")))
            .default_headers(self.headers.clone())
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.limits.connect)
            // A server may be silent while it works, but a lost host must be noticed.
            .tcp_keepalive(Duration::from_secs(30))
            .pool_idle_timeout(self.pool_idle());
        if self.proxy.is_none() {
            builder = builder.no_proxy();
        }
        let wrong = |e| Error::configuration("no HTTP client can be made on this machine").caused_by(e);
        self.tls.configure(builder, &self.url)?.build().map_err(wrong)
    }

    fn pool_idle(&self) -> Duration {
        let told = || *self.server_idle.lock().unwrap_or_else(PoisonError::into_inner);
        self.limits.pool_idle.or_else(told).unwrap_or(POOL_IDLE)
    }

    /// Applies the server's announced keep-alive time, with new HTTP clients. If several servers share a name, the
    /// shortest time applies.
    fn heed(&self, headers: &HeaderMap) {
        let Some(told) = keep_alive(headers).filter(|_| self.limits.pool_idle.is_none()) else { return };
        let mut known = self.server_idle.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|known| told < known) {
            *known = Some(told);
            drop(known);
            self.clients().clear();
        }
    }

    /// Returns the HTTP client whose connections belong to this runtime.
    fn client(&self) -> Result<reqwest::Client> {
        let runtime = task::runtime()?;
        let mut clients = self.clients();
        if let Some((_, client)) = clients.iter().find(|(id, _)| *id == Some(runtime)) {
            return Ok(client.clone());
        }
        task::check_io()?;
        let client = match clients.front() {
            Some((None, unused)) => {
                let client = unused.clone();
                clients.clear();
                client
            }
            _ => self.connect()?,
        };
        clients.truncate(RUNTIMES - 1);
        clients.push_front((Some(runtime), client.clone()));
        Ok(client)
    }

    fn clients(&self) -> MutexGuard<'_, VecDeque<(Option<runtime::Id>, reqwest::Client)>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn request(&self, url: reqwest::Url, authorization: Option<HeaderValue>, body: Body) -> Result<Response> {
        let shown = url.as_str().to_owned();
        let sent = body.len();
        let mut request = self.client()?.post(url).body(Bytes::from_owner(body));
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        let exchange = self.exchange(request, &shown, sent);
        match self.limits.whole {
            Some(whole) => timeout(whole, exchange).await.unwrap_or_else(|_| Err(Timeout::Whole(whole).at(&shown))),
            None => exchange.await,
        }
    }

    async fn exchange(&self, request: reqwest::RequestBuilder, url: &str, sent: usize) -> Result<Response> {
        let response = request.send().await.map_err(|e| match e.is_connect() && e.is_timeout() {
            true => Timeout::Connect(self.limits.connect).at(url),
            false => self.broken(url, e),
        })?;
        if let Some(to) = redirection(&response) {
            return Err(Error::configuration(format!(
                "{url} sends its clients to {to}, and nothing is sent there unasked: make that the server's URL"
            )));
        }
        self.heed(response.headers());
        let status = response.status().as_u16();
        let (keep, retry_after) = (keep(response.headers()), retry_after(response.headers()));
        let says_how_to_log_in = response.headers().contains_key(header::WWW_AUTHENTICATE);
        let body = self.inflate(self.body(response, url).await?, url)?;
        Ok(Response { status, body, keep, retry_after, says_how_to_log_in, sent })
    }

    /// Returns the error for a failed request. `url` is the server's, without the credentials it may contain.
    fn broken(&self, url: &str, error: reqwest::Error) -> Error {
        let refusal = tls::refusal(&error);
        let trouble = if refusal.is_some() {
            Trouble::Untrusted
        } else if error.is_connect() {
            Trouble::Unreachable
        } else if error.is_timeout() {
            Trouble::TimedOut
        } else {
            Trouble::Interrupted
        };
        let cause = root_cause(&error.without_url());
        let broken = Error::network(url, trouble);
        if let Some(refusal) = refusal {
            return broken.noting(refusal);
        }
        let broken = match (wrong_scheme(url, &cause.to_string()), trouble, &self.proxy) {
            (Some(hint), _, _) => broken.noting(hint),
            (None, Trouble::Unreachable, Some(proxy)) => broken.noting(format!(
                "the way there is by the proxy {proxy}, as the environment or the system says: is it right, or is \
                 `proxy(false)` (TRYTON_PROXY=false) meant?"
            )),
            _ => broken,
        };
        broken.caused_by(cause)
    }

    /// Reads the body. A server is silent while it works on a call, but not in the middle of its response.
    async fn body(&self, mut response: reqwest::Response, url: &str) -> Result<Vec<u8>> {
        let Limits { idle, answer, .. } = self.limits;
        // Allocates the whole size: a growing buffer is copied, and takes twice the memory meanwhile.
        let length = response.content_length().and_then(|length| usize::try_from(length).ok());
        let mut body = Vec::with_capacity(length.unwrap_or_default().min(answer));
        loop {
            let part = timeout(idle, response.chunk()).await.map_err(|_| Timeout::Idle(idle).at(url))?;
            let Some(part) = part.map_err(|e| self.broken(url, e))? else { return Ok(body) };
            if body.len() + part.len() > answer {
                return Err(Error::answer_too_long(url, answer));
            }
            body.extend_from_slice(&part);
        }
    }

    /// Decompresses a gzip body, recognised by its first two bytes: trytond 8 announces gzip for plain bodies too.
    fn inflate(&self, body: Vec<u8>, url: &str) -> Result<Vec<u8>> {
        if !body.starts_with(&[0x1f, 0x8b]) {
            return Ok(body);
        }
        match gzip::inflate(&*body, self.limits.answer) {
            Ok(Some(plain)) => Ok(plain),
            Ok(None) => Err(Error::answer_too_long(url, self.limits.answer)),
            Err(e) => Err(Error::not_tryton("its compressed answer is broken").answered_at(url).caused_by(e)),
        }
    }
}

impl Transport for Http {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Body,
    ) -> BoxFuture<'_, Result<Response>> {
        Box::pin(self.request(url, authorization, body))
    }
}

/// A timeout of the client, with its setting.
#[derive(Clone, Copy)]
enum Timeout {
    Connect(Duration),
    Idle(Duration),
    Whole(Duration),
}

impl Timeout {
    /// Returns the error for reaching this limit.
    fn at(self, url: &str) -> Error {
        let (trouble, note) = match self {
            Self::Connect(limit) => (
                Trouble::Unreachable,
                format!(
                    "no connection within {limit:?}; is it the right host, or is `connect_timeout` (TRYTON_CONNECT_TIMEOUT) too short?"
                ),
            ),
            Self::Idle(limit) => (
                Trouble::TimedOut,
                format!(
                    "nothing came for {limit:?} in the middle of its answer (`idle_timeout`, TRYTON_IDLE_TIMEOUT); try again later"
                ),
            ),
            Self::Whole(limit) => (
                Trouble::TimedOut,
                format!(
                    "the answer was not complete within {limit:?} (`timeout`, TRYTON_TIMEOUT); ask for less at a time, or allow more"
                ),
            ),
        };
        Error::network(url, trouble).noting(note)
    }
}

/// Returns a hint if one side seems to use TLS and the other does not.
fn wrong_scheme(url: &str, cause: &str) -> Option<&'static str> {
    // The messages of rustls and OpenSSL, and below that of hyper for a response that is not HTTP.
    let is_no_tls = ["InvalidContentType", "wrong version number", "packet length too long"];
    if url.starts_with("https:") && is_no_tls.iter().any(|words| cause.contains(words)) {
        return Some("it answers without TLS: does its URL begin with http://?");
    }
    let is_no_http = cause.contains("invalid HTTP version parsed");
    (url.starts_with("http:") && is_no_http)
        .then_some("it answers with something else: does its URL begin with https://?")
}

/// Returns the innermost source, which is the clearest: `Connection refused`, not `error sending request`. It is an error
/// of the standard library, so that callers do not need the HTTP library to inspect it.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> io::Error {
    if let Some(source) = error.source() {
        return root_cause(source);
    }
    match error.downcast_ref::<io::Error>() {
        Some(error) => match error.raw_os_error() {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(error.kind(), error.to_string()),
        },
        None => io::Error::other(error.to_string()),
    }
}

fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    // Without it, trytond 8 sends each JSON token as a separate HTTP chunk.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers
}

/// Returns the target of a redirect, without parts that might be secret.
fn redirection(response: &reqwest::Response) -> Option<reqwest::Url> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let mut url = response.url().join(location).ok().filter(|_| response.status().is_redirection())?;
    url.set_query(None);
    url.set_fragment(None);
    // This fails only for a URL that cannot have a user name.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::tls::TlsSettings;

    #[test]
    fn the_least_patient_server_says_how_long_connections_rest() {
        let http = |pool_idle| {
            let url = "http://localhost".parse().expect("a URL");
            let second = Duration::from_secs(1);
            let limits = Limits { connect: second, idle: second, whole: None, answer: 1, pool_idle };
            let tls = Arc::new(TlsSettings::default().read().expect("the settings are right"));
            Http::new(&url, limits, &tls, false, &Headers::default()).expect("a client")
        };
        let say = |http: &Http, text: &str| {
            http.heed(&HeaderMap::from_iter([(
                header::HeaderName::from_static("keep-alive"),
                text.parse().expect("a header"),
            )]));
            http.pool_idle()
        };
        let by_server = http(None);
        assert_eq!(by_server.pool_idle(), POOL_IDLE);
        for (text, rest) in [("timeout=20", 15_000), ("timeout=4", 3_000), ("timeout=8", 3_000), ("max=7", 3_000)] {
            assert_eq!(say(&by_server, text), Duration::from_millis(rest), "{text}");
        }
        let by_setting = http(Some(Duration::from_secs(9)));
        assert_eq!(say(&by_setting, "timeout=4"), Duration::from_secs(9));
    }
}
