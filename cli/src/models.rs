//! `cargo tryton models`.

use clap::Args;
use serde::Serialize;
use tryton_sdk_metadata::columns::columns;

use crate::app::{App, Verdict, note};
use crate::error::Error;
use crate::schema::{self, Schema};

/// How many of the models that a snapshot leaves out are listed.
const SHOWN: usize = 20;

/// List the models of a snapshot: technical name, type in Rust, label
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton models --search invoice")]
pub(crate) struct Models {
    /// List only models with this text in one of their names, ignoring case
    #[arg(long, value_name = "TEXT", default_value = "")]
    search: String,
    #[command(flatten)]
    schema: Schema,
}

#[derive(Serialize)]
struct Found {
    model: String,
    rust: String,
    label: String,
}

impl Found {
    fn row(&self) -> [String; 3] {
        [&self.model, &self.rust, &self.label].map(String::clone)
    }
}

impl Models {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let snapshot = self.schema.open(&app.settings)?;
        let text = self.search.to_lowercase();
        let mut found = Vec::new();
        for name in &snapshot.server().models {
            let label = snapshot.model(name)?.label;
            let row = Found { model: name.clone(), rust: schema::type_name(name, &app.settings), label };
            if row.row().iter().any(|name| name.to_lowercase().contains(&text)) {
                found.push(row);
            }
        }
        app.answer(&found, || {
            let rows: Vec<_> = found.iter().map(Found::row).collect();
            columns(&rows)
        })?;
        let others: Vec<&str> =
            snapshot.server().other_models.iter().map(String::as_str).filter(|name| name.contains(&text)).collect();
        if !others.is_empty() {
            note(left_out(&others, !text.is_empty()));
        }
        let names = found.iter().map(|found| found.model.as_str());
        match schema::example(names, &app.settings.models) {
            Some(model) => app.next(format!("`cargo tryton describe {model}`")),
            None => app.next("run it without --search to list all models"),
        }
        Ok(Verdict::Well)
    }
}

/// Says which models the server has beside those of the snapshot. Without a search there are hundreds.
fn left_out(others: &[&str], is_search: bool) -> String {
    let number = others.len();
    match is_search {
        true => {
            let shown = others.iter().take(SHOWN).map(|name| format!("\n  {name}")).collect::<String>();
            let rest = if number > SHOWN { "\n  …" } else { "" };
            format!(
                "the server has {number} more; to add one, name it in `models` of tryton.toml, and pull again:{shown}{rest}"
            )
        }
        false => format!("the server has {number} more that this snapshot leaves out; --search finds them, too"),
    }
}
