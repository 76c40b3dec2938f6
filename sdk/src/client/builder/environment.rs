//! Settings from environment variables.

use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

use super::ClientBuilder;
use crate::client::address::Address;
use crate::client::retry::Retry;
use crate::wire::http::Limits;
use crate::wire::tls::{ClientCertificate, TlsSettings};
use tryton_sdk_core::{Error, Result, Series};

impl ClientBuilder {
    /// Reads the settings from variables. `read` returns a variable's value.
    pub(in crate::client) fn from_variables(read: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let variables = Variables(read);
        let url = variables.required("TRYTON_RPC_URL")?;
        let database = variables.text("TRYTON_DATABASE")?;
        let in_environment = |e: Error| Error::configuration(format!("TRYTON_RPC_URL, TRYTON_DATABASE: {e}"));
        Address::parse(&url, database.as_deref()).map_err(in_environment)?;
        let builder = Self { database, ..Self::new(&url, "") };
        let password = variables.secret("TRYTON_PASSWORD")?.ok_or_else(|| missing("TRYTON_PASSWORD"))?;
        builder.credentials(&variables.required("TRYTON_USER")?, password).with_variables(&variables)
    }

    /// Reads the settings from the same environment variables as [`Client::from_env`](crate::Client::from_env), except
    /// the server and the credentials. A setting whose variable is not set stays as it is.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration), with the name of the variable that is malformed.
    ///
    /// ```no_run
    /// use tryton_sdk::Client;
    ///
    /// let builder = Client::builder("https://erp.example.com", "production").credentials("shop", "secret");
    /// let tryton = builder.environment()?.build()?;
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn environment(self) -> Result<Self> {
        self.with_variables(&Variables(|name: &str| std::env::var_os(name)))
    }

    /// Reads a secret from the environment, for settings of your own: the value of the variable, or the content, without
    /// the line break, of the file that the variable with `_FILE` appended names.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration) if the variable is not UTF-8, the file cannot be read, or both
    /// variables are set.
    ///
    /// ```
    /// use tryton_sdk::ClientBuilder;
    ///
    /// assert!(ClientBuilder::secret_variable("SHOP_TRYTON_PASSWORD")?.is_none());
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn secret_variable(name: &str) -> Result<Option<SecretString>> {
        Variables(|name: &str| std::env::var_os(name)).secret(name)
    }

    fn with_variables<R: Fn(&str) -> Option<OsString>>(mut self, variables: &Variables<R>) -> Result<Self> {
        self.series = variables.series()?.or(self.series);
        self.session_ttl = variables.seconds("TRYTON_SESSION_TTL")?.or(self.session_ttl);
        self.session_key = variables.secret("TRYTON_SESSION_KEY")?.or(self.session_key);
        self.limits = variables.limits(self.limits)?;
        self.login_timeout = variables.seconds("TRYTON_LOGIN_TIMEOUT")?.unwrap_or(self.login_timeout);
        self.retry = variables.retry(self.retry)?;
        if let Some(lines) = variables.secret("TRYTON_HEADERS")? {
            self.headers.set_lines(lines.expose_secret())?;
        }
        self.tls = variables.tls(self.tls)?;
        self.proxy = variables.parsed("TRYTON_PROXY", "`true` or `false`")?.unwrap_or(self.proxy);
        Ok(match variables.secret("TRYTON_REDIS_URL")? {
            Some(url) => self.redis(url),
            None => self,
        })
    }
}

/// The source of the variables' values.
struct Variables<R>(R);

