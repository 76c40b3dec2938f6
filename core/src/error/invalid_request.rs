use std::fmt;

use super::{Error, ErrorKind, Kind};

/// An invalid request. Nothing was sent.
pub(super) struct InvalidRequest {
    /// The path of the field whose value cannot be sent.
    pub(super) field: Option<String>,
    message: String,
}

impl Error {
    /// Creates the error for an invalid call: what is wrong, and what to do instead. For implementations of
    /// [`Connection`](crate::Connection).
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// let error = Error::invalid_request("only calls that read may pass: use another connection for this one");
    /// assert!(error.is_invalid_request());
    /// ```
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest(InvalidRequest { field: None, message: message.into() }))
    }

    /// The same for the value of one field.
    pub(crate) fn invalid_value(field: &str, why: &str) -> Self {
        Self::new(Kind::InvalidRequest(InvalidRequest { field: Some(field.to_owned()), message: why.to_owned() }))
    }

    /// The field whose value cannot be sent, if known, and the reason.
    pub(crate) fn into_reason(self) -> (Option<String>, String) {
        match &self.0.kind {
            Kind::InvalidRequest(InvalidRequest { field, message }) => (field.clone(), message.clone()),
            _ => (None, self.to_string()),
        }
    }

    /// Whether the request was invalid. Nothing was sent. If the reason is the value of a [field](Self::field), the
    /// message names it.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use serde_json::json;
    /// use tryton_sdk::Domain;
    ///
    /// let error = Domain::<Sale>::raw(json!("draft")).unwrap_err();
    /// assert!(error.is_invalid_request());
    /// ```
    pub fn is_invalid_request(&self) -> bool {
        self.kind() == ErrorKind::InvalidRequest
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(f, "the value of `{field}` cannot be sent: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
