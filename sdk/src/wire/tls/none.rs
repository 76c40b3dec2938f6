//! No TLS: tryton-sdk was built without it.

use std::error::Error as StdError;

use super::Tls;
use tryton_sdk_core::{Error, Result};

pub(super) fn configure(_: reqwest::ClientBuilder, _: &Tls) -> Result<reqwest::ClientBuilder> {
    let why = "the server's URL begins with https://, and tryton-sdk was built without one of its TLS features";
    Err(Error::configuration(why))
}

pub(super) fn plain(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

pub(crate) fn refusal(_: &(dyn StdError + 'static)) -> Option<String> {
    None
}