impl<R: Fn(&str) -> Option<OsString>> Variables<R> {
    /// Returns the value. An empty variable counts as not set.
    fn raw(&self, name: &str) -> Option<OsString> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str) -> Result<Option<String>> {
        let text = self.raw(name).map(OsString::into_string).transpose();
        text.map_err(|_| Error::configuration(format!("the environment variable {name} is not UTF-8")))
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.raw(name).map(PathBuf::from)
    }

    fn required(&self, name: &str) -> Result<String> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    /// Returns the variable's value, or the content of the file that the variable with `_FILE` appended names.
    fn secret(&self, name: &str) -> Result<Option<SecretString>> {
        let name_of_file = format!("{name}_FILE");
        let Some(path) = self.path(&name_of_file) else { return Ok(self.text(name)?.map(Into::into)) };
        if self.raw(name).is_some() {
            return Err(Error::configuration(format!("{name} and {name_of_file} are both set: remove one of them")));
        }
        let wrong = |why: &dyn Display| {
            Error::configuration(format!("{name_of_file}: `{}` cannot be used: {why}", path.display()))
        };
        let text = fs::read_to_string(&path).map(Zeroizing::new).map_err(|e| wrong(&e))?;
        // Editors and `echo` end files with a line break.
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err(wrong(&"it is empty")),
            secret => Ok(Some(secret.into())),
        }
    }

    fn parsed<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        let wrong =
            |_| Error::configuration(format!("the environment variable {name} is `{value}`, which is not {what}"));
        value.trim().parse().map(Some).map_err(wrong)
    }

    fn seconds(&self, name: &str) -> Result<Option<Duration>> {
        Ok(self.parsed(name, "a number of seconds")?.map(|Seconds(duration)| duration))
    }

    fn number(&self, name: &str) -> Result<Option<usize>> {
        self.parsed(name, "a whole number")
    }

    fn series(&self) -> Result<Option<Series>> {
        let Some(text) = self.text("TRYTON_SERIES")? else { return Ok(None) };
        let wrong = || {
            Error::configuration(format!(
                "the environment variable TRYTON_SERIES is `{text}`, which is no series like 8.2"
            ))
        };
        text.trim().parse().map(Some).map_err(|_| wrong())
    }

    fn limits(&self, before: Limits) -> Result<Limits> {
        Ok(Limits {
            connect: self.seconds("TRYTON_CONNECT_TIMEOUT")?.unwrap_or(before.connect),
            idle: self.seconds("TRYTON_IDLE_TIMEOUT")?.unwrap_or(before.idle),
            whole: self.seconds("TRYTON_TIMEOUT")?.or(before.whole),
            answer: self.number("TRYTON_ANSWER_LIMIT")?.unwrap_or(before.answer),
            pool_idle: self.seconds("TRYTON_POOL_IDLE_TIMEOUT")?.or(before.pool_idle),
        })
    }

    fn retry(&self, before: Retry) -> Result<Retry> {
        Ok(Retry {
            retries: self.number("TRYTON_RETRIES")?.unwrap_or(before.retries),
            within: self.seconds("TRYTON_RETRY_WITHIN")?.unwrap_or(before.within),
        })
    }

    fn tls(&self, before: TlsSettings) -> Result<TlsSettings> {
        let client_certificate = match (self.path("TRYTON_CLIENT_CERT"), self.path("TRYTON_CLIENT_KEY")) {
            (Some(chain), Some(key)) => Some(ClientCertificate { chain, key }),
            (None, None) => before.client_certificate,
            _ => return Err(Error::configuration("TRYTON_CLIENT_CERT and TRYTON_CLIENT_KEY belong together")),
        };
        let pins = self.text("TRYTON_PIN")?;
        let pins = pins.map(|pins| pins.split_terminator(',').map(str::to_owned).collect());
        Ok(TlsSettings {
            ca_file: self.path("TRYTON_CA_FILE").or(before.ca_file),
            client_certificate,
            pins: pins.unwrap_or(before.pins),
        })
    }
}

fn missing(name: &str) -> Error {
    Error::configuration(format!("the environment variable {name} is not set"))
}

/// A positive number of seconds, with fractions.
struct Seconds(Duration);

impl FromStr for Seconds {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let seconds = text.parse::<f64>().map_err(|_| ())?;
        let duration = Duration::try_from_secs_f64(seconds).map_err(|_| ())?;
        if duration.is_zero() { Err(()) } else { Ok(Self(duration)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    fn from(changes: &[(&str, &str)]) -> Result<Client> {
        let complete = [
            ("TRYTON_RPC_URL", "http://localhost:8000"),
            ("TRYTON_DATABASE", "demo"),
            ("TRYTON_USER", "admin"),
            ("TRYTON_PASSWORD", "secret"),
        ];
        let read = |name: &str| {
            let all = complete.iter().chain(changes).rev();
            all.clone().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value))
        };
        ClientBuilder::from_variables(read)?.build()
    }

    #[test]
    fn a_complete_environment_makes_a_client() {
        let all = [
            ("TRYTON_TIMEOUT", "2.5"),
            ("TRYTON_CONNECT_TIMEOUT", "1"),
            ("TRYTON_IDLE_TIMEOUT", "0.5"),
            ("TRYTON_ANSWER_LIMIT", "1048576"),
            ("TRYTON_RETRIES", "0"),
            ("TRYTON_RETRY_WITHIN", "10"),
            ("TRYTON_SESSION_TTL", "3600"),
        ];
        assert!(from(&all).is_ok());
        assert!(from(&[("TRYTON_RPC_URL", "http://localhost/demo"), ("TRYTON_DATABASE", "")]).is_ok());
    }

    #[test]
    fn the_documented_defaults_are_those_of_a_builder() {
        let cells = |row: &'static str| row.trim_matches(['|', ' ']).split(" | ").collect::<Vec<_>>();
        let rows = include_str!("../environment.md").lines().map(cells);
        let values = rows.filter_map(|row| {
            let value = row.last()?.split(' ').next()?.trim_matches('`');
            (value == "true" || value.parse::<u64>().is_ok()).then_some((row[0].trim_matches('`'), value))
        });
        let values: Vec<_> = values.collect();
        assert_eq!(values.len(), 7, "{values:?}");
        let builder = Client::builder("https://localhost", "demo");
        let read = |name: &str| values.iter().find(|(n, _)| *n == name).map(|(_, value)| OsString::from(value));
        let stated = builder.clone().with_variables(&Variables(read)).expect("settings");
        assert_eq!(format!("{stated:?}"), format!("{builder:?}"));
    }

