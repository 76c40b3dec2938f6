use std::fmt;
use std::time::Duration;

use super::{Error, Kind};
use crate::tls;

/// The network did not carry the request there or the answer back.
pub(super) struct Network {
    url: String,
    trouble: Trouble,
    cause: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    Unreachable,
    Untrusted,
    TimedOut,
    Interrupted,
}

/// A limit of the client's own, with what it was set to.
#[derive(Clone, Copy)]
pub(crate) enum Timeout {
    Connect(Duration),
    Idle(Duration),
    Whole(Duration),
}

impl Timeout {
    /// The error that it is to have come to this limit.
    pub(crate) fn at(self, url: &str) -> Error {
        let (trouble, cause) = match self {
            Self::Connect(limit) => (
                Trouble::Unreachable,
                format!(
                    "no connection within {limit:?}; is it the right host, or is `connect_timeout` (TRYTON_CONNECT_TIMEOUT) too short?"
                ),
            ),
            Self::Idle(limit) => (
                Trouble::TimedOut,
                format!(
                    "nothing came for {limit:?} in the middle of its answer (`idle_timeout`, TRYTON_IDLE_TIMEOUT); try again later"
                ),
            ),
            Self::Whole(limit) => (
                Trouble::TimedOut,
                format!(
                    "the answer was not complete within {limit:?} (`timeout`, TRYTON_TIMEOUT); ask for less at a time, or allow more"
                ),
            ),
        };
        Error::new(Kind::Network(Network { url: url.to_owned(), trouble, cause }))
    }
}

impl Network {
    pub(super) fn name(&self) -> &'static str {
        match self.trouble {
            Trouble::Unreachable => "unreachable",
            Trouble::Untrusted => "untrusted",
            Trouble::TimedOut => "timed_out",
            Trouble::Interrupted => "interrupted",
        }
    }

    /// A connection that never came about carried nothing.
    pub(super) fn may_have_reached_the_server(&self) -> bool {
        !matches!(self.trouble, Trouble::Unreachable | Trouble::Untrusted)
    }

    /// Somebody has to change something before a certificate is trusted.
    pub(super) fn is_passing(&self) -> bool {
        self.trouble != Trouble::Untrusted
    }
}

impl Error {
    /// `url` is the server's, without the credentials it may hold.
    pub(crate) fn network(url: &str, error: reqwest::Error) -> Self {
        let refusal = tls::refusal(&error);
        let trouble = if refusal.is_some() {
            Trouble::Untrusted
        } else if error.is_connect() {
            Trouble::Unreachable
        } else if error.is_timeout() {
            Trouble::TimedOut
        } else {
            Trouble::Interrupted
        };
        let cause = refusal.unwrap_or_else(|| root_cause(&error.without_url()));
        Self::new(Kind::Network(Network { url: url.to_owned(), trouble, cause }))
    }

    /// The trouble that a test wants.
    #[cfg(feature = "testing")]
    pub(crate) fn no_network(url: &str, trouble: Trouble) -> Self {
        let cause = "the test wants it so".to_owned();
        Self::new(Kind::Network(Network { url: url.to_owned(), trouble, cause }))
    }

    fn trouble(&self) -> Option<Trouble> {
        match &self.0.kind {
            Kind::Network(network) => Some(network.trouble),
            _ => None,
        }
    }

    /// Whether no connection to the server could be made. Nothing was sent.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_unreachable() { "is the server running?" } else { "see the log" }
    /// }
    /// ```
    pub fn is_unreachable(&self) -> bool {
        self.trouble() == Some(Trouble::Unreachable)
    }

    /// Whether the server's certificate is not trusted, or its key is not [pinned](crate::ClientBuilder::pin): the
    /// message says why. Nothing was sent. With the feature `native-tls` such a server is
    /// [unreachable](Self::is_unreachable).
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_untrusted() { "who is that?" } else { "see the log" }
    /// }
    /// ```
    pub fn is_untrusted(&self) -> bool {
        self.trouble() == Some(Trouble::Untrusted)
    }

    /// Whether the answer did not come within the client's own time limit.
    pub fn is_timed_out(&self) -> bool {
        self.trouble() == Some(Trouble::TimedOut)
    }

    /// Whether the connection broke before the whole answer had come.
    pub fn is_interrupted(&self) -> bool {
        self.trouble() == Some(Trouble::Interrupted)
    }
}

/// The innermost source says it best: `Connection refused`, not `error sending request`.
fn root_cause(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => root_cause(source),
        None => error.to_string(),
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, trouble, cause } = self;
        match trouble {
            Trouble::Unreachable => write!(f, "cannot reach {url}: {cause}"),
            Trouble::Untrusted => write!(f, "the certificate of {url} is not trusted: {cause}"),
            Trouble::TimedOut => write!(f, "{url} did not answer in time: {cause}"),
            Trouble::Interrupted => write!(f, "the connection to {url} broke: {cause}"),
        }
    }
}
