use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;
#[cfg(any(feature = "rustls", test))]
use sha2::{Digest, Sha256};

use super::wrong;
use tryton_sdk_core::Error;

/// The hash of a server's public key. It stays the same when a certificate is renewed for the same key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Pin([u8; 32]);

const FORM: &str = "sha256//";

impl Pin {
    /// Returns the pin of `key`, a `SubjectPublicKeyInfo` in DER.
    #[cfg(any(feature = "rustls", test))]
    pub(super) fn of(key: &[u8]) -> Self {
        Self(Sha256::digest(key).into())
    }
}

/// Formats the pin as curl does.
impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORM}{}", BASE64.encode(&self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Pin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let hash = text.trim().strip_prefix(FORM).and_then(|hash| BASE64.decode(hash.as_bytes()).ok());
        let hash = hash.and_then(|hash| hash.try_into().ok());
        hash.map(Self).ok_or_else(|| {
            wrong("pin", "TRYTON_PIN", format_args!("`{text}` is no pin: write `{FORM}` and 32 bytes in base64"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_is_read_as_it_is_written() {
        let pin = Pin::of(b"a key");
        assert_eq!(pin.to_string().parse::<Pin>().expect("a pin"), pin);
        assert_eq!(pin.to_string(), "sha256//j6Oqsvqpt54KA5jaW1q9B4AUJEKlvoC5pkYI1xjLH80=");
        for wrong in ["", "sha256//", "sha256//AAAA", "sha1//j6Oqsvqpt54KA5jaW1q9B4AUJEKlvoC5pkYI1xjLH80="] {
            assert!(wrong.parse::<Pin>().expect_err(wrong).to_string().contains("TRYTON_PIN"));
        }
    }
}
