//! Calls whose answers are kept.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tryton_sdk_core::{Call, Error, Result};

use super::observe::{self, Cached, Course, Tracked};
use super::{Client, Shared};
use crate::cache::{Answer, Answers, Entry, Flight, Keeper, Scope};

impl Client {
    /// As [`call`](Self::call), but an answer of at most the age `ttl` is taken from the cache instead.
    ///
    /// The answer is kept for the server, the database, the user, the context and the parameters that it was given for.
    /// Tasks that ask for the same at the same time make one request.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call); and [`is_invalid_request`](Error::is_invalid_request) for a method that writes.
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
        let call = Call::new(method, params, &self.context)?;
        if call.subject().is_write() || call.subject().opens_a_session() {
            let why = "a call that may change something, or logs in, cannot be answered from a cache: use `call`";
            return Err(Error::invalid_request(why).about(call.subject()));
        }
        let course = Arc::default();
        let tracked = Tracked { call: &call, course: &course };
        let body = observe::call(tracked, self.cacheable(tracked, Some(ttl))).await?;
        super::read(&body, &call)
    }

    /// Under which key [`cached_call`](Self::cached_call) keeps the answer, for this client's user and context:
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
        Ok(self.shared.scope().call(&call, Keeper::Caller))
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
        let Some(answers) = &self.shared.answers else { return Ok(()) };
        let scope = self.shared.scope();
        let mut is_done = true;
        for keeper in [Keeper::Caller, Keeper::Server] {
            is_done &= answers.remove(&scope.call(&call, keeper)).await;
        }
        if is_done { Ok(()) } else { Err(Error::cache_unavailable().about(call.subject())) }
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
        self.forget(&self.shared.scope().model(model)).await
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
        self.forget(self.shared.scope().as_str()).await
    }

    async fn forget(&self, prefix: &str) -> Result<()> {
        match &self.shared.answers {
            Some(answers) if !answers.remove_all(prefix).await => Err(Error::cache_unavailable()),
            _ => Ok(()),
        }
    }

    /// The body of the answer, from the cache where it may be given again.
    ///
    /// `ttl` is the caller's; without it the server's own declaration counts.
    pub(super) async fn cacheable(&self, call: Tracked<'_>, ttl: Option<Duration>) -> Result<Bytes> {
        let keeper = if ttl.is_some() { Keeper::Caller } else { Keeper::Server };
        let answers = self.shared.answers.as_ref().filter(|_| !ttl.is_some_and(|ttl| ttl.is_zero()));
        match answers {
            Some(answers) if ttl.is_none() && !answers.is_declared(call.subject().method()) => {
                self.learn(call, answers).await
            }
            Some(answers) => {
                let key = self.shared.scope().call(call.call, keeper);
                let answer = self.shared.answer(answers, key, call, ttl).await?;
                Ok(Bytes::from_owner(answer.entry.body))
            }
            None => Ok(self.shared.result_of(call).await?.body.into()),
        }
    }

    /// Makes a call of which nobody knows yet whether the server lets its answers be kept.
    async fn learn(&self, call: Tracked<'_>, answers: &Answers) -> Result<Bytes> {
        let outdated = answers.outdated();
        let response = self.shared.result_of(call).await?;
        let Some(ttl) = response.keep else { return Ok(response.body.into()) };
        answers.declare(call.subject().method());
        let entry = Entry::from(response.body);
        if answers.outdated() == outdated {
            let key = self.shared.scope().call(call.call, Keeper::Server);
            answers.insert(&key, &entry, ttl).await;
        }
        Ok(Bytes::from_owner(entry.body))
    }
}

impl Shared {
    fn scope(&self) -> Scope {
        self.address.scope(&self.sessions.user().unwrap_or_default())
    }

    /// The answer of the cache, of a request for the same that is under way, or of a new one.
    async fn answer(
        self: &Arc<Self>,
        answers: &Arc<Answers>,
        key: String,
        call: Tracked<'_>,
        ttl: Option<Duration>,
    ) -> Result<Answer> {
        loop {
            let find = |flight| {
                let (call, course) = (call.call.clone(), Arc::clone(call.course));
                Arc::clone(self).find(Arc::clone(answers), flight, key.clone(), call, course, ttl)
            };
            let answer = answers.flights.join(&key, find).await;
            // Who has not looked by itself was on another's flight.
            call.course.cached(Cached::Shared);
            let answer = answer?;
            // Who began the flight may take older answers.
            if answer.suits(ttl) {
                return Ok(answer);
            }
        }
    }

    async fn find(
        self: Arc<Self>,
        answers: Arc<Answers>,
        flight: Arc<Flight<Answer>>,
        key: String,
        call: Call,
        course: Arc<Course>,
        ttl: Option<Duration>,
    ) -> Result<Answer> {
        let known = answers.get(&key).await;
        if let Some(answer) = known.filter(|answer| answer.suits(ttl)) {
            course.cached(Cached::Hit);
            return Ok(answer);
        }
        course.cached(Cached::Miss);
        let response = self.result_of(Tracked { call: &call, course: &course }).await?;
        let entry = Entry::from(response.body);
        if let Some(ttl) = ttl.or(response.keep) {
            answers.land(&flight, &key, &entry, ttl).await;
        }
        Ok(Answer { entry, is_from_cache: false })
    }
}
