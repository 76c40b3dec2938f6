//! Values and environments, both realistic and unrealistic for records.

use serde_json::{Map, Value, json};

use super::random::Random;

const TEXTS: [&str; 14] =
    ["", "draft", "done", "goods", "a", "b", "ab", "2", "-1.5", " 3 ", "1_0", "nan", "é𝄞", "product.product,7"];
const FLOATS: [f64; 12] = [0.0, -0.0, 0.1, 0.5, 1.0, 1.1, -2.5, 3.5, 1e-7, 1e22, 9_007_199_254_740_992.0, 1e300];
const INTEGERS: [i64; 10] = [0, 1, -1, 2, 12, 31, 9_007_199_254_740_993, i64::MAX, i64::MIN, -86_400];
const DECIMALS: [&str; 9] = ["0", "0.00", "1", "1.0", "1.1", "0.1", "-2.50", "12345678901234567890123456789.5", "31"];

/// Returns a value of any field type, in the JSON of the wire.
pub(super) fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth == 0 { 13 } else { 16 }) {
        0 => Value::Null,
        1 => random.percent(50).into(),
        2 | 3 => random.between(-3, 40).into(),
        4 => (*random.of(&INTEGERS)).into(),
        5 => float(random).into(),
        6 | 7 => (*random.of(&TEXTS)).into(),
        8 => json!({"__class__": "Decimal", "decimal": random.of(&DECIMALS)}),
        9 => date(random),
        10 => datetime(random),
        11 => timedelta(random),
        12 if random.percent(50) => json!({"__class__": "time", "hour": random.below(24), "minute": random.below(60),
            "second": random.below(60), "microsecond": random.below(2) * 5}),
        12 => json!({"__class__": "bytes", "base64": random.of(&["", "AGE=", "YWI=", "MS41"])}),
        13 => plain_list(random),
        14 => (0..random.below(4)).map(|_| value(random, depth - 1)).collect(),
        _ => object(random, &["a", "b", "", "company", "id"], depth - 1),
    }
}

pub(super) fn float(random: &mut Random) -> f64 {
    if random.percent(50) { *random.of(&FLOATS) } else { random.between(-1_000_000, 1_000_000) as f64 / 128.0 }
}

/// Returns a list of ids, or of the keys of a multiselection.
fn plain_list(random: &mut Random) -> Value {
    let texts = random.percent(30);
    let item = |random: &mut Random| match texts {
        true => Value::from(*random.of(&TEXTS)),
        false => random.between(-1, 5).into(),
    };
    (0..random.below(4)).map(|_| item(random)).collect()
}

fn object(random: &mut Random, names: &[&str], depth: usize) -> Value {
    let names = (0..random.below(4)).map(|_| (*random.of(names)).to_owned()).collect::<Vec<_>>();
    Value::Object(names.into_iter().map(|name| (name, value(random, depth))).collect())
}

/// Returns a date, often at the end of a month.
pub(super) fn date(random: &mut Random) -> Value {
    let (year, month, day) = day(random);
    json!({"__class__": "date", "year": year, "month": month, "day": day})
}

pub(super) fn datetime(random: &mut Random) -> Value {
    let (year, month, day) = day(random);
    let midnight = random.percent(30);
    let mut part = |end: usize| if midnight { 0 } else { random.below(end) };
    json!({"__class__": "datetime", "year": year, "month": month, "day": day,
        "hour": part(24), "minute": part(60), "second": part(60), "microsecond": part(1_000_000)})
}

fn day(random: &mut Random) -> (i64, i64, i64) {
    let year = match random.below(10) {
        0 => *random.of(&[2, 1900, 2000, 2100, 9998]),
        _ => random.between(2019, 2029),
    };
    let month = random.between(1, 12);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (year, month, if random.percent(30) { last } else { random.between(1, last) })
}

fn timedelta(random: &mut Random) -> Value {
    let seconds = match random.below(3) {
        0 => *random.of(&[0.0, 60.0, 86_400.0, -86_400.0, 0.000_001, -0.5]),
        1 => random.between(-1_000_000, 1_000_000) as f64,
        _ => random.between(-4_000_000_000_000, 4_000_000_000_000) as f64 / 1e6,
    };
    json!({"__class__": "timedelta", "seconds": seconds})
}

/// The names that an expression looks up, and the values with which it compares them.
#[derive(Clone, Debug, Default)]
pub(super) struct Mentioned {
    names: Vec<String>,
    keys: Vec<String>,
    literals: Vec<Value>,
}

impl Mentioned {
    /// Collects everything that an expression mentions.
    #[must_use]
    pub(super) fn in_expression(expression: &Value) -> Self {
        let mut mentioned = Mentioned::default();
        mentioned.gather(expression);
        mentioned
    }

    fn gather(&mut self, json: &Value) {
        match json {
            Value::Array(items) => items.iter().for_each(|item| self.gather(item)),
            Value::Object(map) => {
                let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
                match map.get("__class__").and_then(Value::as_str) {
                    Some("Eval") => self.names.extend(text("v")),
                    Some("Get") => self.keys.extend(text("k")),
                    Some("In") => self.keys.extend(text("k")),
                    _ => (),
                }
                map.iter().filter(|(key, _)| *key != "__class__").for_each(|(_, value)| self.gather(value));
            }
            literal if self.literals.len() < 40 && !self.literals.contains(literal) => {
                self.literals.push(literal.clone());
            }
            _ => (),
        }
    }

    /// Returns an environment that contains most of the mentioned names.
    pub(super) fn environment(&self, random: &mut Random) -> Map<String, Value> {
        let mut environment = Map::new();
        for name in &self.names {
            if random.percent(15) {
                continue;
            }
            match name.split_once('.') {
                Some((base, rest)) if random.percent(80) => {
                    let inner = environment.entry(base).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(inner) = inner
                        && !inner.contains_key("__class__")
                    {
                        let value = self.value(random);
                        inner.insert(rest.to_owned(), value);
                    }
                }
                Some((base, _)) => {
                    let value = self.value(random);
                    environment.entry(base).or_insert(value);
                }
                None => {
                    let value = self.value(random);
                    environment.insert(name.clone(), value);
                }
            }
        }
        environment
    }

    fn value(&self, random: &mut Random) -> Value {
        match random.below(10) {
            0 => Value::Null,
            1..=4 if !self.literals.is_empty() => random.of(&self.literals).clone(),
            5 if !self.keys.is_empty() => {
                let keys: Vec<&str> = self.keys.iter().map(String::as_str).collect();
                object(random, &keys, 1)
            }
            _ => value(random, 2),
        }
    }
}
