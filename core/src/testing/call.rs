//! A call as it goes over the wire.

use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::Subject;
use crate::python_json::from_python;
use crate::secrets;

/// A call that a client has sent.
pub(super) struct Call {
    pub(super) method: String,
    /// Without the context.
    pub(super) params: Vec<Value>,
    /// Only the methods of models, wizards and reports have one.
    pub(super) context: Option<Map<String, Value>>,
}

impl Call {
    /// Reads the body of a request.
    pub(super) fn read(body: &[u8]) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Body {
            method: String,
            params: Vec<Value>,
        }
        let json = from_python(body);
        let Body { method, mut params } = serde_json::from_slice(json.as_deref().unwrap_or(body))?;
        let mut context = None;
        if Subject::new(&method).takes_context()
            && let Some(Value::Object(keys)) = params.pop()
        {
            context = Some(keys);
        }
        Ok(Self { method, params, context })
    }

    /// As a recording holds it.
    pub(super) fn remove_secrets(&mut self) {
        let method = &self.method;
        if let [names, rows, ..] = self.params.as_mut_slice()
            && secrets::is_import(method)
        {
            secrets::remove_columns(rows, names, method);
        }
        self.params.iter_mut().for_each(|value| match Subject::new(method).gives_a_secret() {
            true => secrets::remove_texts(value),
            false => secrets::remove(value, method),
        });
        if let Some(keys) = &mut self.context {
            secrets::remove_from_entries(keys, method);
        }
    }

    /// The method's own name, without the model's.
    pub(super) fn function(&self) -> &str {
        self.method.rsplit('.').next().unwrap_or_default()
    }
}

/// Without its parameters, which may be secrets.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Call").field(&self.method).finish()
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, json!(self.params))
    }
}
