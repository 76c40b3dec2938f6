use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use data_encoding::BASE64;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

/// A session on a server: its user and its token.
///
/// It can be stored, and passed to another client with [`ClientBuilder::session`](crate::ClientBuilder::session). Its
/// `Debug` does not show the token.
///
/// ```
/// use tryton_sdk::Session;
///
/// let session = Session::new("admin", 1, "0123456789abcdef");
/// assert!(!format!("{session:?}").contains("0123456789abcdef"));
/// ```
#[derive(Clone)]
pub struct Session {
    login: Arc<str>,
    user_id: i64,
    token: SecretString,
    /// The `Authorization` header of each call.
    authorization: HeaderValue,
}

impl Session {
    /// Creates a session from the values of another client's session.
    pub fn new(login: &str, user_id: i64, token: impl Into<SecretString>) -> Self {
        let token = token.into();
        let authorization = authorization("Session", &[login, &user_id.to_string(), token.expose_secret()]);
        Self { login: login.into(), user_id, token, authorization }
    }

    /// Returns the login name.
    pub fn login(&self) -> &str {
        &self.login
    }

    /// Returns the id of the user's record in `res.user`.
    pub fn user_id(&self) -> i64 {
        self.user_id
    }

    /// Returns the secret that identifies the session until it ends.
    pub fn token(&self) -> &str {
        self.token.expose_secret()
    }

    pub(in crate::client) fn authorization(&self) -> HeaderValue {
        self.authorization.clone()
    }

    pub(super) fn is_among(&self, sessions: &[Session]) -> bool {
        sessions.iter().any(|other| other.token() == self.token())
    }
}

/// Returns the `Authorization` header. It is a secret, and its memory is overwritten when it is dropped.
pub(super) fn authorization(scheme: &str, proof: &[&str]) -> HeaderValue {
    let proof = Zeroizing::new(proof.join(":"));
    let mut header = Zeroizing::new(format!("{scheme} "));
    BASE64.encode_append(proof.as_bytes(), &mut header);
    let header = HeaderValue::from_maybe_shared(Bytes::from_owner(header));
    let mut header = header.expect("base64 is always a valid header");
    header.set_sensitive(true);
    header
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("login", &self.login).field("user_id", &self.user_id).finish_non_exhaustive()
    }
}
