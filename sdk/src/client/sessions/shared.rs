//! One session for several processes: stored in their common cache, and encrypted with a key that only they have.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64;
use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use sha2::{Digest, Sha256};

use super::Session;
use crate::cache::{Cache, Scope};
use crate::clock::now;
use tryton_sdk_core::{Error, Result};

/// The length of the nonce, which precedes the encrypted bytes.
const NONCE: usize = 24;

/// How long trytond keeps a session by default.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// The shared session of one user.
pub(in crate::client) struct SharedSession {
    store: Arc<dyn Cache>,
    cipher: XChaCha20Poly1305,
    /// The hash state after the key.
    hash: Sha256,
    place: String,
}

impl SharedSession {
    /// Creates the place of a user's session. `key` is 32 bytes in base64.
    pub(in crate::client) fn new(
        store: Arc<dyn Cache>,
        key: &SecretString,
        scope: &Scope,
        password: &SecretString,
    ) -> Result<Self> {
        let wrong = || {
            let why = "the key of shared sessions (TRYTON_SESSION_KEY or `share_session`) must be 32 bytes in base64, \
                       as `openssl rand -base64 32` makes them";
            Error::configuration(why)
        };
        let bytes = Zeroizing::new(BASE64.decode(key.expose_secret().trim().as_bytes()).map_err(|_| wrong())?);
        let key = <&Key>::try_from(&bytes[..]).map_err(|_| wrong())?;
        let hash = Sha256::new().chain_update("tryton-sdk session").chain_update(key);
        let place = place(&hash, scope, password);
        Ok(Self { store, cipher: XChaCha20Poly1305::new(key), hash, place })
    }

    /// Returns the shared session of another user.
    pub(super) fn of(&self, scope: &Scope, password: &SecretString) -> Self {
        let (store, cipher, hash) = (Arc::clone(&self.store), self.cipher.clone(), self.hash.clone());
        let place = place(&hash, scope, password);
        Self { store, cipher, hash, place }
    }

    /// Returns the user's stored session and its age, or `None` if it is missing or cannot be decrypted.
    pub(in crate::client) async fn find(&self, user: &str) -> Option<(Session, Duration)> {
        let sealed = self.store.get(&self.place).await?;
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        let sealed = Payload { msg: sealed, aad: self.place.as_bytes() };
        let plain = Zeroizing::new(self.cipher.decrypt(nonce.try_into().ok()?, sealed).ok()?);
        let (user_id, token, since): (i64, String, u64) = serde_json::from_slice(&plain).ok()?;
        Some((Session::new(user, user_id, token), now().saturating_sub(Duration::from_millis(since))))
    }

    /// Stores a new session for other processes.
    pub(in crate::client) async fn keep(&self, session: &Session, ttl: Option<Duration>) {
        let plain = (session.user_id(), session.token(), now().as_millis() as u64);
        let sealed = serde_json::to_vec(&plain).ok().and_then(|plain| self.seal(&Zeroizing::new(plain)));
        match sealed {
            Some(sealed) => self.store.insert(&self.place, sealed.into(), ttl.unwrap_or(LONGEST)).await,
            None => tracing::warn!("the session cannot be sealed, and is not shared"),
        }
    }

    /// Removes the session. `false`: other processes may still find it.
    pub(in crate::client) async fn remove(&self) -> bool {
        self.store.remove(&self.place).await
    }

    fn seal(&self, plain: &[u8]) -> Option<Vec<u8>> {
        // Fails if the operating system provides no random numbers.
        let nonce = XNonce::try_generate().ok()?;
        let sealed = self.cipher.encrypt(&nonce, Payload { msg: plain, aad: self.place.as_bytes() }).ok()?;
        Some([&nonce[..], &sealed].concat())
    }
}

/// Returns the cache key. It depends on the encryption key, so that processes with another key do not overwrite the
/// session, and on the password, because finding a session grants access.
fn place(keyed: &Sha256, scope: &Scope, password: &SecretString) -> String {
    scope.session(&keyed.clone().chain_update(password.expose_secret()).finalize())
}

impl fmt::Debug for SharedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedSession").field("place", &self.place).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::MemoryCache;

    const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn place(store: &Arc<MemoryCache>, key: &str, user: &str) -> SharedSession {
        let scope = Scope::new("erp.example.com", 443, "production", user);
        SharedSession::new(Arc::clone(store) as _, &key.into(), &scope, &"secret".into()).expect("a key")
    }

    #[tokio::test]
    async fn a_session_is_found_by_those_who_have_the_key() {
        let store = Arc::new(MemoryCache::default());
        let ours = place(&store, KEY, "ada");
        ours.keep(&Session::new("ada", 7, "s3cret"), None).await;
        let (session, age) = place(&store, &format!(" {KEY}\n"), "ada").find("ada").await.expect("found");
        assert_eq!((session.login(), session.user_id(), session.token()), ("ada", 7, "s3cret"));
        assert!(age < Duration::from_secs(60), "{age:?}");
        assert!(place(&store, &KEY.replacen('A', "B", 1), "ada").find("ada").await.is_none());
        let scope = Scope::new("erp.example.com", 443, "production", "ada");
        assert!(ours.of(&scope, &"guess".into()).find("ada").await.is_none(), "another password");
        assert!(ours.of(&scope, &"secret".into()).find("ada").await.is_some());
        assert!(ours.remove().await && ours.find("ada").await.is_none());
    }

    #[tokio::test]
    async fn what_is_changed_or_moved_is_not_read() {
        let store = Arc::new(MemoryCache::default());
        let ours = place(&store, KEY, "ada");
        ours.keep(&Session::new("ada", 7, "s3cret"), None).await;
        let sealed = store.get(&ours.place).await.expect("kept").to_vec();
        assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
        let others = place(&store, KEY, "bob");
        store.insert(&others.place, sealed.clone().into(), LONGEST).await;
        assert!(others.find("bob").await.is_none(), "it is bound to its place");
        for at in 0..sealed.len() {
            let mut broken = sealed.clone();
            broken[at] ^= 1;
            for broken in [&broken[..], &sealed[..at]] {
                store.insert(&ours.place, broken.into(), LONGEST).await;
                assert!(ours.find("ada").await.is_none(), "byte {at}");
            }
        }
    }

    #[test]
    fn a_key_that_is_none_is_refused_and_not_shown() {
        for key in ["", "s3cret", "czNjcmV0", &KEY[1..], &format!("{KEY}{KEY}")] {
            let scope = Scope::new("erp.example.com", 443, "production", "ada");
            let store = Arc::new(MemoryCache::default());
            let error = SharedSession::new(store, &key.into(), &scope, &"secret".into()).expect_err(key);
            assert!(error.is_configuration() && error.to_string().contains("TRYTON_SESSION_KEY"), "{error}");
            assert!(key.is_empty() || !error.to_string().contains(key), "{error}");
        }
    }
}
