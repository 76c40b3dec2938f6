use std::fmt;

use super::{Error, Kind};

/// The network did not carry the request there or the answer back.
pub(super) struct Network {
    url: String,
    trouble: Trouble,
    cause: String,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// There was no connection.
    Unreachable,
    /// The server's certificate is not trusted.
    Untrusted,
    /// There was no answer in time.
    TimedOut,
    /// The connection broke before the whole answer had come.
    Interrupted,
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
    /// The error that the network did not carry the request there or the answer back. `url` is the server's, without
    /// credentials; `cause` says what happened: `Connection refused`.
    pub fn network(url: &str, trouble: Trouble, cause: impl Into<String>) -> Self {
        Self::new(Kind::Network(Network { url: url.to_owned(), trouble, cause: cause.into() }))
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
