//! Logging in, with as many parameters as the server asks for.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, SeqAccess, Visitor};
use serde_json::json;
use tryton_sdk_core::{Call, Context, Error, Result, Series, answer};

use super::challenge::Challenger;
use super::observe::{self, Tracked};
use super::{Client, Session, Shared, retry};

pub(super) const METHOD: &str = "common.db.login";

/// From this series on a login to a database that is not there is answered by HTTP 404, with every kind of database.
/// Before, it may be answered with an exception, as it is with SQLite.
const UNKNOWN_DATABASE_IS_404: Series = Series::new(7, 0);

/// So often one login is repeated with one more parameter.
const CHALLENGES: usize = 8;

/// What a login needs.
#[derive(Debug)]
pub(super) struct Login {
    pub(super) user: String,
    pub(super) password: SecretString,
    pub(super) way: Way,
    pub(super) challenger: Option<Challenger>,
    pub(super) device_cookie: RwLock<Option<SecretString>>,
}

/// What the server wants of a user, by its names for it.
type Parameters = BTreeMap<String, SecretString>;

/// How a user proves who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// By the session that a login gives.
    Session,
    /// By the password, in each call.
    Basic,
}

impl Login {
    pub(super) fn device_cookie(&self) -> Option<SecretString> {
        self.device_cookie.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn parameters(&self) -> Parameters {
        let mut parameters = Parameters::from([("password".to_owned(), self.password.clone())]);
        parameters.extend(self.device_cookie().map(|cookie| ("device_cookie".to_owned(), cookie)));
        parameters
    }
}

impl Client {
    /// The id of the user's record in `res.user`. With `basic` it is looked for, because no login tells it.
    pub(crate) async fn user_id(&self) -> Result<i64> {
        let Some((user, _)) = self.shared.sessions.basic() else {
            return Ok(self.login().await?.user_id());
        };
        let params = vec![json!([["login", "=", user]]), json!(0), json!(2)];
        let call = Call::on_model("res.user", "search", params, &self.context);
        match self.call_once::<Vec<i64>>(&call).await?[..] {
            [id] => Ok(id),
            ref ids => Err(Error::not_one(ids.len() as u64).about(call.subject())),
        }
    }
}

impl Shared {
    pub(super) async fn log_in(self: &Arc<Self>, login: &Login) -> Result<Session> {
        if login.way == Way::Basic {
            return Err(Error::configuration("a client with `basic` has no session: each of its calls logs in"));
        }
        let mut parameters = login.parameters();
        let mut asked = 0;
        loop {
            let refusal = match self.try_to_log_in(&login.user, &parameters).await {
                Err(error) if error.is_login_challenge() => error,
                outcome => return outcome,
            };
            let (Some(challenge), Some(challenger)) = (refusal.login_challenge(), &login.challenger) else {
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

    /// Logs in with these parameters. Who else needs a session waits meanwhile: it is repeated here, once for all.
    async fn try_to_log_in(self: &Arc<Self>, user: &str, parameters: &Parameters) -> Result<Session> {
        // Nothing between the secrets and the call, which overwrites its memory.
        let parameters: BTreeMap<_, _> = parameters.iter().map(|(name, value)| (name, value.expose_secret())).collect();
        let call = Call::new(METHOD, (user, parameters), &Context::new())?;
        let mut repetitions = self.retry.begin();
        let course = Arc::default();
        let call = Tracked { call: &call, course: &course };
        loop {
            let error = match self.log_in_once(user, call).await {
                Ok(session) => return Ok(session),
                Err(error) => error,
            };
            let Some(wait) = repetitions.after(&error) else { return Err(retry::given_up(error)) };
            observe::repetition(call, &error, wait);
            tokio::time::sleep(wait).await;
        }
    }

    async fn log_in_once(self: &Arc<Self>, user: &str, call: Tracked<'_>) -> Result<Session> {
        let about = |e: Error| e.about(call.subject());
        let response = self.send(call, None).await.map_err(about)?;
        match response.status {
            200 => {}
            // Only a proxy would say how to log in.
            401 if !response.says_how_to_log_in => return Err(self.bad_credentials(user)),
            404 => return Err(self.unknown_database("")),
            _ => return Err(about(response.refusal())),
        }
        let body = Zeroizing::new(response.body);
        let may_be_the_database = self.server().await?.series < UNKNOWN_DATABASE_IS_404;
        let LoggedIn { user_id, token } = answer::read(&body, PhantomData, call.subject()).map_err(|e| {
            match e.exception_text().filter(|_| may_be_the_database) {
                Some(text) => self.unknown_database(text),
                None => about(e.answered_at(self.address.url())),
            }
        })?;
        Ok(Session::new(user, user_id, token))
    }

    pub(super) fn bad_credentials(&self, user: &str) -> Error {
        Error::bad_credentials(user, self.address.database_name())
    }

    fn unknown_database(&self, text: &str) -> Error {
        Error::unknown_database(self.address.database_name(), text)
    }
}

/// What a login is answered with: the user's id, the token and, since 7.8, where the bus is.
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
