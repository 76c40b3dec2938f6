//! Whatever the value: it comes back from the wire as it was, also where Python wrote it.

mod python;

use bigdecimal::{BigDecimal, RoundingMode};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::__fuzz;
use crate::python_json::non_finite;
use crate::value::{
    Binary, Choice, Date, DateTime, Decimal, Decode, Dict, Encode, Id, Reference, Rounding, Time, TimeDelta,
};
use python::Style;

fn read<T: Decode>(body: &[u8]) -> Result<T, TestCaseError> {
    __fuzz::read(body).map_err(|e| TestCaseError::fail(format!("{e} in {}", String::from_utf8_lossy(body))))
}

/// Sends the value and reads it again, then reads it as Python writes it. Values are compared by what is sent for them:
/// that tells apart zeros of different signs, and the NaN is like itself.
fn comes_back<T: Encode + Decode>(value: &T, style: Style) -> Result<(), TestCaseError> {
    let encoded = |value: &T| value.encode().map_err(|e| TestCaseError::fail(e.to_string()));
    let wire = json!({"result": encoded(value)?});
    let sent = __fuzz::echo(&wire["result"]);
    for body in [sent, style.write(&wire).into_bytes()] {
        let back: T = read(&body)?;
        prop_assert_eq!(by_value(&wire["result"]), by_value(&encoded(&back)?));
    }
    Ok(())
}

/// With floats written in one way: in a build with `arbitrary_precision` they compare by their text.
fn by_value(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => number.as_f64().into(),
        Value::Array(items) => items.iter().map(by_value).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), by_value(value))).collect(),
        value => value.clone(),
    }
}

fn date() -> impl Strategy<Value = Date> {
    (1..=9999_i16, 1..=12_i8, 1..=31_i8).prop_filter_map("no such day", |(y, m, d)| Date::new(y, m, d).ok())
}

fn time() -> impl Strategy<Value = Time> {
    (0..24_i8, 0..60_i8, 0..60_i8, 0..1_000_000_i32)
        .prop_map(|(hour, minute, second, micro)| Time::constant(hour, minute, second, micro * 1_000))
}

/// Where float seconds hold every microsecond: 136 years.
fn timedelta() -> impl Strategy<Value = TimeDelta> {
    const MOST: i64 = (1 << 32) * 1_000_000;
    prop_oneof![-MOST..MOST, -5_000_000..5_000_000_i64].prop_map(TimeDelta::from_micros)
}

/// A number as Python may write it, and the same without an exponent.
fn decimal_text() -> impl Strategy<Value = (String, String)> {
    (any::<bool>(), vec(0..10_u8, 1..45), 0..45_usize, -40..40_i64).prop_map(
        |(negative, digits, decimals, exponent)| {
            let digits: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
            let sign = if negative { "-" } else { "" };
            let with_point = |shift: i64| {
                let zeros = "0".repeat(shift.unsigned_abs() as usize);
                let digits = if shift < 0 { digits.clone() + &zeros } else { format!("{zeros}0{digits}") };
                let (whole, fraction) = digits.split_at(digits.len() - shift.max(0) as usize);
                let whole = whole.trim_start_matches('0');
                let whole = if whole.is_empty() { "0" } else { whole };
                format!("{sign}{whole}{}{fraction}", if fraction.is_empty() { "" } else { "." })
            };
            let text = if exponent == 0 { String::new() } else { format!("E{exponent:+}") };
            (with_point(decimals as i64) + &text, with_point(decimals as i64 - exponent))
        },
    )
}

fn decimal() -> impl Strategy<Value = Decimal> {
    decimal_text().prop_map(|(text, _)| text.parse().expect("a number"))
}

fn reference() -> impl Strategy<Value = Reference> {
    ("[a-z]{1,8}(\\.[a-z_0-9]{1,8}){0,3}", -3..i64::MAX).prop_map(|(model, id)| Reference::new(model, id))
}

