//! Observability: a span per call, an event per request, and the metrics of both.
//!
//! Nothing else in the SDK makes spans or metrics. None of them holds a value that was sent, or a secret.

use std::cell::LazyCell;
use std::ops::Deref;
use std::sync::atomic::{AtomicU16, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use tracing::{Instrument, Span, field};

use tryton_sdk_core::{Call, Error, Result, Subject};

use crate::wire::http::Response;

#[cfg(feature = "metrics")]
use super::metrics;

/// A call in progress, possibly across tasks.
#[derive(Clone, Copy)]
pub(super) struct Tracked<'c> {
    pub(super) call: &'c Call,
    pub(super) course: &'c Arc<Course>,
}

impl<'c> Tracked<'c> {
    pub(super) fn subject(self) -> &'c Subject {
        self.call.subject()
    }
}

/// The outcome of a call so far, which its span records at the end.
#[derive(Debug, Default)]
pub(super) struct Course {
    attempts: AtomicU32,
    sent: AtomicU64,
    received: AtomicU64,
    status: AtomicU16,
    cached: OnceLock<Cached>,
}

/// The result of looking up a call in the cache.
#[derive(Clone, Copy, Debug)]
pub(super) enum Cached {
    Hit,
    Miss,
    /// Another call was already waiting for the same answer.
    Shared,
}

impl Cached {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Shared => "shared",
        }
    }
}

impl Course {
    /// Records the result of looking in the cache. Only the first one counts.
    pub(super) fn cached(&self, cached: Cached) {
        let _ = self.cached.set(cached);
    }
}

/// Makes a call within its span.
pub(super) async fn call<T>(call: Tracked<'_>, work: impl Future<Output = Result<T>>) -> Result<T> {
    let Tracked { course, .. } = call;
    let span = span(call.subject(), &call.subject());
    let began = Instant::now();
    // Pinned, because it is large and would be moved into the instrumented future.
    let work = std::pin::pin!(work);
    let result = work.instrument(span.clone()).await;
    let outcome = result.as_ref().err().map_or("ok", |error| error.kind().as_str());
    if !span.is_disabled() {
        record(&span, course, outcome, began.elapsed());
    }
    #[cfg(feature = "metrics")]
    metrics::call(call.subject().method(), outcome, began.elapsed(), course.cached.get().map(|cached| cached.as_str()));
    result
}

/// Records a call whose answer was in memory. Its records are determined only if the span is enabled.
pub(super) fn hit(subject: &Subject, began: Instant, with_records: impl FnOnce() -> Subject) {
    let with_records = LazyCell::new(with_records);
    let span = span(subject, &with_records);
    if !span.is_disabled() {
        let course = Course::default();
        course.cached(Cached::Hit);
        record(&span, &course, "ok", began.elapsed());
    }
    #[cfg(feature = "metrics")]
    metrics::call(subject.method(), "ok", began.elapsed(), Some(Cached::Hit.as_str()));
}

fn span(subject: &Subject, with_records: &impl Deref<Target = Subject>) -> Span {
    tracing::info_span!(
        "tryton_call",
        method = subject.method(),
        model = subject.model(),
        ids = Some(with_records.ids()).filter(|ids| !ids.is_empty()).map(field::debug),
        records = with_records.record_count(),
        attempts = field::Empty,
        cache = field::Empty,
        sent = field::Empty,
        received = field::Empty,
        status = field::Empty,
        outcome = field::Empty,
        milliseconds = field::Empty,
    )
}

fn record(span: &Span, course: &Course, outcome: &str, took: Duration) {
    let attempts = course.attempts.load(Ordering::Relaxed);
    span.record("attempts", attempts);
    if let Some(cached) = course.cached.get() {
        span.record("cache", cached.as_str());
    }
    if attempts > 0 {
        span.record("sent", course.sent.load(Ordering::Relaxed));
        span.record("received", course.received.load(Ordering::Relaxed));
    }
    match course.status.load(Ordering::Relaxed) {
        0 => {}
        status => drop(span.record("status", status)),
    }
    span.record("outcome", outcome);
    span.record("milliseconds", took.as_millis() as u64);
}

/// Makes one request of a call. Requests to log in and to detect the server belong to their own calls.
pub(super) async fn request(
    call: Tracked<'_>,
    sent: usize,
    work: impl Future<Output = Result<Response>>,
) -> Result<Response> {
    let began = Instant::now();
    let response = work.await;
    let (status, received) =
        response.as_ref().map_or((None, 0), |response| (Some(response.status), response.body.len()));
    let error = response.as_ref().err();
    tracing::debug!(
        method = call.subject().method(),
        sent,
        received,
        status,
        milliseconds = began.elapsed().as_millis() as u64,
        error = error.map(field::debug),
        "request",
    );
    let course = call.course;
    course.attempts.fetch_add(1, Ordering::Relaxed);
    course.sent.fetch_add(sent as u64, Ordering::Relaxed);
    course.received.fetch_add(received as u64, Ordering::Relaxed);
    course.status.store(status.unwrap_or(0), Ordering::Relaxed);
    #[cfg(feature = "metrics")]
    metrics::request(call.subject().method(), status, error.map(|error| error.kind().as_str()), sent, received);
    response
}

/// Records that a call will be retried after this time.
pub(super) fn repetition(call: Tracked<'_>, error: &Error, wait: Duration) {
    tracing::debug!(method = call.subject().method(), ?error, ?wait, "will be repeated");
    #[cfg(feature = "metrics")]
    metrics::repetition(call.subject().method());
}
