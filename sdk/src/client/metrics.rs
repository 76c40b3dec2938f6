//! The metrics, through the facade of the crate `metrics`: they go to the program's recorder.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_histogram, histogram};

const CALLS: &str = "tryton_calls_total";
const DURATION: &str = "tryton_call_duration_seconds";
const REQUESTS: &str = "tryton_requests_total";
const REPETITIONS: &str = "tryton_repetitions_total";
const CACHE: &str = "tryton_cache_lookups_total";
const SENT: &str = "tryton_sent_bytes";
const RECEIVED: &str = "tryton_received_bytes";

/// Describes the metrics to the recorder.
pub(super) fn describe() {
    describe_counter!(CALLS, Unit::Count, "Calls, by method and outcome: `ok` or the kind of the error");
    describe_histogram!(DURATION, Unit::Seconds, "How long calls take, repetitions and waiting for a login included");
    describe_counter!(
        REQUESTS,
        Unit::Count,
        "HTTP requests, logins included, by method and status or kind of the error"
    );
    describe_counter!(REPETITIONS, Unit::Count, "Requests that are made again because one has failed, by method");
    describe_counter!(CACHE, Unit::Count, "Answers looked for in the cache, by method and result: hit, miss or shared");
    describe_histogram!(SENT, Unit::Bytes, "The sizes of the bodies that are sent");
    describe_histogram!(RECEIVED, Unit::Bytes, "The sizes of the answers, inflated");
}

pub(super) fn call(method: &str, outcome: &'static str, took: Duration, cached: Option<&'static str>) {
    counter!(CALLS, "method" => method.to_owned(), "outcome" => outcome).increment(1);
    histogram!(DURATION, "method" => method.to_owned(), "outcome" => outcome).record(took);
    if let Some(cached) = cached {
        counter!(CACHE, "method" => method.to_owned(), "result" => cached).increment(1);
    }
}

pub(super) fn request(method: &str, status: Option<u16>, error: Option<&'static str>, sent: usize, received: usize) {
    let status = status.map_or_else(|| error.unwrap_or_default().to_owned(), |status| status.to_string());
    counter!(REQUESTS, "method" => method.to_owned(), "status" => status).increment(1);
    histogram!(SENT, "method" => method.to_owned()).record(sent as f64);
    histogram!(RECEIVED, "method" => method.to_owned()).record(received as f64);
}

pub(super) fn repetition(method: &str) {
    counter!(REPETITIONS, "method" => method.to_owned()).increment(1);
}
