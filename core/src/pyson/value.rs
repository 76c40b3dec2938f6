//! The values of expressions: those of Python's values that Tryton has.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::DEEPEST;
use super::env::{Env, Found};
use super::fault::Fault;
use crate::python_json::non_finite;
use crate::value::{Binary, Date, DateTime, Decimal, Decode, Encode, Time, TimeDelta};

/// How to read objects with a `__class__` in JSON.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// In an expression they are data, unless they are operators.
    Plain,
    /// In a value of a record they represent dates, decimals and the like.
    Wire,
}

/// A value, borrowed from the expression or the environment if possible.
#[derive(Clone, Debug)]
pub(super) enum Val<'a> {
    Null,
    Bool(bool),
    /// Python's integers are unlimited. These hold JSON's integers of 64 bits, signed and unsigned; longer ones were
    /// read as floats.
    Int(i128),
    Float(f64),
    Text(Cow<'a, str>),
    Decimal(Decimal),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    Delta(TimeDelta),
    Bytes(Binary),
    List(List<'a>),
    Object(Object<'a>),
}

#[derive(Clone, Debug)]
pub(super) enum List<'a> {
    Json(&'a [Value], Form),
    Slice(&'a [Val<'a>]),
    Made(Vec<Val<'a>>),
}

#[derive(Clone)]
pub(super) enum Object<'a> {
    Json(&'a Map<String, Value>, Form),
    Slice(&'a [(Cow<'a, str>, Val<'a>)]),
    Made(Vec<(Cow<'a, str>, Val<'a>)>),
    Record(&'a dyn Env),
}

impl<'a> Val<'a> {
    pub(super) fn of(json: &'a Value, form: Form) -> Result<Self, Fault> {
        Ok(match json {
            Value::Null => Val::Null,
            Value::Bool(flag) => Val::Bool(*flag),
            Value::Number(number) => of_number(number)?,
            Value::String(text) => Val::Text(Cow::Borrowed(text)),
            Value::Array(items) => Val::List(List::Json(items, form)),
            Value::Object(map) => match tagged(map, form)? {
                Some(value) => value,
                None => Val::Object(Object::Json(map, form)),
            },
        })
    }

    pub(super) fn found(found: Found<'a>) -> Result<Self, Fault> {
        match found {
            Found::Value(Cow::Borrowed(json)) => Self::of(json, Form::Wire),
            Found::Value(Cow::Owned(json)) => Self::owned(json, DEEPEST),
            Found::Record(env) => Ok(Val::Object(Object::Record(env))),
        }
    }

    /// Converts an owned value of a record.
    fn owned(json: Value, depth: usize) -> Result<Self, Fault> {
        let Some(depth) = depth.checked_sub(1) else { return Err(too_deep()) };
        Ok(match json {
            Value::Null => Val::Null,
            Value::Bool(flag) => Val::Bool(flag),
            Value::Number(number) => of_number(&number)?,
            Value::String(text) => Val::Text(Cow::Owned(text)),
            Value::Array(items) => {
                let items = items.into_iter().map(|item| Self::owned(item, depth));
                Val::List(List::Made(items.collect::<Result<_, _>>()?))
            }
            Value::Object(map) => {
                if let Some(value) = tagged(&map, Form::Wire)? {
                    return Ok(value);
                }
                let entries = map.into_iter().map(|(key, value)| Ok((Cow::Owned(key), Self::owned(value, depth)?)));
                Val::Object(Object::Made(entries.collect::<Result<_, _>>()?))
            }
        })
    }

    /// Borrows the value from this one.
    pub(super) fn borrow(&self) -> Val<'_> {
        match self {
            Val::Text(text) => Val::Text(Cow::Borrowed(text)),
            Val::List(list) => Val::List(list.borrow()),
            Val::Object(object) => Val::Object(object.borrow()),
            plain => plain.clone(),
        }
    }

    /// Returns the type in words, for faults.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Val::Null => "null",
            Val::Bool(_) => "a boolean",
            Val::Int(_) => "an integer",
            Val::Float(_) => "a float",
            Val::Text(text) if text.is_empty() => "an empty text",
            Val::Text(_) => "a text",
            Val::Decimal(_) => "a decimal number",
            Val::Date(_) => "a date",
            Val::DateTime(_) => "a datetime",
            Val::Time(_) => "a time",
            Val::Delta(_) => "a timedelta",
            Val::Bytes(_) => "binary data",
            Val::List(_) => "a list",
            Val::Object(Object::Record(_)) => "a record",
            Val::Object(_) => "an object",
        }
    }

    /// Returns the value for an error message; `None` if the [kind](Self::kind) already describes it, or if it is long
    /// or may be secret.
    pub(super) fn shown(&self) -> Option<String> {
        match self {
            Val::Bool(flag) => Some(flag.to_string()),
            Val::Int(number) => Some(number.to_string()),
            Val::Float(number) => Some(format!("{number:?}")),
            Val::Decimal(number) => Some(number.to_string()),
            Val::Date(date) => Some(date.to_string()),
            Val::DateTime(datetime) => Some(datetime.to_string()),
            Val::Time(time) => Some(time.to_string()),
            Val::Null | Val::Text(_) | Val::Delta(_) | Val::Bytes(_) | Val::List(_) | Val::Object(_) => None,
        }
    }

    /// Returns the value in Tryton's JSON.
    pub(super) fn into_json(self) -> Result<Value, Fault> {
        self.into_depth(DEEPEST)
    }

    fn into_depth(self, depth: usize) -> Result<Value, Fault> {
        let Some(depth) = depth.checked_sub(1) else { return Err(too_deep()) };
        Ok(match self {
            Val::Null => Value::Null,
            Val::Bool(flag) => flag.into(),
            Val::Int(number) => match (i64::try_from(number), u64::try_from(number)) {
                (Ok(number), _) => number.into(),
                (_, Ok(number)) => number.into(),
                // No arithmetic could produce one.
                _ => return Err(Fault::new("the integer has more than 64 bits")),
            },
            Val::Float(number) if number.is_finite() => number.into(),
            Val::Float(number) => non_finite(number),
            Val::Text(text) => Value::String(text.into_owned()),
            Val::Decimal(number) => sent(&number)?,
            Val::Date(date) => sent(&date)?,
            Val::DateTime(datetime) => sent(&datetime)?,
            Val::Time(time) => sent(&time)?,
            Val::Delta(delta) => sent(&delta)?,
            Val::Bytes(bytes) => sent(&bytes)?,
            Val::List(List::Json(items, _)) => Value::Array(items.to_vec()),
            Val::List(List::Slice(items)) => {
                items.iter().map(|item| item.borrow().into_depth(depth)).collect::<Result<_, _>>()?
            }
            Val::List(List::Made(items)) => {
                items.into_iter().map(|item| item.into_depth(depth)).collect::<Result<_, _>>()?
            }
            Val::Object(Object::Json(map, _)) => Value::Object(map.clone()),
            Val::Object(Object::Slice(entries)) => {
                let entries = entries.iter().map(|(key, value)| (key.clone(), value.borrow()));
                object_into_depth(entries, depth)?
            }
            Val::Object(Object::Made(entries)) => object_into_depth(entries.into_iter(), depth)?,
            Val::Object(Object::Record(_)) => {
                return Err(Fault::new("the result is a whole record, which has no JSON"));
            }
        })
    }
}

/// Encodes a value to send, if Tryton has such a value.
fn sent(value: &impl Encode) -> Result<Value, Fault> {
    value.encode().map_err(|e| Fault::new(e.to_string()))
}

fn object_into_depth<'a>(entries: impl Iterator<Item = (Cow<'a, str>, Val<'a>)>, depth: usize) -> Result<Value, Fault> {
    entries.map(|(key, value)| Ok((key.into_owned(), value.into_depth(depth)?))).collect()
}

