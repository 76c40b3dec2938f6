//! `cargo tryton login`.

use clap::Args;
use serde_json::{Value, json};

use crate::app::{self, App, Verdict, note};
use crate::connection::Connection;
use crate::error::Error;

/// Check the credentials, and tell who they belong to
///
/// Nothing is stored: each command logs in with TRYTON_PASSWORD, and out again.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton login --user admin --password-stdin < password.txt")]
pub(crate) struct Login {
    #[command(flatten)]
    connection: Connection,
}

impl Login {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let client = self.connection.client(&app.settings)?;
        let (session, user) = app::block_on(async {
            let session = client.login().await?;
            let user: Value = client.call("model.res.user.get_preferences", (true,)).await?;
            Connection::end(&client).await;
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
            note(format!("{} is no administrator: fields that {0} may not read will be missing", session.login()));
        }
        app.next("`cargo tryton pull --models 'sale.*,party.party' --out schemas/mine`");
        Ok(Verdict::Well)
    }
}
