//! Each series on each backend, with trytond's own `tests` module: its models have fields of every type.

use tryton_sdk::Client;
use tryton_sdk_tests::sandbox::{Backend, Seed, Series, Server, Spec};

/// The test of one series: the types of its own snapshot, on servers with both backends.
macro_rules! series {
    ($name:ident, $series:expr, $schema:literal) => {
        mod $name {
            use super::*;

            mod models {
                tryton_sdk::models! { schema = $schema, models = ["test.*"] }
            }

            use models::{TestChar, TestInteger};

            #[tokio::test]
            async fn a_model_of_the_tests_module_is_read_from_both_backends() {
                for backend in Backend::ALL {
                    let server = start(&Spec::default().series($series).backend(backend).seed(Seed::None));
                    let client = client(&server);
                    let integers = serde_json::json!([[{"integer": 7}, {"integer": -1}, {"integer": null}]]);
                    let ids: Vec<i64> = client.call("model.test.integer.create", integers).await.expect("records");
                    assert_eq!(ids.len(), 3);
                    assert_eq!(TestInteger::search().count(&client).await.expect("a number"), 3, "{backend}");
                    let positive = TestInteger::search().filter(TestInteger::F.integer.gt(0));
                    assert_eq!(positive.count(&client).await.expect("a number"), 1, "{backend}");
                }
            }

            #[tokio::test]
            async fn a_hundred_thousand_records_are_there_on_both_backends() {
                for backend in Backend::ALL {
                    let server = start(&Spec::default().series($series).backend(backend).seed(Seed::Records));
                    let client = client(&server);
                    assert_eq!(TestChar::search().count(&client).await.expect("a number"), 100_000, "{backend}");
                    let last = TestChar::search().filter(TestChar::F.char.eq("record 100000"));
                    assert_eq!(last.count(&client).await.expect("a number"), 1, "{backend}");
                }
            }
        }
    };
}

series!(v6_0, Series::V6_0, "tests/snapshots/6.0");
series!(v7_0, Series::V7_0, "tests/snapshots/7.0");
series!(v8_0, Series::V8_0, "tests/snapshots/8.0");
series!(v8_2, Series::V8_2, "tests/snapshots/8.2");

fn start(spec: &Spec) -> Server {
    Server::start(&spec.clone().modules(["tests"])).unwrap_or_else(|e| panic!("{e}"))
}

fn client(server: &Server) -> Client {
    let at = server.endpoint();
    let builder = Client::builder(&at.url, &at.database).credentials(&at.user, at.password.as_str());
    builder.build().expect("the sandbox's settings are right")
}
