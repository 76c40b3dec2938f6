//! An open connection, and the servers it reaches.

use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, RedisResult};

use super::cluster::{self, Primary};
use crate::cache::key;

#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(cluster::Connection),
}

/// A server that holds keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Holder {
    /// The only server, which holds all keys.
    Only,
    /// A primary of a cluster, which holds the keys of its slots.
    Primary(Primary),
}

impl Connection {
    /// Sends a command. A cluster routes it by its keys, or to `at` if given.
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

    /// Returns a key that this server holds.
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

/// Returns keys for testing whether a server is writable.
pub(super) fn probes() -> impl Iterator<Item = String> {
    (0..).map(|n: u32| format!("{}probe:{n}", key::PREFIX))
}
