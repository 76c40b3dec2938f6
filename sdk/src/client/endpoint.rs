//! The server: where it answers, which series it is of, and one request to it.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::HeaderValue;
use tokio::time::timeout;
use tryton_sdk_core::{Call, Context, Error, Result, Series, Subject, Trouble, answer};

use super::address::{Address, Layout};
use super::observe::{self, Tracked};
use crate::flight::Flights;
use crate::wire::http::{Response, Transport};

/// The question by which a server is found.
const VERSION: &str = "common.server.version";

/// One database of one server, and the way there.
#[derive(Debug)]
pub(super) struct Endpoint {
    transport: Arc<dyn Transport>,
    address: Address,
    /// For the answer to a login and to the question for the version, which no server has to work on for long.
    login_timeout: Duration,
    /// Found out by the first request.
    server: OnceLock<Server>,
    finding: Arc<Flights<Server>>,
}

#[derive(Clone, Copy, Debug)]
struct Server {
    layout: Layout,
    series: Series,
}

impl Endpoint {
    pub(super) fn new(transport: Arc<dyn Transport>, address: Address, login_timeout: Duration) -> Self {
        Self { transport, address, login_timeout, server: OnceLock::new(), finding: Flights::new() }
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    /// The series of the server, as it was found out by the first request.
    pub(super) async fn series(self: &Arc<Self>) -> Result<Series> {
        Ok(self.server().await?.series)
    }

    /// The series of the server at this moment.
    pub(super) async fn series_now(self: &Arc<Self>) -> Result<Series> {
        let layout = self.server().await?.layout;
        self.version_at(layout).await?.ok_or_else(|| Error::status(405, None))
    }

    /// Makes one request.
    pub(super) async fn send(
        self: &Arc<Self>,
        call: Tracked<'_>,
        authorization: Option<HeaderValue>,
    ) -> Result<Response> {
        let Server { layout, .. } = self.server().await?;
        let url = match call.subject().is_for_server() {
            true => self.address.root(layout),
            false => self.address.database(layout),
        };
        self.post(url, authorization, call).await
    }

    /// Finds out, once, how the server's URLs are laid out. Who asks meanwhile gets the same server, or the same error.
    async fn server(self: &Arc<Self>) -> Result<Server> {
        if let Some(server) = self.server.get() {
            return Ok(*server);
        }
        let find = || {
            let endpoint = Arc::clone(self);
            async move {
                let server = endpoint.find_server().await?;
                Ok(*endpoint.server.get_or_init(|| server))
            }
        };
        self.finding.join("server", find).await
    }

    /// Asks for the version where servers up to 7.0 answer. Newer ones say 405 there and answer at `/rpc/`.
    /// The other way round does not work: an old server takes `rpc` for a database.
    async fn find_server(&self) -> Result<Server> {
        match self.version_at(Layout::Old).await? {
            Some(series) => Ok(Server { layout: Layout::Old, series }),
            None => match self.version_at(Layout::New).await? {
                Some(series) => Ok(Server { layout: Layout::New, series }),
                None => Err(self.not_tryton("it refuses POST requests (HTTP 405)")),
            },
        }
    }

    /// The server's series, or none where there is no RPC in this layout (405).
    ///
    /// Its errors have the subject of this question: a write that waits for the answer has not been sent yet.
    async fn version_at(&self, layout: Layout) -> Result<Option<Series>> {
        let call = Call::new(VERSION, (), &Context::new())?;
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let response = self.post(self.address.root(layout), None, tracked).await;
        let response = response.map_err(|e| e.about(call.subject()))?;
        match response.status {
            200 => {}
            405 => return Ok(None),
            429 | 502..=504 => return Err(response.refusal().about(call.subject())),
            status => {
                return Err(self.not_tryton(&format!("it answers the question for its version with HTTP {status}")));
            }
        }
        let version: String = answer::read(&response.body, PhantomData, call.subject())
            .map_err(|_| self.not_tryton("it answers the question for its version with something else"))?;
        match Series::of_version(&version) {
            Some(series) => Ok(Some(series)),
            None => Err(self.not_tryton("its version is none of Tryton's")),
        }
    }

    /// The one way out of here.
    async fn post(&self, url: reqwest::Url, authorization: Option<HeaderValue>, call: Tracked<'_>) -> Result<Response> {
        let body = call.call.body()?;
        let sent = body.len();
        let shown = url.to_string();
        let request = self.transport.post(url, authorization, body);
        if call.subject().opens_a_session() || call.subject().method() == VERSION {
            let limited = async {
                let outcome = timeout(self.login_timeout, request).await;
                outcome.unwrap_or_else(|_| Err(self.too_slow(&shown)))
            };
            return observe::request(call, sent, limited).await;
        }
        observe::request(call, sent, request).await
    }

    fn too_slow(&self, url: &str) -> Error {
        let limit = self.login_timeout;
        let cause = format!("no answer within {limit:?} (`login_timeout`, TRYTON_LOGIN_TIMEOUT); is the server well?");
        Error::network(url, Trouble::TimedOut, cause)
    }

    fn not_tryton(&self, what: &str) -> Error {
        Error::not_tryton(what).answered_at(self.address.url()).about(&Subject::new(VERSION))
    }
}
