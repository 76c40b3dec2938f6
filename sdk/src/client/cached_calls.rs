//! What applications say about answers that are kept.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tryton_sdk_core::{Call, Error, Result};

use super::Client;
use super::observe::{self, Tracked};

impl Client {
    /// As [`call`](Self::call), but an answer of at most the age `ttl` is taken from the cache instead.
    ///
    /// The answer is kept for the server, the database, the user, the context and the parameters that it was given for.
    /// Tasks that ask for the same at the same time make one request.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call); and [`is_invalid_request`](Error::is_invalid_request) for a method that writes, or may for all
    /// that the client knows: [`ClientBuilder::reading`](crate::ClientBuilder::reading) declares that it reads.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let params = (serde_json::json!([]), 0, None::<u64>, None::<()>, ["code", "name"]);
    /// let languages: serde_json::Value =
    ///     tryton.cached_call("model.ir.lang.search_read", params, Duration::from_secs(300)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cached_call<T: DeserializeOwned>(
        &self,
        method: &str,
        params: impl Serialize,
        ttl: Duration,
    ) -> Result<T> {
        let call = self.declared(Cow::Owned(Call::new(method, params, &self.context)?));
        if call.subject().is_write() || call.subject().opens_a_session() {
            let why = "a call that may change something, or logs in, cannot be answered from a cache: use `call`";
            return Err(Error::invalid_request(why).about(call.subject()));
        }
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let body = observe::call(tracked, self.answers.get(tracked, Some(ttl))).await?;
        self.read(&body, &call)
    }

    /// Under which key [`cached_call`](Self::cached_call) keeps the answer in Redis, for this client's user and context:
    /// `tryton:1:host:port/database:user:object:method:hash:caller`. It is the same in every process and on every
    /// machine. `redis-cli ttl` says for how long it is still there.
    ///
    /// What the server itself declares cacheable is kept for [`call`](Self::call) under a key that ends with `server`
    /// instead of `caller`.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) for parameters that are no list.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production").credentials("admin", "secret").build()?;
    /// let key = tryton.cache_key("model.party.party.search_count", ([["name", "ilike", "%gmbh%"]],))?;
    /// assert!(key.starts_with("tryton:1:erp.example.com:443/production:admin:model.party.party:search_count:"));
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn cache_key(&self, method: &str, params: impl Serialize) -> Result<String> {
        let call = Call::new(method, params, &self.context)?;
        Ok(self.answers.shared_key(&call))
    }

    /// Forgets what is kept of this call, of [`call`](Self::call) and of [`cached_call`](Self::cached_call) alike, for
    /// this client's user and context: the next one asks the server.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) where Redis cannot be reached, and
    /// [`is_invalid_request`](Error::is_invalid_request) for parameters that are no list.
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// tryton.invalidate("model.party.party.fields_get", [["name", "lang"]]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn invalidate(&self, method: &str, params: impl Serialize) -> Result<()> {
        let call = Call::new(method, params, &self.context)?;
        self.answers.forget(&call).await
    }

    /// Forgets what is kept of all calls of a model, for this client's user and every context.
    ///
    /// Answers that another process is waiting for at this moment may still be kept by it.
    /// In Redis this goes through all keys of its database, some thousands at a time.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) where Redis cannot be reached.
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// tryton.invalidate_model("product.product").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn invalidate_model(&self, model: &str) -> Result<()> {
        self.answers.forget_model(model).await
    }

    /// As [`invalidate_model`](Self::invalidate_model), for all models and all other calls.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) where Redis cannot be reached.
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// tryton.invalidate_all().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn invalidate_all(&self) -> Result<()> {
        self.answers.forget_all().await
    }
}
