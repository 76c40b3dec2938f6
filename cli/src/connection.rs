//! The server and the user.

use std::time::Duration;

use clap::Args;
use tryton_sdk::{Client, ClientBuilder, SecretString, Session};

use crate::app::{self, note};
use crate::challenge::Answers;
use crate::devices::Device;
use crate::error::Error;
use crate::settings::Settings;
use crate::terminal;

/// The address of the server, and the user who logs in.
#[derive(Args, Clone)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// The URL of the server, such as http://localhost:8000; the database may be its path
    #[arg(long, value_name = "URL", env = "TRYTON_RPC_URL", hide_env_values = true)]
    url: Option<String>,
    /// The database, if it is not in the URL
    #[arg(long, value_name = "NAME", env = "TRYTON_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// The login; an administrator sees all fields
    #[arg(long, value_name = "LOGIN", env = "TRYTON_USER", hide_env_values = true)]
    user: Option<String>,
    /// Read the password from standard input instead of TRYTON_PASSWORD or TRYTON_PASSWORD_FILE
    #[arg(long)]
    password_stdin: bool,
    /// The code that the server asks for besides the password; NAME=CODE if it asks for several, with its names for
    /// them [default: asked on the terminal]
    #[arg(long, value_name = "CODE")]
    code: Vec<String>,
    /// The seconds that a request may take [default: `TRYTON_TIMEOUT`, or as long as the server works on it]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    /// A Redis that caches what was read, so that reading an unchanged server again takes few requests
    #[arg(long, value_name = "URL", env = "TRYTON_REDIS_URL", hide_env_values = true)]
    redis: Option<String>,
}

impl Connection {
    /// Asks on the terminal for missing settings that no flag gives, and stops at the first invalid answer.
    pub(crate) fn complete(&mut self, settings: &Settings) -> Result<(), Error> {
        if given(&self.url, &None).is_none() && settings.url()?.is_none_or(str::is_empty) {
            self.url = terminal::ask("the URL of the server, such as http://localhost:8000");
        }
        let (url, database) = self.place(settings)?;
        if database.is_empty() && !has_path(url) {
            self.database = terminal::ask("the database");
        }
        // Each client checks its URL, which would be after the last question.
        let Target { url, database } = self.target(settings)?;
        Client::builder(url, database).build()?;
        if given(&self.user, &settings.user).is_none() {
            self.user = terminal::ask("the login; an administrator sees all fields");
        }
        self.user(settings).map(drop)
    }

    /// Returns the server and the database.
    pub(crate) fn target<'a>(&'a self, settings: &'a Settings) -> Result<Target<'a>, Error> {
        let (url, database) = self.place(settings)?;
        if database.is_empty() && !has_path(url) {
            let missing = "no database: set TRYTON_DATABASE, give --database, or set `database` below `[server]` in \
                           tryton.toml";
            return Err(Error::usage(missing));
        }
        Ok(Target { url, database })
    }

