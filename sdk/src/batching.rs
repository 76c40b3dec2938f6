//! Batching: concurrent reads of single records in one request.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::oneshot;
use tracing::Instrument;
use tryton_sdk_core::{Call, Connection, Context, Error, ErrorCategory, Result, Series};

use crate::task;

/// How long a read waits for others to join it.
const TICK: Duration = Duration::from_millis(1);

/// A batch with this many records is sent at once.
const LARGEST: usize = 500;

/// A connection that batches concurrent reads, as data loaders do. Create it with
/// [`Client::batching`](crate::Client::batching), or [over](Self::over) another connection.
///
/// Calls of the method `read` wait for a millisecond. Those with the same model, fields and context become one request,
/// of at most 500 records; each caller gets its own records. All other calls pass at once.
///
/// If the server refuses a batch because one of its records is missing or denied, each read is sent separately, so that
/// no caller gets an error for another caller's record. In logs and metrics a batch is one call, in the span of the first
/// caller.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::{Batching, Id, Projection, Result};
///
/// #[derive(Projection)]
/// #[tryton(model = Party)]
/// struct Customer {
///     name: Option<String>,
/// }
///
/// /// A hundred concurrent tasks that call this make one request.
/// async fn customer(tryton: &Batching, id: Id<Party>) -> Result<Customer> {
///     let mut read = Party::read(tryton, &[id]).await?;
///     Ok(read.remove(0))
/// }
/// ```
#[derive(Clone)]
pub struct Batching(Arc<Batches>);

struct Batches {
    connection: Arc<dyn Connection>,
    waiting: Mutex<HashMap<Key, Batch>>,
}

/// The method, the fields and the context. Only ids differ within a batch.
type Key = (Arc<str>, String);

/// Reads that wait to be sent.
struct Batch {
    /// The first of the calls. The others differ from it only in their ids.
    call: Call,
    ids: BTreeSet<i64>,
    readers: Vec<Reader>,
}

/// The callers that wait for a batch.
struct Reader {
    ids: Vec<i64>,
    reply: oneshot::Sender<Outcome>,
}

/// The result for a reader.
enum Outcome {
    Body(Bytes),
    Failed(Error),
    /// The batch has no result for this read, which must be sent separately.
    Alone,
}

impl Batching {
    /// Batches the reads of another connection.
    pub fn over(connection: Arc<dyn Connection>) -> Self {
        Self(Arc::new(Batches { connection, waiting: Mutex::default() }))
    }

    async fn read(&self, call: &Call, ids: Vec<i64>) -> Result<Bytes> {
        task::runtime()?;
        // Values that cannot be sent must fail only this caller.
        call.body()?;
        match self.join(call, ids).await {
            Ok(Outcome::Body(body)) => Ok(body),
            Ok(Outcome::Failed(error)) => Err(error),
            // `Err`: the task ended with another caller's runtime.
            Ok(Outcome::Alone) | Err(_) => self.0.connection.send(call).await,
        }
    }

    /// Adds a read to the waiting ones. The first of them starts the task that sends them.
    fn join(&self, call: &Call, ids: Vec<i64>) -> oneshot::Receiver<Outcome> {
        let (reply, outcome) = oneshot::channel();
        let key: Key = (call.subject().method().into(), Value::from(&call.params()[1..]).to_string());
        let mut waiting = self.0.waiting();
        let is_first = !waiting.contains_key(&key);
        let empty = || Batch { call: call.clone(), ids: BTreeSet::new(), readers: Vec::new() };
        let batch = waiting.entry(key.clone()).or_insert_with(empty);
        batch.ids.extend(&ids);
        batch.readers.push(Reader { ids, reply });
        let full = if batch.ids.len() >= LARGEST { waiting.remove(&key) } else { None };
        drop(waiting);
        let batches = Arc::clone(&self.0);
        if let Some(full) = full {
            tokio::spawn(async move { batches.send(full).await }.in_current_span());
        } else if is_first {
            tokio::spawn(async move { batches.send_soon(key).await }.in_current_span());
        }
        outcome
    }
}

