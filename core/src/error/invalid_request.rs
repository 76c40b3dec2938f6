use std::fmt;

use super::{Error, Kind};

/// A request that cannot be made as it stands. Nothing was sent.
pub(super) struct InvalidRequest {
    message: String,
}

impl Error {
    /// The error that a call cannot be sent as it is: what is wrong, and what to do instead.
    pub fn invalid_request(message: impl Into<String>) -> Self {
        Self::new(Kind::InvalidRequest(InvalidRequest { message: message.into() }))
    }

    /// Whether the request could not be made as it stands. Nothing was sent.
    ///
    /// ```
    /// use serde_json::json;
    /// use tryton_sdk::Domain;
    /// # tryton_sdk::marker! { /// A sale.
    /// #     pub Sale = "sale.sale"; }
    ///
    /// let error = Domain::<Sale>::raw(json!("draft")).unwrap_err();
    /// assert!(error.is_invalid_request());
    /// ```
    pub fn is_invalid_request(&self) -> bool {
        matches!(self.0.kind, Kind::InvalidRequest(_))
    }
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
