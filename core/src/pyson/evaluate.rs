//! Evaluates an expression in an environment.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::compare::{are_equal, is_true, order};
use super::env::Env;
use super::fault::Fault;
use super::moment::{Clock, Day, of_parts};
use super::number::Number;
use super::parse::{Node, Operation, missing};
use super::value::{Form, List, Object, Val};

impl Node {
    pub(super) fn eval<'a>(&'a self, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
        match self {
            Node::Data(json) => Val::of(json, Form::Plain),
            Node::List(items) => {
                let items = items.iter().map(|item| item.eval(env)).collect::<Result<_, _>>()?;
                Ok(Val::List(List::Made(items)))
            }
            Node::Object(entries) => {
                let entries = entries.iter().map(|(key, value)| Ok((Cow::Borrowed(&**key), value.eval(env)?)));
                Ok(Val::Object(Object::Made(entries.collect::<Result<_, Fault>>()?)))
            }
            Node::Operation(operation) => {
                operation.eval(env).map_err(|fault| fault.within(operation.name(), operation.subject()))
            }
        }
    }

    pub(super) fn is_true(&self, env: &dyn Env) -> Result<bool, Fault> {
        Ok(is_true(&self.eval(env)?))
    }
}

impl Operation {
    fn name(&self) -> &'static str {
        match self {
            Operation::Eval { .. } => "Eval",
            Operation::Not(_) => "Not",
            Operation::Bool(_) => "Bool",
            Operation::And(_) => "And",
            Operation::Or(_) => "Or",
            Operation::Equal(..) => "Equal",
            Operation::Greater(..) => "Greater",
            Operation::Less(..) => "Less",
            Operation::If { .. } => "If",
            Operation::Get { .. } => "Get",
            Operation::In { .. } => "In",
            Operation::Len(_) => "Len",
            Operation::Date(..) => "Date",
            Operation::DateTime(..) => "DateTime",
            Operation::TimeDelta(_) => "TimeDelta",
        }
    }

    /// Returns the name that it looks up.
    fn subject(&self) -> Option<&str> {
        match self {
            Operation::Eval { name, .. } => name.as_text(),
            Operation::Get { key, .. } => key.as_text(),
            _ => None,
        }
    }

    fn eval<'a>(&'a self, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
        match self {
            Operation::Eval { name, default } => {
                let found = match name.as_text() {
                    Some(name) => look_up(env, name)?,
                    None => look_up(env, &text(name.eval(env)?)?)?,
                };
                found.map_or_else(|| needed(default, "d", env), Ok)
            }
            Operation::Not(node) => Ok(Val::Bool(!node.is_true(env)?)),
            Operation::Bool(node) => Ok(Val::Bool(node.is_true(env)?)),
            Operation::And(statements) => first(statements, false, env),
            Operation::Or(statements) => first(statements, true, env),
            Operation::Equal(a, b) => Ok(Val::Bool(are_equal(&a.eval(env)?, &b.eval(env)?)?)),
            Operation::Greater(a, b, equal) => compare(a, b, equal, Ordering::Greater, env),
            Operation::Less(a, b, equal) => compare(a, b, equal, Ordering::Less, env),
            Operation::If { condition, then, otherwise } => match condition.is_true(env)? {
                true => needed(then, "t", env),
                false => needed(otherwise, "e", env),
            },
            Operation::Get { object, key, default } => match object.eval(env)? {
                Val::Object(object) => {
                    let found = match key.eval(env)? {
                        Val::Text(key) => object.into_get(&key)?,
                        key => no_key(&key).map(|()| None)?,
                    };
                    found.map_or_else(|| needed(default, "d", env), Ok)
                }
                other => Err(Fault::came("an object", &other)),
            },
            Operation::In { key, container } => Ok(Val::Bool(contains(&container.eval(env)?, &key.eval(env)?)?)),
            Operation::Len(node) => length(&node.eval(env)?),
            Operation::Date(parts, start) => date(parts, start.as_ref(), env),
            Operation::DateTime(parts, start) => datetime(parts, start.as_ref(), env),
            Operation::TimeDelta(parts) => {
                let [days, seconds, microseconds] = &**parts;
                of_parts(&days.eval(env)?, &seconds.eval(env)?, &microseconds.eval(env)?).map(Val::Delta)
            }
        }
    }
}

/// Looks up the name itself, or, if it has dots, the names between them one within the other.
fn look_up<'a>(env: &'a dyn Env, name: &str) -> Result<Option<Val<'a>>, Fault> {
    let (mut object, mut name) = (Object::Record(env), name);
    while let Some((base, rest)) = name.split_once('.')
        && !object.contains(name)
    {
        match object.into_get(base)? {
            Some(Val::Object(inner)) => (object, name) = (inner, rest),
            Some(other) if is_true(&other) => return Err(Fault::came(&format!("an object as `{base}`"), &other)),
            _ => return Ok(None),
        }
    }
    object.into_get(name)
}

fn text(value: Val<'_>) -> Result<Cow<'_, str>, Fault> {
    match value {
        Val::Text(text) => Ok(text),
        other => Err(Fault::came("a name", &other)),
    }
}

/// Returns the value of a key that may be missing if it is not used.
fn needed<'a>(node: &'a Option<Node>, key: &str, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
    node.as_ref().ok_or_else(|| missing(key))?.eval(env)
}