    #[test]
    fn what_no_variable_mentions_stays_as_it_was_set() {
        let builder =
            Client::builder("https://localhost", "demo").timeout(Duration::from_secs(7)).retries(5).pin("sha256//x");
        let builder = builder.session_ttl(Duration::from_secs(60)).ca_file("/ca.pem").proxy(false);
        let read = |name: &str| (name == "TRYTON_CONNECT_TIMEOUT").then(|| OsString::from("3"));
        let after = builder.clone().connect_timeout(Duration::from_secs(3));
        assert_eq!(format!("{:?}", builder.with_variables(&Variables(read)).expect("settings")), format!("{after:?}"));
    }

    #[test]
    fn a_variable_that_is_missing_or_malformed_is_named() {
        for (name, value) in [
            ("TRYTON_RPC_URL", ""),
            ("TRYTON_RPC_URL", "localhost"),
            ("TRYTON_DATABASE", ""),
            ("TRYTON_USER", ""),
            ("TRYTON_PASSWORD", ""),
            ("TRYTON_SERIES", "new"),
            ("TRYTON_TIMEOUT", "soon"),
            ("TRYTON_TIMEOUT", "0"),
            ("TRYTON_TIMEOUT", "-1"),
            ("TRYTON_TIMEOUT", "1e999"),
            ("TRYTON_CONNECT_TIMEOUT", "0"),
            ("TRYTON_IDLE_TIMEOUT", "-1"),
            ("TRYTON_LOGIN_TIMEOUT", "0"),
            ("TRYTON_ANSWER_LIMIT", "1 GiB"),
            ("TRYTON_RETRY_WITHIN", "no"),
            ("TRYTON_RETRIES", "1.5"),
            ("TRYTON_SESSION_TTL", "NaN"),
            ("TRYTON_SESSION_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            ("TRYTON_CA_FILE", "/nowhere.pem"),
            ("TRYTON_CLIENT_CERT", "/nowhere.pem"),
            ("TRYTON_CLIENT_KEY", "/nowhere.pem"),
            ("TRYTON_PIN", "sha256//AAAA"),
            ("TRYTON_PIN", "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
            ("TRYTON_POOL_IDLE_TIMEOUT", "-1"),
            ("TRYTON_HEADERS", "s3cret"),
            ("TRYTON_PROXY", "no"),
            ("TRYTON_REDIS_URL", "localhost:6379"),
            ("TRYTON_REDIS_URL", "redis://:s3cret@host:port"),
        ] {
            let error = from(&[(name, value)]).expect_err(name);
            assert!(error.is_configuration() && error.to_string().contains(name), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_variable_that_is_not_utf_8_is_not_passed_over() {
        use std::os::unix::ffi::OsStringExt;

        for wrong in ["TRYTON_RPC_URL", "TRYTON_DATABASE", "TRYTON_PASSWORD", "TRYTON_PIN", "TRYTON_REDIS_URL"] {
            let read = |name: &str| match name {
                _ if name == wrong => Some(OsString::from_vec(vec![b'a', 0xff])),
                "TRYTON_RPC_URL" => Some("http://localhost/demo".into()),
                "TRYTON_USER" | "TRYTON_PASSWORD" => Some("secret".into()),
                _ => None,
            };
            let error = ClientBuilder::from_variables(read).expect_err(wrong);
            assert_eq!(error.to_string(), format!("the environment variable {wrong} is not UTF-8"));
        }
        let authorities = |name: &str| (name == "TRYTON_CA_FILE").then(|| OsString::from_vec(vec![b'/', 0xff]));
        let builder = Client::builder("https://localhost", "demo").with_variables(&Variables(authorities));
        let error = builder.expect("a path need not be UTF-8").build().expect_err("there is no such file");
        assert!(error.to_string().contains("TRYTON_CA_FILE"), "{error}");
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let folder = std::env::temp_dir().join(format!("tryton-sdk-secrets-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let file = |name: &str, text: &str| {
            fs::write(folder.join(name), text).expect("a file");
            folder.join(name).to_str().expect("UTF-8").to_owned()
        };
        let [good, empty] = [file("password", "s3cret \r\n"), file("empty", "\n")];
        let read = |changes: [(&'static str, String); 2]| {
            move |name: &str| changes.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into())
        };
        let both = |first: &str, second: &str| [("A", first.to_owned()), ("A_FILE", second.to_owned())];
        let secret = Variables(read(both("", &good))).secret("A").expect("readable").expect("set");
        assert_eq!(secret.expose_secret(), "s3cret ");
        for (value, path) in [("s3cret", good.as_str()), ("", &empty), ("", "/nowhere")] {
            let error = Variables(read(both(value, path))).secret("A").expect_err(path);
            assert!(error.is_configuration() && error.to_string().contains("A_FILE"), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        assert!(from(&[("TRYTON_PASSWORD", ""), ("TRYTON_PASSWORD_FILE", &good)]).is_ok());
        fs::remove_dir_all(&folder).expect("removed");
    }
}
