//! What a server has answered, as it is kept in a file: nothing in it is secret.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::call::Call;
use super::state::Answered;
use crate::python_json::{from_python, to_python};
use crate::secrets;

/// A recording, as JSON writes it.
#[derive(Serialize, Deserialize)]
pub(super) struct Recording {
    /// The version that the server gave.
    pub(super) version: String,
    /// In the order in which the calls were sent.
    pub(super) exchanges: Vec<Exchange>,
}

/// A call and its answer. The id of the request is left out: it is another one each time.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) method: String,
    pub(super) params: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) context: Option<Map<String, Value>>,
    #[serde(flatten)]
    pub(super) said: Said,
    /// For how long the server lets a client keep the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) keep_seconds: Option<u64>,
}

/// What a server says.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Result(Value),
    Error(Value),
    /// An HTTP status and nothing else.
    Status(u16),
}

impl Said {
    /// Reads an answer. A body that is no answer of Tryton's is not kept.
    pub(super) fn of(status: u16, body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Envelope {
            // A result may be null.
            #[serde(default, with = "present")]
            result: Option<Value>,
            error: Option<Value>,
        }
        if status != 200 {
            return Some(Self::Status(status));
        }
        let json = from_python(body);
        let Envelope { result, error } = serde_json::from_slice(json.as_deref().unwrap_or(body)).ok()?;
        error.map(without_traceback).map(Self::Error).or(result.map(Self::Result))
    }

    /// Removes what is secret of the answer to this call.
    pub(super) fn remove_secrets(&mut self, call: &Call) {
        match self {
            Self::Result(result) => secrets::remove_secrets(&call.method, &call.params, result),
            Self::Error(value) => secrets::remove(value, &call.method),
            Self::Status(_) => {}
        }
    }

    /// The same as an answer of HTTP.
    pub(super) fn answered(&self, keep_seconds: Option<u64>) -> Answered {
        let (status, body) = match self {
            Self::Result(result) => (200, to_python(json!({ "result": result }).to_string())),
            Self::Error(error) => (200, to_python(json!({ "error": error }).to_string())),
            Self::Status(status) => (*status, Vec::new()),
        };
        Answered { status, body, keep: keep_seconds.map(Duration::from_secs), says_how_to_log_in: false }
    }
}

mod present {
    use serde::{Deserialize, Deserializer};
    use serde_json::Value;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Value>, D::Error> {
        Value::deserialize(from).map(Some)
    }
}

/// The traceback of an exception shows the server's folders and the values at hand.
fn without_traceback(mut error: Value) -> Value {
    if let Some([Value::String(_), Value::String(traceback)]) = error.as_array_mut().map(Vec::as_mut_slice)
        && traceback.starts_with("Traceback")
    {
        traceback.clear();
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_as_they_are_but_for_tracebacks() {
        let said = |body: &str| Said::of(200, body.as_bytes());
        for (body, kept) in [
            (r#"{"id":"1","result":null}"#, r#"{"result":null}"#),
            (r#"{"id":"1","result":[NaN,1.5]}"#, r#"{"result":[NaN,1.5]}"#),
            (r#"{"id":"1","error":["UserError",["No.",""]]}"#, r#"{"error":["UserError",["No.",""]]}"#),
            (r#"{"id":"1","error":["'x'","Traceback\n  /srv"]}"#, r#"{"error":["'x'",""]}"#),
        ] {
            let said = said(body).expect("an answer");
            assert_eq!(String::from_utf8(said.answered(None).body).expect("text"), kept);
        }
        assert!(said("<html>").is_none() && said("{}").is_none());
    }

    #[test]
    fn calls_and_answers_in_rows_lose_their_secrets() {
        let body = |method: &str, params: Value| json!({"id": "1", "method": method, "params": params}).to_string();
        let read = |text: String| Call::read(text.as_bytes()).expect("a call");
        let rows = json!([["login", "password"], [["anna", "geheim"]], {}]);
        let mut import = read(body("model.res.user.import_data", rows));
        import.remove_secrets();
        assert_eq!(import.params, [json!(["login", "password"]), json!([["anna", "removed"]])]);
        for (method, first) in
            [("model.any.model.export_data", json!([7])), ("model.any.model.export_data_domain", json!([]))]
        {
            let export = read(body(method, json!([first, ["name", "secret_key"], {}])));
            let mut said =
                Said::of(200, br#"{"id": "1", "result": [["A", "geheim"], ["B", null]]}"#).expect("an answer");
            said.remove_secrets(&export);
            let Said::Result(result) = said else { panic!("it is a result") };
            assert_eq!(result, json!([["A", "removed"], ["B", null]]));
        }
    }
}
