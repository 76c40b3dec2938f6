//! Reading a live server's metadata, through any client that implements [`Rpc`].

mod actions;
mod concurrent;
mod definition;
mod error;
mod fingerprint;
mod models;
mod server;

use std::collections::BTreeSet;
use std::future::Future;

use serde_json::{Value, json};
use tryton_sdk_codegen::snapshot::{FORMAT, LONGEST_NAME, Model, SERVER_FILE, Server, Snapshot, file_name};

use crate::patterns;

pub use error::{IntrospectError, Refused};

/// A client of the server, with a session of a user who may read the metadata.
///
/// Its context must name a language; all labels will be in it.
pub trait Rpc {
    /// The error of the client.
    type Error: std::error::Error;

    /// Calls `method`, such as `model.ir.model.search_read`, with `params` followed by the client's context, if the
    /// method takes one.
    fn call(&self, method: &str, params: Vec<Value>) -> impl Future<Output = Result<Value, Self::Error>> + Send;

    /// Like [`call`](Self::call), for a response that stays the same as long as the server has this `fingerprint`: it
    /// may be cached, and a cached one returned.
    fn kept(
        &self,
        method: &str,
        params: Vec<Value>,
        fingerprint: &str,
    ) -> impl Future<Output = Result<Value, Self::Error>> + Send;

    /// Whether the server works and only refuses this call, so that others may succeed.
    fn is_refusal(&self, error: &Self::Error) -> bool;
}

/// The options of [`introspect`].
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The series of the server, such as `8.2`.
    pub series: &'a str,
    /// The login name of the session's user.
    pub login: &'a str,
    /// The language in the client's context.
    pub language: &'a str,
    /// The models to read.
    pub models: Wanted<'a>,
    /// The number of models to ask for at the same time.
    pub jobs: usize,
    /// Whether to read definitions of fields with [`Rpc::kept`]. Computing the fingerprint takes a few requests.
    pub keep: bool,
}

/// The models to read.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// All models that match one of the patterns, each of which must match; see [`patterns`].
    Matching(&'a [String]),
    /// These models, as far as the server has them.
    Known(&'a BTreeSet<String>),
}

/// The progress of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of models that are done.
    pub done: usize,
    /// The number of all models.
    pub total: usize,
}

/// The result of reading.
#[derive(Clone, Debug)]
pub struct Introspected {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The models and parts that the server refused to return.
    pub refused: Vec<Refused>,
    /// The number of calls.
    pub requests: usize,
}

impl Introspected {
    /// Returns what was refused although `before` has it: a snapshot without it describes less of the same server.
    pub fn lost<'a>(&'a self, before: &'a Snapshot) -> impl Iterator<Item = &'a Refused> {
        let any = |has: fn(&Model) -> bool| before.models.iter().any(has);
        self.refused.iter().filter(move |refused| match refused.subject.as_str() {
            model if !refused.is_part => before.server.models.contains(model),
            "ir.module" => !before.server.modules.is_empty(),
            "ir.model.button" => any(|model| !model.buttons.is_empty()),
            "ir.action.report" => any(|model| !model.reports.is_empty()),
            "ir.action.wizard" => any(|model| !model.wizards.is_empty()),
            "ir.action.keyword" => any(|model| !model.reports.is_empty() || !model.wizards.is_empty()),
            _ => false,
        })
    }
}

/// Reads the selected models of a server, and the description of the server itself.
///
/// A model that the server refuses is left out and reported; `progress` is called before the first model and after
/// each.
pub async fn introspect<R: Rpc>(
    rpc: &R,
    options: &Options<'_>,
    mut progress: impl FnMut(Progress),
) -> Result<Introspected, IntrospectError<R::Error>> {
    let mut reader = Reader { rpc, refused: Vec::new(), requests: 0 };
    let listed = models::list(&mut reader).await?;
    let names = listed.keys().map(String::as_str);
    let selected: Vec<&str> = match options.models {
        Wanted::Matching(patterns) => patterns::select(patterns, names)?,
        Wanted::Known(known) => names.filter(|name| known.contains(*name)).collect(),
    };
    let methods = models::methods(&mut reader).await?;
    let mut buttons = models::buttons(&mut reader).await?;
    let mut actions = actions::read(&mut reader).await?;
    let mut server = server::read(&mut reader, options, &methods).await?;

    let fingerprint = if options.keep { fingerprint::read(&mut reader, &server).await? } else { None };
    let total = selected.len();
    progress(Progress { done: 0, total });
    let models_asked = selected.iter().filter(|model| file_name(model).is_some()).count();
    let fields = selected.iter().map(|model| fields(rpc, model, fingerprint.as_deref()));
    let fields = concurrent::all(options.jobs, fields, |done| progress(Progress { done, total })).await?;
    reader.requests += models_asked;

    let mut models = Vec::with_capacity(total);
    for (model, fields) in selected.into_iter().zip(fields) {
        let fields = match fields {
            Ok(fields) => fields,
            Err(reason) => {
                reader.refused.push(Refused { subject: model.to_owned(), is_part: false, reason });
                continue;
            }
        };
        let methods = methods.get(model).cloned().unwrap_or_default();
        let mut buttons = buttons.remove(model).unwrap_or_default();
        // Servers keep records of buttons whose methods they refuse.
        buttons.retain(|name, _| methods.contains(name));
        models.push(Model {
            format: FORMAT,
            model: model.to_owned(),
            label: listed.get(model).cloned().unwrap_or_default(),
            methods,
            buttons,
            reports: actions.reports.remove(model).unwrap_or_default(),
            wizards: actions.wizards.remove(model).unwrap_or_default(),
            fields,
        });
    }
    server.models = models.iter().map(|model| model.model.clone()).collect();
    server.other_models = listed.into_keys().filter(|model| !server.models.contains(model)).collect();
    server.reports = actions.unbound_reports;
    server.wizards = actions.unbound_wizards;
    let Reader { refused, requests, .. } = reader;
    Ok(Introspected { snapshot: Snapshot { server, models }, refused, requests })
}

