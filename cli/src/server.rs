//! Reading the metadata of a live server.

use std::time::Duration;

use clap::Args;
use serde_json::Value;
use tryton_sdk::{Client, Context};
use tryton_sdk_metadata::introspect::{self, Introspected, Options, Rpc, Wanted};

use crate::connection::Connection;
use crate::error::Error;
use crate::progress::Report;
use crate::settings::Settings;

/// How long Redis keeps the definition of a model's fields. It is used only while nothing has changed.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// The server to read, and how to read it.
#[derive(Args, Clone)]
pub(crate) struct Server {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// The number of models to ask for at the same time; more helps if the server runs in several processes
    #[arg(long, value_name = "NUMBER", default_value_t = 4)]
    jobs: usize,
    /// Read everything again, whatever Redis has cached: after code was changed without a new version of its module
    #[arg(long)]
    fresh: bool,
}

impl Server {
    /// Reads the metadata with labels in `language`, and shows the progress.
    pub(crate) fn read(&self, settings: &Settings, language: &str, models: Wanted<'_>) -> Result<Introspected, Error> {
        let visit = self.connection.visit(settings)?;
        visit.during(async |client, session| {
            let client = &client.with(Context::new().language(language));
            let series = client.series().await?.to_string();
            let (login, keep) = (session.login(), self.connection.keeps());
            let options = Options { series: &series, login, language, models, jobs: self.jobs, keep };
            let mut report = Report::new();
            let live = Live { client, fresh: self.fresh };
            let read = introspect::introspect(&live, &options, |done| report.tell(done)).await;
            report.end();
            Ok(read?)
        })
    }
}

/// The SDK's client, for the introspection.
struct Live<'a> {
    client: &'a Client,
    /// Whether to ignore what is cached.
    fresh: bool,
}

impl Rpc for Live<'_> {
    type Error = tryton_sdk::Error;

    /// Asks the server itself, even if the server allows caching.
    async fn call(&self, method: &str, params: Vec<Value>) -> Result<Value, Self::Error> {
        // Clients may not know that this method only reads.
        if method.ends_with(".get_id") {
            return self.client.call(method, params).await;
        }
        self.client.cached_call(method, params, Duration::ZERO).await
    }

    async fn kept(&self, method: &str, params: Vec<Value>, fingerprint: &str) -> Result<Value, Self::Error> {
        // Servers ignore keys that begin with `_`; the cache distinguishes contexts by all keys.
        let client = self.client.with(Context::new().set("_fingerprint", fingerprint));
        if self.fresh {
            client.invalidate(method, &params).await?;
        }
        client.cached_call(method, params, KEPT).await
    }

    fn is_refusal(&self, error: &Self::Error) -> bool {
        error.is_forbidden()
            || error.is_unknown_method()
            || error.is_unknown_model()
            || error.is_unknown_field()
            || error.is_internal()
            || error.is_server_exception()
            || error.is_user_error()
    }
}
