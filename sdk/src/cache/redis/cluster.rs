//! A cluster, which distributes the keys over several primaries.

use std::time::Duration;

use redis::cluster::{ClusterClient, ClusterClientBuilder};
use redis::cluster_async::ClusterConnection;
use redis::cluster_routing::{Route, RoutingInfo, SingleNodeRoutingInfo, Slot, SlotAddr};
use redis::{Cmd, FromRedisValue, IntoConnectionInfo, RedisResult, Value, cmd, from_redis_value};

use super::certificates::{self, Wrong};
use super::connection::probes;
use super::link::CONNECTING;
use super::several::Several;
use crate::wire::tls::Tls;

const UNREADABLE: Wrong = "cannot be read: write it like redis+cluster://:password@host:6379,other-host:6379";

pub(super) struct Cluster(ClusterClient);

#[derive(Clone)]
pub(super) struct Connection(ClusterConnection);

/// One slot of a primary, and the primary's address as reported by the cluster.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Primary {
    slot: Slot,
    address: Value,
}

impl Cluster {
    /// Returns the cluster and its name. `base` is the scheme for each server, `rest` the URL after its scheme.
    pub(super) fn parse(
        base: &'static str,
        rest: &str,
        patience: Duration,
        tls: &Tls,
    ) -> Result<(Self, String), Wrong> {
        let url = Several::split(base, rest).ok_or(UNREADABLE)?;
        if !matches!(url.path, "" | "/" | "/0") {
            return Err("names a database or has an option: a cluster has neither");
        }
        let nodes = url.hosts.iter().map(|host| url.url(host, "").into_connection_info());
        let nodes: Vec<_> = nodes.collect::<RedisResult<_>>().map_err(|_| UNREADABLE)?;
        let name = nodes.iter().map(|node| node.addr().to_string()).collect::<Vec<_>>().join(",");
        // The link limits the total time of each response, so retries within it must follow quickly.
        let builder = ClusterClient::builder(nodes)
            .connection_timeout(CONNECTING)
            .response_timeout(patience)
            .overall_response_timeout(None)
            .retries(3)
            .min_retry_wait(5)
            .max_retry_wait(50);
        let builder = if url.scheme == "rediss" { with_certificates(builder, tls)? } else { builder };
        let client = builder.build().map_err(|e| certificates::wrong(&e).unwrap_or(UNREADABLE))?;
        Ok((Self(client), name))
    }

    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        Ok(Connection(self.0.get_async_connection().await?))
    }

    /// Returns the command whose response [`primaries`](Self::primaries) reads.
    pub(super) fn slots(&self) -> Cmd {
        let mut slots = cmd("CLUSTER");
        slots.arg("SLOTS");
        slots
    }

    /// Reads the primaries. Each range consists of its first and last slot, the address of its primary, and those of its
    /// replicas.
    pub(super) fn primaries(&self, ranges: Vec<Vec<Value>>) -> Vec<Primary> {
        let mut primaries: Vec<Primary> = Vec::new();
        for range in ranges {
            if let [Value::Int(first), _, address, ..] = &range[..]
                && let Some(slot) = u16::try_from(*first).ok().and_then(Slot::new)
                && !primaries.iter().any(|known| known.address == *address)
            {
                primaries.push(Primary { slot, address: address.clone() });
            }
        }
        primaries
    }
}

impl Connection {
    /// Sends a command to the servers that hold its keys, or to `at`.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd, at: Option<&Primary>) -> RedisResult<T> {
        let Some(primary) = at else { return command.query_async(&mut self.0).await };
        let route = Route::with_slot(primary.slot, SlotAddr::Master);
        let routing = RoutingInfo::SingleNode(SingleNodeRoutingInfo::SpecificNode(route));
        Ok(from_redis_value(self.0.route_command(command.clone(), routing).await?)?)
    }
}

impl Primary {
    /// Returns a key that this server holds.
    pub(super) fn probe(&self) -> String {
        // One of 16,384 slots: the search takes a few milliseconds, once for each connection.
        probes().find(|key| Slot::for_key(key) == self.slot).unwrap_or_default()
    }
}

#[cfg(feature = "rustls")]
fn with_certificates(builder: ClusterClientBuilder, tls: &Tls) -> Result<ClusterClientBuilder, Wrong> {
    Ok(match tls.for_redis() {
        Some(certificates) => builder.certs(certificates),
        None => builder,
    })
}

#[cfg(not(feature = "rustls"))]
fn with_certificates(builder: ClusterClientBuilder, tls: &Tls) -> Result<ClusterClientBuilder, Wrong> {
    certificates::none_for_several(tls)?;
    Ok(builder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::redis::place::tests::{check_names, check_reasons};
    use crate::wire::tls::TlsSettings;

    fn range(first: i64, port: i64) -> Vec<Value> {
        let address = |port| Value::Array(vec![Value::BulkString(b"host".to_vec()), Value::Int(port)]);
        vec![Value::Int(first), Value::Int(first + 99), address(port), address(port + 1000)]
    }

    #[test]
    fn each_primary_is_found_once_and_has_its_probe() {
        let tls = TlsSettings::default().read().expect("no files");
        let (cluster, _) = Cluster::parse("redis", "//host", Duration::from_secs(1), &tls).expect("a cluster");
        let ranges = vec![range(0, 1), range(100, 2), range(200, 1), vec![Value::Int(70_000)], vec![]];
        let primaries = cluster.primaries(ranges);
        let slots: Vec<_> = primaries.iter().map(|primary| primary.slot).collect();
        assert_eq!(slots, [0, 100].map(|slot| Slot::new(slot).expect("a slot")));
        for (primary, slot) in primaries.iter().zip(slots) {
            assert_eq!(Slot::for_key(primary.probe()), slot);
        }
        for slot in (0..16_384).step_by(997).map(|slot| Slot::new(slot).expect("a slot")) {
            assert_eq!(Slot::for_key(Primary { slot, address: Value::Nil }.probe()), slot, "{slot:?}");
        }
    }

    #[test]
    fn a_cluster_is_known_by_its_hosts_alone() {
        check_names(&[
            ("redis+cluster://user:s3cret@a,b:7001/", "a:6379,b:7001"),
            ("redis+cluster://[::1]:7000", "::1:7000"),
        ]);
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        check_reasons(&[
            ("redis+cluster://:s3cret@a,b:port", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster://:s3cret@a,,b", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster:a", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster://:s3cret@a/1", "a cluster has neither"),
        ]);
    }
}
