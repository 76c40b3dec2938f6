//! Responses that may be reused: from the cache, or from one request shared by concurrent callers.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use tryton_sdk_core::{Call, Context, Error, Result, Subject};

use super::exchange::Exchange;
use super::observe::{Cached, Course, Tracked};
use super::sessions::Sessions;
use crate::cache::{Answer, Entry, Keeper, Kept, Place, Scope};
use crate::flight::Flights;
use crate::task::detached;

/// The responses for one user of the server, cached or new.
#[derive(Debug)]
pub(super) struct Answers {
    exchange: Exchange,
    /// The prefix of all cache keys. `None` if the user is not known yet.
    scope: Option<Scope>,
    /// `None` if caching is off.
    kept: Option<Arc<Kept>>,
    flights: Arc<Flights<Answer>>,
}

impl Answers {
    pub(super) fn new(exchange: Exchange, kept: Option<Arc<Kept>>) -> Self {
        let scope = exchange.sessions().login_user().map(|user| scope(&exchange, user.to_owned()));
        Self { exchange, scope, kept, flights: Flights::new() }
    }

    /// Returns answers for another user or database, with the same cache.
    pub(super) fn with(&self, sessions: Sessions) -> Self {
        Self::new(self.exchange.with(sessions), self.kept.clone())
    }

    pub(super) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Returns the body of the response, from the cache if possible.
    ///
    /// `ttl` is the caller's. Without it, the server's declaration applies.
    pub(super) async fn get(self: &Arc<Self>, call: Tracked<'_>, ttl: Option<Duration>) -> Result<Bytes> {
        let keeper = if ttl.is_some() { Keeper::Caller } else { Keeper::Server };
        let kept = self.kept.as_ref().filter(|_| !ttl.is_some_and(|ttl| ttl.is_zero()));
        match kept {
            Some(kept) if ttl.is_none() && !kept.is_declared(call.subject().method()) => self.learn(call, kept).await,
            Some(kept) => {
                let key = self.key(kept, call.call, keeper);
                // Look without spawning a task, because most answers are cached.
                let looked = Looked { before: self.flights.ended(), was: !self.flights.is_under_way(&key) };
                let known = match kept.is_in_process() {
                    true => kept.find(&key),
                    false if looked.was => Box::pin(kept.get(&key)).await,
                    false => None,
                };
                if let Some(answer) = known.filter(|answer| answer.suits(ttl)) {
                    call.course.cached(Cached::Hit);
                    return Ok(answer.entry.body);
                }
                Ok(Box::pin(self.find(kept, key, looked, call, ttl)).await?.entry.body)
            }
            None => Ok(self.exchange.result_of(call).await?.body.into()),
        }
    }

