//! One call: its method, its parameters, and what is known about it before it is sent.

use std::fmt;
use std::sync::Arc;

use secrecy::zeroize::{Zeroize, Zeroizing};
use serde::Serialize;
use serde_json::Value;

use crate::client::Course;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::python_json::to_python;

/// What is sent of a call. It may hold a secret, so its memory is overwritten when it is done with.
pub(crate) type Body = Zeroizing<Vec<u8>>;

/// A call that is ready to be sent. It has no `Debug`: its parameters may be secrets.
pub(crate) struct Call {
    subject: Subject,
    params: Vec<Value>,
    course: Course,
}

impl Call {
    /// Checks the parameters, and appends the context where Tryton wants one.
    pub(crate) fn new(method: &str, params: impl Serialize, context: &Context) -> Result<Self> {
        let subject = Subject::new(method);
        let params = match serde_json::to_value(params) {
            Ok(Value::Array(params)) => params,
            Ok(Value::Null) => Vec::new(),
            Ok(_) => {
                let why = "the parameters of a call are a list: a tuple, an array or a Vec";
                return Err(Error::invalid_request(why).about(&subject));
            }
            Err(e) => {
                let why = format!("the parameters cannot be written as JSON: {e}");
                return Err(Error::invalid_request(why).about(&subject));
            }
        };
        Ok(Self::from_parts(subject, params, context))
    }

    /// The same for parameters that are known to be right.
    pub(crate) fn on_model(model: &str, method: &str, params: Vec<Value>, context: &Context) -> Self {
        Self::from_parts(Subject::new(&format!("model.{model}.{method}")), params, context)
    }

    fn from_parts(mut subject: Subject, mut params: Vec<Value>, context: &Context) -> Self {
        subject.records(params.first());
        if subject.takes_context() {
            params.push(serde_json::json!(context));
        }
        Self { subject, params, course: Course::default() }
    }

    /// The same for a method that is known to read though its name does not tell.
    pub(crate) fn reading(mut self) -> Self {
        self.subject.reads = true;
        self
    }

    pub(crate) fn subject(&self) -> &Subject {
        &self.subject
    }

    /// What becomes of the call.
    pub(crate) fn course(&self) -> &Course {
        &self.course
    }

    pub(crate) fn params(&self) -> &[Value] {
        &self.params
    }

    /// The request's body. With any other key than these three the server answers in another form.
    ///
    /// # Errors
    ///
    /// Where one of the parameters is a value that Tryton cannot hold.
    pub(crate) fn body(&self) -> Result<Body> {
        #[derive(Serialize)]
        struct Request<'a> {
            id: String,
            method: &'a str,
            params: &'a [Value],
        }
        let id = uuid::Uuid::new_v4().to_string();
        let request = Request { id, method: self.subject.method(), params: &self.params };
        // So long that a login is written without being moved, which would leave a copy behind.
        let mut json = Vec::with_capacity(1 << 10);
        serde_json::to_writer(&mut json, &request).expect("strings and JSON values can always be written as JSON");
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        to_python(json).map(Body::new)
    }
}

/// The parameters of a login are secrets.
impl Drop for Call {
    fn drop(&mut self) {
        if self.subject.opens_a_session() {
            self.params.iter_mut().for_each(wipe);
        }
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(entries) => entries.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a call is about, in the words of errors and events: never a value.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    method: Arc<str>,
    ids: Vec<i64>,
    records: usize,
    /// Whether it is known to read, whatever its name.
    reads: bool,
}

/// More ids than these tell nobody anything.
const SHOWN_IDS: usize = 3;

/// The methods of models that only read. Any method that is not here is taken for a write, and never repeated.
const READS: &[&str] = &[
    "autocomplete",
    "autocomplete_city",
    "autocomplete_postal_code",
    "default_get",
    "export_data",
    "fields_get",
    "fields_view_get",
    "get_action_value",
    "get_digits",
    "get_keyword",
    "get_preferences",
    "get_preferences_fields_view",
    "get_symbol",
    "history_revisions",
    "list_models",
    "read",
    "resources",
    "search",
    "search_count",
    "search_read",
    "view_get",
    "view_toolbar_get",
];

impl Subject {
    pub(crate) fn new(method: &str) -> Self {
        Self { method: method.into(), ids: Vec::new(), records: 0, reads: false }
    }

    fn records(&mut self, first: Option<&Value>) {
        if let (Some(Value::Array(items)), true) = (first, self.method.starts_with("model.")) {
            let ids = || items.iter().filter_map(Value::as_i64);
            self.ids = ids().take(SHOWN_IDS).collect();
            self.records = ids().count();
        }
    }

    pub(crate) fn method(&self) -> &str {
        &self.method
    }

    /// The model whose method it is, if it is one's.
    pub(crate) fn model(&self) -> Option<&str> {
        let (model, _) = self.method.strip_prefix("model.")?.rsplit_once('.')?;
        Some(model)
    }

    pub(crate) fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// How many records the call names by their ids.
    pub(crate) fn record_count(&self) -> usize {
        self.records
    }

    /// Whether the call may change something on the server.
    pub(crate) fn is_write(&self) -> bool {
        let name = self.method.rsplit('.').next().unwrap_or_default();
        match self.service() {
            _ if self.reads => false,
            "model" => !READS.contains(&name) && !name.starts_with("on_change"),
            "common" => &*self.method == "common.db.reset_password",
            "system" => false,
            _ => true,
        }
    }

    /// Whether the call is answered by the server itself, before any database and without a session.
    pub(crate) fn is_for_server(&self) -> bool {
        matches!(&*self.method, "common.server.version" | "common.db.list" | "common.authentication.services")
    }

    /// Whether the answer is a session, which is a secret.
    pub(crate) fn opens_a_session(&self) -> bool {
        &*self.method == "common.db.login"
    }

    /// Whether the call is made by those who have no session yet.
    pub(crate) fn needs_no_session(&self) -> bool {
        self.is_for_server() || self.opens_a_session() || &*self.method == "common.db.reset_password"
    }

    pub(crate) fn takes_context(&self) -> bool {
        matches!(self.service(), "model" | "wizard" | "report")
    }

    fn service(&self) -> &str {
        self.method.split('.').next().unwrap_or_default()
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.method)?;
        if self.records > 0 {
            let ids: Vec<_> = self.ids.iter().map(i64::to_string).collect();
            let more = if self.records > SHOWN_IDS { ", …" } else { "" };
            write!(f, " on {} ({}{more})", if self.records == 1 { "record" } else { "records" }, ids.join(", "))?;
        }
        Ok(())
    }
}
