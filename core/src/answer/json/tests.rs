//! Compares the reader with serde_json: both accept the same texts and produce the same values.
//!
//! `PROPTEST_CASES=10000000 cargo test --release -p tryton-sdk-core --lib answer::json` takes that many inputs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Debug;

use proptest::collection::vec;
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Reader;
use crate::value::{Binary, Date, DateTime, Decimal, Decode, Time, TimeDelta};

/// Covers the kinds of serde's data model.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct All<'a> {
    #[serde(borrow)]
    a: Option<Cow<'a, str>>,
    b: Option<Kind>,
    c: Option<Box<Self>>,
    #[serde(default)]
    d: Vec<Newtype>,
    e: Option<(i64, f64)>,
    f: Option<BTreeMap<i32, bool>>,
    id: Option<u64>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Newtype(f64);

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Kind {
    A,
    B(Box<Kind>),
    C(i8, u8),
    Id { a: Option<char> },
}

/// A list that ignores items of another type.
#[derive(Debug, PartialEq)]
struct Lenient(Vec<Option<i64>>);

impl<'de> Deserialize<'de> for Lenient {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Item(Option<i64>);

        impl<'de> Deserialize<'de> for Item {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                Ok(Self(i64::deserialize(from).ok()))
            }
        }

        Ok(Self(Vec::<Item>::deserialize(from)?.into_iter().map(|item| item.0).collect()))
    }
}

/// Reads a text in full, as responses are read.
fn by_reader<'de, T: Deserialize<'de>>(text: &'de str) -> Option<T> {
    let mut reader = Reader::new(text);
    let value = T::deserialize(&mut reader).ok()?;
    reader.end().ok().map(|()| value)
}

fn is_same<'de, T: Deserialize<'de> + Debug + PartialEq>(text: &'de str) {
    assert_eq!(by_reader::<T>(text), serde_json::from_str::<T>(text).ok(), "{text}");
}

/// Compares the two where decoding may continue after an error: there the reader may fail and leave the text to
/// serde_json.
fn is_no_other<T: DeserializeOwned + Debug + PartialEq>(text: &str) {
    if let Some(value) = by_reader::<T>(text) {
        assert_eq!(Some(value), serde_json::from_str(text).ok(), "{text}");
    }
}

fn is_decoded_the_same<T: Decode + Debug + PartialEq>(text: &str) {
    let mut reader = Reader::new(text);
    let value = T::decode(&mut reader).ok().filter(|_| reader.end().is_ok());
    let mut json = serde_json::Deserializer::from_str(text);
    let known = T::decode(&mut json).ok().filter(|_| json.end().is_ok());
    // Compares floats by their `Debug` output: -0.0 is not 0.0.
    assert_eq!(format!("{value:?}"), format!("{known:?}"), "{text}");
}

fn all_is_the_same(text: &str) {
    let floats = (by_reader::<Value>(text), serde_json::from_str::<Value>(text).ok());
    assert_eq!(format!("{:?}", floats.0), format!("{:?}", floats.1), "{text}");
    is_same::<Vec<Value>>(text);
    is_same::<All<'_>>(text);
    is_same::<Kind>(text);
    is_same::<BTreeMap<Kindless, i128>>(text);
    is_same::<BTreeMap<u8, u128>>(text);
    is_same::<(Option<f32>, Option<char>, Option<()>)>(text);
    is_same::<Vec<Option<u64>>>(text);
    is_no_other::<Lenient>(text);
    let raw = (by_reader::<&RawValue>(text), serde_json::from_str::<&RawValue>(text).ok());
    assert_eq!(raw.0.map(RawValue::get), raw.1.map(RawValue::get), "{text}");
    assert_eq!(by_reader::<IgnoredAny>(text).is_some(), serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
    is_decoded_the_same::<f64>(text);
    is_decoded_the_same::<i64>(text);
    is_decoded_the_same::<Vec<Option<Decimal>>>(text);
    is_decoded_the_same::<Vec<Date>>(text);
    is_decoded_the_same::<Vec<DateTime>>(text);
    is_decoded_the_same::<Time>(text);
    is_decoded_the_same::<TimeDelta>(text);
    is_decoded_the_same::<Binary>(text);
}

/// A key in a newtype.
#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Kindless(String);

const PIECES: [&str; 68] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    " ",
    "\n",
    "\"",
    "\\",
    "\\u00e9",
    "\\ud83d\\ude00",
    "\\ud800",
    "\\n",
    "é",
    "\u{1}",
    "\u{7f}",
    "null",
    "true",
    "false",
    "nul",
    "0",
    "1",
    "-1",
    "-0",
    "01",
    "12.50",
    "-0.0",
    "1e5",
    "1E-7",
    "1.",
    ".5",
    "1e400",
    "123456789012345678",
    "1234567890123456789",
    "18446744073709551616",
    "123456789012345.6",
    "0.1234567890123456",
    "-",
    "+",
    "NaN",
    "\"a\": ",
    "\"b\": ",
    "\"c\": ",
    "\"d\": ",
    "\"e\": ",
    "\"f\": ",
    "\"id\": ",
    "\"id\":1",
    "\"1\": true",
    "\"true\": 1",
    "\"a\"",
    "\"id\"",
    "\"c\"",
    "\"12345678\"",
    "\"__class__\": \"Decimal\", \"decimal\": \"",
    "{\"__class__\": \"Decimal\", \"decimal\": \"12.50\"}",
    "{\"__class__\": \"Decimal\", \"decimal\": \"",
    "{\"decimal\":\"1\",\"__class__\":\"Decimal\"}",
    "{\"__class__\": \"date\", \"year\": 2026, \"month\": 2, \"day\": 28}",
    "\"__class__\": \"datetime\", ",
    "\"year\": 2026, ",
    "\"month\": 2, ",
    "\"day\": 28",
    "\"hour\": 1, \"minute\": 2, \"second\": 3, \"microsecond\": 4",
    "[1, 2.5]",
    "{\"b\": {\"c\": [1, 2]}}",
    "{\"id\": {\"a\": \"x\"}}",
];