    /// Returns whether answers are cached in the memory of this process.
    pub(super) fn are_in_process(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.is_in_process())
    }

    /// Returns the body of an answer with a caller's TTL that is cached in the memory of this process.
    pub(super) fn find_at_once(
        &self,
        subject: &Subject,
        params: &impl Serialize,
        context: &Context,
        ttl: Duration,
    ) -> Option<Bytes> {
        let kept = self.kept.as_ref()?;
        let key = self.scope().parts_in_process(subject, params, context, Keeper::Caller)?;
        let answer = kept.find(&key).filter(|answer| answer.suits(Some(ttl)))?;
        Some(answer.entry.body)
    }

    /// Returns the key of an answer with a caller's TTL in a cache shared by processes.
    pub(super) fn shared_key(&self, call: &Call) -> String {
        self.scope().call(call, Keeper::Caller)
    }

    fn key(&self, kept: &Kept, call: &Call, keeper: Keeper) -> String {
        let scope = self.scope();
        if kept.is_in_process() { scope.call_in_process(call, keeper) } else { scope.call(call, keeper) }
    }

    /// Invalidates the answers to a call, with the caller's TTL and with the server's.
    pub(super) async fn forget(&self, call: &Call) -> Result<()> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let mut is_done = true;
        for keeper in [Keeper::Caller, Keeper::Server] {
            let key = self.key(kept, call, keeper);
            is_done &= kept.remove(&key).await;
            self.flights.forget(&key);
        }
        if is_done { Ok(()) } else { Err(Error::cache_unavailable().about(call.subject())) }
    }

    /// Invalidates the answers to all calls of a model.
    pub(super) async fn forget_model(&self, model: &str) -> Result<()> {
        self.forget_prefix(&self.scope().model(model)).await
    }

    /// Invalidates all answers of the user.
    pub(super) async fn forget_all(&self) -> Result<()> {
        self.forget_prefix(self.scope().as_str()).await
    }

    async fn forget_prefix(&self, prefix: &str) -> Result<()> {
        let Some(kept) = &self.kept else { return Ok(()) };
        let is_done = kept.remove_all(prefix).await;
        self.flights.forget(prefix);
        if is_done { Ok(()) } else { Err(Error::cache_unavailable()) }
    }

    fn scope(&self) -> Cow<'_, Scope> {
        match &self.scope {
            Some(scope) => Cow::Borrowed(scope),
            None => Cow::Owned(scope(&self.exchange, self.exchange.sessions().user().unwrap_or_default())),
        }
    }

    /// Makes a call without knowing whether the server marks its responses cacheable.
    async fn learn(&self, call: Tracked<'_>, kept: &Arc<Kept>) -> Result<Bytes> {
        let outdated = kept.outdated();
        let response = self.exchange.result_of(call).await?;
        let Some(ttl) = response.keep else { return Ok(response.body.into()) };
        kept.declare(call.subject().method());
        let entry = Entry::from(response.body);
        let body = entry.body.clone();
        if let Some(place) = kept.place_since(outdated, &self.key(kept, call.call, Keeper::Server)) {
            detached(async move {
                place.fill(&entry, ttl).await;
                Ok(())
            })
            .await?;
        }
        Ok(body)
    }

    /// Returns the response from the cache, from an identical request in flight, or from a new one.
    async fn find(
        self: &Arc<Self>,
        kept: &Arc<Kept>,
        key: String,
        looked: Looked,
        call: Tracked<'_>,
        ttl: Option<Duration>,
    ) -> Result<Answer> {
        loop {
            let fetch = || {
                let (call, course) = (call.call.clone(), Arc::clone(call.course));
                // Created here, not in the task, so that invalidations from now on are noticed.
                let place = kept.place(&key);
                Arc::clone(self).fetch(place, looked, call, course, ttl)
            };
            let answer = self.flights.join(&key, fetch).await;
            // Has an effect only if this call did not look itself, but joined another call's flight.
            call.course.cached(Cached::Shared);
            let answer = answer?;
            // The call that began the flight may accept older answers.
            if answer.suits(ttl) {
                return Ok(answer);
            }
        }
    }

    async fn fetch(
        self: Arc<Self>,
        place: Place,
        looked: Looked,
        call: Call,
        course: Arc<Course>,
        ttl: Option<Duration>,
    ) -> Result<Answer> {
        // Another flight may have cached the answer since the look.
        let is_missing = looked.was && looked.before == self.flights.ended();
        let known = if is_missing { None } else { place.find().await };
        if let Some(answer) = known.filter(|answer| answer.suits(ttl)) {
            course.cached(Cached::Hit);
            return Ok(answer);
        }
        course.cached(Cached::Miss);
        let response = self.exchange.result_of(Tracked { call: &call, course: &course }).await?;
        let answer = Answer { entry: Entry::from(response.body), is_from_cache: false };
        if let Some(ttl) = ttl.or(response.keep) {
            let entry = answer.entry.clone();
            detached(async move {
                place.fill(&entry, ttl).await;
                Ok(())
            })
            .await?;
        }
        Ok(answer)
    }
}

/// Whether and when the cache was searched before the flight.
#[derive(Clone, Copy)]
struct Looked {
    was: bool,
    /// The number of flights that had ended before.
    before: usize,
}

/// Returns the prefix of the keys of a user's answers.
fn scope(exchange: &Exchange, mut user: String) -> Scope {
    // Responses in the user's context are not valid for clients that do not send it.
    if exchange.adds_user_context() {
        user.push_str(" in context");
    }
    exchange.endpoint().address().scope(&user)
}
