//! Logins, with all parameters that the server asks for.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use tryton_sdk_core::{Call, Context, Error, Result, Series, answer};

use super::Session;
use super::challenge::Challenger;
use crate::client::endpoint::{Endpoint, LOGIN};
use crate::client::observe::Tracked;
use crate::client::retry::Retry;

/// From this series on, servers with any database backend respond with HTTP 404 to a login to a missing database. Before,
/// the response may be an exception, as with SQLite.
const UNKNOWN_DATABASE_IS_404: Series = Series::new(7, 0);

/// From this series on, the session header is split from its beginning, so a name with a colon is cut off.
const COLON_PARTS: Series = Series::new(8, 0);

/// How often a login is repeated with one more parameter.
const CHALLENGES: usize = 8;

/// The data of a login.
#[derive(Debug)]
pub(in crate::client) struct Login {
    pub(in crate::client) user: String,
    pub(in crate::client) password: SecretString,
    pub(in crate::client) way: Way,
    pub(in crate::client) challenger: Option<Challenger>,
    pub(in crate::client) device_cookie: RwLock<Option<SecretString>>,
}

/// The login parameters, by the server's names.
type Parameters = BTreeMap<String, SecretString>;

/// How a user authenticates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::client) enum Way {
    /// With the session from a login.
    Session,
    /// With the password, in each call.
    Basic,
}

impl Login {
    /// Checks that the name and password can be sent.
    ///
    /// # Errors
    ///
    /// [`is_configuration`](Error::is_configuration)
    pub(in crate::client) fn check(user: &str, password: &SecretString, way: Way) -> Result<()> {
        let has_line_end = |text: &str| text.contains(['\r', '\n']);
        let why = if has_line_end(user) {
            "the user name (`credentials`, TRYTON_USER) holds a line end: remove it"
        } else if has_line_end(password.expose_secret()) {
            "the password (`credentials`, TRYTON_PASSWORD) holds a line end, as files do: remove it, or name the file by \
             TRYTON_PASSWORD_FILE"
        } else if way == Way::Basic && user.contains(':') {
            "a user name with a `:` cannot be sent by `basic`"
        } else {
            return Ok(());
        };
        Err(Error::configuration(why))
    }

    pub(super) fn device_cookie(&self) -> Option<SecretString> {
        self.device_cookie.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn keep_device_cookie(&self, cookie: SecretString) {
        *self.device_cookie.write().unwrap_or_else(PoisonError::into_inner) = Some(cookie);
    }

    /// Returns the same kind of login for another user, without a device cookie.
    pub(super) fn of(&self, user: &str, password: SecretString) -> Self {
        let (user, challenger) = (user.to_owned(), self.challenger.clone());
        Self { user, password, way: self.way, challenger, device_cookie: RwLock::default() }
    }

    /// Logs in, with all parameters that the server asks for.
    pub(super) async fn log_in(&self, endpoint: &Arc<Endpoint>, retry: Retry) -> Result<Session> {
        if self.user.contains(':') && endpoint.series().await? >= COLON_PARTS {
            let why = "a user name with a `:` (`credentials`, TRYTON_USER) cannot have a session at a server of this \
                       series: rename the user";
            return Err(Error::configuration(why));
        }
        let mut parameters = self.parameters();
        let mut asked = 0;
        loop {
            let refusal = match self.try_parameters(endpoint, retry, &parameters).await {
                Err(error) if error.is_login_challenge() => error,
                outcome => return outcome,
            };
            let (Some(challenge), Some(challenger)) = (refusal.login_challenge(), &self.challenger) else {
                return Err(refusal);
            };
            if asked == CHALLENGES {
                return Err(refusal.noting("it goes on asking, however much it is told"));
            }
            asked += 1;
            let Some(answer) = challenger.ask(challenge.clone()).await else {
                return Err(refusal);
            };
            parameters.insert(challenge.parameter.clone(), answer);
        }
    }

    fn parameters(&self) -> Parameters {
        let mut parameters = Parameters::from([("password".to_owned(), self.password.clone())]);
        parameters.extend(self.device_cookie().map(|cookie| ("device_cookie".to_owned(), cookie)));
        parameters
    }

    /// Logs in with these parameters. It is retried here, once for all tasks that wait for the session.
    async fn try_parameters(&self, endpoint: &Arc<Endpoint>, retry: Retry, parameters: &Parameters) -> Result<Session> {
        // Makes no copy of the secrets except in the call, which overwrites its memory.
        let parameters: BTreeMap<_, _> = parameters.iter().map(|(name, value)| (name, value.expose_secret())).collect();
        let call = Call::new(LOGIN, (&self.user, parameters), &Context::new())?;
        let course = Arc::default();
        let call = Tracked { call: &call, course: &course };
        retry.run(call, |_| true, || self.try_once(endpoint, call)).await
    }

    async fn try_once(&self, endpoint: &Arc<Endpoint>, call: Tracked<'_>) -> Result<Session> {
        let about = |e: Error| e.about(call.subject());
        let response = endpoint.send(call, None).await.map_err(about)?;
        let database = endpoint.address().database_name();
        match response.status {
            200 => {}
            // Only a proxy sends `WWW-Authenticate`.
            401 if !response.says_how_to_log_in => return Err(self.bad_credentials(endpoint)),
            404 => return Err(Error::unknown_database(database, "")),
            _ => return Err(about(response.refusal())),
        }
        let body = Zeroizing::new(response.body);
        let may_be_the_database = endpoint.series().await? < UNKNOWN_DATABASE_IS_404;
        let LoggedIn { user_id, token } = answer::read(&body, PhantomData, call.subject()).map_err(|e| {
            match e.exception_text().filter(|_| may_be_the_database) {
                Some(text) => Error::unknown_database(database, text),
                None => about(e.answered_at(endpoint.address().url())),
            }
        })?;
        Ok(Session::new(&self.user, user_id, token))
    }

    pub(super) fn bad_credentials(&self, endpoint: &Endpoint) -> Error {
        Error::bad_credentials(&self.user, endpoint.address().database_name())
    }
}

/// The response to a login: the user's id, the token and, since 7.8, the URL of the bus.
struct LoggedIn {
    user_id: i64,
    token: SecretString,
}

impl<'de> Deserialize<'de> for LoggedIn {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Parts;

        impl<'de> Visitor<'de> for Parts {
            type Value = LoggedIn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a user's id and a session token")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<LoggedIn, A::Error> {
                let user_id = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(0, &self))?;
                let token: String = parts.next_element()?.ok_or_else(|| A::Error::invalid_length(1, &self))?;
                while parts.next_element::<IgnoredAny>()?.is_some() {}
                Ok(LoggedIn { user_id, token: token.into() })
            }
        }

        from.deserialize_seq(Parts)
    }
}
