//! The keys of entries. They are readable in `redis-cli`, and the same in all releases that read the same entries.
//!
//! `tryton:1:erp.example.com:443/production:admin:model.party.party:fields_get:6f1d…:server`

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};
use sha2::{Digest, Sha256};

use tryton_sdk_core::{Call, Context, Subject};

/// The prefix of every key. The number is the version of the key format.
pub(super) const PREFIX: &str = "tryton:1:";

/// The prefix of session keys. It differs, so that invalidating all responses keeps the sessions.
const SESSION_PREFIX: &str = "tryton:session:1:";

/// This many bytes of the hash are enough to distinguish all calls.
const HASH: usize = 16;

/// Keys in the memory of this process contain parameters of at most this many bytes unhashed.
const VERBATIM: usize = 256;

/// The source of an entry's lifetime. Entries with a caller's own TTL are separate from those that the server marks cacheable:
/// a plain call never gets the former.
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

/// The key prefix of one user of one database of one server: `tryton:1:host:8000/database:user:`.
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

    /// Returns the prefix of the keys of all calls of a model.
    pub(crate) fn model(&self, model: &str) -> String {
        format!("{}model.{}:", self.0, plain(model))
    }

    /// Returns the key of the session shared by all who know the input of `hash`.
    pub(crate) fn session(&self, hash: &[u8]) -> String {
        let user = self.0.strip_prefix(PREFIX).unwrap_or(&self.0);
        format!("{SESSION_PREFIX}{user}{}", HEXLOWER.encode(&hash[..hash.len().min(HASH)]))
    }

    /// Returns the key of a call. It contains a hash of the parameters, including the context.
    pub(crate) fn call(&self, call: &Call, keeper: Keeper) -> String {
        self.call_with(call, keeper, 0)
    }

    /// Returns the key of a call in the memory of this process. It contains short parameters unhashed, which is faster.
    pub(crate) fn call_in_process(&self, call: &Call, keeper: Keeper) -> String {
        self.call_with(call, keeper, VERBATIM)
    }

    /// Returns the key that [`call_in_process`](Self::call_in_process) returns for the call that [`Call::new`] creates
    /// from these arguments, without creating the call. Returns `None` if there is no such call, or if the context needs
    /// sorting.
    pub(crate) fn parts_in_process(
        &self,
        subject: &Subject,
        params: &impl Serialize,
        context: &Context,
        keeper: Keeper,
    ) -> Option<String> {
        if !context.iter().map(|(key, _)| key).is_sorted() || !context.iter().all(|(_, value)| is_sorted(value)) {
            return None;
        }
        self.key_with(subject, keeper, VERBATIM, |to| write_parts(subject, params, context, to))
    }

    /// Returns the key of a call. It contains a hash of parameters longer than `verbatim`.
    fn call_with(&self, call: &Call, keeper: Keeper, verbatim: usize) -> String {
        let key = self.key_with(call.subject(), keeper, verbatim, |to| {
            write_params(call, to);
            Some(())
        });
        key.expect("the parameters of a call can always be written")
    }

    /// Returns the key of a subject and parameters, or `None` if `write_params` returns `None`.
    fn key_with(
        &self,
        subject: &Subject,
        keeper: Keeper,
        verbatim: usize,
        write_params: impl FnOnce(&mut Vec<u8>) -> Option<()>,
    ) -> Option<String> {
        let (object, function) = subject.method().rsplit_once('.').unwrap_or_default();
        let mut key = Vec::with_capacity(self.0.len() + object.len() + function.len() + VERBATIM);
        key.extend_from_slice(self.0.as_bytes());
        for part in [object, function] {
            key.extend_from_slice(plain(part).as_bytes());
            key.push(b':');
        }
        let start = key.len();
        write_params(&mut key)?;
        if key.len() - start > verbatim {
            let hash = HEXLOWER.encode(&Sha256::digest(&key[start..])[..HASH]);
            key.truncate(start);
            key.extend_from_slice(hash.as_bytes());
        }
        key.push(b':');
        key.extend_from_slice(keeper.as_str().as_bytes());
        Some(String::from_utf8(key).expect("texts and JSON are UTF-8"))
    }
}

/// Writes the parameters as JSON. Equal parameters result in the same text.
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

