//! The bytes: one POST, its headers, and an answer of bounded size within bounded time.

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

/// What carries a request to the server and its answer back: the network, or in tests what stands in its place.
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
    /// One for each of the latest runtimes: a connection is of no use once the runtime that made it has ended.
    clients: Mutex<VecDeque<(Option<runtime::Id>, reqwest::Client)>>,
    tls: Arc<Tls>,
    headers: HeaderMap,
    limits: Limits,
    /// How long the server keeps a connection that nobody uses, less a margin, where it says so.
    server_idle: Mutex<Option<Duration>>,
    /// The proxy by which the server is reached, without the password that its URL may hold.
    proxy: Option<String>,
}

/// So many runtimes may use one client at the same time without losing connections.
const RUNTIMES: usize = 8;

/// What one exchange may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Until there is a connection.
    pub(crate) connect: Duration,
    /// Between two parts of an answer that has begun.
    pub(crate) idle: Duration,
    /// From connecting to the last byte.
    pub(crate) whole: Option<Duration>,
    /// The bytes of an answer, before and after it is inflated.
    pub(crate) answer: usize,
    /// For a connection that nobody uses. None: by what the server says.
    pub(crate) pool_idle: Option<Duration>,
}

/// For a connection that nobody uses, where neither a setting nor the server says how long: servers that keep connections
/// at all keep them for 2 s.
const POOL_IDLE: Duration = Duration::from_millis(1_500);

/// What the server answered.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// How long the server lets a client keep the answer (`X-Tryton-Cache`).
    pub(crate) keep: Option<Duration>,
    /// How long the server asks to be left alone (`Retry-After`).
    retry_after: Option<Duration>,
    /// Whether it says how to log in (`WWW-Authenticate`).
    pub(crate) says_how_to_log_in: bool,
    /// The bytes of the request's body.
    sent: usize,
}

/// What Werkzeug's page says, with which trytond refuses a session that is too old for what is to be done shortly after
/// a login: posting a move or an invoice, changing a password.
const NOT_FRESH: &str = "could not verify that you are authorized to access the URL requested";

impl Response {
    /// What the server of a test answers.
    #[cfg(feature = "testing")]
    pub(crate) fn of_test(answered: tryton_sdk_core::testing::Answered) -> Self {
        let tryton_sdk_core::testing::Answered { status, body, keep, says_how_to_log_in } = answered;
        Self { status, body, keep, retry_after: None, says_how_to_log_in, sent: 0 }
    }

    /// Whether trytond does not take the session any more. A proxy may answer 401 for reasons of its own.
    pub(crate) fn refuses_session(&self) -> bool {
        let is_not_fresh = || self.body.windows(NOT_FRESH.len()).any(|window| window == NOT_FRESH.as_bytes());
        self.status == 401 && if self.says_how_to_log_in { self.body.is_empty() } else { is_not_fresh() }
    }

    /// The answer, if the server has made the call.
    pub(crate) fn expect_ok(self) -> Result<Self> {
        if self.status == 200 { Ok(self) } else { Err(self.refusal()) }
    }

    /// The error that the status is.
    pub(crate) fn refusal(&self) -> Error {
        Error::status_page(self.status, self.retry_after, self.sent, &String::from_utf8_lossy(&self.body))
    }
}

impl Http {
    pub(crate) fn new(url: &reqwest::Url, limits: Limits, tls: &Arc<Tls>, proxy: bool, own: &Headers) -> Result<Self> {
        let mut headers = headers();
        own.add_to(&mut headers)?;
        let is_loopback = is_loopback(url);
        // A proxy cannot reach what this machine calls itself.
        let proxy = if proxy && !is_loopback { proxy_for(url)? } else { None };
        if url.scheme() == "http" && !is_loopback {
            tracing::warn!(%url, "passwords and data go to the server unencrypted: its URL begins with http://");
        }
        let (url, tls, clients) = (url.clone(), Arc::clone(tls), Mutex::default());
        let http = Self { url, clients, tls, headers, limits, server_idle: Mutex::default(), proxy };
        // What is wrong with the settings is found now; the first runtime takes it.
        let first = http.connect()?;
        http.clients().push_back((None, first));
        Ok(http)
    }

    /// A client with connections of its own.
    fn connect(&self) -> Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("tryton-sdk/", env!("CARGO_PKG_VERSION")))
            .default_headers(self.headers.clone())
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.limits.connect)
            // A server may be silent for as long as it works; a host that is gone is noticed all the same.
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

    /// Takes what the server says of how long it keeps connections, by clients made anew. Of several servers behind one
    /// name the least patient counts.
    fn heed(&self, headers: &HeaderMap) {
        let Some(told) = keep_alive(headers).filter(|_| self.limits.pool_idle.is_none()) else { return };
        let mut known = self.server_idle.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none_or(|known| told < known) {
            *known = Some(told);
            drop(known);
            self.clients().clear();
        }
    }

    /// The client whose connections belong to this runtime.
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

    /// The error that the network has made of a request. `url` is the server's, without the credentials it may hold.
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

    /// A server is silent while it works on a call, but not in the middle of its answer.
    async fn body(&self, mut response: reqwest::Response, url: &str) -> Result<Vec<u8>> {
        let Limits { idle, answer, .. } = self.limits;
        // Room for all of it: a body that grows is copied, and takes twice the memory meanwhile.
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

    /// Only the first two bytes tell: trytond 8 announces gzip for plain bodies, too.
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

/// A limit of the client's own, with what it was set to.
#[derive(Clone, Copy)]
enum Timeout {
    Connect(Duration),
    Idle(Duration),
    Whole(Duration),
}

impl Timeout {
    /// The error that it is to have come to this limit.
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

/// What may be the matter where one side speaks with TLS and the other without.
fn wrong_scheme(url: &str, cause: &str) -> Option<&'static str> {
    // As rustls says it, OpenSSL, and then hyper of what is no HTTP.
    let is_no_tls = ["InvalidContentType", "wrong version number", "packet length too long"];
    if url.starts_with("https:") && is_no_tls.iter().any(|words| cause.contains(words)) {
        return Some("it answers without TLS: does its URL begin with http://?");
    }
    let is_no_http = cause.contains("invalid HTTP version parsed");
    (url.starts_with("http:") && is_no_http)
        .then_some("it answers with something else: does its URL begin with https://?")
}

/// The innermost source says it best: `Connection refused`, not `error sending request`. It is given as an error of the
/// standard library, so that no caller needs the HTTP library to look at it.
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
    // Without it trytond 8 sends each JSON token as an HTTP chunk of its own.
    headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers
}

/// Where the server wants the client to go instead, without what might be secret in it.
fn redirection(response: &reqwest::Response) -> Option<reqwest::Url> {
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let mut url = response.url().join(location).ok().filter(|_| response.status().is_redirection())?;
    url.set_query(None);
    url.set_fragment(None);
    // A URL that cannot have a user name has none.
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
