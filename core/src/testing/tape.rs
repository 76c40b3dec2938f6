use std::fmt;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;

use super::call::Call;
use super::recording::{Exchange, Recording, Said};

/// What a recorder has heard so far. What is secret is never written to it.
#[doc(hidden)]
#[derive(Clone, Default)]
pub struct Tape(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    version: String,
    /// In the order in which the calls were sent; those that are not answered yet keep their places.
    exchanges: Vec<Option<Exchange>>,
}

/// A call that is on its way.
#[doc(hidden)]
#[derive(Debug)]
pub struct Asked {
    call: Call,
    /// Those by which a client finds its way in have none: they are left out.
    place: Option<usize>,
}

const VERSION: &str = "common.server.version";

impl Tape {
    /// Keeps a place for the call with this body, which is about to be sent. A body that is no call has none.
    pub fn ask(&self, body: &[u8]) -> Option<Asked> {
        let call = Call::read(body).ok()?;
        let place = match &*call.method {
            VERSION | "common.db.login" | "common.db.logout" => None,
            _ => {
                let exchanges = &mut self.heard().exchanges;
                exchanges.push(None);
                Some(exchanges.len() - 1)
            }
        };
        Some(Asked { call, place })
    }

    /// Writes down what the server has answered. `keep` is for how long it lets a client keep the answer.
    pub fn hear(&self, asked: Asked, status: u16, body: &[u8], keep: Option<Duration>) {
        let Asked { mut call, place } = asked;
        let said = Said::of(status, body);
        let Some(place) = place else {
            if let (VERSION, Some(Said::Result(Value::String(version)))) = (&*call.method, said) {
                self.heard().version = version;
            }
            return;
        };
        // A session that is refused is replaced, and the call made again.
        let Some(mut said) = said.filter(|said| !matches!(said, Said::Status(401))) else {
            return;
        };
        call.remove_secrets();
        said.remove_secrets(&call);
        let Call { method, params, context } = call;
        let keep_seconds = keep.map(|keep| keep.as_secs());
        self.heard().exchanges[place] = Some(Exchange { method, params, context, said, keep_seconds });
    }

    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_string_pretty(&self.recording())?;
        text.push('\n');
        std::fs::write(path, text)
    }

    fn recording(&self) -> Recording {
        let heard = self.heard();
        Recording { version: heard.version.clone(), exchanges: heard.exchanges.iter().flatten().cloned().collect() }
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tape({} calls)", self.heard().exchanges.len())
    }
}
