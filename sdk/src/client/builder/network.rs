//! Settings of the network: timeouts, retries, TLS, proxies.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::ClientBuilder;
use crate::wire::http::Limits;
use crate::wire::tls::ClientCertificate;
use tryton_sdk_core::Series;

impl ClientBuilder {
    /// Sets the timeout of a whole request, from connecting to the last byte of the response. There is none by default. A
    /// retry is another request.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.whole = Some(timeout);
        self
    }

    /// Sets the series of the server, for a proxy that lets only some URLs pass. By default, the first call requests the
    /// version, at `/` and at `/rpc/`.
    ///
    /// ```
    /// use tryton_sdk::{Client, Series};
    ///
    /// let builder = Client::builder("https://erp.example.com", "production").series(Series::new(8, 2));
    /// ```
    pub fn series(mut self, series: Series) -> Self {
        self.series = Some(series);
        self
    }

    /// Sets the timeout of logins, logouts, and the request for the server's version before the first call; 30 seconds by
    /// default. All calls of the client may wait for these, and no server needs long for them.
    pub fn login_timeout(mut self, timeout: Duration) -> Self {
        self.login_timeout = timeout;
        self
    }

    /// Sets the timeout of connecting, including TLS; 10 seconds by default, and always less than
    /// [`timeout`](Self::timeout). A host that does not respond in time [is unreachable](crate::Error::is_unreachable):
    /// nothing was sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// Sets how long an idle connection is kept open. By default three quarters of the time that the server announces
    /// (`Keep-Alive: timeout=5`), at most a minute, or 1.5 seconds if it announces none.
    ///
    /// A server may close an idle connection just when a call is sent on it. A read is then retried, but the outcome of a
    /// write is unknown. So this should be shorter than the keep-alive timeout of the server or proxy: by default 2 s for
    /// gunicorn, 5 s for Apache and 75 s for nginx.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.pool_idle = Some(timeout);
        self
    }

    /// Adds a header to each request, such as one that a gateway requires.
    ///
    /// Setting a header again replaces its value. Headers that the client itself needs cannot be set.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let builder = Client::builder("https://erp.example.com", "production")
    ///     .header("X-Tenant", "north")
    ///     .secret_header("X-Gateway-Key", "secret");
    /// assert!(!format!("{builder:?}").contains("secret\""));
    /// ```
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.set(name, value.into(), false);
        self
    }

    /// Like [`header`](Self::header), for a value that is never shown.
    pub fn secret_header(mut self, name: &str, value: impl Into<SecretString>) -> Self {
        self.headers.set(name, value.into(), true);
        self
    }

    /// Sets how long a response may pause between two bytes; 60 seconds by default. Before its first byte, while the
    /// server works, only [`timeout`](Self::timeout) counts.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = timeout;
        self
    }

    /// Sets the greatest size of a response in bytes, compressed and decompressed; 256 MiB by default. A longer one is an
    /// error ([`is_answer_too_long`](crate::Error::is_answer_too_long)), and is not read to its end.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.limits.answer = bytes;
        self
    }

    /// Sets how often a call is retried when the network fails or the server is unavailable; 2 by default. A write is
    /// retried only if it cannot have reached the server.
    ///
    /// A call that was refused because of too many requests (429) was not executed. So reads, writes and logins are all
    /// retried, after at least a second. If that does not help, the call fails with
    /// [`is_rate_limited`](crate::Error::is_rate_limited).
    pub fn retries(mut self, retries: usize) -> Self {
        self.retry.retries = retries;
        self
    }

    /// Sets how long after its start a call may be retried; 30 seconds by default. The client waits 100 ms, then 200 ms
    /// and so on, with random jitter up to twice as long, plus the pause that the server asks for (`Retry-After`). If
    /// that would be too late, the call fails at once.
    pub fn retry_within(mut self, time: Duration) -> Self {
        self.retry.within = time;
        self
    }

    /// Trusts the certificate authorities in this PEM file instead of those of the system, for the server and for Redis.
    ///
    /// The certificate's name and dates are verified in any case. To trust a self-signed certificate, name it here.
    /// [`build`](Self::build) reads the file.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let tryton = Client::builder("https://erp.example.com", "production")
    ///     .credentials("admin", "secret")
    ///     .ca_file("/etc/ssl/example.pem")
    ///     .pin("sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    ///     .build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.ca_file = Some(path.into());
        self
    }

    /// Sets the client's certificate chain and its private key: two PEM files, read by [`build`](Self::build). They are
    /// presented to a server that asks for them, and to Redis.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let builder = Client::builder("https://erp.example.com", "production")
    ///     .client_certificate("/etc/shop/client.pem", "/etc/shop/client.key");
    /// ```
    pub fn client_certificate(mut self, chain: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.client_certificate = Some(ClientCertificate { chain: chain.into(), key: key.into() });
        self
    }

    /// Pins the server's public key, in addition to the usual verification. Call it several times to accept any of
    /// several keys, so that the next key can be announced before it is used.
    ///
    /// A pin is `sha256//` followed by the base64 of the SHA-256 of the certificate's public key, as in curl:
    ///
    /// ```sh
    /// openssl x509 -in server.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    /// ```
    ///
    /// It is compared before anything is sent; the error is [`is_untrusted`](crate::Error::is_untrusted), whose message
    /// contains the pin of the key that the server has. Requires the feature `rustls`.
    pub fn pin(mut self, pin: &str) -> Self {
        self.tls.pins.push(pin.to_owned());
        self
    }

    /// Sets whether to use the proxy of the variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY`, or of the settings of
    /// Windows and macOS; on by default. With the feature `socks`, the proxy may also be `socks4://`, `socks4a://`,
    /// `socks5://` or `socks5h://`; with `h` or `a`, the proxy resolves the server's name. Servers on this machine are
    /// never reached through a proxy.
    pub fn proxy(mut self, proxy: bool) -> Self {
        self.proxy = proxy;
        self
    }

    /// Returns the limits. Connecting gets less time than the whole request, to distinguish an unreachable host from a
    /// slow server.
    pub(super) fn limits(&self) -> Limits {
        let Limits { connect, whole, .. } = self.limits;
        Limits { connect: whole.map_or(connect, |whole| connect.min(whole / 10 * 9)), ..self.limits }
    }
}
