//! `cargo tryton login`.

use clap::Args;
use serde_json::{Value, json};

use crate::app::{App, Verdict, note};
use crate::connection::Connection;
use crate::error::Error;

/// Check the credentials, and show the user that they belong to
///
/// Each command logs in with TRYTON_PASSWORD, and logs out at the end. If the server asks for more, such as a code sent
/// by text message, the command asks on the terminal, or takes it from --code. The cookie by which the server then
/// recognizes this device is stored in ~/.local/state/cargo-tryton (XDG_STATE_HOME), where only you may read it;
/// nothing else is stored.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton login --user admin --password-stdin < password.txt\n  \
    cargo tryton login --code 123456                     # or --code sms_code=123456, if the server asks for several")]
pub(crate) struct Login {
    #[command(flatten)]
    connection: Connection,
}

impl Login {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let visit = self.connection.visit(&app.settings)?;
        let (session, user) = visit.during(async |client, session| {
            let user: Value = client.call("model.res.user.get_preferences", (true,)).await?;
            Ok((session, user))
        })?;
        let groups = user["groups"].as_array().map_or(0, Vec::len);
        let answer = json!({
            "login": session.login(),
            "user_id": session.user_id(),
            "administrator": user["administrator"].as_bool(),
            "groups": groups,
            "language": user["language"],
        });
        app.answer(&answer, || format!("{} is user {}, in {groups} groups", session.login(), session.user_id()))?;
        if user["administrator"] == false {
            note(format!("{} is not an administrator: fields that {0} may not read will be missing", session.login()));
        }
        let models = if app.settings.models.is_empty() { " --models 'sale.*,party.party'" } else { "" };
        let out = if app.settings.schema.is_none() { " --out schemas/mine" } else { "" };
        app.next(format!("`cargo tryton pull{models}{out}`"));
        Ok(Verdict::Well)
    }
}
