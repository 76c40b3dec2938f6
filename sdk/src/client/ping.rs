use std::fmt;
use std::time::{Duration, Instant};

use serde::de::IgnoredAny;

use super::Client;
use tryton_sdk_core::{Call, Result, Series};

/// The result of a [`ping`](Client::ping).
///
/// Its `Display` is one line: `Tryton 8.2, database demo, admin logged in, 12 ms`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pong {
    /// The series of the server.
    pub series: Series,
    /// The database that answered.
    pub database: String,
    /// The user of the session, which is valid.
    pub login: String,
    /// The duration, including a login if one was needed.
    pub latency: Duration,
}

impl fmt::Display for Pong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { series, database, login, latency } = self;
        write!(f, "Tryton {series}, database {database}, {login} logged in, {} ms", latency.as_millis())
    }
}

impl Client {
    /// Checks that the server runs, that its database responds and that the session is valid.
    ///
    /// It requests the server's version and the user's own preferences, which every user may read. It also works where
    /// listing databases is forbidden.
    ///
    /// # Errors
    ///
    /// [`is_unreachable`](crate::Error::is_unreachable), [`is_not_tryton`](crate::Error::is_not_tryton),
    /// [`is_unknown_database`](crate::Error::is_unknown_database) and
    /// [`is_bad_credentials`](crate::Error::is_bad_credentials) distinguish the causes. Only a login detects an unknown
    /// database: a client with nothing but a session sees the session rejected, and with
    /// [`basic`](crate::ClientBuilder::basic) the server just fails, up to 7.0 with an
    /// [exception](crate::Error::is_server_exception), and since then with HTTP 503
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
        // The known series may be outdated.
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
