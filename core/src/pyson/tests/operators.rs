use super::*;

#[test]
fn eval_looks_names_up() {
    let values = json!({"null": null, "a": {"b": {"c": 1}, "x.y": 2}, "a.z": 3, "number": 5, "empty": []});
    let of = |name: &str| eval_in(values.clone(), operator("Eval", json!({"v": name, "d": "default"})));
    for (name, value) in [
        ("number", json!(5)),
        ("missing", json!("default")),
        ("null", Value::Null),
        ("a.b.c", json!(1)),
        ("a.x.y", json!(2)),
        ("a.z", json!(3)),
        ("a.b", json!({"c": 1})),
        ("a.missing", json!("default")),
        ("missing.b", json!("default")),
        ("null.b", json!("default")),
        ("empty.b", json!("default")),
        ("_parent_sale.party", json!(5)),
        ("_parent_sale.state", Value::Null),
        ("_parent_sale.missing", json!("default")),
    ] {
        assert_eq!(of(name), Ok(value), "{name}");
    }
    let fault = of("number.b").expect_err("a number has no names").to_string();
    assert_eq!(fault, "`Eval` of `number.b`: needs an object as `number`, but got an integer: 5");
    let fault = eval(operator("Eval", json!({"v": "missing"}))).expect_err("there is no default").to_string();
    assert_eq!(fault, "`Eval` of `missing`: its key `d` is missing");
    assert_eq!(super::fault(operator("Eval", json!({"v": 5, "d": 1}))), "`Eval`: needs a name, but got an integer: 5");
}

#[test]
fn truth_is_pythons() {
    let not = |value: Value| eval_in(json!({"x": value}), operator("Not", json!({"v": name("x")})));
    for value in [json!(null), json!(false), json!(0), json!(0.0), json!(-0.0), json!(""), json!([]), json!({})] {
        assert_eq!(not(value.clone()), Ok(json!(true)), "{value}");
    }
    for value in [decimal("0.00"), seconds(0.0), json!({"__class__": "bytes", "base64": ""})] {
        assert_eq!(not(value.clone()), Ok(json!(true)), "{value}");
    }
    let time = json!({"__class__": "time", "hour": 0, "minute": 0, "second": 0, "microsecond": 0});
    for value in [json!(true), json!(-1), json!(1e-300), json!("0"), json!([null]), json!({"": null}), time] {
        assert_eq!(not(value.clone()), Ok(json!(false)), "{value}");
    }
    for value in [decimal("0.01"), seconds(-0.000_001), date(1, 1, 1), midnight(1970, 1, 1)] {
        assert_eq!(not(value.clone()), Ok(json!(false)), "{value}");
    }
    assert_eq!(eval(operator("Bool", json!({"v": name("_parent_sale")}))), Ok(json!(true)));
}

#[test]
fn equality_is_pythons() {
    let values = |a: &Value, b: &Value| eval_in(json!({"a": a, "b": b}), equal(name("a"), name("b")));
    for (a, b, same) in [
        (json!(1), json!(true), true),
        (json!(1), json!(1.0), true),
        (json!(0), json!(false), true),
        (json!(0), json!(null), false),
        (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0), false),
        (json!(u64::MAX), json!(-1), false),
        (json!(""), json!(null), false),
        (json!([]), json!(null), false),
        (json!([]), json!({}), false),
        (json!(1), json!("1"), false),
        (decimal("1.1"), json!(1.1), false),
        (decimal("0.50"), json!(0.5), true),
        (decimal("1.0"), json!(true), true),
        (decimal("1.10"), decimal("1.1"), true),
        (decimal("1"), json!("1"), false),
        (date(2026, 1, 1), midnight(2026, 1, 1), false),
        (date(2026, 1, 1), date(2026, 1, 1), true),
        (seconds(60.0), json!(60), false),
        (seconds(0.1), seconds(0.100_000_01), true),
        (json!([1, [true, 0.0]]), json!([1.0, [1, false]]), true),
        (json!([1, 2]), json!([1]), false),
        (json!([date(2026, 1, 1)]), json!([date(2026, 1, 1)]), true),
        (json!({"a": 1, "b": [2]}), json!({"b": [2.0], "a": true}), true),
        (json!({"a": null}), json!({"b": null}), false),
        (json!({"__class__": "float", "float": "NaN"}), json!({"__class__": "float", "float": "NaN"}), false),
    ] {
        assert_eq!(values(&a, &b), Ok(json!(same)), "{a} and {b}");
        assert_eq!(values(&b, &a), Ok(json!(same)), "{b} and {a}");
    }
    assert_eq!(
        fault(equal(name("_parent_sale"), json!({}))),
        "`Equal`: a whole record cannot be compared with an object"
    );
}

