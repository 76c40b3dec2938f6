//! The server: its URLs, its series, and a single request to it.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::time::timeout;
use tryton_sdk_core::{Call, Context, Error, Result, Series, Subject, Trouble, answer};

use super::address::{Address, Layout};
use super::observe::{self, Tracked};
use crate::flight::Flights;
use crate::wire::http::{Response, Transport};

/// From this series on, the RPC is below `/rpc/`.
const NEW_LAYOUT: Series = Series::new(8, 0);

/// The method that detects a server.
const VERSION: &str = "common.server.version";

/// The methods with which a session starts and ends.
pub(super) const LOGIN: &str = "common.db.login";
pub(super) const LOGOUT: &str = "common.db.logout";

/// One database of one server, and how to reach it.
#[derive(Debug)]
pub(super) struct Endpoint {
    transport: Arc<dyn Transport>,
    address: Address,
    /// The timeout of logins, logouts and the version request, which are quick for any server.
    login_timeout: Duration,
    /// The configured series. If set, the version is not requested.
    series: Option<Series>,
    /// Determined by the first request.
    server: OnceLock<Server>,
    /// The URL of the database, derived from `server`.
    database: OnceLock<reqwest::Url>,
    finding: Arc<Flights<Server>>,
    /// Whether the warning was logged that the models are of another series than the server.
    has_told_series: Arc<AtomicBool>,
}

#[derive(Clone, Copy, Debug)]
struct Server {
    layout: Layout,
    series: Series,
}

/// The hint if the version request fails.
const HINT: &str = "is the URL right, and does what stands in front of the server let `/` or `/rpc/` pass? Where it may not, \
                    `series` (TRYTON_SERIES) saves the question";

impl Server {
    fn of(series: Series) -> Self {
        Self { layout: if series < NEW_LAYOUT { Layout::Old } else { Layout::New }, series }
    }
}

/// Returns whether the server may respond at another URL than the one with this error.
fn may_be_elsewhere(error: &Error) -> bool {
    match error.http_status() {
        Some(429 | 502..=504) => false,
        Some(_) => true,
        // A redirect, an HTML page, or a body that is not a response.
        None => error.is_configuration() || error.is_not_tryton() || error.is_answer_too_long(),
    }
}

impl Endpoint {
    pub(super) fn new(
        transport: Arc<dyn Transport>,
        address: Address,
        login_timeout: Duration,
        series: Option<Series>,
    ) -> Self {
        let server = series.map_or_else(OnceLock::new, |series| OnceLock::from(Server::of(series)));
        Self {
            transport,
            address,
            login_timeout,
            series,
            server,
            database: OnceLock::new(),
            finding: Flights::new(),
            has_told_series: Arc::default(),
        }
    }

