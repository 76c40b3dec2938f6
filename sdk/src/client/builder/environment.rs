//! The settings that environment variables hold.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::ClientBuilder;
use crate::client::address::Address;
use crate::client::retry::Retry;
use crate::wire::http::Limits;
use crate::wire::tls::{ClientCertificate, TlsSettings};
use tryton_sdk_core::{Error, Result};

impl ClientBuilder {
    /// The settings that the variables hold; `read` gives a variable's value.
    pub(in crate::client) fn from_variables(read: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let variables = Variables(read);
        let url = variables.required("TRYTON_RPC_URL")?;
        let database = variables.text("TRYTON_DATABASE");
        let in_environment = |e: Error| Error::configuration(format!("TRYTON_RPC_URL, TRYTON_DATABASE: {e}"));
        Address::parse(&url, database.as_deref()).map_err(in_environment)?;
        let builder = Self { database, ..Self::new(&url, "") };
        let password = variables.required("TRYTON_PASSWORD")?;
        builder.credentials(&variables.required("TRYTON_USER")?, password).with_variables(&variables)
    }

    /// Takes the settings from the environment that [`Client::from_env`](crate::Client::from_env) reads, except where the
    /// server is and who logs in there. A setting whose variable is not set stays as it is.
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
        self.with_variables(&Variables(|name: &str| std::env::var(name).ok()))
    }

    fn with_variables<R: Fn(&str) -> Option<String>>(mut self, variables: &Variables<R>) -> Result<Self> {
        self.session_ttl = variables.seconds("TRYTON_SESSION_TTL")?.or(self.session_ttl);
        self.session_key = variables.text("TRYTON_SESSION_KEY").map(Into::into).or(self.session_key);
        self.limits = variables.limits(self.limits)?;
        self.retry = variables.retry(self.retry)?;
        self.tls = variables.tls(self.tls)?;
        self.proxy = variables.parsed("TRYTON_PROXY", "`true` or `false`")?.unwrap_or(self.proxy);
        Ok(match variables.text("TRYTON_REDIS_URL") {
            Some(url) => self.redis(url),
            None => self,
        })
    }
}

/// What gives a variable's value.
struct Variables<R>(R);

impl<R: Fn(&str) -> Option<String>> Variables<R> {
    /// A variable that is empty is not set.
    fn text(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    fn required(&self, name: &str) -> Result<String> {
        self.text(name).ok_or_else(|| missing(name))
    }

    fn parsed<T: FromStr>(&self, name: &str, what: &str) -> Result<Option<T>> {
        let Some(value) = self.text(name) else { return Ok(None) };
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

    fn limits(&self, before: Limits) -> Result<Limits> {
        Ok(Limits {
            connect: self.seconds("TRYTON_CONNECT_TIMEOUT")?.unwrap_or(before.connect),
            idle: self.seconds("TRYTON_IDLE_TIMEOUT")?.unwrap_or(before.idle),
            whole: self.seconds("TRYTON_TIMEOUT")?.or(before.whole),
            answer: self.number("TRYTON_ANSWER_LIMIT")?.unwrap_or(before.answer),
        })
    }

    fn retry(&self, before: Retry) -> Result<Retry> {
        Ok(Retry {
            retries: self.number("TRYTON_RETRIES")?.unwrap_or(before.retries),
            within: self.seconds("TRYTON_RETRY_WITHIN")?.unwrap_or(before.within),
        })
    }

    fn tls(&self, before: TlsSettings) -> Result<TlsSettings> {
        let client_certificate = match (self.text("TRYTON_CLIENT_CERT"), self.text("TRYTON_CLIENT_KEY")) {
            (Some(chain), Some(key)) => Some(ClientCertificate { chain: chain.into(), key: key.into() }),
            (None, None) => before.client_certificate,
            _ => return Err(Error::configuration("TRYTON_CLIENT_CERT and TRYTON_CLIENT_KEY belong together")),
        };
        let pins = self.text("TRYTON_PIN");
        let pins = pins.map(|pins| pins.split_terminator(',').map(str::to_owned).collect());
        Ok(TlsSettings {
            ca_file: self.text("TRYTON_CA_FILE").map(PathBuf::from).or(before.ca_file),
            client_certificate,
            pins: pins.unwrap_or(before.pins),
        })
    }
}

fn missing(name: &str) -> Error {
    Error::configuration(format!("the environment variable {name} is not set"))
}

/// Seconds above zero, fractions allowed.
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
            all.clone().find(|(n, _)| *n == name).map(|(_, value)| value.to_string())
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
        assert_eq!(values.len(), 6, "{values:?}");
        let builder = Client::builder("https://localhost", "demo");
        let read = |name: &str| values.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        let stated = builder.clone().with_variables(&Variables(read)).expect("settings");
        assert_eq!(format!("{stated:?}"), format!("{builder:?}"));
    }

    #[test]
    fn what_no_variable_mentions_stays_as_it_was_set() {
        let builder =
            Client::builder("https://localhost", "demo").timeout(Duration::from_secs(7)).retries(5).pin("sha256//x");
        let builder = builder.session_ttl(Duration::from_secs(60)).ca_file("/ca.pem").proxy(false);
        let read = |name: &str| (name == "TRYTON_CONNECT_TIMEOUT").then(|| "3".to_owned());
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
            ("TRYTON_TIMEOUT", "soon"),
            ("TRYTON_TIMEOUT", "0"),
            ("TRYTON_TIMEOUT", "-1"),
            ("TRYTON_TIMEOUT", "1e999"),
            ("TRYTON_CONNECT_TIMEOUT", "0"),
            ("TRYTON_IDLE_TIMEOUT", "-1"),
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
            ("TRYTON_PROXY", "no"),
            ("TRYTON_REDIS_URL", "localhost:6379"),
            ("TRYTON_REDIS_URL", "redis://:s3cret@host:port"),
        ] {
            let error = from(&[(name, value)]).expect_err(name);
            assert!(error.is_configuration() && error.to_string().contains(name), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }
}
