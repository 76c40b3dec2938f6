//! An open connection, and who is asked by it.

use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, RedisResult};

use super::cluster::{self, Primary};
use crate::cache::key;

#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(cluster::Connection),
}

/// A server that has keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Holder {
    /// It has all of them.
    Only,
    /// It has those of its slots in a cluster.
    Primary(Primary),
}

impl Connection {
    /// A cluster is asked where the keys of the command are, or else where it is said.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd, at: Option<&Holder>) -> RedisResult<T> {
        match self {
            Self::Server(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => connection.ask(command, at.and_then(Holder::primary)).await,
        }
    }
}

impl Holder {
    pub(super) fn each(primaries: Vec<Primary>) -> Vec<Self> {
        primaries.into_iter().map(Self::Primary).collect()
    }

    /// A key that this server has.
    pub(super) fn probe(&self) -> String {
        match self {
            Self::Only => probes().next().unwrap_or_default(),
            Self::Primary(primary) => primary.probe(),
        }
    }

    fn primary(&self) -> Option<&Primary> {
        match self {
            Self::Only => None,
            Self::Primary(primary) => Some(primary),
        }
    }
}

/// Keys for trying whether a server can be written to.
pub(super) fn probes() -> impl Iterator<Item = String> {
    (0..).map(|n: u32| format!("{}probe:{n}", key::PREFIX))
}
