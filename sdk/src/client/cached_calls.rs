//! The public methods of the cache.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tryton_sdk_core::{Call, Error, Result, Subject};

use super::Client;
use super::observe::{self, Tracked};

impl Client {
    /// Like [`call`](Self::call), but returns a cached response if it is not older than `ttl`.
    ///
    /// Responses are cached per server, database, user, context and parameters. Concurrent cache misses for the same
    /// response make one request.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call), and [`is_invalid_request`](Error::is_invalid_request) for a method that writes, or
    /// that is unknown and might write: declare it with [`ClientBuilder::reading`](crate::ClientBuilder::reading) if it
    /// only reads.
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
        if let Some(known) = self.read_at_once(method, &params, ttl) {
            return known;
        }
        let call = self.declared(Cow::Owned(Call::new(method, params, &self.context)?));
        if !self.is_cacheable(call.subject()) {
            let why = "a call that may change something, or logs in, cannot be answered from a cache: use `call`";
            return Err(Error::invalid_request(why).about(call.subject()));
        }
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let body = observe::call(tracked, self.answers.get(tracked, Some(ttl))).await?;
        self.read(&body, call.subject())
    }

    /// Returns the value of an answer in memory, if there is one. It does not create the call, which is needed only for
    /// sending and would take longer than finding the answer.
    fn read_at_once<T: DeserializeOwned>(
        &self,
        method: &str,
        params: &impl Serialize,
        ttl: Duration,
    ) -> Option<Result<T>> {
        if !self.answers.are_in_process() {
            return None;
        }
        let began = Instant::now();
        let subject = Subject::new(method);
        if !self.is_cacheable(&subject) {
            return None;
        }
        let body = self.answers.find_at_once(&subject, params, &self.context, ttl)?;
        // The records are known only from a call.
        let with_records = || match Call::new(method, params, &self.context) {
            Ok(call) => self.declared(Cow::Owned(call)).subject().clone(),
            Err(_) => subject.clone(),
        };
        observe::hit(&subject, began, with_records);
        // If the answer does not fit, read it again for an error with the records.
        Some(self.read(&body, &subject).or_else(|_| self.read(&body, &with_records())))
    }

    /// Returns whether the answer may be reused.
    fn is_cacheable(&self, subject: &Subject) -> bool {
        self.is_read(subject) && !subject.opens_a_session()
    }

    /// Returns the key under which [`cached_call`](Self::cached_call) stores the response in Redis, for this client's
    /// user and context: `tryton:1:host:port/database:user:object:method:hash:caller`. It is the same in every process
    /// and on every machine. `redis-cli ttl` shows its remaining time.
    ///
    /// Responses that the server marks cacheable are stored for [`call`](Self::call) under a key that ends with `server`
    /// instead of `caller`.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if the parameters are not a list.
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

    /// Invalidates the cached responses of this call, whether from [`call`](Self::call) or
    /// [`cached_call`](Self::cached_call), for this client's user and context. The next call goes to the server.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) if Redis cannot be reached, and
    /// [`is_invalid_request`](Error::is_invalid_request) if the parameters are not a list.
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

    /// Invalidates the cached responses of all calls of a model, for this client's user and every context.
    ///
    /// Another process may still store a response that it is waiting for at this moment. In Redis, this scans all keys of
    /// the database, some thousands at a time.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) if Redis cannot be reached.
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

    /// Like [`invalidate_model`](Self::invalidate_model), but for all models and all other calls.
    ///
    /// # Errors
    ///
    /// [`is_cache_unavailable`](Error::is_cache_unavailable) if Redis cannot be reached.
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