pub(super) fn too_deep() -> Fault {
    Fault::new(format!("it is more than {DEEPEST} lists and objects deep"))
}

fn of_number<'a>(number: &serde_json::Number) -> Result<Val<'a>, Fault> {
    if let Some(number) = number.as_i64() {
        return Ok(Val::Int(number.into()));
    }
    if let Some(number) = number.as_u64() {
        return Ok(Val::Int(number.into()));
    }
    number.as_f64().map(Val::Float).ok_or_else(|| Fault::new("a number is out of range"))
}

/// Returns the value that an object represents by its class. `None` for data, including unknown classes.
fn tagged<'a>(map: &Map<String, Value>, form: Form) -> Result<Option<Val<'a>>, Fault> {
    let Some(Value::String(class)) = map.get("__class__") else { return Ok(None) };
    let value = match (class.as_str(), form) {
        // Python's own floats that JSON cannot express. trytond has no such class: another object with it is data.
        ("float", _) => return Ok(f64::decode(map).ok().map(Val::Float)),
        ("Decimal", Form::Wire) => Decimal::decode(map).map(Val::Decimal),
        ("date", Form::Wire) => Date::decode(map).map(Val::Date),
        ("datetime", Form::Wire) => DateTime::decode(map).map(Val::DateTime),
        ("time", Form::Wire) => Time::decode(map).map(Val::Time),
        ("timedelta", Form::Wire) => TimeDelta::decode(map).map(Val::Delta),
        ("bytes", Form::Wire) => Binary::decode(map).map(Val::Bytes),
        _ => return Ok(None),
    };
    value.map(Some).map_err(|_| Fault::new(format!("a {class} cannot be read: its parts are missing or out of range")))
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            List::Json(items, _) => items.len(),
            List::Slice(items) => items.len(),
            List::Made(items) => items.len(),
        }
    }

    /// Iterates over the items.
    pub(super) fn iter(&self) -> impl Iterator<Item = Result<Val<'_>, Fault>> {
        (0..self.len()).map(|index| match self {
            List::Json(items, form) => Val::of(&items[index], *form),
            List::Slice(items) => Ok(items[index].borrow()),
            List::Made(items) => Ok(items[index].borrow()),
        })
    }

    fn borrow(&self) -> List<'_> {
        match self {
            List::Json(items, form) => List::Json(items, *form),
            List::Slice(items) => List::Slice(items),
            List::Made(items) => List::Slice(items),
        }
    }
}

