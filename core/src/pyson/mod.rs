//! PYSON: the expressions by which a server says when a field is read-only, which records it may lead to, and what
//! context they are read in.
//!
//! An expression is JSON whose objects of the classes `Eval`, `Not`, `If` and others are operators. Each has the value
//! that Tryton's own decoder, in Python, gives it, and is evaluated only where it counts: the branch of an `If` that is
//! taken, an `And` up to the first statement that is false. So some expressions have a value here that fail in Python;
//! never the other way round.
//!
//! Integers beyond 64 bits are floats here. Tryton's own integers are shorter.

mod compare;
mod delta;
mod domain;
mod env;
mod evaluate;
mod fault;
mod moment;
mod number;
mod parse;
#[cfg(test)]
mod tests;
mod value;

use serde_json::Value;

pub use domain::holds;
pub use env::{Env, Found};
pub use fault::Fault;

use crate::python_json::from_python;
use parse::Node;

/// How many lists and objects may be one within the other. A text of JSON is not read deeper anyway.
const DEEPEST: usize = 128;

/// An expression, parsed once to be evaluated for many records.
///
/// ```
/// use serde_json::json;
/// use tryton_sdk::__pyson::Expression;
///
/// let domain = r#"[["company", "=", {"__class__": "Eval", "v": "company", "d": -1}]]"#;
/// let record = json!({"id": 7, "company": 2});
/// let domain = Expression::parse(domain)?.value(record.as_object().expect("an object"))?;
/// assert_eq!(domain, json!([["company", "=", 2]]));
/// # Ok::<(), tryton_sdk::__pyson::Fault>(())
/// ```
#[derive(Clone, Debug)]
pub struct Expression(Node);

impl Expression {
    /// The expression that a server writes as a text: the `states`, `domain`, `context`, `digits` or `size` of a field.
    ///
    /// # Errors
    ///
    /// Where the text is not JSON, or an operator lacks what it always needs.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let json = from_python(text.as_bytes());
        let json = serde_json::from_slice(json.as_deref().unwrap_or(text.as_bytes()));
        Self::new(json.map_err(|error| Fault::new(format!("the expression is not JSON: {error}")))?)
    }

    /// The expression that is JSON already.
    ///
    /// # Errors
    ///
    /// Where an operator lacks what it always needs.
    pub fn new(json: Value) -> Result<Self, Fault> {
        Node::parse(json).map(Self)
    }

    /// The entries of an object, each an expression of its own: the `readonly`, `required` and `invisible` of a field's
    /// `states`. None where it is not an object.
    pub fn into_entries(self) -> Option<Vec<(Box<str>, Expression)>> {
        match self.0 {
            Node::Object(entries) => Some(entries.into_iter().map(|(key, node)| (key, Self(node))).collect()),
            Node::Data(Value::Object(map)) => {
                Some(map.into_iter().map(|(key, json)| (key.into(), Self(Node::Data(json)))).collect())
            }
            _ => None,
        }
    }

    /// The names that it may look up, as it writes them: `state`, `_parent_sale.party`. A name may come more than once.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.names(&mut names);
        names
    }

    /// Whether the value is true as Python has it: null, zero, and what is empty are not.
    ///
    /// # Errors
    ///
    /// Where the expression has no value in this environment.
    pub fn is_true(&self, env: &dyn Env) -> Result<bool, Fault> {
        self.0.is_true(env)
    }

    /// The value, in the JSON that Tryton writes: a date is `{"__class__": "date", …}`. It can be sent as it is.
    ///
    /// # Errors
    ///
    /// Where the expression has no value in this environment.
    pub fn value(&self, env: &dyn Env) -> Result<Value, Fault> {
        self.0.eval(env)?.into_json()
    }
}