    /// Returns the URL, and the database that is given beside it.
    fn place<'a>(&'a self, settings: &'a Settings) -> Result<(&'a str, &'a str), Error> {
        let missing = "no server: set TRYTON_RPC_URL, give --url, or set `url` below `[server]` in tryton.toml";
        let url = match given(&self.url, &None) {
            Some(url) => url,
            None => settings.url()?.filter(|url| !url.is_empty()).ok_or_else(|| Error::usage(missing))?,
        };
        // A database in the settings belongs to the URL in the settings, or to one without a database.
        let is_whole = given(&self.url, &None).is_some() && has_path(url);
        Ok((url, given(&self.database, if is_whole { &None } else { &settings.database }).unwrap_or_default()))
    }

    /// Returns the login.
    pub(crate) fn user<'a>(&'a self, settings: &'a Settings) -> Result<&'a str, Error> {
        let missing = "no login: set TRYTON_USER, give --user, or set `user` below `[server]` in tryton.toml";
        given(&self.user, &settings.user).ok_or_else(|| Error::usage(missing))
    }

    /// Creates a client that has sent nothing yet. Its session ends with the visit.
    pub(crate) fn visit(&self, settings: &Settings) -> Result<Visit, Error> {
        let Target { url, database } = self.target(settings)?;
        let user = self.user(settings)?;
        // Neither use nor end the session that an application's processes share.
        let builder = Client::builder(url, database).environment()?.own_session();
        let answers = Answers::new(&self.code);
        let answering = answers.clone();
        let mut builder = builder.credentials(user, self.password()?);
        builder = builder.on_login_challenge(move |challenge| answering.clone().answer(challenge));
        let device = Device::new(url, database, user);
        if let Some(cookie) = device.cookie() {
            builder = builder.device_cookie(cookie);
        }
        if let Some(redis) = given(&self.redis, &None) {
            builder = builder.redis(redis);
        }
        if let Some(seconds) = self.timeout {
            builder = builder.timeout(Duration::from_secs(seconds));
        }
        Ok(Visit { client: builder.build()?, answers, device })
    }

    /// Whether what was read is cached for the next time.
    pub(crate) fn keeps(&self) -> bool {
        given(&self.redis, &None).is_some()
    }

    fn password(&self) -> Result<SecretString, Error> {
        let password = if self.password_stdin {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            read.map_err(|error| Error::files(format!("cannot read the password: {error}")))?;
            Some(line.trim_end_matches(['\n', '\r']).to_owned()).filter(|line| !line.is_empty()).map(Into::into)
        } else {
            ClientBuilder::secret_variable("TRYTON_PASSWORD")?.or_else(|| terminal::ask_secret("the password"))
        };
        let missing = "no password: set TRYTON_PASSWORD or TRYTON_PASSWORD_FILE, or pipe it in with --password-stdin";
        password.ok_or_else(|| Error::usage(missing))
    }
}

/// A database of a server.
pub(crate) struct Target<'a> {
    pub(crate) url: &'a str,
    /// Empty if the URL names it.
    pub(crate) database: &'a str,
}

/// A client, from its login to its logout.
pub(crate) struct Visit {
    client: Client,
    answers: Answers,
    device: Device,
}

impl Visit {
    /// Logs in, runs the task, and ends the session however the task ended. A session that cannot be ended expires by
    /// itself.
    pub(crate) fn during<T>(self, task: impl AsyncFnOnce(&Client, Session) -> Result<T, Error>) -> Result<T, Error> {
        app::block_on(async {
            let session = self.client.login().await.map_err(|error| self.refused(error))?;
            self.be_remembered().await;
            let outcome = task(&self.client, session).await;
            let _ = self.client.logout().await;
            outcome
        })
    }

    /// Explains a refused login. A wrong code is refused like a wrong password.
    fn refused(&self, error: tryton_sdk::Error) -> Error {
        if error.is_bad_credentials() && self.answers.were_asked() {
            return Error::server(format!("{error:#}; check the code, TRYTON_USER and TRYTON_PASSWORD"));
        }
        error.into()
    }

    /// Asks the server to remember this device, if it asked for more than a password.
    async fn be_remembered(&self) {
        if !self.answers.were_asked() {
            return;
        }
        match self.client.renew_device_cookie().await {
            Ok(cookie) => self.device.keep(&cookie),
            Err(error) => note(format!("the server will ask again next time: {error:#}")),
        }
    }
}

/// Returns the value of a flag or the environment, or else of the settings; an empty text counts as none.
pub(crate) fn given<'a>(first: &'a Option<String>, second: &'a Option<String>) -> Option<&'a str> {
    [first, second].into_iter().flatten().map(String::as_str).find(|text| !text.is_empty())
}

/// Whether a URL contains more than a server: a database, or a path at which the server begins.
fn has_path(url: &str) -> bool {
    let path = url.split_once("://").and_then(|(_, rest)| rest.split_once('/'));
    path.is_some_and(|(_, path)| !matches!(path.trim_matches('/'), "" | "rpc"))
}

#[cfg(test)]
mod tests {
    use super::has_path;

    #[test]
    fn a_url_may_name_more_than_a_server() {
        for (url, expected) in [
            ("http://localhost:8000", false),
            ("http://localhost:8000/", false),
            ("http://localhost:8000/rpc/", false),
            ("http://localhost:8000/demo", true),
            ("http://localhost:8000/demo/rpc/", true),
            ("http://localhost:8000/site/tryton/", true),
            ("localhost", false),
        ] {
            assert_eq!(has_path(url), expected, "{url}");
        }
    }
}
