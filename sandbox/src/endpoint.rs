use std::env;
use std::fmt;

use serde::{Deserialize, Serialize};
use tryton_sdk::{Client, ClientBuilder};

use crate::sandbox::SandboxError;

/// The name of the database on every server.
pub(crate) const DATABASE: &str = "tryton";

/// The password of the users `admin` and `limited` of every sandbox.
///
/// ```no_run
/// let endpoint = tryton_sandbox::Sandbox::default().start()?.endpoint().clone();
/// assert_eq!(endpoint.password, tryton_sandbox::PASSWORD);
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
pub const PASSWORD: &str = "sandbox-Tr1ton";

/// The address of a server and the login, as an application reads them from the environment.
///
/// ```no_run
/// use tryton_sandbox::{Endpoint, Sandbox};
///
/// let server = Sandbox::default().start()?;
/// let Endpoint { url, database, user, .. } = server.endpoint();
/// println!("{user} at {url}, database {database}");
/// # Ok::<(), tryton_sandbox::SandboxError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The URL without the database, `http://127.0.0.1:8000`.
    pub url: String,
    /// The name of the database.
    pub database: String,
    /// The login.
    pub user: String,
    /// The password.
    pub password: String,
}

impl Endpoint {
    /// Returns the server that `TRYTON_RPC_URL`, `TRYTON_DATABASE`, `TRYTON_USER` and `TRYTON_PASSWORD` specify.
    ///
    /// Returns `None` if `TRYTON_RPC_URL` is not set. Without `TRYTON_DATABASE`, the database is the path of the URL.
    ///
    /// ```no_run
    /// use tryton_sandbox::Endpoint;
    ///
    /// let endpoint = Endpoint::from_env()?.expect("TRYTON_RPC_URL is set");
    /// println!("{}", endpoint.url);
    /// # Ok::<(), tryton_sandbox::SandboxError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SandboxError::Environment`] names the first variable that is missing or unreadable.
    pub fn from_env() -> Result<Option<Self>, SandboxError> {
        Self::from_variables(|name| env::var(name))
    }

    fn from_variables(variable: impl Fn(&str) -> Result<String, env::VarError>) -> Result<Option<Self>, SandboxError> {
        let required = |name: &'static str| variable(name).map_err(|reason| SandboxError::Environment { name, reason });
        let url = match variable("TRYTON_RPC_URL") {
            Err(env::VarError::NotPresent) => return Ok(None),
            _ => required("TRYTON_RPC_URL")?,
        };
        let url = url.trim_end_matches('/');
        let (server, path) = split_path(url);
        let (url, database) = match path {
            Some(database) if variable("TRYTON_DATABASE").is_err() => (server, database.to_owned()),
            _ => (url, required("TRYTON_DATABASE")?),
        };
        Ok(Some(Endpoint {
            url: url.to_owned(),
            database,
            user: required("TRYTON_USER")?,
            password: required("TRYTON_PASSWORD")?,
        }))
    }

