use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;
use serde_json::Value;

use super::call::Call;
use super::recording::{Exchange, Recording, Said};
use crate::client::{Client, ClientBuilder};
use crate::wire::http::{Http, Response, Transport};
use tryton_sdk_core::Body;
use tryton_sdk_core::Result;

/// Writes down what a real server answers, for [`Server::replay`](super::Server::replay).
///
/// The file is JSON, to be checked in beside the test and read by people. Neither logins nor headers are in it, nor ids of
/// requests, nor the tracebacks of exceptions. Text and binary content whose name says that it is secret (`password`,
/// `token`, `key`, …), and the cookies of [`renew_device_cookie`](Client::renew_device_cookie), are replaced by the word
/// `removed`. All else is there as the server sent it: record with data that may be shown.
///
/// ```no_run
/// use tryton_sdk::{Client, testing::{Recorder, Server}};
///
/// # async fn sell(tryton: &Client) -> tryton_sdk::Result<()> { Ok(()) }
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let recorder = Recorder::new();
/// let builder = Client::builder("http://localhost:8000", "demo").credentials("admin", "secret");
/// sell(&recorder.client(builder)?).await?;
/// recorder.save("tests/recordings/sell.json")?;
///
/// // From then on without a server:
/// let server = Server::replay("tests/recordings/sell.json")?;
/// sell(&server.client()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Recorder(Arc<Mutex<Tape>>);

#[derive(Default)]
struct Tape {
    version: String,
    /// In the order in which the calls were sent; those that are not answered yet keep their places.
    exchanges: Vec<Option<Exchange>>,
}

impl Recorder {
    /// A recorder that has heard nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a client whose calls are recorded.
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::build`].
    pub fn client(&self, builder: ClientBuilder) -> Result<Client> {
        builder.build_over(|network| Arc::new(Listening { network, recorder: self.clone() }))
    }

    /// Writes down what has been answered so far.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.recording())?;
        text.push('\n');
        std::fs::write(path, text)
    }

    fn recording(&self) -> Recording {
        let tape = self.tape();
        Recording { version: tape.version.clone(), exchanges: tape.exchanges.iter().flatten().cloned().collect() }
    }

    /// Keeps a place for a call that is about to be sent.
    fn keep_place(&self) -> usize {
        let mut tape = self.tape();
        tape.exchanges.push(None);
        tape.exchanges.len() - 1
    }

    fn hear(&self, place: usize, mut call: Call, reply: &Response) {
        // A session that is refused is replaced, and the call made again.
        let Some(mut said) = Said::of(reply).filter(|said| !matches!(said, Said::Status(401))) else {
            return;
        };
        call.remove_secrets();
        said.remove_secrets(&call.method);
        let Call { method, params, context } = call;
        let keep_seconds = reply.keep.map(|keep| keep.as_secs());
        self.tape().exchanges[place] = Some(Exchange { method, params, context, said, keep_seconds });
    }

    fn hear_version(&self, reply: &Response) {
        if let Some(Said::Result(Value::String(version))) = Said::of(reply) {
            self.tape().version = version;
        }
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recorder({} calls)", self.tape().exchanges.len())
    }
}

const VERSION: &str = "common.server.version";

/// The network, with a recorder that listens.
#[derive(Debug)]
struct Listening {
    network: Http,
    recorder: Recorder,
}

impl Transport for Listening {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Body,
    ) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            let Ok(call) = Call::read(&body) else {
                return self.network.post(url, authorization, body).await;
            };
            // Those by which a client finds its way in are left out.
            let place = match &*call.method {
                VERSION | "common.db.login" | "common.db.logout" => None,
                _ => Some(self.recorder.keep_place()),
            };
            let reply = self.network.post(url, authorization, body).await?;
            match place {
                Some(place) => self.recorder.hear(place, call, &reply),
                None if call.method == VERSION => self.recorder.hear_version(&reply),
                None => {}
            }
            Ok(reply)
        })
    }
}
