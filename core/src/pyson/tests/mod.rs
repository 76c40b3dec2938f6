use std::borrow::Cow;

use serde_json::{Map, Value, json};

use super::{Env, Expression, Fault, Found, holds};
use crate::value::{Date, DateTime};

mod dates;
mod domains;
mod operators;
mod properties;

/// A record whose parent is a record, too, at a time that stands still: the end of February in a leap year.
struct Record {
    values: Map<String, Value>,
    parent: Option<Map<String, Value>>,
}

impl Env for Record {
    fn get(&self, name: &str) -> Option<Found<'_>> {
        match (name, &self.parent) {
            ("_parent_sale", Some(parent)) => Some(Found::Record(parent)),
            // What a program computes it hands over.
            ("lines", _) => Some(Found::Value(Cow::Owned(json!([4, -1])))),
            _ => Env::get(&self.values, name),
        }
    }

    fn today(&self) -> Date {
        Date::constant(2024, 2, 29)
    }

    fn now(&self) -> DateTime {
        self.today().at(23, 30, 15, 500_000_999)
    }
}

fn record(values: Value) -> Record {
    let Value::Object(values) = values else { panic!("a record is an object") };
    Record { values, parent: json!({"party": 5, "state": Value::Null}).as_object().cloned() }
}

fn eval_in(values: Value, expression: Value) -> Result<Value, Fault> {
    Expression::new(expression)?.value(&record(values))
}

/// The value where there is nothing but the time, `lines` and a parent.
fn eval(expression: Value) -> Result<Value, Fault> {
    eval_in(json!({}), expression)
}

fn fault(expression: Value) -> String {
    eval(expression).expect_err("it has no value").to_string()
}

/// `{"__class__": class, …}`
fn operator(class: &str, keys: Value) -> Value {
    let Value::Object(mut keys) = keys else { panic!("keys are an object") };
    keys.insert("__class__".to_owned(), class.into());
    Value::Object(keys)
}

fn name(name: &str) -> Value {
    operator("Eval", json!({"v": name, "d": ""}))
}

fn equal(a: Value, b: Value) -> Value {
    operator("Equal", json!({"s1": a, "s2": b}))
}

fn decimal(text: &str) -> Value {
    json!({"__class__": "Decimal", "decimal": text})
}

fn date(year: i64, month: i64, day: i64) -> Value {
    json!({"__class__": "date", "year": year, "month": month, "day": day})
}

fn midnight(year: i64, month: i64, day: i64) -> Value {
    json!({"__class__": "datetime", "year": year, "month": month, "day": day,
        "hour": 0, "minute": 0, "second": 0, "microsecond": 0})
}

fn seconds(seconds: f64) -> Value {
    json!({"__class__": "timedelta", "seconds": seconds})
}

#[test]
fn states_are_taken_apart_and_evaluated_one_by_one() {
    let states = r#"{"invisible": false, "readonly": {"__class__": "Not", "v": {"__class__": "Eval", "v": "a", "d": ""}},
        "required": {"__class__": "Len", "v": null}}"#;
    let states = Expression::parse(states).expect("an expression").into_entries().expect("an object");
    let of = record(json!({"a": 1}));
    let found: Vec<_> = states.iter().map(|(name, state)| (&**name, state.is_true(&of).ok())).collect();
    assert_eq!(found, [("invisible", Some(false)), ("readonly", Some(false)), ("required", None)]);
    assert!(Expression::parse("[16, 2]").expect("an expression").into_entries().is_none());
    let plain = Expression::parse(r#"{"a": 1}"#).expect("an expression").into_entries().expect("an object");
    assert_eq!(plain[0].1.value(&of), Ok(json!(1)));
}

#[test]
fn domains_and_contexts_become_plain_json() {
    let domain = json!([
        ["company", "=", operator("Eval", json!({"v": "company", "d": -1}))],
        operator("If", json!({"c": name("party"), "t": [["party", "=", name("party")]], "e": []})),
        ["date", "<=", operator("Eval", json!({"v": "date", "d": null}))],
        ["price", ">", name("price")],
        ["id", "in", name("lines")],
    ]);
    let values = json!({"company": 2, "party": 7, "date": date(2026, 3, 1), "price": decimal("1.50")});
    assert_eq!(
        eval_in(values, domain),
        Ok(json!([
            ["company", "=", 2],
            [["party", "=", 7]],
            ["date", "<=", date(2026, 3, 1)],
            ["price", ">", decimal("1.50")],
            ["id", "in", [4, -1]],
        ]))
    );
    let context =
        json!({"party": operator("Eval", json!({"v": "_parent_sale.party", "d": null})), "deep": {"x": [true]}});
    assert_eq!(eval(context), Ok(json!({"party": 5, "deep": {"x": [true]}})));
}

#[test]
fn what_python_writes_beside_json_is_read_and_written() {
    let text = r#"[NaN, {"__class__": "Greater", "s1": Infinity, "s2": 1, "e": false}, "NaN"]"#;
    let value = Expression::parse(text).and_then(|it| it.value(&record(json!({})))).expect("a value");
    assert_eq!(value, json!([{"__class__": "float", "float": "NaN"}, true, "NaN"]));
}

#[test]
fn what_is_no_expression_is_refused_when_it_is_parsed() {
    for (text, why) in [
        ("", "the expression is not JSON: EOF while parsing a value at line 1 column 0"),
        (r#"[{"__class__": "Not"}]"#, "`Not`: its key `v` is missing"),
        (r#"{"__class__": "Date", "y": 2020}"#, "`Date`: its key `M` is missing"),
        (r#"{"__class__": "Id", "module": "sale", "fs_id": "x"}"#, "`Id`: it is for servers, which never send it"),
    ] {
        let fault = Expression::parse(text).expect_err(text);
        assert_eq!(fault.to_string(), why);
        assert_eq!(fault.operator().is_some(), why.starts_with('`'));
    }
    let deep = |depth: usize| (0..depth).fold(json!(1), |inner, _| json!([inner]));
    assert!(Expression::new(deep(127)).is_ok());
    let why = "it is more than 128 lists and objects deep";
    assert_eq!(Expression::new(deep(128)).map(drop).map_err(|fault| fault.to_string()), Err(why.to_owned()));
    // The same in the values of a record.
    let own = json!({"a": deep(200), "b": deep(200)});
    assert_eq!(eval_in(own, equal(name("a"), name("b"))).expect_err("too deep").to_string(), format!("`Equal`: {why}"));
}

#[test]
fn objects_of_other_classes_are_data() {
    for data in [json!({"__class__": "Foo", "a": 1}), date(2026, 1, 1), json!({"__class__": 7}), decimal("1")] {
        assert_eq!(eval(data.clone()), Ok(data));
    }
    assert_eq!(eval(json!({"__class__": "Foo", "a": name("lines")})), Ok(json!({"__class__": "Foo", "a": [4, -1]})));
    // Such an object in an expression is not the date that a record has.
    let own = json!({"date": date(2026, 1, 1)});
    assert_eq!(eval_in(own, equal(name("date"), date(2026, 1, 1))), Ok(json!(false)));
}
