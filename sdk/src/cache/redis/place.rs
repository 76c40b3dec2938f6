//! The place that a Redis URL names: a server, the primary found by Sentinels, or a cluster.

use std::time::Duration;

use redis::{AsyncConnectionConfig, ConnectionAddr, RedisResult};

use super::certificates::{self, Wrong};
use super::cluster::Cluster;
use super::connection::Connection;
use super::sentinel::Sentinels;
use crate::wire::tls::Tls;

const UNREADABLE: Wrong = "cannot be read: write it like redis://:password@localhost:6379/0";

pub(super) struct Place {
    kind: Kind,
    /// The hosts and ports.
    name: String,
}

enum Kind {
    Server(Box<redis::Client>),
    Sentinels(Box<Sentinels>),
    Cluster(Box<Cluster>),
}

impl Place {
    pub(super) fn parse(url: &str, patience: Duration, tls: &Tls) -> Result<Self, Wrong> {
        let (scheme, rest) = url.split_once(':').ok_or(UNREADABLE)?;
        if scheme.starts_with("rediss") {
            if cfg!(not(any(feature = "rustls", feature = "native-tls"))) {
                return Err("asks for TLS, and tryton-sdk was built without one of its TLS features");
            }
            if url.contains('#') {
                return Err("ends with a `#…`: certificates are always verified");
            }
        }
        let cluster = |base| {
            let cluster = Cluster::parse(base, rest, patience, tls);
            cluster.map(|(cluster, name)| Self { kind: Kind::Cluster(Box::new(cluster)), name })
        };
        let sentinels = |base| {
            let sentinels = Sentinels::parse(base, rest, tls);
            sentinels.map(|(sentinels, name)| Self { kind: Kind::Sentinels(Box::new(sentinels)), name })
        };
        match scheme {
            "redis+cluster" => cluster("redis"),
            "rediss+cluster" => cluster("rediss"),
            "redis+sentinel" => sentinels("redis"),
            "rediss+sentinel" => sentinels("rediss"),
            _ => server(url, tls),
        }
    }

    /// Returns a name for logs, without user and password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn cluster(&self) -> Option<&Cluster> {
        match &self.kind {
            Kind::Cluster(cluster) => Some(cluster),
            Kind::Server(_) | Kind::Sentinels(_) => None,
        }
    }

    /// Connects. Sentinels are asked each time for the current primary.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        // The link alone enforces timeouts.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        Ok(match &self.kind {
            Kind::Server(client) => {
                Connection::Server(client.get_multiplexed_async_connection_with_config(&config).await?)
            }
            Kind::Sentinels(sentinels) => Connection::Server(sentinels.connect(&config).await?),
            Kind::Cluster(cluster) => Connection::Cluster(cluster.connect().await?),
        })
    }
}

fn server(url: &str, tls: &Tls) -> Result<Place, Wrong> {
    // The crate's own error may contain a part of the URL.
    let mut client = redis::Client::open(url).map_err(|_| UNREADABLE)?;
    if let ConnectionAddr::TcpTls { .. } = client.get_connection_info().addr() {
        client = certificates::server(client, tls)?;
    }
    let name = client.get_connection_info().addr().to_string();
    Ok(Place { kind: Kind::Server(Box::new(client)), name })
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::wire::tls::TlsSettings;

    fn parse(url: &str) -> Result<Place, Wrong> {
        Place::parse(url, Duration::from_secs(1), &TlsSettings::default().read().expect("no files"))
    }

    /// Checks that the place of each URL has this name.
    pub(in super::super) fn check_names(forms: &[(&str, &str)]) {
        for (url, name) in forms {
            let place = parse(url).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!((place.name(), place.cluster().is_some()), (*name, url.contains("cluster")));
        }
    }

    /// Checks that each URL is rejected for this reason, without its password in the message.
    pub(in super::super) fn check_reasons(forms: &[(&str, &str)]) {
        for (url, reason) in forms {
            let wrong = parse(url).err().unwrap_or_else(|| panic!("{url}"));
            assert!(wrong.contains(reason) && !wrong.contains("s3cret"), "{url}: {wrong}");
        }
    }

    #[test]
    fn each_form_is_known_by_its_host_alone() {
        check_names(&[
            ("redis://:s3cret@host/1", "host:6379"),
            ("redis://user:s3cret@[::1]:7000", "::1:7000"),
            ("redis+unix:///run/redis.sock?pass=s3cret", "/run/redis.sock"),
        ]);
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        check_reasons(&[
            ("localhost:6379", "cannot be read: write it like redis://"),
            ("http://:s3cret@host", "cannot be read: write it like redis://"),
            ("redis://:s3cret@host:port", "cannot be read: write it like redis://"),
            ("redis://:s3cret@host/one", "cannot be read: write it like redis://"),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            ("rediss://:s3cret@host/#insecure", "always verified"),
            #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
            ("rediss+cluster://:s3cret@host", "built without"),
        ]);
    }
}
