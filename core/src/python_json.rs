//! Differences between Python's JSON and JSON: the floats `NaN`, `Infinity` and `-Infinity`, which Python writes and
//! reads bare.
//!
//! A `Value` cannot hold them. In memory, each is an object in the form that Tryton uses for everything that JSON
//! lacks: `{"__class__":"float","float":"NaN"}`. Answers get such objects before they are read, and requests lose them
//! before they are sent. trytond itself has no class of that name, so no other value looks like one.

use std::ops::Range;

use serde_json::{Map, Value};

/// The longer word comes first, because it ends with the shorter one.
const WORDS: [&str; 3] = ["-Infinity", "Infinity", "NaN"];

/// The text of such an object around its word.
const BEFORE: &str = r#"{"__class__":"float","float":""#;
const AFTER: &str = r#""}"#;

/// Returns the object for a float that is not finite.
pub(crate) fn non_finite(value: f64) -> Value {
    let word = match (value.is_nan(), value > 0.0) {
        (true, _) => "NaN",
        (false, true) => "Infinity",
        (false, false) => "-Infinity",
    };
    object([("__class__", "float"), ("float", word)])
}

/// Returns the float that `word` names.
pub(crate) fn non_finite_of(word: &str) -> Option<f64> {
    match word {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn object(entries: [(&str, &str); 2]) -> Value {
    Value::Object(entries.into_iter().map(|(key, text)| (key.to_owned(), text.into())).collect::<Map<_, _>>())
}

/// Converts Python's text to JSON: each bare word becomes its object. Returns `None` if there is no such word.
pub fn from_python(body: &[u8]) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    let mut copied = 0;
    for word in BareWords::of(body) {
        json.extend_from_slice(&body[copied..word.start]);
        json.extend_from_slice(BEFORE.as_bytes());
        json.extend_from_slice(&body[word.clone()]);
        json.extend_from_slice(AFTER.as_bytes());
        copied = word.end;
    }
    (copied > 0).then(|| {
        json.extend_from_slice(&body[copied..]);
        json
    })
}

/// Whether the value may hold an object that stands for a word. Looking through its text takes longer.
pub(crate) fn may_hold_word(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(may_hold_word),
        Value::Object(entries) => entries.contains_key("float") || entries.values().any(may_hold_word),
        _ => false,
    }
}

/// Converts JSON to Python's text: each object that stands for a word becomes that word.
///
/// Nothing inside a JSON string looks like such an object: its quotes would be escaped.
pub fn to_python(json: String) -> Vec<u8> {
    let mut python = Vec::new();
    let mut copied = 0;
    while let Some(found) = json[copied..].find(BEFORE) {
        let start = copied + found;
        let word = start + BEFORE.len();
        let bare =
            WORDS.iter().find(|bare| matches!(json[word..].strip_prefix(**bare), Some(r) if r.starts_with(AFTER)));
        let (text, end) = match bare {
            Some(bare) => (*bare, word + bare.len() + AFTER.len()),
            None => (BEFORE, word),
        };
        python.extend_from_slice(&json.as_bytes()[copied..start]);
        python.extend_from_slice(text.as_bytes());
        copied = end;
    }
    if copied == 0 {
        return json.into_bytes();
    }
    python.extend_from_slice(&json.as_bytes()[copied..]);
    python
}

/// Finds the bare words in Python's text.
struct BareWords<'a> {
    body: &'a [u8],
    at: usize,
}

impl<'a> BareWords<'a> {
    fn of(body: &'a [u8]) -> Self {
        Self { body, at: 0 }
    }
}

impl Iterator for BareWords<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        while let Some(byte) = self.body.get(self.at) {
            match byte {
                b'"' => self.at = end_of_string(self.body, self.at),
                b'-' | b'I' | b'N' => {
                    let (start, rest) = (self.at, &self.body[self.at..]);
                    let word = WORDS.iter().find(|word| rest.starts_with(word.as_bytes()));
                    self.at += word.map_or(1, |word| word.len());
                    if word.is_some() {
                        return Some(start..self.at);
                    }
                }
                _ => self.at += 1,
            }
        }
        None
    }
}

/// Returns the position after the string that begins at `at`.
fn end_of_string(body: &[u8], mut at: usize) -> usize {
    at += 1;
    while at < body.len() {
        match body[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BARE: &str = r#"{"a":NaN,"b":[-Infinity,Infinity,-1]}"#;

    #[test]
    fn bare_words_become_objects_and_bare_words_again() {
        let json = String::from_utf8(from_python(BARE.as_bytes()).expect("it holds bare words")).expect("UTF-8");
        let object = |word| json!({"__class__": "float", "float": word});
        let value = json!({"a": object("NaN"), "b": [object("-Infinity"), object("Infinity"), -1]});
        assert_eq!(serde_json::from_str::<Value>(&json).expect("it is JSON now"), value);
        assert_eq!(to_python(json), BARE.as_bytes());
        // A value that was made in memory is written in the same way.
        assert_eq!(to_python(value.to_string()), BARE.as_bytes());
        for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let value = non_finite(float);
            assert_eq!(
                non_finite_of(value["float"].as_str().expect("a word")).map(f64::to_bits),
                Some(float.to_bits())
            );
        }
    }

    #[test]
    fn text_is_left_alone() {
        for same in [r#"{"NaN":"Infinity \" NaN","n":null}"#, r#""broken \"#, "-", ""] {
            assert_eq!(from_python(same.as_bytes()), None);
        }
        for value in [
            json!(r#"{"__class__":"float","float":"NaN"}"#),
            json!({"__class__": "float", "float": "nan"}),
            json!({"__class__": "float", "float": "NaN", "more": 1}),
            json!({"__class__": "float", "float": "NaNa"}),
        ] {
            assert_eq!(to_python(value.to_string()), value.to_string().as_bytes());
        }
    }
}
