//! The application's own headers.

use std::fmt;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use tryton_sdk_core::{Error, Result};

/// Headers that the client sets itself, or that only the HTTP library can set.
const RESERVED: &[HeaderName] = &[
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::AUTHORIZATION,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::CONTENT_TYPE,
    header::HOST,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Headers to send with each request.
#[derive(Clone, Default)]
pub(crate) struct Headers(Vec<Header>);

#[derive(Clone)]
struct Header {
    name: String,
    value: SecretString,
    is_secret: bool,
}

impl Headers {
    pub(crate) fn set(&mut self, name: &str, value: SecretString, is_secret: bool) {
        self.0.retain(|header| !header.name.eq_ignore_ascii_case(name));
        self.0.push(Header { name: name.to_owned(), value, is_secret });
    }

    /// Sets headers from a text with one `Name: value` per line. All are secret.
    pub(crate) fn set_lines(&mut self, lines: &str) -> Result<()> {
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            // The message contains no part of the line, which may be a secret.
            let wrong = || Error::configuration("TRYTON_HEADERS holds a line that is not of the form `Name: value`");
            let (name, value) = line.split_once(':').ok_or_else(wrong)?;
            self.set(name.trim(), value.trim().into(), true);
        }
        Ok(())
    }

    pub(super) fn add_to(&self, headers: &mut HeaderMap) -> Result<()> {
        for Header { name, value, is_secret } in &self.0 {
            let wrong =
                |why: &str| Error::configuration(format!("the header `{name}` (`header`, TRYTON_HEADERS) {why}"));
            let parsed = HeaderName::try_from(name).map_err(|_| wrong("has a name that no header can have"))?;
            if RESERVED.contains(&parsed) {
                return Err(wrong("is set by the client itself"));
            }
            let value = HeaderValue::try_from(value.expose_secret());
            let mut value = value.map_err(|_| wrong("has a value that no header can have, such as a line end"))?;
            value.set_sensitive(*is_secret);
            headers.insert(parsed, value);
        }
        Ok(())
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |header: &Header| match header.is_secret {
            true => "…".to_owned(),
            false => header.value.expose_secret().to_owned(),
        };
        f.debug_map().entries(self.0.iter().map(|header| (&header.name, shown(header)))).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(set: impl FnOnce(&mut Headers)) -> Result<HeaderMap> {
        let mut headers = Headers::default();
        set(&mut headers);
        assert!(!format!("{headers:?}").contains("s3cret"), "{headers:?}");
        let mut map = HeaderMap::new();
        headers.add_to(&mut map)?;
        assert!(!format!("{map:?}").contains("s3cret"), "{map:?}");
        Ok(map)
    }

    #[test]
    fn headers_are_set_by_name_and_secrets_are_not_shown() {
        let map = built(|headers| {
            headers.set("X-Tenant", "south".into(), false);
            headers.set("x-tenant", "north".into(), false);
            headers.set_lines("X-Key:  s3cret \n\nX-Other: a: b").expect("lines");
        });
        let map = map.expect("headers");
        assert_eq!((map["x-tenant"].as_bytes(), map["x-key"].as_bytes()), (&b"north"[..], &b"s3cret"[..]));
        assert_eq!((map["x-other"].as_bytes(), map.len()), (&b"a: b"[..], 3));
    }

    #[test]
    fn what_no_header_can_be_is_named_without_its_value() {
        for (name, value) in
            [("Authorization", "s3cret"), ("content-length", "1"), ("no name", "s3cret"), ("X-Key", "s3cret\n")]
        {
            let error = built(|headers| headers.set(name, value.into(), true)).expect_err(name);
            assert!(error.is_configuration() && error.to_string().contains(name), "{error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        let error = Headers::default().set_lines("s3cret").expect_err("no name");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
}
