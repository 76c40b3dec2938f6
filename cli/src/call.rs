//! `cargo tryton call`.

use clap::Args;
use serde_json::{Map, Value};
use tryton_sdk::Context;
use tryton_sdk::connection::{Subject, remove_secrets};

use crate::app::{App, Verdict, note};
use crate::connection::Connection;
use crate::error::Error;
use crate::rights;

/// Call a method of the server, and show the answer as JSON
///
/// The parameters are those of the method without the context, which is added to the methods of
/// models, wizards and reports: the one that the user has chosen, with the company and the language.
/// Passwords, keys, tokens and cookies in the answer are shown as `removed`.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton call model.party.party.search_count '[[]]'\n  \
    cargo tryton call model.party.party.read '[[1], [\"name\", \"code\"]]'")]
pub(crate) struct Call {
    /// The method, such as model.party.party.search_read
    method: String,
    /// Its parameters, an array in JSON
    #[arg(default_value = "[]")]
    params: String,
    /// The context, an object in JSON, instead of the user's
    #[arg(long, value_name = "JSON")]
    context: Option<String>,
    /// Call a method that may change something on the server
    #[arg(long)]
    write: bool,
    #[command(flatten)]
    connection: Connection,
}

impl Call {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let subject = Subject::new(&self.method);
        if subject.gives_a_secret() {
            let why = "the answer would be a session or a device's cookie, which is a secret: `cargo tryton login` logs in \
                       and keeps the cookie where the server asks for more than a password";
            return Err(Error::usage(why));
        }
        if subject.is_write() && !self.write {
            let why = format!("`{}` may change something on the server: give --write to call it", self.method);
            return Err(Error::usage(why));
        }
        let params =
            json::<Vec<Value>>(&self.params, "the parameters are no array in JSON, such as '[[1], [\"name\"]]'")?;
        let wrong = "the context is no object in JSON, such as '{\"company\": 1}'";
        let context = self.context.as_deref().map(|text| json::<Map<String, Value>>(text, wrong)).transpose()?;
        let visit = self.connection.visit(&app.settings)?;
        let sent = params.clone();
        let mut answer: Value = visit.during(async |client, session| {
            let context = match context {
                Some(keys) => keys.into(),
                None if subject.takes_context() => client.user_context().await?,
                None => Context::new(),
            };
            match client.with(context).call(&self.method, params).await {
                Ok(answer) => Ok(answer),
                Err(error) => Err(rights::refused(error, client, session.login(), &subject).await),
            }
        })?;
        let whole = answer.clone();
        remove_secrets(&self.method, &sent, &mut answer);
        app.json(&answer)?;
        if answer != whole {
            note("what fields with such names hold may be secret, and is shown as `removed`");
        }
        Ok(Verdict::Well)
    }
}

fn json<T: serde::de::DeserializeOwned>(text: &str, wrong: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error::usage(format!("{wrong}: {error}")))
}
