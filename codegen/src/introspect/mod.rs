//! Reading a live server's metadata, through any client that implements [`Rpc`].

mod actions;
mod definition;
mod error;
mod models;
mod server;

use std::future::Future;

use serde_json::{Value, json};

use crate::glob;
use crate::snapshot::{FORMAT, Model, SERVER_FILE, Server, Snapshot, file_name};

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
    /// Patterns for the models to read; see [`glob`].
    pub models: &'a [String],
}

/// How far the reading is.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// How many models are done.
    pub done: usize,
    /// How many there are.
    pub total: usize,
    /// The model that comes next.
    pub model: &'a str,
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

/// Reads the selected models of a server and what describes the server itself.
///
/// A model that refuses is left out and reported; `progress` is called before each model.
pub async fn introspect<R: Rpc>(
    rpc: &R,
    options: &Options<'_>,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Introspected, IntrospectError<R::Error>> {
    let mut reader = Reader { rpc, refused: Vec::new(), requests: 0 };
    let listed = models::list(&mut reader).await?;
    let selected = glob::select(options.models, listed.keys().map(String::as_str))?;
    let methods = models::methods(&mut reader).await?;
    let mut buttons = models::buttons(&mut reader).await?;
    let mut actions = actions::read(&mut reader).await?;
    let mut server = server::read(&mut reader, options, &methods).await?;

    let mut models = Vec::with_capacity(selected.len());
    for (done, model) in selected.iter().copied().enumerate() {
        progress(Progress { done, total: selected.len(), model });
        let Some(fields) = reader.fields(model).await? else {
            continue;
        };
        models.push(Model {
            format: FORMAT,
            model: model.to_owned(),
            label: listed.get(model).cloned().unwrap_or_default(),
            methods: methods.get(model).cloned().unwrap_or_default(),
            buttons: buttons.remove(model).unwrap_or_default(),
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
                self.refuse(subject, error.to_string());
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

    async fn fields(&mut self, model: &str) -> Result<Option<definition::Fields>, IntrospectError<R::Error>> {
        if file_name(model).is_none() {
            let reason = format!("no file can be named after it beside {SERVER_FILE}");
            self.refuse(model, reason);
            return Ok(None);
        }
        let method = format!("model.{model}.fields_get");
        let Some(answer) = self.want(model, &method, vec![json!([])]).await? else {
            return Ok(None);
        };
        match definition::fields(&answer) {
            Ok(fields) => Ok(Some(fields)),
            Err(reason) => {
                self.refuse(model, reason);
                Ok(None)
            }
        }
    }

    fn refuse(&mut self, subject: &str, reason: String) {
        self.refused.push(Refused { subject: subject.to_owned(), reason });
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
