use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A request that cannot be made as it stands. Nothing was sent.
pub(super) struct InvalidRequest {
    /// The path of the field whose value cannot be sent.
    pub(super) field: Option<String>,
    message: String,
}

impl Error {
    /// The error that a call cannot be sent as it is, for those who implement [`Connection`](crate::Connection): what is
    /// wrong, and what to do instead.
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

    /// The same of the value of one field.
    pub(crate) fn invalid_value(field: &str, why: &str) -> Self {
        Self::new(Kind::InvalidRequest(InvalidRequest { field: Some(field.to_owned()), message: why.to_owned() }))
    }

    /// The field whose value cannot be sent, as far as it is known, and why.
    pub(crate) fn into_reason(self) -> (Option<String>, String) {
        match &self.0.kind {
            Kind::InvalidRequest(InvalidRequest { field, message }) => (field.clone(), message.clone()),
            _ => (None, self.to_string()),
        }
    }

    /// Whether the request could not be made as it stands. Nothing was sent. Where the value of a
    /// [field](Self::field) is the reason, the message names it.
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
