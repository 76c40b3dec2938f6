//! Whether a record's values satisfy a domain, as far as a client can evaluate it.

use std::cmp::Ordering;

use serde_json::Value;

use super::DEEPEST;
use super::compare::{are_equal, order};
use super::env::Env;
use super::value::{Form, Val};

/// Evaluates whether the values of a record satisfy a domain in plain JSON, as
/// [`Expression::value`](super::Expression::value) returns it. `None` if only the server can evaluate it.
///
/// That is the case for dotted names, `child_of`, `parent_of` and `where`, for names that the environment does not
/// have, for the order of texts, which the database defines, and for conditions in which the series differ: null under
/// `!=` and the `not` operators.
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::__pyson::holds;
///
/// let record = json!({"state": "draft", "quantity": 3, "party": 5});
/// let record = record.as_object().expect("an object");
/// assert_eq!(holds(&json!([["state", "in", ["draft", "quotation"]], ["quantity", ">=", 5]]), record), Some(false));
/// assert_eq!(holds(&json!(["OR", ["party.lang.code", "=", "fr"], ["state", "=", "draft"]]), record), Some(true));
/// assert_eq!(holds(&json!([["party", "child_of", [1], "parent"]]), record), None);
/// ```
pub fn holds(domain: &Value, env: &dyn Env) -> Option<bool> {
    to_depth(domain, env, DEEPEST)
}

fn to_depth(domain: &Value, env: &dyn Env, depth: usize) -> Option<bool> {
    let depth = depth.checked_sub(1)?;
    let items = domain.as_array()?;
    match items.split_first() {
        // An empty `OR` holds as well.
        None => Some(true),
        Some((Value::String(word), parts)) if word == "OR" && !parts.is_empty() => any(parts, true, env, depth),
        Some((Value::String(word), parts)) if word == "AND" || word == "OR" => any(parts, false, env, depth),
        Some((Value::Array(_), _)) => any(items, false, env, depth),
        Some((Value::String(name), [Value::String(operator), value, ..])) => clause(name, operator, value, env),
        Some(_) => None,
    }
}

/// Returns `decisive` if it holds for a part, and its opposite if that holds for all parts.
fn any(parts: &[Value], decisive: bool, env: &dyn Env, depth: usize) -> Option<bool> {
    let mut all_known = true;
    for part in parts {
        match to_depth(part, env, depth) {
            Some(holds) if holds == decisive => return Some(decisive),
            Some(_) => (),
            None => all_known = false,
        }
    }
    all_known.then_some(!decisive)
}

fn clause(name: &str, operator: &str, value: &Value, env: &dyn Env) -> Option<bool> {
    if name.contains('.') {
        return None;
    }
    let found = Val::found(env.get(name)?).ok()?;
    let value = Val::of(value, Form::Wire).ok()?;
    match operator {
        "=" => is_equal(&found, &value),
        "!=" => match (&found, &value) {
            (Val::Null, Val::Null) => Some(false),
            (Val::Null, _) => None,
            _ => is_equal(&found, &value).map(|same| !same),
        },
        "in" => is_among(&found, &value),
        "not in" => match is_among(&found, &value)? {
            false if matches!(found, Val::Null) => None,
            among => Some(!among),
        },
        "<" => is_ordered(&found, &value, |order| order.is_lt()),
        "<=" => is_ordered(&found, &value, |order| order.is_le()),
        ">" => is_ordered(&found, &value, |order| order.is_gt()),
        ">=" => is_ordered(&found, &value, |order| order.is_ge()),
        "like" => matches_pattern(&found, &value, str::to_owned),
        "ilike" => matches_pattern(&found, &value, str::to_lowercase),
        "not like" => matches_pattern(&found, &value, str::to_owned).filter(|_| !is_null(&found)).map(|like| !like),
        "not ilike" => {
            matches_pattern(&found, &value, str::to_lowercase).filter(|_| !is_null(&found)).map(|like| !like)
        }
        _ => None,
    }
}

fn is_null(value: &Val<'_>) -> bool {
    matches!(value, Val::Null)
}

