//! Sentinels, which know the current primary.

use redis::aio::MultiplexedConnection;
use redis::sentinel::{SentinelClient, SentinelClientBuilder, SentinelServerType};
use redis::{AsyncConnectionConfig, ConnectionAddr, IntoConnectionInfo, RedisResult, TlsMode};
use reqwest::Url;
use tokio::sync::Mutex;

use super::certificates::{self, Wrong};
use super::several::Several;
use crate::wire::tls::Tls;

const PORT: u16 = 26379;

const UNREADABLE: Wrong =
    "cannot be read: write it like redis+sentinel://:password@host:26379,other-host:26379/service/0";

pub(super) struct Sentinels(Mutex<SentinelClient>);

impl Sentinels {
    /// Returns the Sentinels and their name. `base` is the scheme for each server, `rest` the URL after its scheme.
    pub(super) fn parse(base: &'static str, rest: &str, tls: &Tls) -> Result<(Self, String), Wrong> {
        let url = Several::split(base, rest).ok_or(UNREADABLE)?;
        let addresses = url.hosts.iter().map(|host| address(&url, host)).collect::<Option<Vec<_>>>();
        let addresses = addresses.ok_or(UNREADABLE)?;
        let hosts = addresses.iter().map(ConnectionAddr::to_string).collect::<Vec<_>>().join(",");
        let parsed = Url::parse(&url.url("host", url.path)).map_err(|_| UNREADABLE)?;
        let segments = parsed.path().trim_matches('/').split('/').collect::<Vec<_>>();
        let (service, number) = match segments[..] {
            [""] => return Err("names no service: the Sentinels' name of the primary is its path"),
            [service] => (service, "0"),
            [service, number] => (service, number),
            _ => return Err(UNREADABLE),
        };
        let redis = url.url("host", &format!("/{number}")).into_connection_info().map_err(|_| UNREADABLE)?;
        let redis = redis.redis_settings();
        let mut builder = SentinelClientBuilder::new(addresses, service, SentinelServerType::Master)
            .map_err(|_| UNREADABLE)?
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
            builder = with_certificates(builder, tls)?;
        }
        let client = builder.build().map_err(|e| certificates::wrong(&e).unwrap_or(UNREADABLE))?;
        Ok((Self(Mutex::new(client)), format!("{service} of {hosts}")))
    }

    /// Connects to the primary.
    pub(super) async fn connect(&self, config: &AsyncConnectionConfig) -> RedisResult<MultiplexedConnection> {
        self.0.lock().await.get_async_connection_with_config(config).await
    }
}

/// Returns the address of a Sentinel.
fn address(url: &Several, host: &str) -> Option<ConnectionAddr> {
    let parsed = Url::parse(&format!("{}://{host}", url.scheme)).ok()?;
    let host = parsed.host_str()?.trim_start_matches('[').trim_end_matches(']').to_owned();
    let port = parsed.port().unwrap_or(PORT);
    Some(match url.scheme {
        "rediss" => ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None },
        _ => ConnectionAddr::Tcp(host, port),
    })
}

#[cfg(feature = "rustls")]
fn with_certificates(builder: SentinelClientBuilder, tls: &Tls) -> Result<SentinelClientBuilder, Wrong> {
    let builder = builder.set_client_to_redis_tls_mode(TlsMode::Secure);
    Ok(match tls.for_redis() {
        Some(certificates) => builder
            .set_client_to_redis_certificates(certificates.clone())
            .set_client_to_sentinel_certificates(certificates),
        None => builder,
    })
}

#[cfg(not(feature = "rustls"))]
fn with_certificates(builder: SentinelClientBuilder, tls: &Tls) -> Result<SentinelClientBuilder, Wrong> {
    certificates::none_for_several(tls)?;
    Ok(builder.set_client_to_redis_tls_mode(TlsMode::Secure))
}

#[cfg(test)]
mod tests {
    use crate::cache::redis::place::tests::{check_names, check_reasons};

    #[test]
    fn a_primary_is_known_by_its_service_and_the_sentinels() {
        check_names(&[
            ("redis+sentinel://a,b:26380/main", "main of a:26379,b:26380"),
            ("redis+sentinel://user:s3cret@a/main/2?sentinel_password=s3cret", "main of a:26379"),
        ]);
    }

    #[test]
    fn what_is_wrong_is_named_without_the_password() {
        check_reasons(&[
            ("redis+sentinel://:s3cret@a", "names no service"),
            ("redis+sentinel://:s3cret@a/main/one", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://:s3cret@a/main/0/1", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://:s3cret@a:port/main", "cannot be read: write it like redis+sentinel://"),
            ("redis+sentinel://a/main?password=s3cret", "an option other than"),
        ]);
    }
}
