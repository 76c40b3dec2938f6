//! Servers, clients and what watches them.

use std::sync::OnceLock;

use serde_json::{Value, json};
use tryton_sdk::{Client, ClientBuilder};
use tryton_sdk_tests::sandbox::{Endpoint, Seed, Series, Server, Spec};

/// The server of a series with the small seed, shared by all tests of this program.
pub(crate) fn server(series: Series) -> &'static Server {
    static SERVERS: [OnceLock<Server>; Series::ALL.len()] = [const { OnceLock::new() }; Series::ALL.len()];
    let place = Series::ALL.iter().position(|known| *known == series).expect("every series is in the list");
    SERVERS[place].get_or_init(|| {
        let spec = Spec::default().series(series).seed(Seed::Small);
        Server::start(&spec).unwrap_or_else(|e| panic!("{e}"))
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
    Client::builder(&at.url, &at.database).credentials(&at.user, at.password.as_str())
}

/// A user of the test's own, with the rights of the administrator.
///
/// Whoever ends a session does so as such a user: trytond looks through all sessions of a user at each of its calls, and
/// one that ends meanwhile makes it refuse a call of somebody else.
pub(crate) async fn own_user(series: Series, login: &str) -> Endpoint {
    let admin = client(series);
    let groups: Vec<i64> = admin.call("model.res.group.search", [json!([])]).await.expect("groups");
    let at = Endpoint { user: login.to_owned(), ..endpoint(series).clone() };
    let user = json!({"name": login, "login": login, "password": at.password, "groups": [["add", groups]]});
    let _: Value = admin.call("model.res.user.create", [json!([user])]).await.expect("a user");
    at
}
