//! Servers whose users can be asked for a second factor, and users of one test each.

use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tryton_sandbox::{Endpoint, Sandbox, Seed, Series, Server};
use tryton_sdk::{Client, Result};
use tryton_sdk_tests::proxy::Proxy;

/// What is to be done shortly after a login is refused after this time; and a user whose login has failed is locked out
/// for it.
pub(crate) const FRESH: Duration = Duration::from_secs(10);

/// Where the server of a series is.
pub(crate) fn endpoint(series: Series) -> &'static Endpoint {
    server(series).endpoint()
}

/// The server of a series, shared by all tests of this program.
pub(crate) fn server(series: Series) -> &'static Server {
    static SERVERS: [OnceLock<Server>; Series::ALL.len()] = [const { OnceLock::new() }; Series::ALL.len()];
    let place = Series::ALL.iter().position(|known| *known == series).expect("every series is in the list");
    SERVERS[place].get_or_init(|| {
        let sandbox = Sandbox::new(series).modules(["tests"]).seed(Seed::None);
        let sandbox = sandbox.module_at(concat!(env!("CARGO_MANIFEST_DIR"), "/modules/second_factor"));
        let sandbox = sandbox.config("session", "authentications", "password+pin+badge");
        let sandbox =
            sandbox.config("session", "timeout", &FRESH.as_secs().to_string()).config("session", "max_attempt", "0");
        sandbox.start().unwrap_or_else(|e| panic!("{e}"))
    })
}

/// A new user: whoever ends a session holds up all others of the same user.
pub(crate) async fn user(series: Series, name: &str) -> Endpoint {
    let at = endpoint(series);
    let admin = at.client().build().expect("the sandbox's settings are right");
    let user = json!({"name": name, "login": name, "password": at.password});
    let _: Value = admin.call("model.res.user.create", [[user]]).await.expect("a user");
    Endpoint { user: name.to_owned(), ..at.clone() }
}

/// A client that is logged in, and the proxy that counts its requests.
pub(crate) async fn counted(at: &Endpoint) -> (Client, Proxy) {
    let proxy = Proxy::start(&at.url).await;
    let tryton = at.client_by(proxy.url()).build().expect("built");
    tryton.login().await.expect("login");
    (tryton, proxy)
}

/// Ends the client's session without its knowledge.
pub(crate) async fn end_session(tryton: &Client, at: &Endpoint) {
    let session = tryton.session().expect("a session");
    let other = Client::builder(&at.url, &at.database).session(session).build().expect("built");
    other.logout().await.expect("logout");
}

/// A call that every user may make.
pub(crate) async fn preferences(tryton: &Client) -> Result<Value> {
    tryton.call("model.res.user.get_preferences", [true]).await
}

/// The outcomes of as many of these calls at the same time.
pub(crate) async fn at_once(calls: usize, tryton: &Client) -> Vec<Result<Value>> {
    let tasks = (0..calls).map(|_| {
        let tryton = tryton.clone();
        tokio::spawn(async move { preferences(&tryton).await })
    });
    join_all(tasks).await.into_iter().map(|outcome| outcome.expect("no panic")).collect()
}
