//! The client: from a call to its result.
//!
//! Each part calls only the parts below it: the client gets answers from the cache or from an exchange; an exchange
//! passes a session to the endpoint, which sends bytes.

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

use tryton_sdk_core::{AcceptWarnings, Call, Connection, Context, Result, Series, Subject, answer};

use crate::batching::Batching;
use answers::Answers;
use endpoint::Endpoint;
use exchange::Exchange;
use observe::Tracked;
use sessions::Sessions;

/// A connection to one database of one Tryton server.
///
/// It is cheap to clone, and clones share connections, session and cache. It logs in automatically when a call first
/// needs a session, and again when the session has expired; a response of 403, or one from a proxy, does not cause a
/// login. Reads are retried when the network fails. Writes are never retried once they may have been sent.
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
/// For one client per process, keep it in a `static`. Each Tokio runtime that uses it has its own connections; session
/// and cache are shared.
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
    /// The methods that the program declares as reads.
    reading: Arc<HashSet<String>>,
}

impl Client {
    /// Starts building a client for the database `database` of the server at `url`.
    ///
    /// `url` is the server's URL, with or without a path: `https://erp.example.com`, `https://example.com/erp`. It may
    /// end with the database and `/rpc/`; then `database` may be empty. Characters other than ASCII may be
    /// percent-encoded.
    pub fn builder(url: &str, database: &str) -> ClientBuilder {
        ClientBuilder::new(url, database)
    }

    /// Creates a client from environment variables.
    ///
    #[doc = include_str!("environment.md")]
    ///
    /// `TRYTON_PASSWORD`, `TRYTON_SESSION_KEY`, `TRYTON_REDIS_URL` and `TRYTON_HEADERS` can also be read from files:
    /// append `_FILE` to the name, and set the variable to the path.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](crate::Error::is_configuration), with the name of the variable that is missing or
    /// malformed.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_variables(|name| std::env::var_os(name))?.build()
    }

    /// Returns a client with these keys added to the context. Session, cache and connections stay shared.
    #[must_use]
    pub fn with(&self, context: Context) -> Self {
        let context = Context::clone(&self.context).merge(context);
        Self { context: Arc::new(context), ..self.clone() }
    }

    /// Returns a client that accepts these warnings automatically. Session, cache and connections stay shared.
    #[must_use]
    pub fn accepting(&self, warnings: AcceptWarnings) -> Self {
        Self { accepting: warnings, ..self.clone() }
    }

    /// Returns a connection that batches concurrent reads of single records into few requests. Session, cache and
    /// connections stay shared.
    pub fn batching(&self) -> Batching {
        Batching::over(self.share())
    }

    /// Calls any method of the server: `common.db.list`, `model.party.party.read`, `report.sale.sale.execute`, …
    ///
    /// `params` are the method's arguments as a tuple, an array or a `Vec`. For methods of models, wizards and reports,
    /// the client's context is appended. The result is deserialised by serde.
    ///
    /// serde_json writes an infinite or NaN `f64` as null: send it as returned by [`f64::encode`](crate::Encode::encode).
    /// To read such a float, or another type with [`Decode`](crate::Decode), in a struct of serde's, use
    /// `#[serde(deserialize_with = "tryton_sdk::Decode::decode")]`.
    ///
    /// Responses that the server marks cacheable are cached until they expire (see [`ClientBuilder::cache`]), if the
    /// method is known to be a read. Among the methods of Tryton's own modules, these are `fields_get`,
    /// `fields_view_get`, `view_toolbar_get`, `view_get`, `default_get`, `get_keyword`, `get_action_value`, `get_digits`,
    /// `get_symbol`, `autocomplete_city` and `autocomplete_postal_code`. Other methods, such as the `get` of several
    /// models and the methods behind selections, might write, and are always sent. Declare those that only read with
    /// [`ClientBuilder::reading`].
    ///
    /// # Errors
    ///
    /// Every kind of [`Error`](crate::Error), distinguished by its predicates.
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
        self.read(&body, call.subject())
    }

    /// Returns the series of the server, which is requested once.
    ///
    /// # Errors
    ///
    /// [`is_unreachable`](crate::Error::is_unreachable), [`is_not_tryton`](crate::Error::is_not_tryton) and the other
    /// errors of the network.
    pub async fn series(&self) -> Result<Series> {
        self.endpoint().series().await
    }

    /// Returns the context of this client's calls.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Marks the call as a read if the program has declared its method as one.
    fn declared<'a>(&self, call: Cow<'a, Call>) -> Cow<'a, Call> {
        if call.subject().is_write() && self.is_read(call.subject()) {
            Cow::Owned(call.into_owned().reading())
        } else {
            call
        }
    }

    /// Returns whether the method is known or declared to only read.
    fn is_read(&self, subject: &Subject) -> bool {
        !subject.is_write() || self.reading.contains(subject.method())
    }

    fn read<T: DeserializeOwned>(&self, body: &[u8], subject: &Subject) -> Result<T> {
        let read = answer::read(body, PhantomData, subject);
        read.map_err(|e| e.answered_at(self.endpoint().address().url()).about(subject))
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

    /// Makes a call without the cache, and accepts the warnings that the client accepts automatically.
    async fn write(&self, call: Tracked<'_>) -> Result<Bytes> {
        let mut accepted = HashSet::new();
        loop {
            let error = match self.exchange().result_of(call).await {
                Err(error) if error.warning().is_some_and(|warning| self.accepting.accepts(warning)) => error,
                outcome => return Ok(outcome?.body.into()),
            };
            // A warning that returns after it was accepted would return forever.
            match error.warning() {
                Some(warning) if accepted.insert(warning.name.clone()) => self.accept(warning).await?,
                _ => return Err(error),
            }
        }
    }

    /// Makes a call without the cache. A warning is an error, even if the client accepts it.
    async fn call_once<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        let course = Arc::default();
        let tracked = Tracked { call, course: &course };
        let response = observe::call(tracked, self.exchange().result_of(tracked)).await?;
        self.read(&response.body, call.subject())
    }
}

/// Sends calls with retries, sessions and the cache.
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
