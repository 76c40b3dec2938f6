use std::fmt;

use super::{Error, ErrorKind, Kind};

/// A setting is missing or wrong.
pub(super) struct Configuration {
    message: String,
}

impl Error {
    /// Creates the error for a wrong setting: which one, and what to write instead. For implementations of
    /// [`Connection`](crate::Connection).
    ///
    /// ```
    /// use tryton_sdk::Error;
    ///
    /// let error = Error::configuration("the setting `gateway` is empty: name the gateway's URL");
    /// assert!(error.is_configuration());
    /// ```
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration(Configuration { message: message.into() }))
    }

    /// Whether a setting is missing or wrong; the message names it.
    ///
    /// ```
    /// use tryton_sdk::Client;
    ///
    /// let error = Client::builder("tryton.example.com", "erp").build().unwrap_err();
    /// assert!(error.is_configuration());
    /// assert!(error.to_string().contains("http://"));
    /// ```
    pub fn is_configuration(&self) -> bool {
        self.kind() == ErrorKind::Configuration
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