fn is_equal(found: &Val<'_>, value: &Val<'_>) -> Option<bool> {
    match (found, value) {
        (Val::Null, Val::Null) => Some(true),
        // A list of records is never null.
        (Val::List(list), Val::Null) => Some(list.len() == 0),
        // Some series treat a null boolean as false, and an empty text as null.
        (Val::Null, Val::Bool(false)) => None,
        (Val::Null, Val::Text(text)) | (Val::Text(text), Val::Null) if text.is_empty() => None,
        (Val::Null, _) | (_, Val::Null) => Some(false),
        (Val::Text(a), Val::Text(b)) => Some(a == b),
        // If the field holds an id, the server takes a text for a name.
        (Val::Text(_), _) | (_, Val::Text(_)) => None,
        (Val::List(_) | Val::Object(_), _) | (_, Val::List(_) | Val::Object(_)) => None,
        (Val::Decimal(_), Val::Decimal(_)) => are_equal(found, value).ok(),
        // Servers write a decimal into a domain as a float.
        (Val::Decimal(_), _) | (_, Val::Decimal(_)) => order(found, value).ok()?.map(Ordering::is_eq),
        (Val::Date(_), Val::DateTime(_)) | (Val::DateTime(_), Val::Date(_)) => None,
        _ => are_equal(found, value).ok(),
    }
}

fn is_among(found: &Val<'_>, values: &Val<'_>) -> Option<bool> {
    let Val::List(values) = values else { return None };
    if matches!(found, Val::List(_)) {
        return None;
    }
    let mut all_known = true;
    for value in values.iter() {
        match is_equal(found, &value.ok()?) {
            Some(true) => return Some(true),
            Some(false) => (),
            None => all_known = false,
        }
    }
    all_known.then_some(false)
}

fn is_ordered(found: &Val<'_>, value: &Val<'_>, wanted: fn(Ordering) -> bool) -> Option<bool> {
    let order = match (found, value) {
        (Val::Null, _) | (_, Val::Null) => return Some(false),
        (Val::Decimal(a), Val::Decimal(b)) => a.cmp(b),
        (Val::Time(a), Val::Time(b)) => a.cmp(b),
        (Val::Date(a), Val::Date(b)) => a.cmp(b),
        (Val::DateTime(a), Val::DateTime(b)) => a.cmp(b),
        (Val::Delta(a), Val::Delta(b)) => a.cmp(b),
        (a, b) if is_number(a) && is_number(b) => order(a, b).ok()??,
        _ => return None,
    };
    Some(wanted(order))
}

fn is_number(value: &Val<'_>) -> bool {
    matches!(value, Val::Int(_) | Val::Float(_) | Val::Decimal(_))
}

/// Whether a text matches an SQL pattern, after both have been changed in the same way.
fn matches_pattern(found: &Val<'_>, pattern: &Val<'_>, change: fn(&str) -> String) -> Option<bool> {
    match (found, pattern) {
        (Val::Null, Val::Text(_)) => Some(false),
        (Val::Text(text), Val::Text(pattern)) => {
            let text: Vec<char> = change(text).chars().collect();
            Some(is_like(&text, &Wildcard::parse(&change(pattern))))
        }
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Wildcard {
    Any,
    One,
    Char(char),
}

impl Wildcard {
    /// Parses `%` and `_`, which a backslash turns into plain characters.
    fn parse(pattern: &str) -> Vec<Self> {
        let mut chars = pattern.chars();
        let mut parsed = Vec::new();
        while let Some(char) = chars.next() {
            parsed.push(match char {
                '%' => Wildcard::Any,
                '_' => Wildcard::One,
                '\\' => Wildcard::Char(chars.next().unwrap_or('\\')),
                plain => Wildcard::Char(plain),
            });
        }
        parsed
    }
}

/// Takes at most time proportional to the product of both lengths: after a mismatch, only the last `%` takes one more
/// character.
fn is_like(text: &[char], pattern: &[Wildcard]) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut last_any = None;
    while at < text.len() {
        match pattern.get(next) {
            Some(Wildcard::Any) => {
                last_any = Some((next, at));
                next += 1;
            }
            Some(wildcard) if *wildcard == Wildcard::One || *wildcard == Wildcard::Char(text[at]) => {
                (at, next) = (at + 1, next + 1);
            }
            _ => {
                let Some((any, from)) = last_any else { return false };
                last_any = Some((any, from + 1));
                (at, next) = (from + 1, any + 1);
            }
        }
    }
    pattern[next..].iter().all(|wildcard| *wildcard == Wildcard::Any)
}
