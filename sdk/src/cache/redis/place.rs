//! Where Redis is, as its URL says it: a server, the primary that Sentinels know, or a cluster.

use std::time::Duration;

use redis::cluster::ClusterClient;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{AsyncConnectionConfig, ConnectionAddr, IntoConnectionInfo, RedisResult};
use reqwest::Url;
use tokio::sync::Mutex;

use super::certificates::{self, Wrong};
use super::connection::Connection;
use super::link::CONNECTING;
use crate::wire::tls::Tls;

const SENTINEL_PORT: u16 = 26379;

const UNREADABLE: Wrong = "cannot be read: write it like redis://:password@localhost:6379/0";
const UNREADABLE_CLUSTER: Wrong = "cannot be read: write it like redis+cluster://:password@host:6379,other-host:6379";
const UNREADABLE_SENTINEL: Wrong =
    "cannot be read: write it like redis+sentinel://:password@host:26379,other-host:26379/service/0";

pub(super) struct Place {
    kind: Kind,
    /// Hosts and ports.
    name: String,
}

enum Kind {
    Server(Box<redis::Client>),
    Sentinels(Box<Mutex<SentinelClient>>),
    Cluster(Box<ClusterClient>),
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
        let several = |base, unreadable| Several::split(base, rest).ok_or(unreadable);
        match scheme {
            "redis+cluster" => cluster(&several("redis", UNREADABLE_CLUSTER)?, patience, tls),
            "rediss+cluster" => cluster(&several("rediss", UNREADABLE_CLUSTER)?, patience, tls),
            "redis+sentinel" => sentinels(&several("redis", UNREADABLE_SENTINEL)?, tls),
            "rediss+sentinel" => sentinels(&several("rediss", UNREADABLE_SENTINEL)?, tls),
            _ => server(url, tls),
        }
    }

    /// For people: no user and no password.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn is_cluster(&self) -> bool {
        matches!(self.kind, Kind::Cluster(_))
    }

    /// Sentinels are asked each time for the server that is the primary now.
    pub(super) async fn connect(&self) -> RedisResult<Connection> {
        // The time is kept by the link alone.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        Ok(match &self.kind {
            Kind::Server(client) => {
                Connection::Server(client.get_multiplexed_async_connection_with_config(&config).await?)
            }
            Kind::Sentinels(client) => {
                Connection::Server(client.lock().await.get_async_connection_with_config(&config).await?)
            }
            Kind::Cluster(client) => Connection::Cluster(client.get_async_connection().await?),
        })
    }
}

/// A URL that names several hosts.
struct Several<'a> {
    scheme: &'static str,
    /// With its `@`, or nothing.
    user: &'a str,
    hosts: Vec<&'a str>,
    /// What comes after the hosts.
    path: &'a str,
}

impl<'a> Several<'a> {
    fn split(scheme: &'static str, rest: &'a str) -> Option<Self> {
        let rest = rest.strip_prefix("//")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (user, hosts) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
        Some(Self { scheme, user, hosts: hosts.split(',').collect(), path })
    }

    fn url(&self, host: &str, path: &str) -> String {
        format!("{}://{}{host}{path}", self.scheme, self.user)
    }
}

fn server(url: &str, tls: &Tls) -> Result<Place, Wrong> {
    // What redis says about it may repeat a part of it.
    let mut client = redis::Client::open(url).map_err(|_| UNREADABLE)?;
    if let ConnectionAddr::TcpTls { .. } = client.get_connection_info().addr() {
        client = certificates::server(client, tls)?;
    }
    let name = client.get_connection_info().addr().to_string();
    Ok(Place { kind: Kind::Server(Box::new(client)), name })
}

fn cluster(url: &Several, patience: Duration, tls: &Tls) -> Result<Place, Wrong> {
    if !matches!(url.path, "" | "/" | "/0") {
        return Err("names a database or has an option: a cluster has neither");
    }
    let nodes = url.hosts.iter().map(|host| url.url(host, "").into_connection_info());
    let nodes: Vec<_> = nodes.collect::<RedisResult<_>>().map_err(|_| UNREADABLE_CLUSTER)?;
    let name = nodes.iter().map(|node| node.addr().to_string()).collect::<Vec<_>>().join(",");
    // The link bounds each answer as a whole: what is repeated meanwhile is repeated soon.
    let builder = ClusterClient::builder(nodes)
        .connection_timeout(CONNECTING)
        .response_timeout(patience)
        .overall_response_timeout(None)
        .retries(3)
        .min_retry_wait(5)
        .max_retry_wait(50);
    let builder = if url.scheme == "rediss" { certificates::cluster(builder, tls)? } else { builder };
    let client = builder.build().map_err(|e| certificates::wrong(&e).unwrap_or(UNREADABLE_CLUSTER))?;
    Ok(Place { kind: Kind::Cluster(Box::new(client)), name })
}

