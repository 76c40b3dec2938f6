//! One call: its method, its parameters, and what is known about it before it is sent.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use zeroize::{Zeroize, Zeroizing};

use crate::context::Context;
use crate::error::{Error, Result};
use crate::python_json::{may_hold_word, to_python};
use crate::subject::Subject;
use crate::unsendable::Unsendable;
use crate::value::ModelName;

/// What is sent of a call. It may hold a secret, so its memory is overwritten when it is done with.
pub type Body = Zeroizing<Vec<u8>>;

/// A call that is ready to be sent.
#[derive(Clone)]
pub struct Call {
    subject: Subject,
    params: Vec<Value>,
    unsendable: Unsendable,
}

impl Call {
    /// Checks the parameters, and appends the context where Tryton wants one.
    pub fn new(method: &str, params: impl Serialize, context: &Context) -> Result<Self> {
        let subject = Subject::new(method);
        let params = match serde_json::to_value(params) {
            Ok(Value::Array(params)) => params,
            Ok(Value::Null) => Vec::new(),
            Ok(_) => {
                let why = "the parameters of a call are a list: a tuple, an array or a Vec";
                return Err(Error::invalid_request(why).about(&subject));
            }
            Err(e) => {
                let why = "the parameters cannot be written as JSON";
                return Err(Error::invalid_request(why).caused_by(e).about(&subject));
            }
        };
        Ok(Self::from_parts(subject, params, context))
    }

    /// The same for parameters that are known to be right, of a model whose series may be known.
    pub(crate) fn of<M: ModelName>(method: &str, params: Vec<Value>, context: &Context) -> Self {
        let mut call = Self::on_model(M::NAME, method, params, context);
        call.subject.generated_for = M::SERIES;
        call
    }

    /// The same for a model by name.
    pub fn on_model(model: &str, method: &str, params: Vec<Value>, context: &Context) -> Self {
        Self::from_parts(Subject::new(&["model.", model, ".", method].concat()), params, context)
    }

    fn from_parts(mut subject: Subject, mut params: Vec<Value>, context: &Context) -> Self {
        subject.records(params.first());
        if subject.takes_context() {
            params.push(serde_json::json!(context));
        }
        Self { subject, params, unsendable: context.unsendable.clone() }
    }

    /// Keeps what cannot be sent: to make the body will fail.
    pub(crate) fn noting(mut self, unsendable: Unsendable) -> Self {
        self.unsendable.join(unsendable);
        self
    }

    /// The same with these keys below those of its context, where the method takes one.
    ///
    /// ```
    /// use tryton_sdk::Context;
    /// use tryton_sdk::connection::Call;
    ///
    /// let call = Call::new("model.party.party.read", ([7], ["name"]), &Context::new().language("fr"))?;
    /// let call = call.over(&Context::new().language("en").set("company", 1));
    /// assert_eq!(call.params()[2].to_string(), r#"{"company":1,"language":"fr"}"#);
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn over(mut self, below: &Context) -> Self {
        if let (true, Some(Value::Object(keys))) = (self.subject.takes_context(), self.params.last_mut()) {
            for (key, value) in below.iter().filter(|(key, _)| !keys.contains_key(*key)).collect::<Vec<_>>() {
                keys.insert(key.to_owned(), value.clone());
            }
        }
        self
    }

    /// The same call for these records, where its first parameter is a list of ids.
    ///
    /// ```
    /// use tryton_sdk::Context;
    /// use tryton_sdk::connection::Call;
    ///
    /// let call = Call::new("model.party.party.read", ([7], ["name"]), &Context::new())?.of_records(&[7, 8]);
    /// assert_eq!(call.params()[0].to_string(), "[7,8]");
    /// assert_eq!(call.subject().record_count(), 2);
    /// # Ok::<(), tryton_sdk::Error>(())
    /// ```
    pub fn of_records(mut self, ids: &[i64]) -> Self {
        if let Some(first @ Value::Array(_)) = self.params.first_mut() {
            *first = ids.into();
            self.subject.records(self.params.first());
        }
        self
    }

    /// The same for a method that is known to read though its name does not tell.
    pub fn reading(mut self) -> Self {
        self.subject.is_write = false;
        self
    }

    /// What the call is about, for decisions, errors and events.
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// The parameters, with the context at their end where the method takes one.
    pub fn params(&self) -> &[Value] {
        &self.params
    }

    /// The request's body. With any other key than these three the server answers in another form.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request), with the name of the field, where a value was given to a domain,
    /// a draft or a context that Tryton cannot hold.
    pub fn body(&self) -> Result<Body> {
        self.unsendable.check().map_err(|error| error.about(&self.subject))?;
        #[derive(Serialize)]
        struct Request<'a> {
            id: &'a str,
            method: &'a str,
            params: &'a [Value],
        }
        let mut id = uuid::Uuid::encode_buffer();
        let id = uuid::Uuid::new_v4().hyphenated().encode_lower(&mut id);
        let request = Request { id, method: self.subject.method(), params: &self.params };
        // So long that a login is written without being moved, which would leave a copy behind; and a file without being
        // copied each time that the room is too small.
        let texts: usize = self.params.iter().map(length).sum();
        let mut json = Vec::with_capacity(texts + (1 << 10));
        serde_json::to_writer(&mut json, &request).expect("strings and JSON values can always be written as JSON");
        if !self.params.iter().any(may_hold_word) {
            return Ok(Body::new(json));
        }
        let json = String::from_utf8(json).expect("JSON is UTF-8");
        Ok(Body::new(to_python(json)))
    }
}

/// Without its parameters, which may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.subject).finish()
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

/// About how many bytes the texts within the value take.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(length).sum(),
        Value::Object(entries) => entries.values().map(length).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
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
