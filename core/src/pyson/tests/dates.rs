use super::*;

fn moved(class: &str, start: Value, parts: Value) -> Result<Value, Fault> {
    let names = match class {
        "Date" => &["y", "M", "d", "dy", "dM", "dd"][..],
        _ => &["y", "M", "d", "dy", "dM", "dd", "h", "m", "s", "ms", "dh", "dm", "ds", "dms"],
    };
    let none = |name: &str| if name.starts_with('d') && name.len() > 1 { json!(0) } else { Value::Null };
    let mut keys: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), none(name))).collect();
    keys.extend(parts.as_object().expect("parts are an object").clone());
    keys.insert("start".to_owned(), name("start"));
    eval_in(json!({"start": start}), operator(class, Value::Object(keys)))
}

#[test]
fn dates_are_set_and_then_moved() {
    let from = |start: Value, parts: Value| moved("Date", start, parts);
    for (start, parts, expected) in [
        (Value::Null, json!({}), date(2024, 2, 29)),
        (json!("text"), json!({"dy": 1}), date(2025, 2, 28)),
        (date(2021, 1, 31), json!({"dM": 1}), date(2021, 2, 28)),
        (date(2021, 1, 31), json!({"dM": -2}), date(2020, 11, 30)),
        (date(2021, 1, 31), json!({"dM": 25}), date(2023, 2, 28)),
        (date(2021, 2, 3), json!({"d": 31}), date(2021, 2, 28)),
        (date(2021, 2, 3), json!({"d": 31, "dM": 1}), date(2021, 3, 31)),
        (date(2021, 2, 3), json!({"d": 30.5}), date(2021, 2, 28)),
        (date(2021, 2, 3), json!({"y": 0, "M": 0, "d": 0}), date(2021, 2, 3)),
        (date(2021, 12, 3), json!({"y": 2020, "M": 2, "d": 1, "dd": -1}), date(2020, 1, 31)),
        (date(2021, 2, 3), json!({"M": 13, "dM": -1}), date(2021, 12, 3)),
        (date(2021, 2, 3), json!({"dd": 1.5}), date(2021, 2, 4)),
        (date(2021, 2, 3), json!({"dd": -1.5}), date(2021, 2, 1)),
        (date(2021, 2, 3), json!({"dy": 1.0, "dM": true}), date(2022, 3, 3)),
        (midnight(2021, 2, 3), json!({"dd": 26}), date(2021, 3, 1)),
    ] {
        assert_eq!(from(start.clone(), parts.clone()), Ok(expected), "{start} {parts}");
    }
    let out_of_range = "the date is out of range: Tryton's dates have the years 1 to 9999";
    for (parts, why) in [
        (json!({"dM": 1.5}), "needs a whole number of months, but got a float: 1.5"),
        (json!({"dy": null}), "needs a whole number of years, but got null"),
        (json!({"dy": "1"}), "needs a whole number of years, but got a text"),
        (json!({"dd": null}), "needs a number of days, but got null"),
        (json!({"y": 2020.0}), "needs an integer as its year, but got a float: 2020.0"),
        (json!({"d": "5"}), "needs an integer as its day, but got a text"),
        (json!({"d": -1}), out_of_range),
        (json!({"M": 13}), out_of_range),
        (json!({"y": 10_000}), out_of_range),
        (json!({"y": i64::MAX, "dy": i64::MAX, "dM": i64::MAX}), out_of_range),
        (json!({"dy": -2021}), out_of_range),
        (json!({"dy": 1e300}), out_of_range),
        (json!({"dd": 1_000_000_000}), "the timedelta is out of range: Tryton has none of more than 999,999,999 days"),
        (json!({"dd": -999_999_999}), out_of_range),
        (json!({"dd": {"__class__": "float", "float": "NaN"}}), "a number is not finite"),
    ] {
        let fault = from(date(2021, 2, 3), parts.clone()).expect_err(why).to_string();
        assert_eq!(fault, format!("`Date`: {why}"), "{parts}");
    }
}

#[test]
fn datetimes_are_set_and_then_moved() {
    let at = |(year, month, day): (i64, i64, i64), (hour, minute, second, microsecond): (i64, i64, i64, i64)| {
        json!({"__class__": "datetime", "year": year, "month": month, "day": day,
            "hour": hour, "minute": minute, "second": second, "microsecond": microsecond})
    };
    let from = |start: Value, parts: Value| moved("DateTime", start, parts);
    for (start, parts, expected) in [
        (Value::Null, json!({}), at((2024, 2, 29), (23, 30, 15, 500_000))),
        (Value::Null, json!({"dm": 30}), at((2024, 3, 1), (0, 0, 15, 500_000))),
        (date(2021, 1, 31), json!({"dM": 1, "dh": 25}), at((2021, 3, 1), (1, 0, 0, 0))),
        (midnight(2021, 1, 1), json!({"dms": -1}), at((2020, 12, 31), (23, 59, 59, 999_999))),
        (midnight(2021, 1, 1), json!({"h": 12, "m": true, "s": 0, "ms": 7}), at((2021, 1, 1), (12, 1, 0, 7))),
        (midnight(2021, 1, 1), json!({"dd": 0.5}), at((2021, 1, 1), (12, 0, 0, 0))),
        (midnight(2021, 1, 1), json!({"ds": 0.000_000_5}), at((2021, 1, 1), (0, 0, 0, 0))),
        (midnight(2021, 1, 1), json!({"dms": 1, "ds": 0.000_000_5}), at((2021, 1, 1), (0, 0, 0, 2))),
    ] {
        assert_eq!(from(start.clone(), parts.clone()), Ok(expected), "{start} {parts}");
    }
    for (parts, why) in [
        (json!({"h": 24}), "the hour is out of range"),
        (json!({"ms": -1}), "the microsecond is out of range"),
        (json!({"s": 1.0}), "needs an integer as its second, but got a float: 1.0"),
        (json!({"dh": "1"}), "needs a number of hours, but got a text"),
        (json!({"dh": 1e300}), "the timedelta is out of range: Tryton has none of more than 999,999,999 days"),
    ] {
        let fault = from(midnight(2021, 2, 3), parts.clone()).expect_err(why).to_string();
        assert_eq!(fault, format!("`DateTime`: {why}"), "{parts}");
    }
}

#[test]
fn timedeltas_are_made_of_days_seconds_and_microseconds() {
    let delta = |d: Value, s: Value, m: Value| eval(operator("TimeDelta", json!({"d": d, "s": s, "m": m})));
    assert_eq!(delta(json!(1), json!(1.5), json!(3)), Ok(seconds(86_401.500_003)));
    assert_eq!(delta(json!(0.5), json!(true), json!(-1)), Ok(seconds(43_200.999_999)));
    // Halves of a microsecond go to the even one.
    assert_eq!(delta(json!(0), json!(0), json!(0.5)), Ok(seconds(0.0)));
    assert_eq!(delta(json!(0), json!(0), json!(1.5)), Ok(seconds(0.000_002)));
    assert_eq!(delta(json!(0), json!(0.000_001), json!(0.5)), Ok(seconds(0.000_002)));
    let why = "`TimeDelta`: needs a number of days, but got null";
    assert_eq!(delta(Value::Null, json!(0), json!(0)).expect_err(why).to_string(), why);
    for days in [json!(1_000_000_000), json!(-1_000_000_000), json!(u64::MAX), json!(1e308)] {
        assert!(delta(days.clone(), json!(0), json!(0)).is_err(), "{days}");
    }
    assert_eq!(delta(json!(-999_999_999), json!(0), json!(0)), Ok(seconds(-86_399_999_913_600.0)));
}
