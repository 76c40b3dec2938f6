//! The SDK behind two pipes, for the scenarios, which are written in Python.
//!
//! Each line on standard input is one question, a JSON object that names its `op`; each line on standard output answers
//! one, with `{"answer": …}` or `{"error": {"kind", "text", "message", "warning"}}`. It ends with its input.

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tryton_sdk::{AcceptWarnings, Client, Context};

use crate::forms::{FormQuestion, Forms, Variant};
use crate::values::through_types;

/// The questions to the bridge.
#[derive(Deserialize)]
#[serde(untagged)]
enum Asked {
    Of(Question),
    OfForms(FormQuestion),
}

/// The questions that are possible with and without forms.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum Question {
    /// Logs in, and uses the session from now on. The answer is its number, and the id of the user.
    Open { url: String, database: String, login: String, password: String },
    /// Uses a session that was opened before.
    Use { session: usize },
    /// Sets whether warnings are accepted and the call is repeated.
    AcceptWarnings { accept: bool },
    /// Makes a call. The answer is its result.
    Rpc { method: String, params: Vec<Value>, context: Map<String, Value> },
}

impl Question {
    /// Returns whether the fields of models may change.
    fn changes_models(&self) -> bool {
        match self {
            Self::Open { .. } | Self::Use { .. } => true,
            Self::Rpc { method, .. } => method.starts_with("wizard.ir.module."),
            Self::AcceptWarnings { .. } => false,
        }
    }
}

/// Answers questions until there are no more.
pub(crate) fn serve(variant: &Variant) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut sessions = Sessions::default();
    let mut forms = Forms::new(variant);
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let question = serde_json::from_str(&line).map_err(|error| format!("cannot understand {line}: {error}"))?;
        let answer = match runtime.block_on(answer(&mut sessions, &mut forms, question)) {
            Ok(answer) => json!({"answer": answer}),
            Err(error) => json!({"error": told(&error)}),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
}

async fn answer(sessions: &mut Sessions, forms: &mut Forms, asked: Asked) -> tryton_sdk::Result<Value> {
    match asked {
        Asked::Of(question) => {
            // Each user sees fields of their own, and modules may have been activated.
            if question.changes_models() {
                forms.forget_models();
            }
            sessions.answer(question).await
        }
        Asked::OfForms(question) => forms.answer(&sessions.client(), question).await,
    }
}

/// The clients that have been opened, by their numbers.
#[derive(Default)]
struct Sessions {
    clients: Vec<Client>,
    current: usize,
    accepting: AcceptWarnings,
}

impl Sessions {
    async fn answer(&mut self, question: Question) -> tryton_sdk::Result<Value> {
        match question {
            Question::Open { url, database, login, password } => {
                return self.open(&url, &database, &login, password).await;
            }
            Question::Rpc { method, params, context } => return self.call(&method, params, context).await,
            Question::Use { session } => self.current = session,
            Question::AcceptWarnings { accept: true } => self.accepting = AcceptWarnings::all(),
            Question::AcceptWarnings { accept: false } => self.accepting = AcceptWarnings::none(),
        }
        Ok(Value::Null)
    }

    async fn open(&mut self, url: &str, database: &str, login: &str, password: String) -> tryton_sdk::Result<Value> {
        // A scenario changes the data behind responses, and checks them immediately.
        let client = Client::builder(url, database).credentials(login, password).cache(false).build()?;
        let user = client.login().await?.user_id();
        self.current = self.clients.len();
        self.clients.push(client);
        Ok(json!({"session": self.current, "user": user}))
    }

    async fn call(&self, method: &str, params: Vec<Value>, context: Map<String, Value>) -> tryton_sdk::Result<Value> {
        call(&self.client(), method, params, context).await
    }

    /// Returns the client of the current session.
    fn client(&self) -> Client {
        self.clients[self.current].accepting(self.accepting.clone())
    }
}

/// Makes a call with this context.
pub(crate) async fn call(
    client: &Client,
    method: &str,
    params: Vec<Value>,
    context: Map<String, Value>,
) -> tryton_sdk::Result<Value> {
    let params: Vec<Value> = params.into_iter().map(sent).collect();
    let result = client.with(Context::from(context)).call::<Value>(method, params).await?;
    Ok(received(result))
}

/// Converts a value from Python.
pub(crate) fn sent(value: Value) -> Value {
    through_types(value).expect("Python writes the values of Tryton's types as Tryton does")
}

/// Converts a value from the server.
pub(crate) fn received(value: Value) -> Value {
    through_types(value).expect("the SDK reads whatever a server sends of Tryton's types")
}

/// Returns all details of an error of the SDK.
fn told(error: &tryton_sdk::Error) -> Value {
    let warning = error
        .warning()
        .map(|warning| json!({"name": warning.name, "message": warning.message, "description": warning.description}));
    json!({
        "kind": error.kind().as_str(),
        "text": error.to_string(),
        "message": error.user_message(),
        "warning": warning,
    })
}
