//! The keys of entries: readable in `redis-cli`, and the same for every release that reads the same entries.
//!
//! `tryton:1:erp.example.com:443/production:admin:model.party.party:fields_get:6f1d…:server`

use std::borrow::Cow;
use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use serde_json::Value;
use sha2::{Digest, Sha256};

use tryton_sdk_core::Call;

/// What every key begins with. The number is that of the keys' form.
pub(super) const PREFIX: &str = "tryton:1:";

/// What the keys of sessions begin with: to forget all answers is not to forget them.
const SESSION_PREFIX: &str = "tryton:session:1:";

/// This many bytes of the hash are enough to distinguish all calls.
const HASH: usize = 16;

/// Parameters of at most so many bytes are not hashed where they stay in the memory of this process.
const VERBATIM: usize = 256;

/// Who set an entry's lifetime. Entries of a caller's own TTL are separate from those that the server marks cacheable: a
/// plain call never gets the former.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Keeper {
    Caller,
    Server,
}

impl Keeper {
    fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Server => "server",
        }
    }
}

/// What keys of one user of one database of one server begin with: `tryton:1:host:8000/database:user:`.
#[derive(Clone, Debug)]
pub(crate) struct Scope(String);

impl Scope {
    pub(crate) fn new(host: &str, port: u16, database: &str, user: &str) -> Self {
        let [host, database, user] = [host, database, user].map(plain);
        Self([PREFIX, &host, ":", &port.to_string(), "/", &database, ":", &user, ":"].concat())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What the keys of all calls of a model begin with.
    pub(crate) fn model(&self, model: &str) -> String {
        format!("{}model.{}:", self.0, plain(model))
    }

    /// The key of the session that those share who know what `hash` was made of.
    pub(crate) fn session(&self, hash: &[u8]) -> String {
        let user = self.0.strip_prefix(PREFIX).unwrap_or(&self.0);
        format!("{SESSION_PREFIX}{user}{}", HEXLOWER.encode(&hash[..hash.len().min(HASH)]))
    }

    /// The key of a call. Of its parameters, the context among them, it holds a hash.
    pub(crate) fn call(&self, call: &Call, keeper: Keeper) -> String {
        self.call_with(call, keeper, 0)
    }

    /// The key of a call in the memory of this process: short parameters stand there as they are, which takes less than
    /// to hash them.
    pub(crate) fn call_in_process(&self, call: &Call, keeper: Keeper) -> String {
        self.call_with(call, keeper, VERBATIM)
    }

    /// Longer parameters than this are hashed.
    fn call_with(&self, call: &Call, keeper: Keeper, verbatim: usize) -> String {
        let (object, function) = call.subject().method().rsplit_once('.').unwrap_or_default();
        let mut key = Vec::with_capacity(self.0.len() + object.len() + function.len() + VERBATIM);
        key.extend_from_slice(self.0.as_bytes());
        for part in [object, function] {
            key.extend_from_slice(plain(part).as_bytes());
            key.push(b':');
        }
        let start = key.len();
        write_params(call, &mut key);
        if key.len() - start > verbatim {
            let hash = HEXLOWER.encode(&Sha256::digest(&key[start..])[..HASH]);
            key.truncate(start);
            key.extend_from_slice(hash.as_bytes());
        }
        key.push(b':');
        key.extend_from_slice(keeper.as_str().as_bytes());
        String::from_utf8(key).expect("texts and JSON are UTF-8")
    }
}

/// The parameters as JSON, in which equal ones are equal.
fn write_params(call: &Call, to: &mut Vec<u8>) {
    let params = call.params();
    let written = if params.iter().all(is_sorted) {
        serde_json::to_writer(to, params)
    } else {
        let mut params = Value::Array(params.to_vec());
        params.sort_all_objects();
        serde_json::to_writer(to, &params)
    };
    written.expect("JSON values can always be written as JSON");
}

/// Objects are sorted unless another crate of the program has changed what serde_json does.
fn is_sorted(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_sorted),
        Value::Object(entries) => entries.keys().is_sorted() && entries.values().all(is_sorted),
        _ => true,
    }
}