#[test]
fn order_is_that_of_numbers() {
    let compare = |class: &str, a: &Value, b: &Value, equal: bool| {
        let keys = json!({"s1": name("a"), "s2": name("b"), "e": equal});
        eval_in(json!({"a": a, "b": b}), operator(class, keys))
    };
    for (a, b, greater, less) in [
        (json!(2), json!(1), true, false),
        (json!(1), json!(1), false, false),
        (json!(null), json!(-1), false, false),
        (json!(1), json!(null), false, false),
        (json!("2"), json!(1), true, false),
        (json!(" 1_0 "), json!("9"), true, false),
        (json!(true), json!(0), true, false),
        (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0), true, false),
        (decimal("1.5"), json!(1), true, false),
        (date(2026, 1, 2), date(2026, 1, 1), true, false),
        (date(2026, 1, 1), midnight(2026, 1, 1), false, false),
        (seconds(120.0), json!(60), true, false),
        (seconds(-0.5), json!(0), false, true),
        (json!({"__class__": "float", "float": "NaN"}), json!(1), false, false),
    ] {
        assert_eq!(compare("Greater", &a, &b, false), Ok(json!(greater)), "{a} > {b}");
        assert_eq!(compare("Less", &a, &b, false), Ok(json!(less)), "{a} < {b}");
    }
    assert_eq!(compare("Greater", &json!(1), &json!(true), true), Ok(json!(true)));
    assert_eq!(compare("Less", &json!("1"), &json!(1), true), Ok(json!(true)));
    for (value, kind) in [(json!(""), "an empty text"), (json!("abc"), "a text"), (json!([]), "a list")] {
        let fault = compare("Less", &value, &json!(1), false).expect_err("it is no number").to_string();
        assert_eq!(fault, format!("`Less`: needs a number, a date, a datetime or a timedelta, but got {kind}"));
    }
}

#[test]
fn only_what_counts_is_evaluated() {
    let fails = operator("Len", json!({"v": null}));
    let all = |statements: Value| eval(operator("And", json!({"s": statements})));
    let any = |statements: Value| eval(operator("Or", json!({"s": statements})));
    assert_eq!(all(json!([1, 0, fails])), Ok(json!(false)));
    assert_eq!(any(json!(["", "x", fails])), Ok(json!(true)));
    assert_eq!(all(json!([1, "x", name("lines")])), Ok(json!(true)));
    assert_eq!(any(json!([0, "", [], null])), Ok(json!(false)));
    assert!(all(json!([1, fails])).is_err() && any(json!([0, fails])).is_err());
    assert_eq!(all(json!([])).expect_err("nothing to decide").to_string(), "`And`: there is no statement");
    assert_eq!(all(name("lines")), Ok(json!(true)));
    let condition = |condition: Value| operator("If", json!({"c": condition, "t": "then", "e": fails}));
    assert_eq!(eval(condition(json!([0]))), Ok(json!("then")));
    assert_eq!(fault(condition(json!(0))), "`Len`: needs a text, a list or an object, but got null");
    assert_eq!(fault(operator("If", json!({"c": false, "t": 1}))), "`If`: its key `e` is missing");
    let default = operator("Get", json!({"v": {"a": null}, "k": "a", "d": fails}));
    assert_eq!(eval(default), Ok(Value::Null));
}

