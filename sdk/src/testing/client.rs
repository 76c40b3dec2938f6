use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use reqwest::header::HeaderValue;

use tryton_sdk_core::testing::{Answered, Server};
use tryton_sdk_core::{Body, Result};

use crate::client::{Client, ClientBuilder};
use crate::wire::http::{Response, Transport};

/// A URL without a server: nothing is sent there.
const URL: &str = "http://tryton.test";

/// Clients of a mock [`Server`].
///
/// ```
/// use tryton_sdk::Series;
/// use tryton_sdk::testing::{Server, ServerExt};
///
/// let server = Server::new(Series::new(8, 2));
/// let tryton = server.client();
/// ```
pub trait ServerExt: sealed::Sealed {
    /// Returns a client of this server with the default settings.
    fn client(&self) -> Client;

    /// Returns a client of this server with other settings. Their URL is not used.
    ///
    /// # Errors
    ///
    /// As for [`ClientBuilder::build`].
    ///
    /// ```
    /// use tryton_sdk::testing::{Server, ServerExt};
    /// use tryton_sdk::{Client, Series};
    ///
    /// let server = Server::new(Series::new(8, 2));
    /// let tryton = server.build(Client::builder("http://erp.test", "erp").credentials("anna", "secret").retries(0))?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    fn build(&self, builder: ClientBuilder) -> Result<Client>;
}

impl ServerExt for Server {
    fn client(&self) -> Client {
        let builder = Client::builder(URL, "test").credentials("test", "test");
        self.build(builder).expect("these settings are right")
    }

    fn build(&self, builder: ClientBuilder) -> Result<Client> {
        let endpoint = self.endpoint();
        builder.build_over(|_| Arc::new(InProcess(endpoint)))
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for tryton_sdk_core::testing::Server {}
}

/// The client's transport to the mock server.
struct InProcess<E>(E);

impl<E> fmt::Debug for InProcess<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl<E: Fn(&str, bool, &[u8]) -> Result<Answered> + Send + Sync> Transport for InProcess<E> {
    fn post(&self, url: reqwest::Url, _: Option<HeaderValue>, body: Body) -> BoxFuture<'_, Result<Response>> {
        Box::pin(async move { (self.0)(url.as_str(), url.path() == "/", &body).map(Response::of_test) })
    }
}
