use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Id, ModelName};

/// What a call says besides its arguments: the language, the company, whether inactive records count.
///
/// ```
/// use tryton_sdk::{Client, Context};
///
/// # fn example(tryton: Client) {
/// let in_french = tryton.with(Context::new().language("fr"));
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Context(Map<String, Value>);

impl Context {
    /// An empty context.
    pub fn new() -> Self {
        Self::default()
    }

    /// The language of labels, messages and translated fields, by its code: `en`, `fr`, `pt_BR`.
    #[must_use]
    pub fn language(self, code: &str) -> Self {
        self.set("language", code)
    }

    /// The company whose view of the data is asked for.
    #[must_use]
    pub fn company<M: ModelName>(self, company: Id<M>) -> Self {
        self.set("company", company.get())
    }

    /// Whether the server leaves out inactive records, as it does by default.
    #[must_use]
    pub fn active_test(self, active_only: bool) -> Self {
        self.set("active_test", active_only)
    }

    /// Any other key. The server drops keys that begin with `_`, except `_datetime` and `_timestamp`.
    #[must_use]
    pub fn set(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }

    /// This context with the keys of `other` over it.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

impl Serialize for Context {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(to)
    }
}
