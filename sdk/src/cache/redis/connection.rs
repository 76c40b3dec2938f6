//! An open connection, and who is asked by it.

use redis::aio::MultiplexedConnection;
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{Route, RoutingInfo, SingleNodeRoutingInfo, Slot, SlotAddr};
use redis::{Cmd, FromRedisValue, RedisResult, Value, cmd, from_redis_value};

use crate::cache::key;

#[derive(Clone)]
pub(super) enum Connection {
    Server(MultiplexedConnection),
    Cluster(ClusterConnection),
}

/// A server that has keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Holder {
    /// It has all of them.
    Only,
    /// A primary of a cluster: one of its slots, and its address as the cluster tells it.
    Primary(Slot, Value),
}

impl Connection {
    /// A cluster is asked where the keys of the command are, or else where it is said.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd, at: Option<&Holder>) -> RedisResult<T> {
        match (self, at) {
            (Self::Cluster(connection), Some(Holder::Primary(slot, _))) => {
                let route = Route::with_slot(*slot, SlotAddr::Master);
                let routing = RoutingInfo::SingleNode(SingleNodeRoutingInfo::SpecificNode(route));
                Ok(from_redis_value(connection.route_command(command.clone(), routing).await?)?)
            }
            (Self::Cluster(connection), _) => command.query_async(connection).await,
            (Self::Server(connection), _) => command.query_async(connection).await,
        }
    }

    pub(super) async fn holders(&mut self) -> RedisResult<Vec<Holder>> {
        match self {
            Self::Server(_) => Ok(vec![Holder::Only]),
            Self::Cluster(_) => Ok(primaries(self.ask(&slots(), None).await?)),
        }
    }
}

/// Asks a cluster for its [`primaries`].
pub(super) fn slots() -> Cmd {
    let mut slots = cmd("CLUSTER");
    slots.arg("SLOTS");
    slots
}

/// A range of slots is its first and its last one, the address of its primary, and those of its replicas.
pub(super) fn primaries(ranges: Vec<Vec<Value>>) -> Vec<Holder> {
    let mut primaries: Vec<(Slot, Value)> = Vec::new();
    for range in ranges {
        if let [Value::Int(first), _, address, ..] = &range[..]
            && let Some(slot) = u16::try_from(*first).ok().and_then(Slot::new)
            && !primaries.iter().any(|(_, known)| known == address)
        {
            primaries.push((slot, address.clone()));
        }
    }
    primaries.into_iter().map(|(slot, address)| Holder::Primary(slot, address)).collect()
}

impl Holder {
    /// A key that this server has.
    pub(super) fn probe(&self) -> String {
        let mut keys = (0..).map(|n: u32| format!("{}probe:{n}", key::PREFIX));
        let found = match self {
            Self::Only => keys.next(),
            // One of 16,384: this takes some milliseconds, once for each connection.
            Self::Primary(slot, _) => keys.find(|key| Slot::for_key(key) == *slot),
        };
        found.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: i64, port: i64) -> Vec<Value> {
        let address = |port| Value::Array(vec![Value::BulkString(b"host".to_vec()), Value::Int(port)]);
        vec![Value::Int(first), Value::Int(first + 99), address(port), address(port + 1000)]
    }

    #[test]
    fn each_primary_is_found_once_and_has_its_probe() {
        let holders = primaries(vec![range(0, 1), range(100, 2), range(200, 1), vec![Value::Int(70_000)], vec![]]);
        let slots: Vec<_> = holders
            .iter()
            .map(|holder| match holder {
                Holder::Primary(slot, _) => *slot,
                Holder::Only => panic!("{holder:?}"),
            })
            .collect();
        assert_eq!(slots, [0, 100].map(|slot| Slot::new(slot).expect("a slot")));
        for (holder, slot) in holders.iter().zip(slots) {
            assert_eq!(Slot::for_key(holder.probe()), slot);
        }
        for slot in (0..16_384).step_by(997).map(|slot| Slot::new(slot).expect("a slot")) {
            assert_eq!(Slot::for_key(Holder::Primary(slot, Value::Nil).probe()), slot, "{slot:?}");
        }
    }
}
