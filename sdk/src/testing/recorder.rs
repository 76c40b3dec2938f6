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

/// Records the responses of a real server, for [`Server::replay`](super::Server::replay).
///
/// The file is readable JSON, to be checked in beside the test. It contains no logins, headers, request ids or
/// tracebacks. Text and binary content with the name of a secret (`password`, `token`, `key`, …), and the cookies of
/// [`renew_device_cookie`](Client::renew_device_cookie), are replaced by the word `removed`. Everything else is recorded
/// as the server sent it: use data that may be shown.
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
/// // Afterwards, without a server:
/// let server = Server::replay("tests/recordings/sell.json")?;
/// sell(&server.client()).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Recorder(Tape);

impl Recorder {
    /// Creates an empty recorder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Builds a client whose calls are recorded.
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::build`].
    pub fn client(&self, builder: ClientBuilder) -> Result<Client> {
        builder.build_over(|network| Arc::new(Listening { network, tape: self.0.clone() }))
    }

    /// Saves the responses so far to a file.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.0.save(path.as_ref())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Recorder").field(&self.0).finish()
    }
}

/// The network, with a recorder.
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
