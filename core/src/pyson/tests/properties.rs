//! Whatever a server sends: there is a value or a fault, and no panic.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::*;

const CLASSES: [&str; 24] = [
    "Eval",
    "Not",
    "Bool",
    "And",
    "Or",
    "Equal",
    "Greater",
    "Less",
    "If",
    "Get",
    "In",
    "Len",
    "Date",
    "DateTime",
    "TimeDelta",
    "Id",
    "Foo",
    "date",
    "datetime",
    "time",
    "timedelta",
    "Decimal",
    "bytes",
    "float",
];

const KEYS: [&str; 40] = [
    "v",
    "d",
    "s",
    "s1",
    "s2",
    "e",
    "c",
    "t",
    "k",
    "y",
    "M",
    "dy",
    "dM",
    "dd",
    "start",
    "h",
    "m",
    "ms",
    "dh",
    "dm",
    "ds",
    "dms",
    "year",
    "month",
    "day",
    "hour",
    "minute",
    "second",
    "microsecond",
    "seconds",
    "decimal",
    "base64",
    "float",
    "a",
    "b",
    "",
    "_parent_sale",
    "x.y",
    "lines",
    "__class__",
];

/// Any JSON, objects of all classes with any keys among it.
fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-40..40_i64).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z_.0-9% ]{0,6}".prop_map(Value::from),
        proptest::sample::select(&KEYS[..]).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        let keys = btree_map(proptest::sample::select(&KEYS[..]).prop_map(str::to_owned), inner.clone(), 0..5);
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            keys.prop_map(|keys| keys.into_iter().collect()),
            whole(inner),
        ]
    })
}

/// An object of a class that has all keys of all classes.
fn whole(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    (proptest::sample::select(&CLASSES[..]), vec(inner, KEYS.len())).prop_map(|(class, values)| {
        let keys: Map<String, Value> = KEYS.iter().map(|key| (*key).to_owned()).zip(values).collect();
        operator(class, Value::Object(keys))
    })
}

/// Numbers of a date that are near its limits or beyond all limits.
fn part() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        (-15..40_i64).prop_map(Value::from),
        (-12_000..12_000_i64).prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<u64>().prop_map(|bits| crate::Encode::encode(&f64::from_bits(bits)).expect("a float")),
        (-1e6..1e6_f64).prop_map(Value::from),
        any::<i64>().prop_map(|number| decimal(&number.to_string())),
    ]
}

proptest! {
    #[test]
    fn nothing_panics(expression in json(), values in btree_map("[ab]|lines", json(), 0..4)) {
        let of = Record { values: values.into_iter().collect(), parent: None };
        if let Ok(expression) = Expression::new(expression.clone()) {
            let truth = expression.is_true(&of);
            match expression.value(&of) {
                // What has a value has a truth as well.
                Ok(value) => {
                    prop_assert!(truth.is_ok());
                    let _ = holds(&value, &of);
                }
                Err(fault) => prop_assert!(!fault.to_string().is_empty()),
            }
        }
        let _ = holds(&expression, &of);
    }

    #[test]
    fn no_number_in_a_date_panics(parts in vec(part(), 17), class in proptest::sample::select(&["Date", "DateTime", "TimeDelta"][..])) {
        const PARTS: [&str; 17] =
            ["y", "M", "d", "dy", "dM", "dd", "h", "m", "s", "ms", "dh", "dm", "ds", "dms", "start", "x", "z"];
        let keys = PARTS.iter().map(|key| (*key).to_owned()).zip(parts).collect();
        let _ = eval(operator(class, Value::Object(keys)));
    }

    #[test]
    fn any_text_is_parsed_or_refused(text in "[\\[\\]{}\",:0-9a-zA-Z_ .-]{0,60}") {
        let _ = Expression::parse(&text);
    }

    #[test]
    fn data_is_its_own_value(value in json()) {
        let holds_operator = CLASSES[..16].iter().any(|class| value.to_string().contains(&format!("\"{class}\"")));
        prop_assume!(!holds_operator && !value.to_string().contains("\"float\""));
        prop_assert_eq!(eval(value.clone()), Ok(value));
    }
}
