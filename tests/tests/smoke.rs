//! The smallest proof that a stack works: a ping, then one typed search.
//!
//! It runs against the server that `TRYTON_RPC_URL` names; without it, against one of the sandbox.

use tryton_sandbox::{Endpoint, Sandbox};
use tryton_sdk::{Client, Id, Projection};

mod erp {
    tryton_sdk::models! { schema = "schemas/8.2", models = ["res.user"] }
}
use erp::ResUser;

#[derive(Projection)]
#[tryton(model = ResUser)]
struct User {
    id: Id<ResUser>,
    login: Option<String>,
}

#[tokio::test]
async fn ping_and_one_typed_search() {
    let named = Endpoint::from_env().unwrap_or_else(|e| panic!("{e}"));
    let sandbox = match named {
        Some(_) => None,
        None => Some(Sandbox::default().start().unwrap_or_else(|e| panic!("{e}"))),
    };
    let tryton = match &sandbox {
        Some(server) => {
            let at = server.endpoint();
            at.client().build()
        }
        None => Client::from_env(),
    };
    let tryton = tryton.unwrap_or_else(|e| panic!("{e}"));
    let pong = tryton.ping().await.unwrap_or_else(|e| panic!("{e}"));
    println!("{pong}");
    let own = ResUser::search().filter(ResUser::F.login.is(&pong.login));
    let user: User = own.one(&tryton).await.unwrap_or_else(|e| panic!("{e}"));
    let session = tryton.session().expect("the ping has logged in");
    assert_eq!((user.id.get(), user.login), (session.user_id(), Some(pong.login)));
}
