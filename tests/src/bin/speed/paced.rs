//! A server whose workers each take a fixed time for a request and handle one at a time. It shows the cost of waiting,
//! without the variations of a real server.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::canned::LOGIN;
use crate::http::{self, Response, response};

/// The time that a worker takes for a request.
const PACE: Duration = Duration::from_millis(20);

/// The number of parties.
const PARTIES: i64 = 100_000;

pub(crate) struct Paced {
    pub(crate) url: String,
    workers: Arc<Workers>,
}

struct Workers {
    each: Vec<Mutex<()>>,
    /// The number of requests that the workers were given.
    given: AtomicUsize,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    params: Vec<Value>,
}

impl Paced {
    /// Serves until the process ends.
    pub(crate) fn start(workers: usize) -> Result<Self, Box<dyn Error>> {
        let each = (0..workers).map(|_| Mutex::default()).collect();
        let workers = Arc::new(Workers { each, given: AtomicUsize::new(0) });
        let url = http::serve({
            let workers = Arc::clone(&workers);
            move |request| workers.answer(request)
        })?;
        Ok(Self { url, workers })
    }

    /// Returns the number of requests, without logins.
    pub(crate) fn requests(&self) -> usize {
        self.workers.given.load(Ordering::SeqCst)
    }
}

impl Workers {
    fn answer(&self, request: &[u8]) -> Response {
        let Request { method, params } = serde_json::from_slice(request).expect("the workers send calls");
        if method == "common.db.login" {
            return response(LOGIN.as_bytes());
        }
        let turn = self.given.fetch_add(1, Ordering::SeqCst);
        let busy = self.each[turn % self.each.len()].lock().unwrap_or_else(PoisonError::into_inner);
        thread::sleep(PACE);
        drop(busy);
        match method.as_str() {
            "model.party.party.search" => {
                let ids: Vec<_> = (1..=PARTIES).collect();
                response(json!({"id": "1", "result": ids}).to_string().as_bytes())
            }
            "model.party.party.search_read" => parties(&wanted(&params)),
            "model.party.party.read" => parties(&ids(&params[0])),
            _ => panic!("{method} is not what the works call"),
        }
    }
}

/// Returns the ids of a page: the next ones after an id, or those of a list.
fn wanted(params: &[Value]) -> Vec<i64> {
    let limit = params[2].as_i64().unwrap_or(PARTIES);
    match id_clause(&params[0]) {
        Some((">", last)) => {
            let last = last.as_i64().unwrap_or_default();
            (last + 1..=PARTIES.min(last + limit)).collect()
        }
        Some((_, list)) => ids(list),
        None => (1..=limit).collect(),
    }
}

/// Returns the operator and value of the domain's clause on ids.
fn id_clause(domain: &Value) -> Option<(&str, &Value)> {
    let items = domain.as_array()?;
    match &items[..] {
        [Value::String(field), Value::String(operator), value] if field == "id" => Some((operator, value)),
        _ => items.iter().find_map(id_clause),
    }
}

fn ids(list: &Value) -> Vec<i64> {
    list.as_array().into_iter().flatten().filter_map(Value::as_i64).collect()
}

fn parties(ids: &[i64]) -> Response {
    let mut json = r#"{"id": "1", "result": ["#.to_owned();
    for (n, id) in ids.iter().enumerate() {
        let comma = if n > 0 { ", " } else { "" };
        let _ = write!(json, r#"{comma}{{"id": {id}, "name": "Customer {id:06}"}}"#);
    }
    json.push_str("]}");
    response(json.as_bytes())
}
