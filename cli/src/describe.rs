//! `cargo tryton describe`.

use clap::Args;
use tryton_sdk_codegen::suggest;
use tryton_sdk_metadata::describe::describe;

use crate::app::{App, Verdict};
use crate::error::Error;
use crate::schema::{self, Schema};

/// Show the fields, buttons, reports and wizards of a model, with their names in Rust
///
/// Reads only the snapshot, not the server.
#[derive(Args)]
#[command(after_help = "For example:\n  \
    cargo tryton describe sale.sale\n  \
    cargo tryton describe SaleLine product")]
pub(crate) struct Describe {
    /// The model, such as sale.sale, or its type, such as Sale
    model: String,
    /// One of its fields
    field: Option<String>,
    #[command(flatten)]
    schema: Schema,
}

impl Describe {
    pub(crate) fn run(&self, app: &App) -> Result<Verdict, Error> {
        let snapshot = self.schema.open(&app.settings)?;
        let model = schema::model(&snapshot, &app.settings, &self.model)?;
        let plan = schema::model_plan(&snapshot, &app.settings, &model)?;
        let description = describe(&model, &plan);
        let Some(wanted) = &self.field else {
            app.page(&description, || description.text())?;
            return Ok(Verdict::Well);
        };
        let Some(field) = description.fields.iter().find(|field| field.name == *wanted) else {
            let names = description.fields.iter().map(|field| field.name.as_str());
            let remedy = suggest::question(wanted, names);
            let remedy = remedy.unwrap_or_else(|| "leave the field out to list all fields".to_owned());
            return Err(Error::usage(format!("`{}` has no field `{wanted}`: {remedy}", model.model)));
        };
        app.page(field, || field.text())?;
        Ok(Verdict::Well)
    }
}
