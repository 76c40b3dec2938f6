//! Parses JSON into the tree of an expression.

use serde_json::{Map, Value};

use super::DEEPEST;
use super::fault::Fault;
use super::value::too_deep;

/// A part of an expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// JSON without operators.
    Data(Value),
    List(Vec<Node>),
    Object(Vec<(Box<str>, Node)>),
    Operation(Box<Operation>),
}

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Eval { name: Node, default: Option<Node> },
    Not(Node),
    Bool(Node),
    And(Node),
    Or(Node),
    Equal(Node, Node),
    Greater(Node, Node, Option<Node>),
    Less(Node, Node, Option<Node>),
    If { condition: Node, then: Option<Node>, otherwise: Option<Node> },
    Get { object: Node, key: Node, default: Option<Node> },
    In { key: Node, container: Node },
    Len(Node),
    Date(Box<[Node; 6]>, Option<Node>),
    DateTime(Box<[Node; 14]>, Option<Node>),
    TimeDelta(Box<[Node; 3]>),
}

/// The keys of a date: year, month and day, first the values to set, then the shifts.
const DATE: [&str; 6] = ["y", "M", "d", "dy", "dM", "dd"];
/// The same, then hour, minute, second and microsecond, first the values to set, then the shifts.
const DATETIME: [&str; 14] = ["y", "M", "d", "dy", "dM", "dd", "h", "m", "s", "ms", "dh", "dm", "ds", "dms"];

impl Node {
    pub(super) fn parse(json: Value) -> Result<Self, Fault> {
        Self::to_depth(json, DEEPEST)
    }

    fn to_depth(json: Value, depth: usize) -> Result<Self, Fault> {
        let Some(depth) = depth.checked_sub(1) else { return Err(too_deep()) };
        match json {
            Value::Array(items) => {
                let items = items.into_iter().map(|item| Self::to_depth(item, depth)).collect::<Result<Vec<_>, _>>()?;
                Ok(Self::list(items))
            }
            Value::Object(map) => {
                let class = map.get("__class__").and_then(Value::as_str).map(str::to_owned);
                let mut keys = Keys { map, depth };
                match class.map(|class| keys.operation(&class)).transpose()?.flatten() {
                    Some((name, operation)) => {
                        operation.map(|o| Node::Operation(Box::new(o))).map_err(|f| f.within(name, None))
                    }
                    None => Self::object(keys),
                }
            }
            plain => Ok(Node::Data(plain)),
        }
    }

    fn list(items: Vec<Node>) -> Self {
        if !items.iter().all(|item| matches!(item, Node::Data(_))) {
            return Node::List(items);
        }
        Node::Data(items.into_iter().filter_map(Node::into_data).collect())
    }

    fn object(keys: Keys) -> Result<Self, Fault> {
        let depth = keys.depth;
        let entries = keys.map.into_iter().map(|(key, value)| Ok((key, Self::to_depth(value, depth)?)));
        let entries = entries.collect::<Result<Vec<_>, Fault>>()?;
        if !entries.iter().all(|(_, value)| matches!(value, Node::Data(_))) {
            return Ok(Node::Object(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()));
        }
        let entries = entries.into_iter().filter_map(|(key, value)| Some((key, value.into_data()?)));
        Ok(Node::Data(Value::Object(entries.collect())))
    }

    fn into_data(self) -> Option<Value> {
        match self {
            Node::Data(json) => Some(json),
            _ => None,
        }
    }

    /// Collects the names that are looked up in it, except computed ones, which Tryton does not have.
    pub(super) fn names<'n>(&'n self, names: &mut Vec<&'n str>) {
        match self {
            Node::Data(_) => {}
            Node::List(items) => items.iter().for_each(|item| item.names(names)),
            Node::Object(entries) => entries.iter().for_each(|(_, value)| value.names(names)),
            Node::Operation(operation) => {
                if let Operation::Eval { name, .. } = &**operation {
                    names.extend(name.as_text());
                }
                operation.parts().for_each(|part| part.names(names));
            }
        }
    }

    /// Returns the text, if it is a constant text.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Node::Data(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

