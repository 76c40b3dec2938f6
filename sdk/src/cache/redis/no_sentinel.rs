//! Replaces `sentinel.rs` without the feature `redis-sentinel`: there are no Sentinels.

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult};

use super::certificates::Wrong;
use crate::wire::tls::Tls;

pub(super) enum Sentinels {}

impl Sentinels {
    pub(super) fn parse(_: &str, _: &str, _: &Tls) -> Result<(Self, String), Wrong> {
        Err("names Sentinels: for these, switch on tryton-sdk's feature `redis-sentinel`")
    }

    pub(super) async fn connect(&self, _: &AsyncConnectionConfig) -> RedisResult<MultiplexedConnection> {
        match *self {}
    }
}

#[cfg(test)]
mod tests {
    use crate::cache::redis::tests::check_feature;

    #[test]
    fn sentinels_are_a_configuration_error_that_names_the_feature() {
        check_feature("redis+sentinel://:s3cret@a,b:26380/main", "`redis-sentinel`");
        #[cfg(any(feature = "rustls", feature = "native-tls"))]
        check_feature("rediss+sentinel://:s3cret@a/main", "`redis-sentinel`");
    }
}