fn sentinels(url: &Several, tls: &Tls) -> Result<Place, Wrong> {
    let addresses = url.hosts.iter().map(|host| sentinel(url, host)).collect::<Option<Vec<_>>>();
    let addresses = addresses.ok_or(UNREADABLE_SENTINEL)?;
    let hosts = addresses.iter().map(ConnectionAddr::to_string).collect::<Vec<_>>().join(",");
    let parsed = Url::parse(&url.url("host", url.path)).map_err(|_| UNREADABLE_SENTINEL)?;
    let segments = parsed.path().trim_matches('/').split('/').collect::<Vec<_>>();
    let (service, number) = match segments[..] {
        [""] => return Err("names no service: the Sentinels' name of the primary is its path"),
        [service] => (service, "0"),
        [service, number] => (service, number),
        _ => return Err(UNREADABLE_SENTINEL),
    };
    let redis = url.url("host", &format!("/{number}")).into_connection_info().map_err(|_| UNREADABLE_SENTINEL)?;
    let redis = redis.redis_settings();
    let mut builder = SentinelClientBuilder::new(addresses, service, SentinelServerType::Master)
        .map_err(|_| UNREADABLE_SENTINEL)?
        .set_client_to_redis_db(redis.db());
    if let Some(user) = redis.username() {
        builder = builder.set_client_to_redis_username(user);
    }
    if let Some(password) = redis.password() {
        builder = builder.set_client_to_redis_password(password);
    }
    for (option, value) in parsed.query_pairs() {
        builder = match &*option {
            "sentinel_username" => builder.set_client_to_sentinel_username(value),
            "sentinel_password" => builder.set_client_to_sentinel_password(value),
            _ => return Err("has an option other than `sentinel_username` and `sentinel_password`"),
        };
    }
    if url.scheme == "rediss" {
        builder = certificates::sentinels(builder, tls)?;
    }
    let client = builder.build().map_err(|e| certificates::wrong(&e).unwrap_or(UNREADABLE_SENTINEL))?;
    Ok(Place { kind: Kind::Sentinels(Box::new(Mutex::new(client))), name: format!("{service} of {hosts}") })
}

/// The address of one Sentinel.
fn sentinel(url: &Several, host: &str) -> Option<ConnectionAddr> {
    let parsed = Url::parse(&format!("{}://{host}", url.scheme)).ok()?;
    let host = parsed.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = parsed.port().unwrap_or(SENTINEL_PORT);
    Some(match url.scheme {
        "rediss" => ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None },
        _ => ConnectionAddr::Tcp(host, port),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::tls::TlsSettings;

    fn parse(url: &str) -> Result<Place, Wrong> {
        Place::parse(url, Duration::from_secs(1), &TlsSettings::default().read().expect("no files"))
    }

    #[test]
    fn each_form_is_known_by_its_hosts_alone() {
        for (url, name) in [
            ("redis://:s3cret@host/1", "host:6379"),
            ("redis://user:s3cret@[::1]:7000", "::1:7000"),
            ("redis+unix:///run/redis.sock?pass=s3cret", "/run/redis.sock"),
            ("redis+cluster://user:s3cret@a,b:7001/", "a:6379,b:7001"),
            ("redis+cluster://[::1]:7000", "::1:7000"),
            ("redis+sentinel://a,b:26380/main", "main of a:26379,b:26380"),
            ("redis+sentinel://user:s3cret@a/main/2?sentinel_password=s3cret", "main of a:26379"),
        ] {
            let place = parse(url).unwrap_or_else(|e| panic!("{url}: {e}"));
            assert_eq!((place.name(), place.is_cluster()), (name, url.contains("cluster")));
        }
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        for (url, reason) in [
            ("localhost:6379", "cannot be read: write it like redis://"),
            ("http://:s3cret@host", "cannot be read: write it like redis://"),
            ("redis://:s3cret@host:port", "cannot be read: write it like redis://"),
            ("redis://:s3cret@host/one", "cannot be read: write it like redis://"),
            ("redis+cluster://:s3cret@a,b:port", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster://:s3cret@a,,b", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster:a", "cannot be read: write it like redis+cluster://"),
            ("redis+cluster://:s3cret@a/1", "a cluster has neither"),
            ("redis+sentinel://:s3cret@a", "names no service"),
            ("redis+sentinel://:s3cret@a/main/one", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://:s3cret@a/main/0/1", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://:s3cret@a:port/main", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://a/main?password=s3cret", "an option other than"),
            #[cfg(any(feature = "rustls", feature = "native-tls"))]
            ("rediss://:s3cret@host/#insecure", "always verified"),
            #[cfg(not(any(feature = "rustls", feature = "native-tls")))]
            ("rediss+cluster://:s3cret@host", "built without"),
        ] {
            let wrong = parse(url).err().unwrap_or_else(|| panic!("{url}"));
            assert!(wrong.contains(reason) && !wrong.contains("s3cret"), "{url}: {wrong}");
        }
    }
}