impl Batches {
    fn waiting(&self) -> MutexGuard<'_, HashMap<Key, Batch>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends the batch after a moment.
    async fn send_soon(&self, key: Key) {
        tokio::time::sleep(TICK).await;
        let batch = self.waiting().remove(&key);
        if let Some(batch) = batch {
            self.send(batch).await;
        }
    }

    async fn send(&self, batch: Batch) {
        let Batch { call, mut readers, .. } = batch;
        readers.retain(|reader| !reader.reply.is_closed());
        // A single read is sent by its caller, in the caller's span.
        if let [_] = &readers[..] {
            return answer_all(readers, |_| Outcome::Alone);
        }
        let ids: BTreeSet<i64> = readers.iter().flat_map(|reader| reader.ids.iter().copied()).collect();
        if ids.is_empty() {
            return;
        }
        let call = call.of_records(&ids.into_iter().collect::<Vec<_>>());
        match self.connection.send(&call).await {
            Ok(body) => {
                let rows = rows(&body);
                answer_all(readers, |ids| {
                    rows.as_ref().and_then(|rows| envelope(rows, ids)).map_or(Outcome::Alone, Outcome::Body)
                });
            }
            Err(error) if is_for_all(&error) => answer_all(readers, |_| Outcome::Failed(error.clone())),
            Err(_) => answer_all(readers, |_| Outcome::Alone),
        }
    }
}

fn answer_all(readers: Vec<Reader>, outcome: impl Fn(&[i64]) -> Outcome) {
    for Reader { ids, reply } in readers {
        // The reader may have been dropped.
        let _ = reply.send(outcome(&ids));
    }
}

/// Returns whether every single read would fail in the same way, regardless of its records.
fn is_for_all(error: &Error) -> bool {
    matches!(error.category(), ErrorCategory::Unavailable | ErrorCategory::LoginRequired | ErrorCategory::Misconfigured)
}

/// Returns the ids of a call that can be part of a batch.
fn ids_of(call: &Call) -> Option<Vec<i64>> {
    let method = call.subject().method();
    let [Value::Array(ids), Value::Array(_), Value::Object(_)] = call.params() else { return None };
    let ids: Vec<i64> = ids.iter().map(Value::as_i64).collect::<Option<_>>()?;
    let are_distinct = ids.iter().collect::<BTreeSet<_>>().len() == ids.len();
    let is_read = method.starts_with("model.") && method.ends_with(".read");
    (is_read && are_distinct && !ids.is_empty()).then_some(ids)
}

/// Returns the records of a batch's response by id, or `None` if it cannot be split.
fn rows(body: &[u8]) -> Option<HashMap<i64, &RawValue>> {
    #[derive(Deserialize)]
    struct Envelope<'a> {
        #[serde(borrow)]
        result: Vec<&'a RawValue>,
    }

    #[derive(Deserialize)]
    struct Row {
        id: i64,
    }

    let Envelope { result } = serde_json::from_slice(body).ok()?;
    result.into_iter().map(|row| Some((serde_json::from_str::<Row>(row.get()).ok()?.id, row))).collect()
}

/// Returns the response for one read, or `None` if a record is missing.
fn envelope(rows: &HashMap<i64, &RawValue>, ids: &[i64]) -> Option<Bytes> {
    let own: Vec<&str> = ids.iter().map(|id| rows.get(id).map(|row| row.get())).collect::<Option<_>>()?;
    Some(format!(r#"{{"id": "", "result": [{}]}}"#, own.join(", ")).into())
}

impl Connection for Batching {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        match ids_of(call) {
            Some(ids) => Box::pin(self.read(call, ids)),
            None => self.0.connection.send(call),
        }
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        self.0.connection.series()
    }

    fn context(&self) -> &Context {
        self.0.connection.context()
    }

    fn share(&self) -> Arc<dyn Connection> {
        Arc::new(self.clone())
    }

    fn url(&self) -> Option<&str> {
        self.0.connection.url()
    }
}

impl fmt::Debug for Batching {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Batching")
    }
}
