//! The client: from a call to its result.
//!
//! Each part calls only those that stand below it: the client has answers; those come out of the cache or by an exchange;
//! an exchange takes a session to the endpoint, which sends bytes.

mod address;
mod answers;
mod builder;
mod cached_calls;
mod endpoint;
mod exchange;
#[cfg(feature = "metrics")]
mod metrics;
mod observe;
mod ping;
mod retry;
mod sessions;
mod user;
mod user_context;
mod warnings;

use std::borrow::Cow;
use std::collections::HashSet;
use std::marker::PhantomData;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use builder::ClientBuilder;
pub use ping::Pong;
pub use sessions::Session;
pub use user::LogoutOnDrop;

use tryton_sdk_core::{AcceptWarnings, Call, Connection, Context, Result, Series, answer};

use answers::Answers;
use endpoint::Endpoint;
use exchange::Exchange;
use observe::Tracked;
use sessions::Sessions;

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
/// An application that wants one client for the whole process keeps it in a `static` of its own. Each Tokio runtime that
/// calls it has connections of its own; session and cache are the same for all.
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
    answers: Arc<Answers>,
    context: Arc<Context>,
    accepting: AcceptWarnings,
    /// The methods that the program declares to read.
    reading: Arc<HashSet<String>>,
}

impl Client {
    /// Begins a client for the database `database` of the server at `url`.
    ///
    /// `url` is where the server answers: `https://erp.example.com`, or `https://example.com/erp` below a path. The
    /// database may follow in it, as may `/rpc/`; then `database` may be empty. What is not ASCII may be encoded in it.
    pub fn builder(url: &str, database: &str) -> ClientBuilder {
        ClientBuilder::new(url, database)
    }

    /// A client as the environment describes it.
    ///
    #[doc = include_str!("environment.md")]
    ///
    /// Of `TRYTON_PASSWORD`, `TRYTON_SESSION_KEY`, `TRYTON_REDIS_URL` and `TRYTON_HEADERS`, a variable with `_FILE` at the end
    /// of its name can name a file that holds the value instead.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](crate::Error::is_configuration), with the name of the variable that is missing or
    /// malformed.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_variables(|name| std::env::var_os(name))?.build()
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
    /// the client knows, and are always sent. A program declares which ones read by [`ClientBuilder::reading`].
    ///
    /// # Errors
    ///
    /// Every kind of [`Error`](crate::Error); the predicates of that type tell them apart.
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
        self.read(&body, &call)
    }

    /// The series of the server. It is asked for once.
    ///
    /// # Errors
    ///
    /// [`is_unreachable`](crate::Error::is_unreachable), [`is_not_tryton`](crate::Error::is_not_tryton) and the other
    /// errors of the network.
    pub async fn series(&self) -> Result<Series> {
        self.endpoint().series().await
    }

    /// The context of the calls that are made by way of this client.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The call as the program has declared its method.
    fn declared<'a>(&self, call: Cow<'a, Call>) -> Cow<'a, Call> {
        let is_to_read = call.subject().is_write() && self.reading.contains(call.subject().method());
        if is_to_read { Cow::Owned(call.into_owned().reading()) } else { call }
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8], call: &Call) -> Result<T> {
        let read = answer::read(body, PhantomData, call.subject());
        read.map_err(|e| e.answered_at(self.endpoint().address().url()).about(call.subject()))
    }

    fn exchange(&self) -> &Exchange {
        self.answers.exchange()
    }

    fn sessions(&self) -> &Arc<Sessions> {
        self.exchange().sessions()
    }

    fn endpoint(&self) -> &Arc<Endpoint> {
        self.exchange().endpoint()
    }

    /// Makes a call past the cache, and accepts the warnings that the client is to accept.
    async fn write(&self, call: Tracked<'_>) -> Result<Bytes> {
        let mut accepted = HashSet::new();
        loop {
            let error = match self.exchange().result_of(call).await {
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
        let response = observe::call(tracked, self.exchange().result_of(tracked)).await?;
        self.read(&response.body, call)
    }
}

/// Retries, sessions and the cache are behind it.
impl Connection for Client {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        Box::pin(async move {
            let (call, course) = (self.declared(Cow::Borrowed(call)), Arc::default());
            let call = Tracked { call: &call, course: &course };
            let work = async {
                if call.subject().is_write() { self.write(call).await } else { self.answers.get(call, None).await }
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

    fn url(&self) -> Option<&str> {
        Some(self.endpoint().address().url())
    }
}
