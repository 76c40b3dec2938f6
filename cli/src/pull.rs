//! `cargo tryton pull`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::Value;
use tryton_sdk::Client;
use tryton_sdk_codegen::introspect::{self, Introspected, Options, Refused, Rpc};
use tryton_sdk_codegen::snapshot::{self, Written};

use crate::connection::{Connection, LANGUAGE};
use crate::error::Error;
use crate::models::Models;
use crate::progress::Report;

/// Read the metadata of a server into a folder of JSON files
///
/// The folder holds one file for each model and `server.json`. Check it in: builds read it, and
/// never the server. Pull again when the server's modules change; from an unchanged server that
/// changes no byte. A snapshot in the folder is replaced as a whole, and any other folder refused.
///
/// Fields that the user may not read are missing from the snapshot: pull as an administrator.
#[derive(Args)]
#[command(after_help = "For example, with the server in the environment:\n  \
    cargo tryton pull --models 'sale.*,party.party' --out schemas/mine")]
pub(crate) struct Pull {
    #[command(flatten)]
    models: Models,
    /// The folder of the snapshot
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    connection: Connection,
}

impl Pull {
    pub(crate) fn run(&self) -> Result<(), Error> {
        let start = Instant::now();
        let client = self.connection.client()?;
        let read = crate::block_on(async {
            let read = self.read(&client).await;
            // The session is of no more use; one that cannot be ended expires by itself.
            let _ = client.logout().await;
            read
        })?;
        let Introspected { snapshot, refused, requests } = read;
        if snapshot.models.is_empty() {
            return Err(Error::new(format!("nothing was pulled: {}", list(&refused, "; "))));
        }
        let written = snapshot::write(&self.out, &snapshot)?;
        let fields = snapshot.models.iter().map(|model| model.fields.len()).sum();
        let counts = [snapshot.models.len(), fields, requests];
        println!("{}: {}", self.out.display(), summary(counts, written, start.elapsed()));
        if !snapshot.server.user.administrator {
            let login = &snapshot.server.user.login;
            eprintln!("note: {login} is no administrator; fields that {login} may not read are missing");
        }
        if !refused.is_empty() {
            eprintln!("The server refused, and the snapshot lacks:\n  {}", list(&refused, "\n  "));
        }
        Ok(())
    }

    async fn read(&self, client: &Client) -> Result<Introspected, Error> {
        let series = client.series().await?.to_string();
        let login = client.login().await?.login().to_owned();
        let patterns = self.models.patterns();
        let options = Options { series: &series, login: &login, language: LANGUAGE, models: &patterns };
        let mut report = Report::new();
        let read = introspect::introspect(&Server(client), &options, |done| report.tell(done)).await;
        report.end();
        Ok(read?)
    }
}

/// The SDK's client as the introspection sees it.
struct Server<'a>(&'a Client);

impl Rpc for Server<'_> {
    type Error = tryton_sdk::Error;

    async fn call(&self, method: &str, params: Vec<Value>) -> Result<Value, Self::Error> {
        self.0.call(method, params).await
    }

    fn is_refusal(&self, error: &Self::Error) -> bool {
        error.is_forbidden()
            || error.is_not_found()
            || error.is_internal()
            || error.is_server_exception()
            || error.is_user_error()
    }
}

fn list(refused: &[Refused], separator: &str) -> String {
    refused.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
}

fn summary(counts: [usize; 3], written: Written, time: Duration) -> String {
    let [models, fields, requests] = counts;
    let size = written.bytes.div_ceil(1000);
    let state = if written.unchanged { "unchanged" } else { "written" };
    format!(
        "{state}, {models} models with {fields} fields, {size} kB ({requests} requests, {:.1} s)",
        time.as_secs_f64()
    )
}
