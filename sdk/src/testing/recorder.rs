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
use crate::error::Result;
use crate::http::{Http, Reply, Transport};

/// Writes down what a real server answers, for [`Server::replay`](super::Server::replay).
///
/// The file is JSON, to be checked in beside the test and read by people. Neither logins nor headers are in it, nor ids of
/// requests, nor the tracebacks of exceptions. Values whose names say that they are secret (`password`, `token`, …) are
/// replaced by the word `removed`. All else is there as the server sent it: record with data that may be shown.
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
    /// Each call that was sent, and its answer once it has come.
    calls: Vec<(Call, Option<(Said, Option<u64>)>)>,
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
        let answered = tape.calls.iter().filter_map(|(call, answer)| Some((call, answer.as_ref()?)));
        let exchanges = answered.map(|(call, (said, keep_seconds))| Exchange {
            method: call.method.clone(),
            params: call.params.clone(),
            context: call.context.clone(),
            said: said.clone(),
            keep_seconds: *keep_seconds,
        });
        Recording { version: tape.version.clone(), exchanges: exchanges.collect() }
    }

    /// Notes a call that is about to be sent, and gives its place. Those by which a client finds its way in are left out.
    fn hear(&self, mut call: Call) -> Option<usize> {
        if matches!(&*call.method, VERSION | "common.db.login" | "common.db.logout") {
            return None;
        }
        call.remove_secrets();
        let mut tape = self.tape();
        tape.calls.push((call, None));
        Some(tape.calls.len() - 1)
    }

    fn hear_answer(&self, place: usize, reply: &Reply) {
        // A session that is refused is replaced, and the call made again.
        let Some(mut said) = Said::of(reply).filter(|said| !matches!(said, Said::Status(401))) else {
            return;
        };
        said.remove_secrets();
        self.tape().calls[place].1 = Some((said, reply.keep.map(|keep| keep.as_secs())));
    }

    fn hear_version(&self, reply: &Reply) {
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
        write!(f, "Recorder({} calls)", self.tape().calls.len())
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
        body: Vec<u8>,
    ) -> BoxFuture<'_, Result<Reply>> {
        Box::pin(async move {
            let call = Call::read(&body).ok();
            let asks_for_version = call.as_ref().is_some_and(|call| call.method == VERSION);
            let place = call.and_then(|call| self.recorder.hear(call));
            let reply = self.network.post(url, authorization, body).await?;
            if asks_for_version {
                self.recorder.hear_version(&reply);
            }
            if let Some(place) = place {
                self.recorder.hear_answer(place, &reply);
            }
            Ok(reply)
        })
    }
}