/// Generates JSON as a server may write it, with white space anywhere.
fn json() -> impl Strategy<Value = String> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_filter("JSON has no other", |float| float.is_finite()).prop_map(|float| format!("{float:?}")),
        "-?[0-9]{1,20}(\\.[0-9]{1,18})?([eE][+-]?[0-9]{1,3})?",
    ];
    let string = prop_oneof![
        "[a-f]{1}",
        any::<String>().prop_map(|text| text.replace(['"', '\\'], "'")),
        any::<String>().prop_map(|text| Value::from(text).to_string().trim_matches('"').to_owned()),
    ]
    .prop_map(|text| format!("\"{text}\""));
    let decimal = "-?[0-9]{0,20}(\\.[0-9]{0,10})?([eE]-?[0-9])?";
    let decimal = decimal.prop_map(|text| format!(r#"{{"__class__": "Decimal", "decimal": "{text}"}}"#));
    let key = prop_oneof![Just("\"id\"".to_owned()), "\"[a-f]\"", string.clone()];
    let scalar = prop_oneof![number, string, decimal, Just("null".to_owned()), Just("true".to_owned())];
    scalar.prop_recursive(4, 24, 5, move |inner| {
        let space = prop_oneof![Just(""), Just(" "), Just("\n\t ")];
        let list = (vec(inner.clone(), 0..5), space.clone())
            .prop_map(|(items, space)| format!("[{space}{}{space}]", items.join(&format!("{space}, "))));
        let object = (vec((key.clone(), inner), 0..5), space).prop_map(|(entries, space)| {
            let entries: Vec<_> = entries.into_iter().map(|(key, value)| format!("{key}{space}: {value}")).collect();
            format!("{{{}{space}}}", entries.join(", "))
        });
        prop_oneof![list, object]
    })
}

proptest! {
    #[test]
    fn whatever_comes_is_read_as_by_serde_json(pieces in vec(proptest::sample::select(&PIECES[..]), 0..12)) {
        all_is_the_same(&pieces.concat());
    }

    #[test]
    fn json_is_read_as_by_serde_json(text in json(), cut in any::<prop::sample::Index>(), piece in proptest::sample::select(&PIECES[..])) {
        all_is_the_same(&text);
        // And with text inserted.
        let cut = cut.index(text.len() + 1);
        if let (Some(begin), Some(end)) = (text.get(..cut), text.get(cut..)) {
            all_is_the_same(&[begin, piece, end].concat());
            all_is_the_same(begin);
        }
    }
}

#[test]
fn lists_may_be_as_deep_as_for_serde_json() {
    for depth in [1, 126, 127, 128, 129, 200] {
        for (begin, middle, end) in
            [("[", "", "]"), ("{\"c\":", "null", "}"), ("[", "{\"__class__\": \"Decimal\", \"decimal\": \"1\"}", "]")]
        {
            all_is_the_same(&[begin.repeat(depth), middle.to_owned(), end.repeat(depth)].concat());
        }
    }
}

#[test]
fn bytes_are_read_as_by_serde_json() {
    #[derive(Debug, PartialEq)]
    struct Bytes(Vec<u8>);

    impl<'de> Deserialize<'de> for Bytes {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Any;

            impl<'de> serde::de::Visitor<'de> for Any {
                type Value = Bytes;

                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("bytes")
                }

                fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                    Ok(Bytes(bytes.to_vec()))
                }

                fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Bytes, A::Error> {
                    let mut bytes = Vec::new();
                    while let Some(byte) = items.next_element()? {
                        bytes.push(byte);
                    }
                    Ok(Bytes(bytes))
                }
            }

            from.deserialize_bytes(Any)
        }
    }

    for text in ["\"aé\"", "\"\\u00e9\\n\"", "[1, 255]", "[256]", "1", "{}"] {
        is_same::<Bytes>(text);
    }
}