/// The text without what parts a key, or means something to Redis: each other byte is written like `%3a`.
fn plain(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@' | b'+');
    if text.bytes().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for byte in text.bytes() {
        if is_plain(byte) {
            plain.push(byte.into());
        } else {
            write!(plain, "%{byte:02x}").expect("writing to memory");
        }
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::json;

    use super::*;
    use crate::Context;

    fn key(method: &str, params: Value, context: Context) -> String {
        let call = Call::new(method, params, &context).expect("a list");
        Scope::new("erp.example.com", 443, "production", "admin").call(&call, Keeper::Server)
    }

    /// A change of this test makes every entry that is kept anywhere useless: it needs another number in the prefix.
    #[test]
    fn keys_stay_as_they_are() {
        let french = Context::new().language("fr").company(crate::Id::<Party>::new(1));
        assert_eq!(
            key("model.party.party.fields_get", json!([["name", "lang"]]), french),
            "tryton:1:erp.example.com:443/production:admin:model.party.party:fields_get:\
             12a367942f59b4d21207d40d686df2e8:server"
        );
        assert_eq!(
            Scope::new("erp.example.com", 443, "production", "admin").session(&[0xab; 32]),
            "tryton:session:1:erp.example.com:443/production:admin:abababababababababababababababab"
        );
        let call = Call::new("common.db.list", (), &Context::new()).expect("a list");
        assert_eq!(
            Scope::new("::1", 8000, "a/b", "Zoé: *").call(&call, Keeper::Caller),
            "tryton:1:%3a%3a1:8000/a%2fb:Zo%c3%a9%3a%20%2a:common.db:list:4f53cda18c2baa0c0354bb5f9a3ecbe5:caller"
        );
    }

    enum Party {}
    impl crate::ModelName for Party {
        const NAME: &'static str = "party.party";
    }

    #[test]
    fn whatever_differs_makes_another_key() {
        let call = |method: &str, params: Value| Call::new(method, params, &Context::new()).expect("a list");
        let read = call("model.party.party.read", json!([[1], ["name"]]));
        let mut keys = HashSet::new();
        for (host, port, database, user) in [
            ("a", 80, "b", "c"),
            ("x", 80, "b", "c"),
            ("a", 81, "b", "c"),
            ("a", 80, "x", "c"),
            ("a", 80, "b", "x"),
            ("a", 80, "b:c", ""),
            ("a", 80, "", "b:c"),
        ] {
            for keeper in [Keeper::Caller, Keeper::Server] {
                assert!(keys.insert(Scope::new(host, port, database, user).call(&read, keeper)));
            }
        }
        let (names, none) = (json!([["name"]]), Context::new());
        for (method, params, context) in [
            ("model.party.party.read", json!([[1], ["name"]]), none.clone()),
            ("model.party.party.read", json!([[1], ["code"]]), none.clone()),
            ("model.party.party.read", json!([[1], ["name"]]), none.clone().language("fr")),
            ("model.party.party.fields_get", names.clone(), none.clone()),
            ("model.party.address.fields_get", names, none),
        ] {
            assert!(keys.insert(key(method, params, context)), "{method}");
        }
    }

    #[test]
    fn a_prefix_holds_a_model_and_no_other() {
        let scope = Scope::new("a", 80, "b", "c");
        let key = |method: &str| {
            let call = Call::new(method, (), &Context::new()).expect("a list");
            scope.call(&call, Keeper::Caller)
        };
        assert!(key("model.sale.sale.read").starts_with(&scope.model("sale.sale")));
        assert!(!key("model.sale.sale.line.read").starts_with(&scope.model("sale.sale")));
        assert!(!Scope::new("a", 80, "b", "cc").as_str().starts_with(scope.as_str()));
    }
}
