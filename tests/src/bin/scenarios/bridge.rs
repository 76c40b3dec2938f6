//! The SDK behind two pipes, for the scenarios, which are written in Python.
//!
//! Each line on standard input is one question, a JSON object that names its `op`; each line on standard output answers
//! one, with `{"answer": …}` or `{"error": {"kind", "text", "message", "warning"}}`. It ends with its input.

use std::error::Error;
use std::io::{self, BufRead as _, Write as _};

use serde::Deserialize;
use serde_json::{Map, Value, json};
use tryton_sdk::{AcceptWarnings, Client, Context};

use crate::values::through_types;

/// What the bridge can be asked for.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
enum Question {
    /// Logs in, and uses the session from now on. The answer is its number, and the id of the user.
    Open { url: String, database: String, login: String, password: String },
    /// Uses a session that was opened before.
    Use { session: usize },
    /// Has warnings accepted, and the call made again, or not.
    AcceptWarnings { accept: bool },
    /// Makes a call. The answer is its result.
    Rpc { method: String, params: Vec<Value>, context: Map<String, Value> },
}

/// Answers questions until there are no more.
pub(crate) fn serve() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut sessions = Sessions::default();
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question = serde_json::from_str(&line?)?;
        let answer = match runtime.block_on(sessions.answer(question)) {
            Ok(answer) => json!({"answer": answer}),
            Err(error) => json!({"error": told(&error)}),
        };
        writeln!(output, "{answer}")?;
        output.flush()?;
    }
    Ok(())
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
        // A scenario changes what the answers are made of, and looks at them at once.
        let client = Client::builder(url, database).credentials(login, password).cache(false).build()?;
        let user = client.login().await?.user_id();
        self.current = self.clients.len();
        self.clients.push(client);
        Ok(json!({"session": self.current, "user": user}))
    }

    async fn call(&self, method: &str, params: Vec<Value>, context: Map<String, Value>) -> tryton_sdk::Result<Value> {
        let params = params.into_iter().map(through_types).collect::<Result<Vec<_>, _>>();
        let params = params.expect("Python writes the values of Tryton's types as Tryton does");
        let context = context.into_iter().fold(Context::new(), |context, (key, value)| context.set(&key, value));
        let client = self.clients[self.current].with(context).accepting(self.accepting.clone());
        let result = client.call::<Value>(method, params).await?;
        Ok(through_types(result).expect("the SDK reads whatever a server sends of Tryton's types"))
    }
}

/// All that the SDK says of an error.
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
