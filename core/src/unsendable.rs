//! Values that Tryton cannot hold. The builder that receives one notes it, and the call reports it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::error::{Error, Result};

/// The paths of the fields whose values cannot be sent, each with the reason.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Unsendable(BTreeMap<String, String>);

impl Unsendable {
    /// Returns the value as JSON, or notes that it cannot be sent and returns null. It replaces an earlier value of the
    /// field.
    pub(crate) fn take(&mut self, field: &str, value: Result<Value>) -> Value {
        self.forget(field);
        value.unwrap_or_else(|error| {
            let (within, reason) = error.into_reason();
            let path = within.map_or_else(|| field.to_owned(), |within| format!("{field}.{within}"));
            self.0.insert(path, reason);
            Value::Null
        })
    }

    /// Removes the note for a field whose value is replaced.
    pub(crate) fn forget(&mut self, field: &str) {
        let is_within =
            |path: &str| path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.0.retain(|path, _| !is_within(path));
    }

    pub(crate) fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// Prefixes the paths with the field that leads to these records or values.
    pub(crate) fn below(self, field: &str) -> Self {
        Self(self.0.into_iter().map(|(path, reason)| (format!("{field}.{path}"), reason)).collect())
    }

    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if there is such a value.
    pub(crate) fn check(&self) -> Result<()> {
        match self.0.first_key_value() {
            Some((field, reason)) => Err(Error::invalid_value(field, reason)),
            None => Ok(()),
        }
    }
}
