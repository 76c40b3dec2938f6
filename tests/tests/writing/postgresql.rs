//! What depends on how a database compares and keeps values, for Tryton 8.2 on PostgreSQL.

use std::sync::LazyLock;

use tryton_sandbox::{Backend, Sandbox, Seed, Series, Server};
use tryton_sdk::Client;

const SERIES: Series = Series::V8_2;

erp!("snapshots/sale/8.2");

static SERVER: LazyLock<Server> = LazyLock::new(|| {
    let sandbox = Sandbox::new(SERIES).seed(Seed::Small).backend(Backend::Postgresql);
    sandbox.start().unwrap_or_else(|e| panic!("{e}"))
});

/// The server in the place of that with SQLite.
mod support {
    use tryton_sandbox::{Endpoint, Series};

    pub(super) fn endpoint(_: Series) -> &'static Endpoint {
        super::SERVER.endpoint()
    }
}

async fn client() -> Client {
    let tryton = SERVER.endpoint().client().build().expect("the sandbox's settings are right");
    let context = tryton.user_context().await.expect("the user's context");
    tryton.with(context)
}

#[path = "suite/concurrency.rs"]
mod concurrency;
#[path = "suite/replace.rs"]
mod replace;
#[path = "suite/upsert.rs"]
mod upsert;
