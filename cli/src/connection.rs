//! Which server, and who asks.

use std::time::Duration;

use clap::Args;
use tryton_sdk::{Client, Context};

use crate::error::Error;

/// The language of all labels in a snapshot.
pub(crate) const LANGUAGE: &str = "en";

/// Where the server is and who logs in there.
#[derive(Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// Where the server answers, such as http://localhost:8000; the database may be its path
    #[arg(long, value_name = "URL", env = "TRYTON_RPC_URL", hide_env_values = true)]
    url: Option<String>,
    /// The database, if it is not in the URL
    #[arg(long, value_name = "NAME", env = "TRYTON_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The login; an administrator sees all fields
    #[arg(long, value_name = "LOGIN", env = "TRYTON_USER", hide_env_values = true)]
    user: Option<String>,
    /// Read the password from standard input instead of the environment variable TRYTON_PASSWORD
    #[arg(long)]
    password_stdin: bool,
    /// How many seconds a request may take, by default as long as the server works on it
    #[arg(long, value_name = "SECONDS", env = "TRYTON_TIMEOUT", hide_env_values = true)]
    timeout: Option<u64>,
}

impl Connection {
    /// A client with labels in [`LANGUAGE`], which has not asked for anything yet.
    pub(crate) fn client(&self) -> Result<Client, Error> {
        let url = given(&self.url, "no server: set TRYTON_RPC_URL, or give --url")?;
        let user = given(&self.user, "no login: set TRYTON_USER, or give --user")?;
        let database = self.database.as_deref().filter(|database| !database.is_empty());
        let mut builder = Client::builder(url, database.unwrap_or_else(|| database_in(url)))
            .credentials(user, self.password()?)
            .context(Context::new().language(LANGUAGE));
        if let Some(seconds) = self.timeout {
            builder = builder.timeout(Duration::from_secs(seconds));
        }
        Ok(builder.build()?)
    }

    fn password(&self) -> Result<String, Error> {
        let password = if self.password_stdin {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            read.map_err(|error| Error::new(format!("cannot read the password: {error}")))?;
            Some(line.trim_end_matches(['\n', '\r']).to_owned())
        } else {
            std::env::var("TRYTON_PASSWORD").ok()
        };
        let missing = "no password: set TRYTON_PASSWORD, or pipe it in with --password-stdin";
        given(&password, missing).map(str::to_owned)
    }
}

/// A setting that must be there; an empty one is none.
fn given<'a>(setting: &'a Option<String>, missing: &str) -> Result<&'a str, Error> {
    let setting = setting.as_deref().filter(|setting| !setting.is_empty());
    setting.ok_or_else(|| Error::new(missing))
}

/// The database that a URL names as its path, or nothing.
fn database_in(url: &str) -> &str {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or("", |(_, path)| path.trim_matches('/'));
    let path = path.strip_suffix("rpc").unwrap_or(path);
    path.trim_end_matches('/')
}

#[cfg(test)]
mod tests {
    use super::database_in;

    #[test]
    fn the_database_in_a_url() {
        for (url, database) in [
            ("http://localhost:8000", ""),
            ("http://localhost:8000/", ""),
            ("http://localhost:8000/rpc/", ""),
            ("http://localhost:8000/demo", "demo"),
            ("http://localhost:8000/demo/rpc/", "demo"),
            ("localhost", ""),
        ] {
            assert_eq!(database_in(url), database, "{url}");
        }
    }
}