/// Any value that an answer may hold where nothing is known of its type.
fn json_value() -> impl Strategy<Value = Value> {
    let finite = any::<f64>().prop_filter("not finite", |float| float.is_finite());
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        finite.prop_map(Value::from),
        Just(non_finite(f64::NAN)),
        Just(non_finite(f64::NEG_INFINITY)),
        any::<String>().prop_map(Value::from),
        decimal().prop_map(|decimal| decimal.encode().expect("it can be sent")),
        date().prop_map(|date| date.encode().expect("it can be sent")),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(any::<String>(), inner, 0..5).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #[test]
    fn plain_values(flag: bool, integer: i64, text: String, id: i64, style: Style) {
        comes_back(&flag, style)?;
        comes_back(&integer, style)?;
        comes_back(&text, style)?;
        comes_back(&Id::<()>::new(id), style)?;
        comes_back(&Choice::from(format!("x{text}")), style)?;
        comes_back(&vec![Some(text), None], style)?;
    }

    #[test]
    fn floats(float in any::<u64>().prop_map(f64::from_bits), style: Style) {
        comes_back(&float, style)?;
        comes_back(&vec![1.5, float, -0.0], style)?;
    }

    #[test]
    fn dates_and_times(date in date(), time in time(), delta in timedelta(), style: Style) {
        comes_back(&date, style)?;
        comes_back(&time, style)?;
        comes_back(&DateTime::from_parts(date, time), style)?;
        comes_back(&delta, style)?;
    }

    #[test]
    fn long_timedeltas_are_as_exact_as_float_seconds(seconds in -86_399_999_913_599_i64..86_399_999_999_999, style: Style) {
        comes_back(&TimeDelta::from_secs(seconds), style)?;
        comes_back(&TimeDelta::new(seconds, 123_456_000), style)?;
    }

    #[test]
    fn decimals(decimal in decimal(), style: Style) {
        comes_back(&decimal, style)?;
        comes_back(&vec![decimal.clone(), -decimal], style)?;
    }

    #[test]
    fn decimals_are_never_rounded((text, plain) in decimal_text()) {
        let decimal: Decimal = text.parse().expect("a number");
        // Of the decimals of a zero, 28 are kept.
        let zero = plain.trim_start_matches('-').trim_start_matches(['0', '.']).is_empty();
        let shown = if zero { plain[..plain.len().min(30 + usize::from(plain.starts_with('-')))].to_owned() } else { plain.clone() };
        prop_assert_eq!(decimal.to_string(), shown, "{}", text);
        prop_assert_eq!(decimal, plain.parse().expect("a number"));
    }

    #[test]
    fn sums_and_products_are_never_rounded(a in decimal(), b in decimal()) {
        prop_assert_eq!(&(&a + &b) - &b, a.clone());
        prop_assert_eq!(&(&a + &b) * &b, &(&a * &b) + &(&b * &b));
    }

    #[test]
    fn rounding_is_that_of_bigdecimal((text, _) in decimal_text(), places in 0..50_u32) {
        let (decimal, big): (Decimal, BigDecimal) = (text.parse().expect("a number"), text.parse().expect("a number"));
        for (rounding, mode) in [
            (Rounding::HalfEven, RoundingMode::HalfEven),
            (Rounding::HalfUp, RoundingMode::HalfUp),
            (Rounding::HalfDown, RoundingMode::HalfDown),
            (Rounding::Up, RoundingMode::Up),
            (Rounding::Down, RoundingMode::Down),
            (Rounding::Ceiling, RoundingMode::Ceiling),
            (Rounding::Floor, RoundingMode::Floor),
        ] {
            let rounded = decimal.round_with(places, rounding);
            let expected = big.with_scale_round(i64::from(places), mode).to_plain_string();
            prop_assert_eq!(&rounded, &expected.parse().expect("a number"), "{} {:?}", text, rounding);
            // Only the sign of a zero and its decimals beyond 28 are not bigdecimal's.
            prop_assert!(rounded.is_zero() || rounded.to_string() == expected, "{} as {}", rounded, expected);
        }
        let places = places as usize;
        let shown = format!("{decimal:.places$}");
        prop_assert_eq!(shown.split_once('.').map_or(0, |(_, fraction)| fraction.len()), places);
        prop_assert_eq!(shown.parse::<Decimal>().expect("a number"), decimal.round(places as u32));
    }

    #[test]
    fn quotients_are_the_nearest_below(a in decimal(), b in decimal(), places in 0..50_u32) {
        let Some(quotient) = a.checked_div(&b, places, Rounding::Floor) else {
            prop_assert!(b.is_zero());
            return Ok(());
        };
        let unit: Decimal = format!("1E-{places}").parse().expect("a number");
        let (below, above) = (&quotient * &b, &(&quotient + &unit) * &b);
        let is_between = if b > Decimal::default() { below <= a && a < above } else { above < a && a <= below };
        prop_assert!(is_between, "{} / {} is not {}", a, b, quotient);
        prop_assert_eq!(a.checked_div(&Decimal::from(1), places, Rounding::HalfUp), Some(a.round_with(places, Rounding::HalfUp)));
    }

    #[test]
    fn binaries_and_references(bytes in vec(any::<u8>(), 0..300), reference in reference(), style: Style) {
        comes_back(&Binary::from(bytes), style)?;
        comes_back(&reference, style)?;
        prop_assert_eq!(reference.to_string().parse(), Ok(reference));
    }

    #[test]
    fn dicts(names in btree_map(any::<String>(), json_value(), 0..6), date in date(), style: Style) {
        let dict = names.into_iter().fold(Dict::new().set("due", date), |dict, (name, value)| dict.set(name + "x", value));
        comes_back(&dict, style)?;
        prop_assert_eq!(dict.get::<Date>("due").expect("a date"), Some(date));
    }

    #[test]
    fn untyped_values(value in json_value(), style: Style) {
        comes_back(&value, style)?;
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in vec(any::<u8>(), 0..100), text in "[\\[\\]{}\",:0-9eE+. \\\\a-fuN-]{0,60}") {
        for body in [bytes, text.clone().into_bytes(), format!("{{\"result\":{text}}}").into_bytes()] {
            let _ = read::<Vec<Decimal>>(&body);
            let _ = read::<Value>(&body);
        }
        let _ = text.parse::<Decimal>();
    }
}
