//! Random expressions with all operators.

use serde_json::{Map, Value, json};

use super::random::Random;
use super::values;

const NAMES: [&str; 8] = ["a", "b", "c", "d", "e", "_parent_p.a", "_parent_p._parent_q.b", "context"];

/// Returns an expression with operators nested at most `depth` levels.
#[must_use]
pub(super) fn expression(random: &mut Random, depth: usize) -> Value {
    if depth == 0 || random.percent(15) {
        return if random.percent(60) { eval(random, depth) } else { literal(random) };
    }
    let below = depth - 1;
    let operator = random.below(17);
    match operator {
        0 | 1 => eval(random, depth),
        2 => json!({"__class__": "Not", "v": expression(random, below)}),
        3 => json!({"__class__": "Bool", "v": expression(random, below)}),
        4 | 5 => json!({"__class__": random.of(&["And", "Or"]), "s": statements(random, below)}),
        6 | 7 => json!({"__class__": "Equal", "s1": expression(random, below), "s2": expression(random, below)}),
        8 | 9 => json!({"__class__": random.of(&["Greater", "Less"]), "s1": comparable(random, below),
            "s2": comparable(random, below), "e": random.percent(50)}),
        10 => json!({"__class__": "If", "c": expression(random, below), "t": expression(random, below),
            "e": expression(random, below)}),
        11 => json!({"__class__": "Get", "v": object(random, below), "k": key(random, below),
            "d": expression(random, below)}),
        12 => json!({"__class__": "In", "k": expression(random, below), "v": container(random, below)}),
        13 => json!({"__class__": "Len", "v": container(random, below)}),
        14 => date(random, below),
        15 => datetime(random, below),
        _ => json!({"__class__": "TimeDelta", "d": amount(random), "s": amount(random), "m": amount(random)}),
    }
}

fn eval(random: &mut Random, depth: usize) -> Value {
    let default = if depth > 0 && random.percent(20) { expression(random, depth - 1) } else { literal(random) };
    json!({"__class__": "Eval", "v": random.of(&NAMES), "d": default})
}

/// Returns a literal: anything in an expression other than operators. Dates in it are ordinary objects.
fn literal(random: &mut Random) -> Value {
    match random.below(8) {
        0 => "".into(),
        1 => random.percent(50).into(),
        2 => json!([]),
        3 => json!({"a": 1, "b": "ab"}),
        _ => values::value(random, 1),
    }
}

fn statements(random: &mut Random, depth: usize) -> Value {
    if random.percent(10) {
        return expression(random, depth);
    }
    // An empty list is an error.
    let count = if random.percent(5) { 0 } else { random.between(1, 4) };
    (0..count).map(|_| expression(random, depth)).collect()
}

fn comparable(random: &mut Random, depth: usize) -> Value {
    match random.below(6) {
        0 => random.between(-3, 40).into(),
        1 => values::float(random).into(),
        2 => eval(random, 0),
        3 => date(random, depth),
        4 => datetime(random, depth),
        _ => expression(random, depth),
    }
}

fn object(random: &mut Random, depth: usize) -> Value {
    match random.below(3) {
        0 => json!({"__class__": "Eval", "v": random.of(&NAMES), "d": {}}),
        1 => json!({"a": expression(random, depth), "b": expression(random, depth)}),
        _ => expression(random, depth),
    }
}

fn key(random: &mut Random, depth: usize) -> Value {
    if random.percent(70) { (*random.of(&["a", "b", "company"])).into() } else { expression(random, depth) }
}

fn container(random: &mut Random, depth: usize) -> Value {
    match random.below(4) {
        0 => (0..random.below(4)).map(|_| expression(random, depth)).collect(),
        1 => object(random, depth),
        _ => expression(random, depth),
    }
}

fn date(random: &mut Random, depth: usize) -> Value {
    Value::Object(date_keys(random, "Date", depth))
}

fn date_keys(random: &mut Random, class: &str, depth: usize) -> Map<String, Value> {
    let mut keys = Map::new();
    keys.insert("__class__".to_owned(), class.into());
    for (key, from, to) in [("y", 2019, 2030), ("M", 0, 13), ("d", 0, 32)] {
        let part = if random.percent(5) { 0 } else { random.between(from, to) };
        keys.insert(key.to_owned(), set(random, part));
    }
    for key in ["dy", "dM"] {
        let moved = if random.percent(5) { values::value(random, 0) } else { random.between(-30, 30).into() };
        keys.insert(key.to_owned(), moved);
    }
    keys.insert("dd".to_owned(), amount(random));
    if random.percent(90) {
        let start = if random.percent(70) { eval(random, 0) } else { expression(random, depth) };
        keys.insert("start".to_owned(), if random.percent(30) { Value::Null } else { start });
    }
    keys
}

fn datetime(random: &mut Random, depth: usize) -> Value {
    let mut keys = date_keys(random, "DateTime", depth);
    for (key, end) in [("h", 24), ("m", 60), ("s", 60), ("ms", 1_000_000)] {
        let part = if random.percent(3) { end } else { random.between(0, end - 1) };
        keys.insert(key.to_owned(), set(random, part));
    }
    for key in ["dh", "dm", "ds", "dms"] {
        keys.insert(key.to_owned(), amount(random));
    }
    Value::Object(keys)
}

/// Returns an absolute part: often null, rarely an invalid value.
fn set(random: &mut Random, part: i64) -> Value {
    match random.below(40) {
        0 => values::value(random, 0),
        1..=25 => Value::Null,
        _ => part.into(),
    }
}

/// Returns a relative amount.
fn amount(random: &mut Random) -> Value {
    match random.below(20) {
        0 => values::value(random, 0),
        1 => values::float(random).into(),
        2 => (random.between(-4_000, 4_000) as f64 / 2.0).into(),
        3 => (random.between(-4_000_000, 4_000_000) as f64 / 1e6).into(),
        4 => random.between(-5_000_000, 5_000_000).into(),
        5..=11 => 0.into(),
        _ => random.between(-100, 100).into(),
    }
}
