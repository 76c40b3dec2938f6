//! Replaces `cluster.rs` without the feature `redis-cluster`: there are no clusters and no connections to them.

use std::time::Duration;

use redis::{Cmd, FromRedisValue, RedisResult, Value};

use super::certificates::Wrong;
use crate::wire::tls::Tls;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cluster {}

pub(super) type Connection = Cluster;
pub(super) type Primary = Cluster;

impl Cluster {
    pub(super) fn parse(_: &str, _: &str, _: Duration, _: &Tls) -> Result<(Self, String), Wrong> {
        Err("names a cluster: for this, switch on tryton-sdk's feature `redis-cluster`")
    }

    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        match *self {}
    }

    pub(super) fn slots(&self) -> Cmd {
        match *self {}
    }

    pub(super) fn primaries(&self, _: Vec<Vec<Value>>) -> Vec<Primary> {
        match *self {}
    }

    pub(super) async fn ask<T: FromRedisValue>(&mut self, _: &Cmd, _: Option<&Primary>) -> RedisResult<T> {
        match *self {}
    }

    pub(super) fn probe(&self) -> String {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use crate::cache::redis::tests::check_feature;

    #[test]
    fn a_cluster_is_a_configuration_error_that_names_the_feature() {
        check_feature("redis+cluster://:s3cret@a,b:7001", "`redis-cluster`");
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        check_feature("rediss+cluster://:s3cret@a", "`redis-cluster`");
    }
}
