use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A failure of the network.
pub(super) struct Network {
    url: String,
    trouble: Trouble,
}

/// How far a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// No connection could be made.
    Unreachable,
    /// The server's certificate is not trusted.
    Untrusted,
    /// No response came in time.
    TimedOut,
    /// The connection broke before the response was complete.
    Interrupted,
}

impl Network {
    pub(super) fn kind(&self) -> ErrorKind {
        match self.trouble {
            Trouble::Unreachable => ErrorKind::Unreachable,
            Trouble::Untrusted => ErrorKind::Untrusted,
            Trouble::TimedOut => ErrorKind::TimedOut,
            Trouble::Interrupted => ErrorKind::Interrupted,
        }
    }

    /// Nothing was sent without a connection.
    pub(super) fn may_have_reached_the_server(&self) -> bool {
        !matches!(self.trouble, Trouble::Unreachable | Trouble::Untrusted)
    }

    /// A certificate does not become trusted by waiting.
    pub(super) fn is_passing(&self) -> bool {
        self.trouble != Trouble::Untrusted
    }
}

impl Error {
    /// Creates the error for a failure of the network. `url` is the server's, without credentials. For implementations of
    /// [`Connection`](crate::Connection).
    ///
    /// Add the underlying error by [`caused_by`](Self::caused_by), and a remark of your own by [`noting`](Self::noting).
    ///
    /// ```
    /// use std::io;
    /// use tryton_sdk::error::Trouble;
    /// use tryton_sdk::Error;
    ///
    /// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    /// let error = Error::network("https://erp.example.com", Trouble::Unreachable).caused_by(refused);
    /// assert!(error.is_unreachable());
    /// assert_eq!(error.to_string(), "cannot reach https://erp.example.com");
    /// assert_eq!(format!("{error:#}"), "cannot reach https://erp.example.com: connection refused");
    /// ```
    pub fn network(url: &str, trouble: Trouble) -> Self {
        Self::new(Kind::Network(Network { url: url.to_owned(), trouble }))
    }

    /// Whether no connection to the server could be made. Nothing was sent.
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_unreachable() { "is the server running?" } else { "see the log" }
    /// }
    /// ```
    pub fn is_unreachable(&self) -> bool {
        self.kind() == ErrorKind::Unreachable
    }

    /// Whether the server's certificate is not trusted, or its key is not the pinned one (`ClientBuilder::pin`): the
    /// message says why. Nothing was sent. With the feature `native-tls`, such a server is
    /// [unreachable](Self::is_unreachable).
    ///
    /// ```
    /// fn advice(error: &tryton_sdk::Error) -> &str {
    ///     if error.is_untrusted() { "who is that?" } else { "see the log" }
    /// }
    /// ```
    pub fn is_untrusted(&self) -> bool {
        self.kind() == ErrorKind::Untrusted
    }

    /// Whether the response did not come within the client's timeout.
    pub fn is_timed_out(&self) -> bool {
        self.kind() == ErrorKind::TimedOut
    }

    /// Whether the connection broke before the response was complete.
    pub fn is_interrupted(&self) -> bool {
        self.kind() == ErrorKind::Interrupted
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { url, trouble } = self;
        match trouble {
            Trouble::Unreachable => write!(f, "cannot reach {url}"),
            Trouble::Untrusted => write!(f, "the certificate of {url} is not trusted"),
            Trouble::TimedOut => write!(f, "{url} did not answer in time"),
            Trouble::Interrupted => write!(f, "the connection to {url} broke"),
        }
    }
}