impl<'a> Object<'a> {
    /// Returns the number of entries; `None` for a record.
    pub(super) fn len(&self) -> Option<usize> {
        match self {
            Object::Json(map, _) => Some(map.len()),
            Object::Slice(entries) => Some(entries.len()),
            Object::Made(entries) => Some(entries.len()),
            Object::Record(_) => None,
        }
    }

    /// Returns the names of the entries; `None` for a record.
    pub(super) fn keys(&self) -> Option<Box<dyn Iterator<Item = &str> + '_>> {
        match self {
            Object::Json(map, _) => Some(Box::new(map.keys().map(String::as_str))),
            Object::Slice(entries) => Some(Box::new(entries.iter().map(|(key, _)| key.as_ref()))),
            Object::Made(entries) => Some(Box::new(entries.iter().map(|(key, _)| key.as_ref()))),
            Object::Record(_) => None,
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        match self {
            Object::Json(map, _) => map.contains_key(name),
            Object::Slice(entries) => entries.iter().any(|(key, _)| key == name),
            Object::Made(entries) => entries.iter().any(|(key, _)| key == name),
            Object::Record(env) => env.get(name).is_some(),
        }
    }

    pub(super) fn into_get(self, name: &str) -> Result<Option<Val<'a>>, Fault> {
        match self {
            Object::Json(map, form) => map.get(name).map(|value| Val::of(value, form)).transpose(),
            Object::Slice(entries) => Ok(entries.iter().find(|(key, _)| key == name).map(|(_, value)| value.borrow())),
            Object::Made(entries) => Ok(entries.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)),
            Object::Record(env) => env.get(name).map(Val::found).transpose(),
        }
    }

    pub(super) fn borrow(&self) -> Object<'_> {
        match self {
            Object::Json(map, form) => Object::Json(map, *form),
            Object::Slice(entries) => Object::Slice(entries),
            Object::Made(entries) => Object::Slice(entries),
            Object::Record(env) => Object::Record(*env),
        }
    }
}

impl std::fmt::Debug for Object<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Object::Json(map, _) => map.fmt(f),
            Object::Slice(entries) => entries.fmt(f),
            Object::Made(entries) => entries.fmt(f),
            Object::Record(_) => f.write_str("Record"),
        }
    }
}
