//! `cargo tryton ping`.

use clap::Args;
use serde_json::json;

use crate::app::{App, Verdict};
use crate::connection::Connection;
use crate::error::Error;

/// Check server, database and login, and measure the response time
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton ping --url http://localhost:8000 --database demo --user admin")]
pub(crate) struct Ping {
    #[command(flatten)]
    connection: Connection,
}

impl Ping {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let visit = self.connection.visit(&app.settings)?;
        let pong = visit.during(async |client, _| Ok(client.ping().await?))?;
        let answer = json!({
            "series": pong.series.to_string(),
            "database": pong.database,
            "login": pong.login,
            "milliseconds": pong.latency.as_millis(),
        });
        app.answer(&answer, || pong.to_string())?;
        Ok(Verdict::Well)
    }
}
