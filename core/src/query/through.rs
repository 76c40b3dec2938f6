//! Conditions on the record that a reference field leads to, which may be of one of several models.
//!
//! Tryton's clause has a dotted name, and the model after the value: `["origin.product", "=", 7, "sale.line"]`. Unlike
//! `where`, it takes no group of conditions, so each clause of a domain becomes one such clause.

use std::collections::VecDeque;

use serde_json::Value;

use super::clause::Clause;
use super::node::Node;
use super::operator::Operator;

/// The condition that the reference leads to a record of the model that satisfies a domain.
#[derive(Clone)]
pub(super) struct Through {
    reference: String,
    model: String,
    domain: Node,
    /// Whether a null reference may satisfy it as well.
    null_may_count: bool,
}

impl Through {
    pub(super) fn new(reference: &str, model: &str, domain: Node) -> Self {
        Self { reference: reference.to_owned(), model: model.to_owned(), domain, null_may_count: false }
    }

    pub(super) fn reference(&self) -> &str {
        &self.reference
    }

    /// Parses Tryton's clause, if its name leads through a reference.
    pub(super) fn parse(clause: &Clause) -> Option<Self> {
        let (reference, path) = clause.path.split_once('.')?;
        let (model, rest) = clause.rest.split_first()?;
        // The operators of hierarchies have a field in that place, and nothing after it.
        if clause.operator.is_of_hierarchy() && rest.is_empty() {
            return None;
        }
        let inner = Clause { path: path.to_owned(), rest: rest.to_vec(), ..clause.clone() };
        let domain = Self::parse(&inner).map_or(Node::Clause(inner), |through| Node::Through(through.into()));
        Some(Self { null_may_count: true, ..Self::new(reference, model.as_str()?, domain) })
    }

    /// Returns the condition as the clauses and groups that servers take.
    pub(super) fn written(&self) -> Node {
        let within = self.below(&self.domain);
        if self.null_may_count || !finds_null(&self.domain) {
            return within;
        }
        let is_a = self.is(Operator::Like, format!("{},%", self.model).into());
        match within {
            Node::And(mut all) => {
                all.push_front(is_a);
                Node::And(all)
            }
            one => Node::And([is_a, one].into()),
        }
    }

    /// Returns the same conditions with names that lead through the reference.
    fn below(&self, node: &Node) -> Node {
        let all_below = |group: &VecDeque<Node>| group.iter().map(|node| self.below(node)).collect();
        match node {
            Node::Clause(clause) => Node::Clause(self.clause_below(clause)),
            // Without conditions, the record only has to exist.
            Node::And(all) if all.is_empty() => {
                self.below(&Node::Clause(Clause::new("id", Operator::NotEqual, Value::Null)))
            }
            Node::And(all) => Node::And(all_below(all)),
            Node::Or(any) => Node::Or(all_below(any)),
            Node::Through(through) => self.below(&through.written()),
        }
    }

    fn clause_below(&self, clause: &Clause) -> Clause {
        let path = format!("{}.{}", self.reference, clause.path);
        let rest = std::iter::once(Value::from(&*self.model)).chain(clause.rest.iter().cloned()).collect();
        Clause { path, rest, ..clause.clone() }
    }

    /// Matches references to a record that does not satisfy the domain, to one of another model, or to none.
    pub(super) fn negate(self) -> Node {
        let other_model = self.is(Operator::NotLike, format!("{},%", self.model).into());
        let null = self.is(Operator::Equal, Value::Null);
        // The reference names the model, but no record yet.
        let no_record = ["-1", ""].map(|id| Value::from(format!("{},{id}", self.model)));
        let no_record = self.is(Operator::In, no_record.into_iter().collect());
        let other = Self { domain: self.domain.negate(), null_may_count: true, ..self };
        Node::Or([Node::Through(other.into()), other_model, null, no_record].into())
    }

    /// Returns a condition on the reference itself.
    fn is(&self, operator: Operator, value: Value) -> Node {
        Node::Clause(Clause { nullable: true, ..Clause::new(&self.reference, operator, value) })
    }
}

/// Whether one of the conditions has an operator that a null reference satisfies on the server.
fn finds_null(node: &Node) -> bool {
    match node {
        Node::Clause(clause) => !clause.operator.leaves_null_out() && !clause.value.is_null(),
        Node::And(group) | Node::Or(group) => group.iter().any(finds_null),
        Node::Through(through) => finds_null(&through.domain),
    }
}
