use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;

use tryton_sdk_core::testing::Tape;
use tryton_sdk_core::{Body, Result};

use crate::client::{Client, ClientBuilder};
use crate::wire::http::{Http, Response, Transport};

/// Writes down what a real server answers, for [`Server::replay`](super::Server::replay).
///
/// The file is JSON, to be checked in beside the test and read by people. Neither logins nor headers are in it, nor ids of
/// requests, nor the tracebacks of exceptions. Text and binary content whose name says that it is secret (`password`,
/// `token`, `key`, …), and the cookies of [`renew_device_cookie`](Client::renew_device_cookie), are replaced by the word
/// `removed`. All else is there as the server sent it: record with data that may be shown.
///
/// ```no_run
/// use tryton_sdk::Client;
/// use tryton_sdk::testing::{Recorder, Server, ServerExt};
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
pub struct Recorder(Tape);

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
        builder.build_over(|network| Arc::new(Listening { network, tape: self.0.clone() }))
    }

    /// Writes down what has been answered so far.
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.0.save(path.as_ref())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.0).finish()
    }
}

/// The network, with a recorder that listens.
#[derive(Debug)]
struct Listening {
    network: Http,
    tape: Tape,
}

impl Transport for Listening {
    fn post(
        &self,
        url: reqwest::Url,
        authorization: Option<HeaderValue>,
        body: Body,
    ) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move {
            let asked = self.tape.ask(&body);
            let reply = self.network.post(url, authorization, body).await?;
            if let Some(asked) = asked {
                self.tape.hear(asked, reply.status, &reply.body, reply.keep);
            }
            Ok(reply)
        })
    }
}
