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
/// Its context is to name a language, in which all labels will come.
pub trait Rpc {
    /// What goes wrong.
    type Error: std::error::Error;

    /// Calls `method`, such as `model.ir.model.search_read`, with `params` and then, where the
    /// method takes one, the client's context.
    fn call(&self, method: &str, params: Vec<Value>) -> impl Future<Output = Result<Value, Self::Error>> + Send;

    /// As [`call`](Self::call), for an answer that stays the same for as long as the server has this `fingerprint`:
    /// it may be kept, and a kept one given.
    fn kept(
        &self,
        method: &str,
        params: Vec<Value>,
        fingerprint: &str,
    ) -> impl Future<Output = Result<Value, Self::Error>> + Send;

    /// Whether the server is well and only refuses this call, so that others may succeed.
    fn is_refusal(&self, error: &Self::Error) -> bool;
}

/// What to read.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// The series of the server, such as `8.2`.
    pub series: &'a str,
    /// The login name of the session's user.
    pub login: &'a str,
    /// The language that the client's context names.
    pub language: &'a str,
    /// The models to read.
    pub models: Wanted<'a>,
    /// How many models to ask for at the same time.
    pub jobs: usize,
    /// Whether definitions of fields are read by [`Rpc::kept`]. It takes a few requests to learn the fingerprint.
    pub keep: bool,
}

/// Which models to read.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// All that fit one of the patterns, of which each must fit one; see [`patterns`].
    Matching(&'a [String]),
    /// These, as far as the server has them.
    Known(&'a BTreeSet<String>),
}

/// How far the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many models are done.
    pub done: usize,
    /// How many there are.
    pub total: usize,
}

/// What was read.
#[derive(Clone, Debug)]
pub struct Introspected {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// What the server would not tell.
    pub refused: Vec<Refused>,
    /// How many calls it took.
    pub requests: usize,
}

impl Introspected {
    /// What was refused and is in `before`: a snapshot without it says less of the same server.
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

/// Reads the selected models of a server and what describes the server itself.
///
/// A model that refuses is left out and reported; `progress` is called before the first model and after each.
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

/// Calls, counted, and what was refused.
struct Reader<'a, R> {
    rpc: &'a R,
    refused: Vec<Refused>,
    requests: usize,
}

impl<R: Rpc> Reader<'_, R> {
    /// The result of a call without which there is no snapshot.
    async fn need(&mut self, method: &str, params: Vec<Value>) -> Result<Value, IntrospectError<R::Error>> {
        self.requests += 1;
        let call = self.rpc.call(method, params).await;
        call.map_err(|source| IntrospectError::Call { method: method.to_owned(), source })
    }

    /// The result of a call that the server may refuse, which is then reported about `subject`.
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

    /// All records of `model` that fit `domain`, in the order of their ids.
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

/// The fields of a model, or why the server would not tell them.
async fn fields<R: Rpc>(
    rpc: &R,
    model: &str,
    fingerprint: Option<&str>,
) -> Result<Result<definition::Fields, String>, IntrospectError<R::Error>> {
    if file_name(model).is_none() {
        let bytes = model.len();
        return Ok(Err(match bytes > LONGEST_NAME - ".json".len() {
            true => format!("its name has {bytes} bytes, which is too long for a file"),
            false => format!("no file can be named after it beside {SERVER_FILE}"),
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

/// The text under `key`, which is empty where there is none.
fn text(record: &Value, key: &str) -> String {
    record[key].as_str().unwrap_or_default().to_owned()
}

/// A boolean; SQLite makes servers write `1` and `0`.
fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_i64().is_some_and(|number| number != 0))
}

/// A server without anything in it.
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