impl Operation {
    /// Returns the expressions that it consists of.
    fn parts(&self) -> impl Iterator<Item = &Node> {
        let (first, rest): (Vec<&Node>, &[Node]) = match self {
            Self::Eval { name, default } => ([Some(name), default.as_ref()].into_iter().flatten().collect(), &[]),
            Self::Not(value) | Self::Bool(value) | Self::And(value) | Self::Or(value) | Self::Len(value) => {
                (vec![value], &[])
            }
            Self::Equal(a, b) | Self::In { key: a, container: b } => (vec![a, b], &[]),
            Self::Greater(a, b, equal) | Self::Less(a, b, equal) => {
                ([Some(a), Some(b), equal.as_ref()].into_iter().flatten().collect(), &[])
            }
            Self::If { condition: a, then: b, otherwise: c } => {
                ([Some(a), b.as_ref(), c.as_ref()].into_iter().flatten().collect(), &[])
            }
            Self::Get { object, key, default } => {
                ([Some(object), Some(key), default.as_ref()].into_iter().flatten().collect(), &[])
            }
            Self::Date(parts, start) => (start.iter().collect(), &parts[..]),
            Self::DateTime(parts, start) => (start.iter().collect(), &parts[..]),
            Self::TimeDelta(parts) => (Vec::new(), &parts[..]),
        };
        first.into_iter().chain(rest)
    }
}

/// The keys of an object that have not been used yet.
struct Keys {
    map: Map<String, Value>,
    depth: usize,
}

/// An operator and the result of parsing its keys.
type Parsed = (&'static str, Result<Operation, Fault>);

impl Keys {
    /// Returns `None` if the class is not an operator: the object is data then.
    fn operation(&mut self, class: &str) -> Result<Option<Parsed>, Fault> {
        Ok(Some(match class {
            "Eval" => ("Eval", self.eval()),
            "Not" => ("Not", self.take("v").map(Operation::Not)),
            "Bool" => ("Bool", self.take("v").map(Operation::Bool)),
            "And" => ("And", self.take("s").map(Operation::And)),
            "Or" => ("Or", self.take("s").map(Operation::Or)),
            "Equal" => ("Equal", self.pair().map(|(a, b)| Operation::Equal(a, b))),
            "Greater" => ("Greater", self.order(Operation::Greater)),
            "Less" => ("Less", self.order(Operation::Less)),
            "If" => ("If", self.condition()),
            "Get" => ("Get", self.get()),
            "In" => ("In", self.contained()),
            "Len" => ("Len", self.take("v").map(Operation::Len)),
            "Date" => ("Date", self.date()),
            "DateTime" => ("DateTime", self.datetime()),
            "TimeDelta" => ("TimeDelta", self.all(["d", "s", "m"]).map(Operation::TimeDelta)),
            "Id" => return Err(Fault::new("it is for servers, which never send it").within("Id", None)),
            _ => return Ok(None),
        }))
    }

    fn optional(&mut self, key: &str) -> Result<Option<Node>, Fault> {
        self.map.remove(key).map(|value| Node::to_depth(value, self.depth)).transpose()
    }

    fn take(&mut self, key: &str) -> Result<Node, Fault> {
        self.optional(key)?.ok_or_else(|| missing(key))
    }

    fn all<const N: usize>(&mut self, keys: [&str; N]) -> Result<Box<[Node; N]>, Fault> {
        let nodes = keys.into_iter().map(|key| self.take(key)).collect::<Result<Vec<_>, _>>()?;
        nodes.into_boxed_slice().try_into().map_err(|_| Fault::new("a key is missing"))
    }

    fn eval(&mut self) -> Result<Operation, Fault> {
        Ok(Operation::Eval { name: self.take("v")?, default: self.optional("d")? })
    }

    fn pair(&mut self) -> Result<(Node, Node), Fault> {
        Ok((self.take("s1")?, self.take("s2")?))
    }

    fn order(&mut self, operation: fn(Node, Node, Option<Node>) -> Operation) -> Result<Operation, Fault> {
        let (a, b) = self.pair()?;
        Ok(operation(a, b, self.optional("e")?))
    }

    fn condition(&mut self) -> Result<Operation, Fault> {
        let (condition, then, otherwise) = (self.take("c")?, self.optional("t")?, self.optional("e")?);
        Ok(Operation::If { condition, then, otherwise })
    }

    fn get(&mut self) -> Result<Operation, Fault> {
        Ok(Operation::Get { object: self.take("v")?, key: self.take("k")?, default: self.optional("d")? })
    }

    fn contained(&mut self) -> Result<Operation, Fault> {
        Ok(Operation::In { key: self.take("k")?, container: self.take("v")? })
    }

    fn date(&mut self) -> Result<Operation, Fault> {
        Ok(Operation::Date(self.all(DATE)?, self.optional("start")?))
    }

    fn datetime(&mut self) -> Result<Operation, Fault> {
        Ok(Operation::DateTime(self.all(DATETIME)?, self.optional("start")?))
    }
}

pub(super) fn missing(key: &str) -> Fault {
    Fault::new(format!("its key `{key}` is missing"))
}