    /// Returns an endpoint for another database of the same server, with the same connections.
    pub(super) fn with_database(&self, name: &str) -> Result<Self> {
        Ok(Self {
            transport: Arc::clone(&self.transport),
            address: self.address.with_database(name)?,
            login_timeout: self.login_timeout,
            series: self.series,
            server: self.server.clone(),
            database: OnceLock::new(),
            finding: Arc::clone(&self.finding),
            has_told_series: Arc::clone(&self.has_told_series),
        })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// Returns the series of the server, determined by the first request.
    pub(super) async fn series(self: &Arc<Self>) -> Result<Series> {
        Ok(self.server().await?.series)
    }

    /// Returns the configured series, or requests the server's current one.
    pub(super) async fn series_now(self: &Arc<Self>) -> Result<Series> {
        match self.series {
            Some(series) => Ok(series),
            None => self.version_at(self.server().await?.layout).await,
        }
    }

    /// Makes one request.
    pub(super) async fn send(
        self: &Arc<Self>,
        call: Tracked<'_>,
        authorization: Option<HeaderValue>,
    ) -> Result<Response> {
        let Server { layout, series } = self.server().await?;
        self.compare_series(call.call.subject(), series);
        let url = match call.subject().is_for_server() {
            true => self.address.root(layout),
            false => self.database.get_or_init(|| self.address.database(layout)).clone(),
        };
        self.post(url, authorization, call).await
    }

    /// Logs a warning, once, if a model is of another series than the server.
    fn compare_series(&self, subject: &Subject, series: Series) {
        let Some(generated_for) = subject.generated_for().filter(|generated_for| *generated_for != series) else {
            return;
        };
        if !self.has_told_series.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                url = self.address.url(),
                %series,
                %generated_for,
                model = subject.model(),
                "the server is of another series than the models: see `cargo tryton check --used`"
            );
        }
    }

    /// Determines once how the server's URLs are laid out. Concurrent callers get the same server or the same error.
    async fn server(self: &Arc<Self>) -> Result<Server> {
        if let Some(server) = self.server.get() {
            return Ok(*server);
        }
        let find = || {
            let endpoint = Arc::clone(self);
            async move { endpoint.find_server().await }
        };
        let server = self.finding.join("server", find).await?;
        Ok(*self.server.get_or_init(|| server))
    }

    /// Requests the version at the URL of servers up to 7.0, then at that of newer ones. Only a valid version counts: a
    /// proxy in front of the server may handle the root itself and return anything there.
    ///
    /// The opposite order would not work: an old server treats `rpc` as a database and responds slowly.
    async fn find_server(&self) -> Result<Server> {
        let root = match self.version_at(Layout::Old).await {
            Ok(series) => return Ok(Server { layout: Layout::Old, series }),
            Err(error) if !may_be_elsewhere(&error) => return Err(error),
            Err(error) => error,
        };
        match self.version_at(Layout::New).await {
            Ok(series) => Ok(Server { layout: Layout::New, series }),
            // Both URLs may be blocked, but not the database's.
            Err(error) if may_be_elsewhere(&error) => Err(self.nowhere(root)),
            Err(error) => Err(error),
        }
    }

    /// Returns the error if no URL returns the version. The response at the root takes precedence.
    fn nowhere(&self, root: Error) -> Error {
        if root.is_not_tryton() || root.is_unauthorized() || root.http_status().is_none() {
            return root.noting(HINT);
        }
        let status = root.http_status().unwrap_or_default();
        self.not_tryton(&format!("it answers the question for its version with HTTP {status}")).noting(HINT)
    }

    /// Returns the server's series, if a server responds in this layout.
    ///
    /// Its errors are about this request, not about the call: a write that waits for the series has not been sent yet.
    async fn version_at(&self, layout: Layout) -> Result<Series> {
        let call = Call::new(VERSION, (), &Context::new())?;
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let response = self.post(self.address.root(layout), None, tracked).await;
        let response = response.map_err(|e| e.about(call.subject()))?;
        if response.status != 200 {
            return Err(response.refusal().about(call.subject()));
        }
        let version: String = answer::read(&response.body, PhantomData, call.subject())
            .map_err(|_| self.not_tryton("it answers the question for its version with something else"))?;
        version.parse().map_err(|_| self.not_tryton("its version is none of Tryton's"))
    }

    /// Sends every request, with its timeout.
    async fn post(&self, url: reqwest::Url, authorization: Option<HeaderValue>, call: Tracked<'_>) -> Result<Response> {
        let body = call.call.body()?;
        let sent = body.len();
        if matches!(call.subject().method(), VERSION | LOGIN | LOGOUT) {
            let shown = url.to_string();
            let request = self.transport.post(url, authorization, body);
            let limited = async {
                let outcome = timeout(self.login_timeout, request).await;
                outcome.unwrap_or_else(|_| Err(self.too_slow(&shown)))
            };
            return observe::request(call, sent, limited).await;
        }
        observe::request(call, sent, self.transport.post(url, authorization, body)).await
    }

    fn too_slow(&self, url: &str) -> Error {
        let limit = self.login_timeout;
        let note = format!("no answer within {limit:?} (`login_timeout`, TRYTON_LOGIN_TIMEOUT); is the server well?");
        Error::network(url, Trouble::TimedOut).noting(note)
    }

    fn not_tryton(&self, what: &str) -> Error {
        Error::not_tryton(what).answered_at(self.address.url()).about(&Subject::new(VERSION))
    }
}