    /// Returns a builder for a client of this server that logs in as this user.
    ///
    /// ```
    /// # use tryton_sandbox::Endpoint;
    /// # let endpoint = Endpoint {
    /// #     url: "http://127.0.0.1:8000".into(),
    /// #     database: "tryton".into(),
    /// #     user: "admin".into(),
    /// #     password: "secret".into(),
    /// # };
    /// let tryton = endpoint.client().build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn client(&self) -> ClientBuilder {
        self.client_by(&self.url)
    }

    /// Returns a builder as [`client`](Self::client) does, but with another URL, such as a proxy's.
    ///
    /// ```
    /// # use tryton_sandbox::Endpoint;
    /// # let endpoint = Endpoint {
    /// #     url: "http://127.0.0.1:8000".into(),
    /// #     database: "tryton".into(),
    /// #     user: "admin".into(),
    /// #     password: "secret".into(),
    /// # };
    /// let by_a_proxy = endpoint.client_by("http://127.0.0.1:8080").build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn client_by(&self, url: &str) -> ClientBuilder {
        Client::builder(url, &self.database).credentials(&self.user, self.password.as_str())
    }

    /// Returns the environment variables that specify this server.
    ///
    /// ```
    /// # use tryton_sandbox::Endpoint;
    /// # let endpoint = Endpoint {
    /// #     url: "http://127.0.0.1:8000".into(),
    /// #     database: "tryton".into(),
    /// #     user: "admin".into(),
    /// #     password: "secret".into(),
    /// # };
    /// let mut program = std::process::Command::new("true");
    /// program.envs(endpoint.variables());
    /// ```
    #[must_use]
    pub fn variables(&self) -> [(&'static str, &str); 4] {
        [
            ("TRYTON_RPC_URL", &self.url),
            ("TRYTON_DATABASE", &self.database),
            ("TRYTON_USER", &self.user),
            ("TRYTON_PASSWORD", &self.password),
        ]
    }

    /// Returns shell commands that export this server's environment variables.
    ///
    /// ```
    /// # use tryton_sandbox::Endpoint;
    /// # let endpoint = Endpoint {
    /// #     url: "http://127.0.0.1:8000".into(),
    /// #     database: "tryton".into(),
    /// #     user: "admin".into(),
    /// #     password: "secret".into(),
    /// # };
    /// assert!(endpoint.exports().starts_with("export TRYTON_RPC_URL='http://127.0.0.1:8000'\n"));
    /// ```
    #[must_use]
    pub fn exports(&self) -> String {
        self.variables().map(|(name, value)| export(name, value)).concat()
    }
}

/// Omits the password.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("url", &self.url)
            .field("database", &self.database)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// Returns a shell command that exports a variable.
///
/// ```
/// let line = tryton_sandbox::background::export("TRYTON_REDIS_URL", "redis://127.0.0.1:6379");
/// assert_eq!(line, "export TRYTON_REDIS_URL='redis://127.0.0.1:6379'\n");
/// ```
#[must_use]
pub fn export(name: &str, value: &str) -> String {
    format!("export {name}='{}'\n", value.replace('\'', r"'\''"))
}

/// Splits `https://host/path` into the server and its path.
fn split_path(url: &str) -> (&str, Option<&str>) {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    match url[host..].find('/') {
        Some(slash) => (&url[..host + slash], Some(&url[host + slash + 1..])),
        None => (url, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Option<Endpoint>, SandboxError> {
        Endpoint::from_variables(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned()).ok_or(env::VarError::NotPresent)
        })
    }

    #[test]
    fn the_environment_names_no_server_without_a_url() {
        assert!(matches!(from(&[("TRYTON_DATABASE", "demo")]), Ok(None)));
    }

    #[test]
    fn the_database_is_a_variable_or_the_path_of_the_url() {
        let login = [("TRYTON_USER", "ada"), ("TRYTON_PASSWORD", "secret")];
        let whole = [&[("TRYTON_RPC_URL", "https://erp.example.com/demo/")], &login[..]].concat();
        let parts =
            [&[("TRYTON_RPC_URL", "https://erp.example.com/"), ("TRYTON_DATABASE", "demo")], &login[..]].concat();
        for variables in [whole, parts] {
            let endpoint = from(&variables).expect("complete").expect("present");
            assert_eq!((endpoint.url.as_str(), endpoint.database.as_str()), ("https://erp.example.com", "demo"));
        }
    }

    #[test]
    fn a_missing_variable_is_named() {
        let error = from(&[("TRYTON_RPC_URL", "http://localhost:8000"), ("TRYTON_DATABASE", "demo")]);
        let error = error.expect_err("there is no user").to_string();
        assert!(error.contains("TRYTON_USER"), "{error}");
    }

    #[test]
    fn the_exports_are_quoted_and_the_debug_text_keeps_the_password() {
        let endpoint = Endpoint {
            url: "http://127.0.0.1:8000".into(),
            database: "tryton".into(),
            user: "admin".into(),
            password: "it's".into(),
        };
        assert!(endpoint.exports().starts_with("export TRYTON_RPC_URL='http://127.0.0.1:8000'\n"));
        assert!(endpoint.exports().ends_with("export TRYTON_PASSWORD='it'\\''s'\n"));
        assert!(!format!("{endpoint:?}").contains("it's"));
    }
}
