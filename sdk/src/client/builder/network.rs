//! How the server is reached, how often it is tried, and how long that may take.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::SecretString;

use super::ClientBuilder;
use crate::wire::http::Limits;
use crate::wire::tls::ClientCertificate;
use tryton_sdk_core::Series;

impl ClientBuilder {
    /// How long a whole request may take, from connecting to the last byte of the answer.
    /// By default it takes as long as the server works on it. A repetition is another request.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.whole = Some(timeout);
        self
    }

    /// The series of the server, for one that cannot be asked: what stands in front of it lets only some URLs pass. By
    /// default the first call asks for the version, at `/` and at `/rpc/`.
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

    /// How long the server may take to answer a login, a logout, and the question for its version that comes before the
    /// first call; 30 seconds by default. All calls of the client may wait for these, and no server has to work on them for long.
    pub fn login_timeout(mut self, timeout: Duration) -> Self {
        self.login_timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included; 10 seconds by default, and never all of [`timeout`](Self::timeout).
    /// A host that does not answer in time [is unreachable](crate::Error::is_unreachable): nothing was sent.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.limits.connect = timeout;
        self
    }

    /// How long a connection that nobody uses is kept. By default three quarters of the time that the server says
    /// (`Keep-Alive: timeout=5`), a minute at most, or 1.5 seconds where it says none.
    ///
    /// A server may close such a connection at the very moment at which a call is sent on it. A call that reads is repeated
    /// then, but of one that writes nobody knows whether it happened. So this should be shorter than the time for which
    /// the server, or the proxy in front of it, keeps connections: 2 s for gunicorn, 5 s for Apache and 75 s for nginx,
    /// where nothing else is configured.
    pub fn pool_idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.pool_idle = Some(timeout);
        self
    }

    /// Sends a header of your own with each request, such as one that a gateway in front of the server wants.
    ///
    /// A name that is given again replaces the value before. Those that the client itself needs cannot be set.
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

    /// The same for a value that is never shown.
    pub fn secret_header(mut self, name: &str, value: impl Into<SecretString>) -> Self {
        self.headers.set(name, value.into(), true);
        self
    }

    /// How long an answer that has begun may pause; 60 seconds by default. Before its first byte, while the server works,
    /// only [`timeout`](Self::timeout) counts.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle = timeout;
        self
    }

    /// The most bytes that an answer may have, as it comes and once it is inflated; 256 MiB by default.
    /// A longer one is an error ([`is_answer_too_long`](crate::Error::is_answer_too_long)), and is not read to its end.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.limits.answer = bytes;
        self
    }

    /// How often a call is made again when the network fails or the server is not available; 2 by default. A call that
    /// writes is repeated only while it cannot have reached the server.
    ///
    /// What was refused because there were too many requests (429) was not executed: it is repeated as well, be it a read,
    /// a write or a login, and a second later at the earliest. If that does not help, the call fails with
    /// [`is_rate_limited`](crate::Error::is_rate_limited).
    pub fn retries(mut self, retries: usize) -> Self {
        self.retry.retries = retries;
        self
    }

    /// How long after its beginning a call may be made again; 30 seconds by default. Before it is, the client waits for
    /// 100 ms, then 200 ms and so on, at random up to twice as long, and for as long as the server asks beside that
    /// (`Retry-After`). Where that would be too late, the call fails at once.
    pub fn retry_within(mut self, time: Duration) -> Self {
        self.retry.within = time;
        self
    }

    /// Trusts the certificate authorities of this file, PEM, instead of those of the system; Redis is not trusted
    /// otherwise either. By default the system decides.
    ///
    /// The server's name and its dates are verified in any case. A server with a certificate that it has issued itself
    /// is trusted by naming that certificate here. The file is read by [`build`](Self::build).
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

    /// The client's own certificate, with those that lead to its authority, and its private key: two files in PEM, read
    /// by [`build`](Self::build). They are shown to a server that asks for them, and to Redis.
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

    /// Speaks with the server only if it has this public key, beside being trusted. Called several times, it names
    /// several keys, of which the server has one: so that the next one is known before it is used.
    ///
    /// A pin is `sha256//` and, in base64, the SHA-256 of the certificate's public key, as curl takes it:
    ///
    /// ```sh
    /// openssl x509 -in server.pem -noout -pubkey | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
    /// ```
    ///
    /// It is compared before anything is sent, and [`is_untrusted`](crate::Error::is_untrusted) is the error. The pin of a
    /// server that has another key is in the message. It needs the feature `rustls`.
    pub fn pin(mut self, pin: &str) -> Self {
        self.tls.pins.push(pin.to_owned());
        self
    }

    /// Whether a proxy is used where the variables `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say so, or the settings
    /// of Windows and macOS. It is on by default. With the feature `socks` such a proxy may be one with `socks4://`,
    /// `socks4a://`, `socks5://` or `socks5h://`, with an `h` or `a` where it is to look for the server's name. A server on this machine is never asked by way of a proxy.
    pub fn proxy(mut self, proxy: bool) -> Self {
        self.proxy = proxy;
        self
    }

    /// Connecting has less time than the whole: so a host that does not answer is told from a server that is slow.
    pub(super) fn limits(&self) -> Limits {
        let Limits { connect, whole, .. } = self.limits;
        Limits { connect: whole.map_or(connect, |whole| connect.min(whole / 10 * 9)), ..self.limits }
    }
}
