//! Servers, clients and what watches them.

use std::sync::OnceLock;

use tryton_sandbox::{Endpoint, Sandbox, Seed, Series, Server};
use tryton_sdk::{Client, ClientBuilder};

/// The server of a series with the small seed, shared by all tests of this program.
pub(crate) fn server(series: Series) -> &'static Server {
    static SERVERS: [OnceLock<Server>; Series::ALL.len()] = [const { OnceLock::new() }; Series::ALL.len()];
    let place = Series::ALL.iter().position(|known| *known == series).expect("every series is in the list");
    SERVERS[place].get_or_init(|| {
        let sandbox = Sandbox::new(series).seed(Seed::Small);
        sandbox.start().unwrap_or_else(|e| panic!("{e}"))
    })
}

pub(crate) fn endpoint(series: Series) -> &'static Endpoint {
    server(series).endpoint()
}

/// A client that logs in as the administrator.
pub(crate) fn client(series: Series) -> Client {
    builder(series).build().expect("the sandbox's settings are right")
}

pub(crate) fn builder(series: Series) -> ClientBuilder {
    let at = endpoint(series);
    at.client()
}
