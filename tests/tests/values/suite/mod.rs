//! The tests that every series passes, on SQLite and on PostgreSQL.

mod changes;
mod concurrency;
mod exact;
mod history;

use std::fmt::Debug;
use std::sync::OnceLock;

use tryton_sandbox::{Backend, Sandbox, Seed, Server};
use tryton_sdk::field::{FieldType, Filterable, NeverNull, Operand, Orderable, Scalar, Settable, Takes, Writable};
use tryton_sdk::{Client, Decode, Domain, Draft, Field, Id, Model, Records};

use super::{SERIES, models};

/// The server of this series on a backend, shared by all tests of this program.
fn server(backend: Backend) -> &'static Server {
    static SERVERS: [OnceLock<Server>; Backend::ALL.len()] = [const { OnceLock::new() }; Backend::ALL.len()];
    let place = Backend::ALL.iter().position(|known| *known == backend).expect("every backend is in the list");
    SERVERS[place].get_or_init(|| {
        let sandbox = Sandbox::new(SERIES).modules(["tests"]).backend(backend).seed(Seed::None);
        sandbox.start().unwrap_or_else(|e| panic!("{e}"))
    })
}

fn client(backend: Backend) -> Client {
    let at = server(backend).endpoint();
    let builder = at.client();
    builder.build().expect("the sandbox's settings are right")
}

/// Runs a test once for each backend.
macro_rules! on_both_backends {
    ($name:ident: $test:path) => {
        mod $name {
            use super::*;

            use tryton_sandbox::Backend;

            #[tokio::test]
            async fn sqlite() {
                $test(&client(Backend::Sqlite)).await;
            }

            #[tokio::test]
            async fn postgresql() {
                $test(&client(Backend::Postgresql)).await;
            }
        }
    };
}
use on_both_backends;

/// A value is set in a new record and by a change of another, and both are read as it is.
async fn kept<M, T, Q, V>(tryton: &Client, field: Field<M, T, Q>, values: &[V]) -> Vec<Id<M>>
where
    M: Model,
    T: FieldType<Base: Settable, Null: Takes<V::Null>> + Decode + PartialEq + Debug + Send + From<V>,
    Q: Writable + Send + Sync,
    V: Operand<T::Base> + Clone,
{
    let mut ids = Vec::new();
    for value in values {
        let draft = || Draft::new().set(field, value.clone());
        let created = M::create(tryton, draft()).await.unwrap_or_else(|e| panic!("{e}"));
        let changed = M::create(tryton, Draft::new()).await.unwrap_or_else(|e| panic!("{e}"));
        M::write(tryton, &[changed], draft()).await.unwrap_or_else(|e| panic!("{e}"));
        for id in [created, changed] {
            assert_eq!(read(tryton, field, id).await, T::from(value.clone()));
        }
        ids.push(created);
    }
    ids
}

async fn read<M: Model, T: Decode, Q: Send + Sync>(tryton: &Client, field: Field<M, T, Q>, id: Id<M>) -> T {
    let search = M::search().filter(of([id])).select(field);
    search.one(tryton).await.unwrap_or_else(|e| panic!("{e}"))
}

/// The records with these ids.
fn of<M>(ids: impl IntoIterator<Item = Id<M>>) -> Domain<M> {
    let ids: Vec<i64> = ids.into_iter().map(Id::get).collect();
    Domain::raw(serde_json::json!([["id", "in", ids]])).expect("a domain")
}

/// Each value finds its record, and no other.
async fn found<M, T, Q, V>(tryton: &Client, field: Field<M, T, Q>, values: &[V], ids: &[Id<M>])
where
    M: Model,
    T: FieldType<Base: Scalar>,
    Q: Filterable,
    V: Operand<T::Base, Null = NeverNull> + Clone,
{
    for (value, id) in values.iter().zip(ids) {
        let search = M::search().filter(of(ids.iter().copied()).and(field.is(value.clone())));
        assert_eq!(search.ids(tryton).await.unwrap_or_else(|e| panic!("{e}")), [*id], "{}", field.name());
    }
}

/// The records come in the order of their values, which ascend.
async fn ordered<M: Model, T, Q: Orderable>(tryton: &Client, field: Field<M, T, Q>, ids: &[Id<M>]) {
    let search = M::search().filter(of(ids.iter().copied()));
    assert_eq!(search.clone().order(field.asc()).ids(tryton).await.unwrap_or_else(|e| panic!("{e}")), ids);
    let descending: Vec<_> = ids.iter().rev().copied().collect();
    assert_eq!(search.order(field.desc()).ids(tryton).await.unwrap_or_else(|e| panic!("{e}")), descending);
}