/// Returns the deciding statement of an `And` or an `Or`: the first one whose truth is `decisive`, or else the last.
fn first<'a>(statements: &'a Node, decisive: bool, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
    if let Node::List(nodes) = statements {
        return decide(decisive, &mut nodes.iter().map(|node| node.is_true(env)));
    }
    match statements.eval(env)? {
        Val::List(list) => decide(decisive, &mut list.iter().map(|item| Ok(is_true(&item?)))),
        // Python iterates over the characters, the keys, the bytes.
        Val::Text(text) => decide(decisive, &mut text.chars().map(|_| Ok(true))),
        Val::Bytes(bytes) => decide(decisive, &mut bytes.iter().map(|byte| Ok(*byte != 0))),
        Val::Object(object) => match object.keys() {
            Some(mut keys) => decide(decisive, &mut keys.by_ref().map(|key| Ok(!key.is_empty()))),
            None => Err(Fault::came("a list", &Val::Object(object.borrow()))),
        },
        other => Err(Fault::came("a list", &other)),
    }
}

fn decide<'a>(decisive: bool, truths: &mut dyn Iterator<Item = Result<bool, Fault>>) -> Result<Val<'a>, Fault> {
    let mut truth = truths.next().ok_or_else(|| Fault::new("there is no statement"))??;
    while truth != decisive {
        match truths.next() {
            Some(next) => truth = next?,
            None => break,
        }
    }
    Ok(Val::Bool(truth))
}

fn compare<'a>(
    a: &'a Node,
    b: &'a Node,
    equal: &'a Option<Node>,
    wanted: Ordering,
    env: &'a dyn Env,
) -> Result<Val<'a>, Fault> {
    let holds = match order(&a.eval(env)?, &b.eval(env)?)? {
        Some(Ordering::Equal) => is_true(&needed(equal, "e", env)?),
        found => found == Some(wanted),
    };
    Ok(Val::Bool(holds))
}

fn contains(container: &Val<'_>, key: &Val<'_>) -> Result<bool, Fault> {
    if !is_true(container) {
        return Ok(false);
    }
    match (container, key) {
        (Val::List(list), key) => {
            for item in list.iter() {
                if are_equal(&item?, key)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        (Val::Object(object), Val::Text(key)) => Ok(object.contains(key)),
        (Val::Object(_), key) => no_key(key).map(|()| false),
        (Val::Text(text), Val::Text(part)) => Ok(text.contains(&**part)),
        (Val::Text(_), other) => Err(Fault::came("a text to look for in a text", other)),
        (Val::Bytes(bytes), Val::Bytes(part)) => {
            Ok(part.is_empty() || bytes.windows(part.len()).any(|window| *window == **part))
        }
        (Val::Bytes(bytes), key) => match Number::of(key) {
            Some(Number::Int(byte @ 0..=255)) => Ok(bytes.contains(&(byte as u8))),
            _ => Err(Fault::came("a byte to look for in binary data", key)),
        },
        (other, _) => Err(Fault::came("a list, an object or a text to look into", other)),
    }
}

/// Only a text can be a key of an object. Lists and objects cannot even be looked up.
fn no_key(key: &Val<'_>) -> Result<(), Fault> {
    match key {
        Val::List(_) | Val::Object(_) => Err(Fault::came("a text as the key", key)),
        _ => Ok(()),
    }
}

fn length<'a>(value: &Val<'_>) -> Result<Val<'a>, Fault> {
    let length = match value {
        Val::Text(text) => Some(text.chars().count()),
        Val::Bytes(bytes) => Some(bytes.len()),
        Val::List(list) => Some(list.len()),
        Val::Object(object) => object.len(),
        _ => None,
    };
    let length = length.ok_or_else(|| Fault::came("a text, a list or an object", value))?;
    Ok(Val::Int(length as i128))
}

fn day<'a>(parts: &'a [Node], env: &'a dyn Env) -> Result<Day<'a>, Fault> {
    let part = |index: usize| parts[index].eval(env);
    Ok(Day { year: part(0)?, month: part(1)?, day: part(2)?, years: part(3)?, months: part(4)?, days: part(5)? })
}

fn start<'a>(node: Option<&'a Node>, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
    node.map_or(Ok(Val::Null), |node| node.eval(env))
}

fn date<'a>(parts: &'a [Node; 6], from: Option<&'a Node>, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
    let day = day(parts, env)?;
    let start = match start(from, env)? {
        Val::Date(date) => date,
        Val::DateTime(datetime) => datetime.date(),
        _ => env.today(),
    };
    day.from(start).map(Val::Date)
}

fn datetime<'a>(parts: &'a [Node; 14], from: Option<&'a Node>, env: &'a dyn Env) -> Result<Val<'a>, Fault> {
    let day = day(&parts[..6], env)?;
    let part = |index: usize| parts[index].eval(env);
    let clock = Clock {
        hour: part(6)?,
        minute: part(7)?,
        second: part(8)?,
        microsecond: part(9)?,
        hours: part(10)?,
        minutes: part(11)?,
        seconds: part(12)?,
        microseconds: part(13)?,
    };
    let start = match start(from, env)? {
        Val::DateTime(datetime) => datetime,
        Val::Date(date) => date.at(0, 0, 0, 0),
        _ => env.now(),
    };
    day.at(&clock, start).map(Val::DateTime)
}