/// Writes the parameters of a call without creating it.
fn write_parts(subject: &Subject, params: &impl Serialize, context: &Context, to: &mut Vec<u8>) -> Option<()> {
    let start = to.len();
    if params.serialize(&mut Serializer::with_formatter(&mut *to, Plain)).is_err() {
        to.truncate(start);
        let mut params = serde_json::to_value(params).ok()?;
        if !is_sorted(&params) {
            params.sort_all_objects();
        }
        serde_json::to_writer(&mut *to, &params).ok()?;
    }
    match &to[start..] {
        [b'[', ..] => {}
        // No parameters: a caller may pass `()`.
        b"null" => to.splice(start.., *b"[]").for_each(drop),
        _ => return None,
    }
    if subject.takes_context() {
        to.pop();
        if to.len() > start + 1 {
            to.push(b',');
        }
        serde_json::to_writer(&mut *to, context).ok()?;
        to.push(b']');
    }
    Some(())
}

/// Writes types that have only one form in JSON: lists, texts and most numbers. Fails for objects, whose keys may need
/// sorting, and for numbers that [`Value`] stores with another precision: these are converted to values first, as in a
/// call.
struct Plain;

impl Formatter for Plain {
    fn begin_object<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write_f32<W: ?Sized + io::Write>(&mut self, _: &mut W, _: f32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write_i128<W: ?Sized + io::Write>(&mut self, _: &mut W, _: i128) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write_u128<W: ?Sized + io::Write>(&mut self, _: &mut W, _: u128) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write_number_str<W: ?Sized + io::Write>(&mut self, _: &mut W, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn write_raw_fragment<W: ?Sized + io::Write>(&mut self, _: &mut W, _: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

/// Returns whether all objects are sorted. They are, unless another crate of the program enables `preserve_order` of
/// serde_json.
fn is_sorted(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().all(is_sorted),
        Value::Object(entries) => entries.keys().is_sorted() && entries.values().all(is_sorted),
        _ => true,
    }
}

/// Escapes the separators of keys and the characters with a meaning in Redis: each such byte is written like `%3a`.
fn plain(text: &str) -> Cow<'_, str> {
    /// Whether each byte is plain. A table, because every cached call looks up dozens of bytes.
    const PLAIN: [bool; 256] = {
        let mut plain = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            plain[byte] =
                matches!(byte as u8, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'_' | b'-' | b'@' | b'+');
            byte += 1;
        }
        plain
    };
    let is_plain = |byte: u8| PLAIN[usize::from(byte)];
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
    use std::collections::{HashMap, HashSet};

    use serde_json::json;

    use super::*;
    use crate::Context;

    fn key(method: &str, params: Value, context: Context) -> String {
        let call = Call::new(method, params, &context).expect("a list");
        Scope::new("erp.example.com", 443, "production", "admin").call(&call, Keeper::Server)
    }

    /// Changing this test makes every stored entry useless: the number in the prefix must change too.
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

    /// Otherwise a response would be stored under one key, and searched or invalidated under another.
    #[test]
    fn a_key_is_the_same_without_a_call() {
        #[derive(Serialize)]
        enum Active {
            Yes,
        }
        #[derive(Serialize)]
        struct Unsorted {
            name: f32,
            code: [i128; 1],
        }
        #[track_caller]
        fn assert_same(params: impl Serialize) {
            let scope = Scope::new("a", 80, "b", "c");
            let contexts = [Context::new(), Context::new().language("fr").set("company", 1).active_test(false)];
            for context in contexts {
                for method in ["model.party.party.read", "common.db.list"] {
                    let parts = scope.parts_in_process(&Subject::new(method), &params, &context, Keeper::Caller);
                    let call = Call::new(method, &params, &context).expect("a list");
                    assert_eq!(parts, Some(scope.call_in_process(&call, Keeper::Caller)));
                }
            }
        }

        assert_same(());
        assert_same([0; 0]);
        assert_same(([7, -7], ["name"]));
        assert_same((u64::MAX, 0.1, 1e300, f64::NAN, true, None::<u8>, 'x', Active::Yes));
        assert_same((json!([["name", "ilike", "\"Zoé\"\n%"]]), 0, (), ["number"]));
        assert_same([vec!["name"; 1_000]]);
        assert_same((7, json!({"b": {}, "a": [{"d": 0.1, "c": null}]})));
        assert_same((7, Unsorted { name: 0.1, code: [1] }, 0.1_f32, u128::from(u64::MAX)));
        assert_same([["b", "a", "c"].into_iter().zip(0..).collect::<HashMap<_, _>>()]);

        let scope = Scope::new("a", 80, "b", "c");
        let read = Subject::new("model.party.party.read");
        for params in [json!("no list"), json!({"no": "list"})] {
            assert_eq!(scope.parts_in_process(&read, &params, &Context::new(), Keeper::Caller), None, "{params}");
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