/// Sends calls, counts them, and collects what was refused.
struct Reader<'a, R> {
    rpc: &'a R,
    refused: Vec<Refused>,
    requests: usize,
}

impl<R: Rpc> Reader<'_, R> {
    /// Returns the result of a call without which there is no snapshot.
    async fn need(&mut self, method: &str, params: Vec<Value>) -> Result<Value, IntrospectError<R::Error>> {
        self.requests += 1;
        let call = self.rpc.call(method, params).await;
        call.map_err(|source| IntrospectError::Call { method: method.to_owned(), source })
    }

    /// Returns the result of a call that the server may refuse. The refusal is reported for `subject`.
    async fn want(
        &mut self,
        subject: &str,
        method: &str,
        params: Vec<Value>,
    ) -> Result<Option<Value>, IntrospectError<R::Error>> {
        self.requests += 1;
        match self.rpc.call(method, params).await {
            Ok(value) => Ok(Some(value)),
            Err(error) if self.rpc.is_refusal(&error) => {
                let refused = Refused { subject: subject.to_owned(), is_part: true, reason: error.to_string() };
                self.refused.push(refused);
                Ok(None)
            }
            Err(source) => Err(IntrospectError::Call { method: method.to_owned(), source }),
        }
    }

    /// Returns all records of `model` that match `domain`, in the order of their ids.
    async fn records(
        &mut self,
        model: &str,
        domain: Value,
        fields: &[&str],
    ) -> Result<Vec<Value>, IntrospectError<R::Error>> {
        let params = vec![domain, json!(0), Value::Null, json!([["id", "ASC"]]), json!(fields)];
        let records = self.want(model, &format!("model.{model}.search_read"), params).await?;
        Ok(match records {
            Some(Value::Array(records)) => records,
            _ => Vec::new(),
        })
    }
}

/// Returns the fields of a model, or why the server refused to return them.
async fn fields<R: Rpc>(
    rpc: &R,
    model: &str,
    fingerprint: Option<&str>,
) -> Result<Result<definition::Fields, String>, IntrospectError<R::Error>> {
    if file_name(model).is_none() {
        let bytes = model.len();
        return Ok(Err(match bytes > LONGEST_NAME - ".json".len() {
            true => format!("its name has {bytes} bytes, which is too long for a file"),
            false => format!("its name cannot be that of a file beside {SERVER_FILE}"),
        }));
    }
    let method = format!("model.{model}.fields_get");
    let params = vec![json!([])];
    let answer = match fingerprint {
        Some(fingerprint) => rpc.kept(&method, params, fingerprint).await,
        None => rpc.call(&method, params).await,
    };
    match answer {
        Ok(answer) => Ok(definition::fields(&answer)),
        Err(error) if rpc.is_refusal(&error) => Ok(Err(error.to_string())),
        Err(source) => Err(IntrospectError::Call { method, source }),
    }
}

/// Returns the text under `key`, or an empty text.
fn text(record: &Value, key: &str) -> String {
    record[key].as_str().unwrap_or_default().to_owned()
}

/// Returns a boolean; with SQLite, servers write `1` and `0`.
fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_i64().is_some_and(|number| number != 0))
}

/// Returns a server with nothing in it.
fn server(options: &Options<'_>) -> Server {
    Server {
        format: FORMAT,
        series: options.series.to_owned(),
        language: options.language.to_owned(),
        ..Server::default()
    }
}

#[cfg(test)]
mod tests;
