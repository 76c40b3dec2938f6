//! JSON text in the forms that Python's encoder writes.

use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::python_json::non_finite_of;

/// What Python's encoder leaves open, or trytond's series do differently.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// `, ` and `: ` instead of `,` and `:`.
    spaced: bool,
    /// Which key of an object comes first.
    first_key: usize,
}

impl Arbitrary for Style {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        (any::<bool>(), 0..8_usize).prop_map(|(spaced, first_key)| Self { spaced, first_key }).boxed()
    }
}

impl Style {
    pub(super) fn write(self, value: &Value) -> String {
        match value {
            Value::Null | Value::Bool(_) => value.to_string(),
            Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                Some(float) => write_float(float),
                None => number.to_string(),
            },
            Value::String(text) => write_text(text),
            Value::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| self.write(item)).collect();
                format!("[{}]", items.join(self.comma()))
            }
            Value::Object(map) => self.write_object(map),
        }
    }

    fn comma(self) -> &'static str {
        if self.spaced { ", " } else { "," }
    }

    fn write_object(self, map: &Map<String, Value>) -> String {
        let class = map.get("__class__").and_then(Value::as_str);
        if let Some(word) = map.get("float").and_then(Value::as_str)
            && class == Some("float")
            && non_finite_of(word).is_some()
        {
            return word.to_owned();
        }
        let colon = if self.spaced { ": " } else { ":" };
        let mut entries: Vec<_> = map
            .iter()
            .map(|(key, value)| match value.as_str().filter(|_| class == Some("bytes") && key == "base64") {
                Some(base64) => write_text(key) + colon + &write_text(&break_lines(base64)),
                None => write_text(key) + colon + &self.write(value),
            })
            .collect();
        let first_key = self.first_key.checked_rem(entries.len()).unwrap_or(0);
        entries.rotate_left(first_key);
        format!("{{{}}}", entries.join(self.comma()))
    }
}

/// As `base64.encodebytes` does, with a line's end at the very end, too.
fn break_lines(base64: &str) -> String {
    base64.as_bytes().chunks(76).map(|line| String::from_utf8_lossy(line).into_owned() + "\n").collect()
}

/// As `json.dumps` does with `ensure_ascii`.
fn write_text(text: &str) -> String {
    let mut written = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            '\u{8}' => written.push_str("\\b"),
            '\u{c}' => written.push_str("\\f"),
            ' '..='\u{7f}' => written.push(char),
            _ => char.encode_utf16(&mut [0; 2]).iter().for_each(|unit| written.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    written + "\""
}

/// As `float.__repr__` does: `1e+16`, `1e-05`, `-0.0`, `1234.5`.
fn write_float(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').expect("an exponent");
    let exponent: i32 = exponent.parse().expect("an integer");
    if (-4..16).contains(&exponent) || float == 0.0 {
        let plain = format!("{float}");
        return if plain.contains('.') { plain } else { plain + ".0" };
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}e{sign}{:02}", exponent.abs())
}

#[test]
fn floats_are_written_as_python_writes_them() {
    for (float, text) in [
        (1e16, "1e+16"),
        (1e-5, "1e-05"),
        (-0.0, "-0.0"),
        (123456789012345.0, "123456789012345.0"),
        (1234567890123456.0, "1234567890123456.0"),
        (0.0001, "0.0001"),
        (1.5e300, "1.5e+300"),
        (5e-324, "5e-324"),
    ] {
        assert_eq!(write_float(float), text);
    }
}
