//! Conditions and groups of conditions, without the model they apply to.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::clause::Clause;
use super::operator::Operator;
use super::through::Through;
use crate::error::{Error, Result};

#[derive(Clone)]
pub(super) enum Node {
    Clause(Clause),
    And(VecDeque<Node>),
    Or(VecDeque<Node>),
    Through(Box<Through>),
}

/// Moves the nodes of the smaller group, so that a long chain takes linear time in whichever order it is built.
pub(super) fn joined(mut first: VecDeque<Node>, mut second: VecDeque<Node>) -> VecDeque<Node> {
    if first.len() < second.len() {
        first.into_iter().rev().for_each(|node| second.push_front(node));
        return second;
    }
    first.append(&mut second);
    first
}

impl Node {
    /// Returns the condition that no record satisfies. To Tryton, an empty `OR` means everything.
    pub(super) fn none() -> Self {
        Node::Clause(Clause::new("id", Operator::In, json!([])))
    }

    pub(super) fn is_none(&self) -> bool {
        let Node::Clause(clause) = self else { return false };
        clause.path == "id" && clause.operator == Operator::In && clause.value.as_array().is_some_and(Vec::is_empty)
    }

    pub(super) fn is_all(&self) -> bool {
        matches!(self, Self::And(_))
    }

    pub(super) fn is_any(&self) -> bool {
        matches!(self, Self::Or(_))
    }

    /// Returns the field of the first condition, to identify the domain in messages.
    pub(super) fn first_path(&self) -> &str {
        match self {
            Self::Clause(clause) => &clause.path,
            Self::And(group) | Self::Or(group) => group.iter().map(Self::first_path).next().unwrap_or_default(),
            Self::Through(through) => through.reference(),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let group = |word: &str, nodes: &VecDeque<Node>| {
            std::iter::once(Value::from(word)).chain(nodes.iter().map(Node::to_json)).collect()
        };
        match self {
            Node::Clause(clause) => clause.to_json(),
            Node::And(all) => group("AND", all),
            Node::Or(any) => group("OR", any),
            Node::Through(through) => through.written().to_json(),
        }
    }

    pub(super) fn negate(self) -> Self {
        match self {
            Node::And(all) if all.is_empty() => Node::none(),
            none if none.is_none() => Node::And(VecDeque::new()),
            Node::And(all) => Node::Or(all.into_iter().map(Node::negate).collect()),
            Node::Or(any) => Node::And(any.into_iter().map(Node::negate).collect()),
            Node::Clause(clause) => clause.negate(),
            Node::Through(through) => through.negate(),
        }
    }

    pub(super) fn parse(json: &Value) -> Result<Self> {
        let invalid = |why: &str| {
            let shown: String = json.to_string().chars().take(80).collect();
            Err(Error::invalid_request(format!("{shown} is not a domain: {why}")))
        };
        let Value::Array(items) = json else {
            return invalid("a domain must be a list");
        };
        match items.split_first() {
            None => Ok(Node::And(VecDeque::new())),
            Some((Value::String(word), rest)) if word == "AND" || word == "OR" => {
                let nodes = rest.iter().map(Self::parse).collect::<Result<VecDeque<_>>>()?;
                Ok(if word == "AND" || nodes.is_empty() { Node::And(nodes) } else { Node::Or(nodes) })
            }
            Some((Value::Array(_), _)) => items.iter().map(Self::parse).collect::<Result<_>>().map(Node::And),
            Some((Value::String(path), [Value::String(operator), value, rest @ ..])) => match Operator::parse(operator)
            {
                Some(operator) => {
                    let clause = Clause::new(path, operator, value.clone());
                    let clause = Clause { rest: rest.to_vec(), nullable: true, ..clause };
                    Ok(Through::parse(&clause).map_or(Node::Clause(clause), |through| Node::Through(through.into())))
                }
                None => invalid(&format!("Tryton has no operator `{operator}`")),
            },
            Some(_) => invalid("a clause must be `[field, operator, value]`"),
        }
    }
}
