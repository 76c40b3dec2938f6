//! The client: from a call to its result, by way of the cache, the session and the retries.

mod address;
mod builder;
mod cached;
mod challenge;
mod login;
mod logout;
#[cfg(feature = "metrics")]
mod metrics;
mod observe;
mod ping;
mod retry;
mod session;
mod shared_session;
mod user_context;
mod warnings;

use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use builder::ClientBuilder;
pub use logout::LogoutOnDrop;
pub use ping::Pong;
pub use session::Session;

use tryton_sdk_core::{AcceptWarnings, Body, Call, Connection, Context, Error, Result, Series, answer};

use crate::cache::{Answers, Flights};
use crate::wire::http::{Response, Transport};
use address::{Address, Server};
use observe::Tracked;
use retry::Retry;
use session::Sessions;

/// A connection to one database of one Tryton server.
///
/// It is cheap to clone, and its clones share connections, session and cache. It logs in by itself when a call first
/// needs a session, and once more when the server no longer knows the session.
/// Only an expired session makes it log in again: what is forbidden (403), or refused by a proxy, stays so.
/// Reading calls are repeated when the network fails; calls that write never, once their bytes may have left.
///
/// ```no_run
/// use tryton_sdk::Client;
///
/// # async fn run() -> tryton_sdk::Result<()> {
/// let tryton = Client::builder("https://erp.example.com", "production").credentials("shop", "secret").build()?;
/// let names: Vec<serde_json::Value> = tryton.call("model.res.user.read", ([1], ["name"])).await?;
/// # Ok(())
/// # }
/// ```
///
/// An application that wants one client for the whole process keeps it in a `static` of its own. Then each call runs on
/// the runtime that made the client's connections, so there should be one runtime as well.
///
/// ```no_run
/// use std::sync::LazyLock;
/// use tryton_sdk::{Client, Result};
///
/// fn tryton() -> Result<Client> {
///     static CLIENT: LazyLock<Result<Client>> = LazyLock::new(Client::from_env);
///     CLIENT.clone()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
    context: Arc<Context>,
    accepting: AcceptWarnings,
}

/// What all clones of a client have in common.
#[derive(Debug)]
struct Shared {
    transport: Arc<dyn Transport>,
    address: Address,
    /// Found out by the first request.
    server: OnceLock<Server>,
    finding_server: Arc<Flights<Server>>,
    sessions: Sessions,
    /// None where nothing is to be kept.
    answers: Option<Arc<Answers>>,
    retry: Retry,
}

impl Client {
    /// Begins a client for the database `database` of the server at `url`.
    ///
    /// `url` is where the server answers, `https://erp.example.com`; `/rpc/` and the database need not be in it.
    pub fn builder(url: &str, database: &str) -> ClientBuilder {
        ClientBuilder::new(url, database)
    }

    /// A client as the environment describes it.
    ///
    #[doc = include_str!("environment.md")]
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration), with the name of the variable that is missing or malformed.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_variables(|name| std::env::var(name).ok())?.build()
    }

    /// The same client with these keys over its context. Session, cache and connections stay shared.
    #[must_use]
    pub fn with(&self, context: Context) -> Self {
        let context = Context::clone(&self.context).merge(context);
        Self { context: Arc::new(context), ..self.clone() }
    }

    /// The same client, but it accepts these warnings by itself. Session, cache and connections stay shared.
    #[must_use]
    pub fn accepting(&self, warnings: AcceptWarnings) -> Self {
        Self { accepting: warnings, ..self.clone() }
    }

    /// Calls any method of the server: `common.db.list`, `model.party.party.read`, `report.sale.sale.execute`, …
    ///
    /// `params` are the method's arguments as a tuple, an array or a `Vec`. The client's context is appended to them for
    /// the methods of models, wizards and reports. The result is read by serde.
    ///
    /// serde_json writes an `f64` that is not finite as null: send such a one as
    /// [`f64::encode`](crate::Encode::encode) gives it.
    /// What [`Decode`](crate::Decode) reads, such a float among it, is read within a struct of serde's by
    /// `#[serde(deserialize_with = "tryton_sdk::Decode::decode")]`.
    ///
    /// What the server itself declares cacheable is answered from the cache until its time is over (see
    /// [`ClientBuilder::cache`]), where the method's name says that it reads. Of those that Tryton's own modules declare
    /// so, these are `fields_get`, `fields_view_get`, `view_toolbar_get`, `view_get`, `default_get`, `get_keyword`,
    /// `get_action_value`, `get_digits`, `get_symbol`, `autocomplete_city` and `autocomplete_postal_code`. Methods of other
    /// names, such as the `get` of several models and those that give the values of a selection, could write for all that
    /// the client knows, and are always sent.
    ///
    /// # Errors
    ///
    /// Every kind of [`Error`]; the predicates of that type tell them apart.
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let count: u64 = tryton.call("model.party.party.search_count", ([["name", "ilike", "%gmbh%"]],)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn call<T: DeserializeOwned>(&self, method: &str, params: impl Serialize) -> Result<T> {
        let call = Call::new(method, params, &self.context)?;
        let body = self.send(&call).await?;
        read(&body, &call)
    }

    /// The series of the server. It is asked for once.
    ///
    /// # Errors
    ///
    /// [`is_unreachable`](Error::is_unreachable), [`is_not_tryton`](Error::is_not_tryton) and the other errors of the network.
    pub async fn series(&self) -> Result<Series> {
        Ok(self.shared.server().await?.series)
    }

    /// Logs in now instead of at the first call that needs it, and gives the session.
    ///
    /// # Errors
    ///
    /// [`is_bad_credentials`](Error::is_bad_credentials), [`is_unknown_database`](Error::is_unknown_database),
    /// [`is_login_challenge`](Error::is_login_challenge), [`is_rate_limited`](Error::is_rate_limited),
    /// [`is_configuration`](Error::is_configuration) where the client has no credentials, and the errors of the network.
    pub async fn login(&self) -> Result<Session> {
        self.shared.session(&[]).await
    }

    /// The session, if the client has one now.
    pub fn session(&self) -> Option<Session> {
        self.shared.sessions.current()
    }

    /// The context of the calls that are made by way of this client.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Makes a call past the cache, and accepts the warnings that the client is to accept.
    async fn write(&self, call: Tracked<'_>) -> Result<Bytes> {
        let mut accepted = HashSet::new();
        loop {
            let error = match self.shared.result_of(call).await {
                Err(error) if error.warning().is_some_and(|warning| self.accepting.accepts(warning)) => error,
                outcome => return Ok(outcome?.body.into()),
            };
            // One that comes again although it was accepted would come for ever.
            match error.warning() {
                Some(warning) if accepted.insert(warning.name.clone()) => self.accept(warning).await?,
                _ => return Err(error),
            }
        }
    }

    /// Makes a call past the cache. A warning is an error whatever the client accepts.
    async fn call_once<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let course = Arc::default();
        let tracked = Tracked { call, course: &course };
        let response = observe::call(tracked, self.shared.result_of(tracked)).await?;
        read(&response.body, call)
    }
}

