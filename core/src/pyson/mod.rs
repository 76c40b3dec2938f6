//! PYSON: the expressions with which a server states when a field is read-only, which records it may lead to, and in
//! what context they are read.
//!
//! An expression is JSON in which objects of the classes `Eval`, `Not`, `If` and others are operators. Each has the
//! same value as in Tryton's own decoder, in Python, but is evaluated only if it counts: the branch of an `If` that is
//! taken, and an `And` up to the first false statement. So some expressions that fail in Python have a value here; the
//! opposite never happens.
//!
//! Integers beyond 64 bits become floats. Tryton's own integers are shorter.

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

/// The limit for nested lists and objects. JSON texts are not read deeper anyway.
const DEEPEST: usize = 128;

/// An expression, parsed once and evaluated for many records.
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
    /// Parses the expression in a text of the server: the `states`, `domain`, `context`, `digits` or `size` of a field.
    ///
    /// # Errors
    ///
    /// If the text is not JSON, or an operator lacks a key that it always needs.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let json = from_python(text.as_bytes());
        let json = serde_json::from_slice(json.as_deref().unwrap_or(text.as_bytes()));
        Self::new(json.map_err(|error| Fault::new(format!("the expression is not JSON: {error}")))?)
    }

    /// Parses an expression that is already JSON.
    ///
    /// # Errors
    ///
    /// If an operator lacks a key that it always needs.
    pub fn new(json: Value) -> Result<Self, Fault> {
        Node::parse(json).map(Self)
    }

    /// Returns the entries of an object, each as an expression: the `readonly`, `required` and `invisible` of a field's
    /// `states`. `None` if it is not an object.
    pub fn into_entries(self) -> Option<Vec<(Box<str>, Expression)>> {
        match self.0 {
            Node::Object(entries) => Some(entries.into_iter().map(|(key, node)| (key, Self(node))).collect()),
            Node::Data(Value::Object(map)) => {
                Some(map.into_iter().map(|(key, json)| (key.into(), Self(Node::Data(json)))).collect())
            }
            _ => None,
        }
    }

    /// Returns the names that it may look up, as written: `state`, `_parent_sale.party`. Names may occur more than
    /// once.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.0.names(&mut names);
        names
    }

    /// Returns whether the value is true as in Python: null, zero, and empty values are false.
    ///
    /// # Errors
    ///
    /// If the expression has no value in this environment.
    pub fn is_true(&self, env: &dyn Env) -> Result<bool, Fault> {
        self.0.is_true(env)
    }

    /// Returns the value in Tryton's JSON: a date is `{"__class__": "date", …}`. It can be sent unchanged.
    ///
    /// # Errors
    ///
    /// If the expression has no value in this environment.
    pub fn value(&self, env: &dyn Env) -> Result<Value, Fault> {
        self.0.eval(env)?.into_json()
    }
}
