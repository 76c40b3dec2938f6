use serde_json::json;

use super::*;
use crate::call::Call;
use crate::context::Context;
use crate::value::{Decimal, Decode, plain::Seed};

/// Returns the error for a response with this result, which cannot be decoded into a `T`.
fn failure<T: Decode>(result: &str) -> Error {
    let call = Call::on_model("sale.sale", "write", Vec::new(), &Context::new());
    let body = format!(r#"{{"id": "1", "result": {result}}}"#);
    match read(body.as_bytes(), Seed::<T>::new(), call.subject()) {
        Ok(_) => panic!("{result} was read"),
        Err(error) => error.about(call.subject()),
    }
}

#[test]
fn an_error_names_the_method_the_records_and_the_field() {
    for (result, id, field, text) in [
        (r#"[{"id": 7, "n": 1}, {"n": "x", "id": 8}]"#, Some(8), "n", "`n` of record 8: "),
        (
            r#"[{"lines.": {"id": 31, "product.": {"n": "x"}}, "id": 7}]"#,
            Some(7),
            "lines.product.n",
            "`lines.product.n` of record 7 (in related record 31): ",
        ),
        (r#"[{"n": "x"}]"#, None, "[0].n", "`[0].n`: "),
        (r#"[{"n": "x", "m": NaN, "id": 6}]"#, Some(6), "n", "`n` of record 6: "),
        (r#"[{"id": [3], "n": "x"}]"#, None, "[0].n", "`[0].n`: "),
        (r#"{"n": ["x"], "id": 5}"#, Some(5), "n[0]", "`n[0]` of record 5: "),
    ] {
        let error = failure::<Numbers>(result);
        assert!(error.is_decode());
        assert_eq!((error.record_id(), error.field()), (id, Some(field)), "{error}");
        let text = format!("model.sale.sale.write: cannot read {text}");
        assert!(error.to_string().starts_with(&text), "{error}");
        assert!(error.to_string().ends_with("; the server has carried out the call"), "{error}");
    }
}

/// Reads numbers in objects in lists, except those named `id`.
struct Numbers;

impl Decode for Numbers {
    fn decode<'de, D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Numbers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("numbers")
            }

            fn visit_u64<E>(self, _: u64) -> Result<Numbers, E> {
                Ok(Numbers)
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Numbers, A::Error> {
                while items.next_element_seed(Seed::<Numbers>::new())?.is_some() {}
                Ok(Numbers)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Numbers, A::Error> {
                while map.next_key::<String>()?.is_some() {
                    map.next_value_seed(Seed::<Numbers>::new())?;
                }
                Ok(Numbers)
            }
        }

        from.deserialize_any(Any)
    }
}

#[test]
fn what_json_has_and_cannot_be_read_has_its_place_too() {
    let deep = format!("[{}1{}]", "[".repeat(200), "]".repeat(200));
    let huge = failure::<Vec<f64>>(&format!("[2.5, 1{}]", "0".repeat(400)));
    assert!(huge.is_decode() && huge.to_string().contains("`[1]`: number out of range"), "{huge}");
    for (result, id, text) in [
        (r#"[{"n": "\ud800", "id": 7}]"#, Some(7), "`n` of record 7: unexpected end of hex escape"),
        (&deep, None, "recursion limit exceeded"),
    ] {
        let error = failure::<Value>(result);
        assert!(error.is_decode() && error.to_string().contains(text), "{error}");
        assert!(error.record_id() == id && error.to_string().len() < 500, "{error}");
    }
}

#[test]
fn integers_beyond_64_bits_are_errors() {
    for (text, came) in [
        ("9223372036854775808", "invalid value: integer `9223372036854775808`"),
        ("36893488147419103232", "invalid type: floating point `3.6893488147419103e+19`"),
        ("1.5", "invalid type: floating point `1.5`"),
    ] {
        let error = failure::<Vec<i64>>(&format!("[{text}]")).to_string();
        assert!(error.contains(&format!("{came}, expected an integer of at most 64 bits")), "{error}");
    }
}

#[test]
fn an_answer_of_another_form_is_not_taken_for_a_record() {
    let error = failure::<Vec<i64>>(r#"{"id": 7}"#);
    assert!(error.record_id().is_none() && error.field().is_none(), "{error}");
    assert!(error.to_string().contains("cannot read the answer: invalid type: map, expected a list"), "{error}");
}

#[test]
fn a_long_value_is_shortened_and_what_was_expected_is_kept() {
    let error = failure::<Decimal>(&json!("é".repeat(5_000)).to_string()).to_string();
    assert!(error.len() < 500 && error.contains("é…é") && error.contains("\", expected a decimal number"), "{error}");
}

#[test]
fn what_is_no_json_is_not_tryton() {
    let call = Call::on_model("sale.sale", "read", Vec::new(), &Context::new());
    for body in ["<html>", r#"{"result": NaN"#, r#"{"result": Infinity1}"#, "", r#"{"result": 01}"#] {
        let read = read(body.as_bytes(), Seed::<Value>::new(), call.subject());
        assert!(read.is_err_and(|error| error.is_not_tryton()), "{body}");
    }
}