/// Retries, sessions and the cache are behind it.
impl Connection for Client {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        Box::pin(async move {
            let course = Arc::default();
            let call = Tracked { call, course: &course };
            let work = async {
                if call.subject().is_write() { self.write(call).await } else { self.cacheable(call, None).await }
            };
            observe::call(call, work).await
        })
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        Box::pin(self.series())
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn share(&self) -> Arc<dyn Connection> {
        Arc::new(self.clone())
    }
}

fn read<T: DeserializeOwned>(body: &[u8], call: &Call) -> Result<T> {
    answer::read(body, PhantomData, call.subject()).map_err(|e| e.about(call.subject()))
}

impl Shared {
    /// The answer to a call, which is an envelope with a result.
    async fn result_of(self: &Arc<Self>, call: Tracked<'_>) -> Result<Response> {
        let response = self.request(call).await?;
        let checked = answer::check(&response.body);
        checked.map_err(|e| e.answered_at(self.address.url()).about(call.subject()))?;
        Ok(response)
    }

    /// Sends a call until it is answered, as often as its kind allows.
    async fn request(self: &Arc<Self>, call: Tracked<'_>) -> Result<Response> {
        let mut repetitions = self.retry.begin();
        loop {
            let error = match self.attempt(call).await {
                Ok(response) => return Ok(response),
                Err(error) => error.about(call.subject()),
            };
            // A login has been repeated already, once for all who wait for it.
            let is_login = error.method() == Some(login::METHOD) && !call.subject().opens_a_session();
            let wait = repetitions.after(&error).filter(|_| !is_login);
            let Some(wait) = wait else { return Err(retry::given_up(error)) };
            observe::repetition(call, &error, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends a call once; and again with another session, where the server refused one before it looked at the call.
    async fn attempt(self: &Arc<Self>, call: Tracked<'_>) -> Result<Response> {
        if call.subject().needs_no_session() {
            return expect_ok(self.send(call, None).await?);
        }
        // Before a login asks for it: it is not repeated within another repetition.
        self.server().await?;
        if let Some((user, authorization)) = self.sessions.basic() {
            let response = self.send(call, Some(authorization)).await?;
            let is_wrong = response.refuses_session();
            return if is_wrong { Err(self.bad_credentials(user)) } else { expect_ok(response) };
        }
        let mut refused = Vec::new();
        loop {
            let session = self.session(&refused).await?;
            let response = self.send(call, Some(session.authorization())).await?;
            if !response.refuses_session() {
                return expect_ok(response);
            }
            if refused.len() == self.sessions.replacements() {
                return Err(Error::session_expired());
            }
            refused.push(session);
        }
    }

    async fn send(self: &Arc<Self>, call: Tracked<'_>, authorization: Option<HeaderValue>) -> Result<Response> {
        let server = self.server().await?;
        let url = match call.subject().is_for_server() {
            true => self.address.root(server.layout),
            false => self.address.database(server.layout),
        };
        self.post(url, authorization, call.call.body()?, call).await
    }

    /// The one way out of here.
    async fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Body,
        call: Tracked<'_>,
    ) -> Result<Response> {
        observe::request(call, body.len(), self.transport.post(url, authorization, body)).await
    }
}

fn expect_ok(response: Response) -> Result<Response> {
    if response.status == 200 { Ok(response) } else { Err(response.refusal()) }
}