#[test]
fn get_reads_objects_only() {
    let get = |object: Value| operator("Get", json!({"v": object, "k": "company", "d": "none"}));
    assert_eq!(eval(get(json!({"company": name("_parent_sale.party")}))), Ok(json!(5)));
    assert_eq!(eval(get(json!({"x": 1}))), Ok(json!("none")));
    assert_eq!(eval(get(name("_parent_sale"))), Ok(json!("none")));
    assert_eq!(fault(get(name("context"))), "`Get` of `company`: needs an object, but got an empty text");
    assert_eq!(fault(get(json!([1]))), "`Get` of `company`: needs an object, but got a list");
    assert_eq!(eval(operator("Get", json!({"v": {}, "k": 7, "d": 1}))), Ok(json!(1)));
    assert!(eval(operator("Get", json!({"v": {}, "k": [], "d": 1}))).is_err());
}

#[test]
fn in_looks_into_lists_objects_and_texts() {
    let contains = |key: Value, container: Value| eval(operator("In", json!({"k": key, "v": container})));
    for (key, container, found) in [
        (json!(1), json!([1, 2]), true),
        (json!(true), json!([1]), true),
        (json!(1.0), json!([1]), true),
        (json!(null), json!([null]), true),
        (json!("1"), json!([1]), false),
        (json!("a"), json!({"a": null}), true),
        (json!(1), json!({"a": null}), false),
        (json!("b"), json!("abc"), true),
        (json!("ac"), json!("abc"), false),
        (json!("a"), json!(null), false),
        (json!("a"), json!(0), false),
        (json!([1]), json!({}), false),
        (json!(-1), name("lines"), true),
        (json!("party"), name("_parent_sale"), true),
    ] {
        assert_eq!(contains(key.clone(), container.clone()), Ok(json!(found)), "{key} in {container}");
    }
    for (key, container, why) in [
        (json!("a"), json!(5), "needs a list, an object or a text to look into, but got an integer: 5"),
        (json!([1]), json!({"a": 1}), "needs a text as the key, but got a list"),
        (json!(1), json!("abc"), "needs a text to look for in a text, but got an integer: 1"),
    ] {
        assert_eq!(contains(key, container).expect_err(why).to_string(), format!("`In`: {why}"));
    }
}

#[test]
fn in_looks_into_binary_data() {
    let contains = |key: Value| {
        let own = json!({"key": key, "data": {"__class__": "bytes", "base64": "AGFi"}});
        eval_in(own, operator("In", json!({"k": name("key"), "v": name("data")})))
    };
    for (key, found) in [(json!(97), true), (json!(true), false), (json!(false), true), (json!(255), false)] {
        assert_eq!(contains(key.clone()), Ok(json!(found)), "{key}");
    }
    assert_eq!(contains(json!({"__class__": "bytes", "base64": "YWI="})), Ok(json!(true)));
    let why = "`In`: needs a byte to look for in binary data, but got an integer: 256";
    assert_eq!(contains(json!(256)).expect_err(why).to_string(), why);
}

#[test]
fn len_counts_characters_items_and_keys() {
    for (value, length) in [(json!("é𝄞"), 2), (json!([1, 2, 3]), 3), (json!({"a": 1}), 1), (name("lines"), 2)] {
        assert_eq!(eval(operator("Len", json!({"v": value}))), Ok(json!(length)));
    }
    assert_eq!(
        fault(operator("Len", json!({"v": 5}))),
        "`Len`: needs a text, a list or an object, but got an integer: 5"
    );
    let record = "`Len`: needs a text, a list or an object, but got a record";
    assert_eq!(fault(operator("Len", json!({"v": name("_parent_sale")}))), record);
    assert_eq!(fault(name("_parent_sale")), "the result is a whole record, which has no JSON");
}

#[test]
fn values_that_cannot_be_read_are_faults() {
    for (value, class) in [
        (decimal("NaN"), "Decimal"),
        (date(2026, 2, 30), "date"),
        (json!({"__class__": "timedelta"}), "timedelta"),
        (json!({"__class__": "bytes", "base64": "?"}), "bytes"),
    ] {
        let fault = eval_in(json!({"x": value}), name("x")).expect_err(class).to_string();
        assert_eq!(fault, format!("`Eval` of `x`: a {class} cannot be read: its parts are missing or out of range"));
    }
}
