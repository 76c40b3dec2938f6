//! One condition of a domain: a field, an operator, a value.

use serde_json::{Value, json};

use super::node::Node;
use super::operator::Operator;

/// The field of each model that holds the names of its records.
pub(super) const NAME: &str = "rec_name";

#[derive(Clone)]
pub(super) struct Clause {
    pub(super) path: String,
    pub(super) operator: Operator,
    pub(super) value: Value,
    pub(super) rest: Vec<Value>,
    /// Whether the field may be null. The opposite operator alone would then not find all other records.
    pub(super) nullable: bool,
    /// The field of a list's records that leads back.
    pub(super) back: Option<&'static str>,
    /// The dictionary, if the path is one of its values. It may be null as a whole.
    pub(super) dictionary: Option<&'static str>,
    /// The relation, if the value is a pattern for the name of its record.
    pub(super) relation: Option<&'static str>,
}

impl Clause {
    pub(super) fn new(path: &str, operator: Operator, value: Value) -> Self {
        Self {
            path: path.to_owned(),
            operator,
            value,
            rest: Vec::new(),
            nullable: false,
            back: None,
            dictionary: None,
            relation: None,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let mut clause = vec![self.path.as_str().into(), self.operator.as_str().into(), self.value.clone()];
        clause.extend_from_slice(&self.rest);
        clause.into()
    }

    /// Series differ in whether `!=` and the `not` operators find null as well, so the negation asks for null where it
    /// matters.
    pub(super) fn negate(self) -> Node {
        if let Some(relation) = self.relation {
            // Servers look for a name in several fields, and a null field satisfies no operator.
            let named = json!([[NAME, self.operator.as_str(), self.value]]);
            return Clause { nullable: self.nullable, ..Clause::new(relation, Operator::Where, named) }.negate();
        }
        let forgets_null = self.nullable && self.operator.leaves_null_out() && !self.mentions_null();
        let null =
            |path: &str| Node::Clause(Clause { nullable: true, ..Clause::new(path, Operator::Equal, Value::Null) });
        let is_null: Vec<Node> = std::iter::once(&*self.path).chain(self.dictionary).map(null).collect();
        let mut opposite = Clause { operator: self.operator.opposite(), ..self };
        if let (Operator::NotWhere, Some(back), Value::Array(conditions)) =
            (opposite.operator, opposite.back, &mut opposite.value)
        {
            // A single record that leads nowhere would make SQL's `NOT IN` find nothing at all.
            conditions.push(json!([back, "!=", null]));
        }
        let opposite = Node::Clause(opposite);
        if forgets_null { Node::Or(std::iter::once(opposite).chain(is_null).collect()) } else { opposite }
    }

    fn mentions_null(&self) -> bool {
        self.value.is_null() || self.value.as_array().is_some_and(|values| values.contains(&Value::Null))
    }
}
