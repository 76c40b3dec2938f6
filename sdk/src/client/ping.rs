use std::fmt;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;

use super::Client;
use tryton_sdk_core::{Call, Result, Series};

/// What a server answers to a [`ping`](Client::ping).
///
/// Its `Display` is one line: `Tryton 8.2, database demo, admin logged in, 12 ms`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pong {
    /// The series of the server.
    pub series: Series,
    /// The database that answered.
    pub database: String,
    /// The login of the session that was found, or made, to be valid.
    pub login: String,
    /// How long the exchange took, a login included where one was needed.
    pub latency: Duration,
}

impl fmt::Display for Pong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { series, database, login, latency } = self;
        write!(f, "Tryton {series}, database {database}, {login} logged in, {} ms", latency.as_millis())
    }
}

impl Client {
    /// Makes sure that the server is there, that its database answers and that the session is valid.
    ///
    /// It asks the server for its version and the database for the user's own preferences, which every user may read;
    /// it works where listing databases is forbidden.
    ///
    /// # Errors
    ///
    /// [`is_unreachable`](crate::Error::is_unreachable), [`is_not_tryton`](crate::Error::is_not_tryton),
    /// [`is_unknown_database`](crate::Error::is_unknown_database) and
    /// [`is_bad_credentials`](crate::Error::is_bad_credentials) tell apart what is wrong. Only a login tells an unknown
    /// database: a client that was given nothing but a session learns that the session is refused; and to one with
    /// [`basic`](crate::ClientBuilder::basic) the server says no more than that it failed, up to 7.0 by an
    /// [exception](crate::Error::is_server_exception), and since then by HTTP 503
    /// ([`is_unavailable`](crate::Error::is_unavailable)).
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// println!("{}", tryton.ping().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ping(&self) -> Result<Pong> {
        let started = Instant::now();
        // What the first request found out may be long ago.
        let series = self.endpoint().series_now().await?;
        let call = Call::on_model("res.user", "get_preferences", vec![true.into()], &self.context);
        self.call_once::<IgnoredAny>(&call).await?;
        Ok(Pong {
            series,
            database: self.endpoint().address().database_name().to_owned(),
            login: self.sessions().user().unwrap_or_default(),
            latency: started.elapsed(),
        })
    }
}
