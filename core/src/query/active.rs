//! The field `active`: a search that names it finds inactive records, too. The server must not leave any of them out.
//!
//! If a model has the field, trytond adds `active = true` to each group of conditions, `AND` or `OR`, that does not
//! name
//! it itself, without looking at the groups around it or within it. So a domain that names `active` is written with it
//! in every
//! group.

use std::collections::VecDeque;

use serde_json::json;

use super::clause::Clause;
use super::domain::Domain;
use super::node::Node;
use super::operator::Operator;

const ACTIVE: &str = "active";

impl<M> Domain<M> {
    /// Returns the domain that every record satisfies, including the inactive ones of a model with the field `active`.
    pub(crate) fn active_or_not() -> Self {
        Self::from(active_or_not())
    }
}

/// Returns the conditions to write for a domain that names `active`. All must hold.
pub(super) fn named_in_each_group(domain: &Node) -> Vec<Node> {
    let mut flat = Vec::new();
    domain.clone().flatten_into(&mut flat);
    let mut written = Vec::new();
    for condition in flat {
        if condition.has_active_in_each_group() {
            written.push(condition);
        } else {
            // No test of `active` is false for all records: models that compute it take `in []` for everything. So
            // there is one condition for active records and one for inactive ones; for the other kind, its test of
            // `active` makes it true.
            written.push(Node::Or([is(false), condition.clone()].into()));
            written.push(Node::Or([is(true), condition.for_inactive()].into()));
        }
    }
    if !written.iter().any(Node::is_active) {
        written.push(active_or_not());
    }
    written
}

impl Node {
    /// Flattens nested `AND`s into one group, which they also are to trytond.
    fn flatten_into(self, flat: &mut Vec<Node>) {
        match self {
            Node::And(all) => all.into_iter().for_each(|condition| condition.flatten_into(flat)),
            condition => flat.push(condition),
        }
    }

    fn is_active(&self) -> bool {
        matches!(self, Node::Clause(clause) if clause.path == ACTIVE)
    }

    pub(super) fn names_active(&self) -> bool {
        match self {
            Node::Clause(_) => self.is_active(),
            Node::And(group) | Node::Or(group) => group.iter().any(Node::names_active),
            // It names fields of another model.
            Node::Through(_) => false,
        }
    }

    fn has_active_in_each_group(&self) -> bool {
        match self {
            Node::Clause(_) => true,
            Node::And(group) | Node::Or(group) => {
                group.iter().any(Node::is_active) && group.iter().all(Node::has_active_in_each_group)
            }
            Node::Through(through) => through.written().has_active_in_each_group(),
        }
    }

    /// Returns the same condition for inactive records, with `active` named in each group.
    fn for_inactive(self) -> Self {
        let name = |group: VecDeque<Node>, active| {
            let mut group: VecDeque<Node> = group.into_iter().map(Node::for_inactive).collect();
            group.push_back(is(active));
            group
        };
        match self {
            Node::Clause(_) => self,
            Node::And(all) => Node::And(name(all, false)),
            Node::Or(any) => Node::Or(name(any, true)),
            Node::Through(through) => through.written().for_inactive(),
        }
    }
}

fn is(active: bool) -> Node {
    Node::Clause(Clause::new(ACTIVE, Operator::Equal, active.into()))
}

fn active_or_not() -> Node {
    Node::Clause(Clause::new(ACTIVE, Operator::In, json!([true, false, null])))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Domain;

    enum Party {}

    fn written(domain: Value) -> Value {
        Domain::<Party>::raw(domain).expect("a domain").to_json()
    }

    #[test]
    fn a_domain_that_does_not_name_the_field_is_written_as_it_is() {
        for domain in [
            json!([]),
            json!([["OR", ["name", "=", "a"], ["AND", ["name", "=", "b"], ["AND", ["code", "=", "c"]]]]]),
            json!([["parent", "where", [["active", "=", false], ["OR", ["name", "=", "a"], ["name", "=", "b"]]]]]),
        ] {
            assert_eq!(written(domain.clone()), domain);
        }
    }

    #[test]
    fn one_that_names_it_in_each_group_is_written_as_it_is() {
        for domain in [
            json!([["active", "=", false], ["name", "=", "a"]]),
            json!([["active", "=", false], ["OR", ["active", "=", false], ["name", "=", "a"]]]),
        ] {
            assert_eq!(written(domain.clone()), domain);
        }
    }

    #[test]
    fn one_that_names_it_elsewhere_names_it_in_each_group() {
        let either = json!(["OR", ["code", "!=", "x"], ["code", "=", null]]);
        let expected = json!([
            ["active", "=", false],
            ["OR", ["active", "=", false], either],
            ["OR", ["active", "=", true], ["OR", ["code", "!=", "x"], ["code", "=", null], ["active", "=", true]]],
        ]);
        assert_eq!(written(json!([["AND", ["active", "=", false]], either])), expected);
        let either = json!(["OR", ["active", "=", false], ["name", "=", "a"]]);
        assert_eq!(written(json!([either])), json!([either, ["active", "in", [true, false, null]]]));
    }

    /// Conditions on the record of a reference may be written as a group, in which the server would leave records out. A
    /// field `active` of that record is another field.
    #[test]
    fn conditions_on_the_record_of_a_reference_name_it_as_well() {
        enum Line {}
        let through = |domain: Value| {
            Domain::<Party>::through("origin", "sale.line", Domain::<Line>::raw(domain).expect("a domain"))
        };
        let active = Domain::<Party>::raw(json!([["active", "=", false]])).expect("a domain");
        let one = through(json!(["active", "=", true]));
        let named = json!(["origin.active", "=", true, "sale.line"]);
        assert_eq!(one.to_json(), json!([named]));
        assert_eq!(active.clone().and(one).to_json(), json!([["active", "=", false], named]));
        let differs = through(json!(["name", "!=", "a"]));
        let group = |active| {
            let all = json!(["AND", ["origin", "like", "sale.line,%"], ["origin.name", "!=", "a", "sale.line"]]);
            all.as_array().into_iter().flatten().cloned().chain(active).collect::<Value>()
        };
        assert_eq!(differs.to_json(), json!([group(None)]));
        let expected = json!([
            ["active", "=", false],
            ["OR", ["active", "=", false], group(None)],
            ["OR", ["active", "=", true], group(Some(json!(["active", "=", false])))],
        ]);
        assert_eq!(active.and(differs).to_json(), expected);
    }

    /// Adds `active` as trytond does: the result is the condition that is evaluated.
    fn with_active_added(domain: &Value) -> Value {
        let (word, group) = match domain.as_array().expect("a domain").split_first() {
            Some((Value::String(word), rest)) => (word.as_str(), rest),
            _ => ("AND", domain.as_array().expect("a domain").as_slice()),
        };
        let is_leaf = |item: &Value| item[1].is_string();
        let names = group.iter().any(|item| is_leaf(item) && item[0] == "active");
        let group = group.iter().map(|item| if is_leaf(item) { item.clone() } else { with_active_added(item) });
        let group: Value = std::iter::once(word.into()).chain(group).collect();
        if names { group } else { json!(["AND", group, ["active", "=", true]]) }
    }

    /// Whether a record of these three flags satisfies the domain.
    fn holds(domain: &Value, record: [bool; 3]) -> bool {
        let items = domain.as_array().expect("a domain");
        match items[0].as_str() {
            Some("AND") => items[1..].iter().all(|item| holds(item, record)),
            Some("OR") => items[1..].iter().any(|item| holds(item, record)),
            Some(flag) => {
                let value = record[["active", "a", "b"].iter().position(|name| *name == flag).expect("a flag")];
                items[2].as_array().map_or(items[2] == value, |values| values.contains(&value.into()))
            }
            None => items.iter().all(|item| holds(item, record)),
        }
    }

    #[test]
    fn whatever_the_groups_the_server_finds_what_the_domain_says() {
        let leaves = ["active", "a", "b"].map(|flag| [true, false].map(|value| json!([flag, "=", value])));
        let leaves = leaves.concat();
        let join = |word: &str, one: &Value, other: &Value| json!([word, one, other]);
        let mut domains = leaves.clone();
        for _ in 0..2 {
            let known = domains.clone();
            for (place, one) in known.iter().enumerate() {
                for other in leaves.iter().skip(place % 3) {
                    domains.extend(["AND", "OR"].map(|word| join(word, one, other)));
                }
            }
        }
        let empty = json!(["OR", ["active", "=", false], ["AND", ["AND"], ["a", "=", true]]]);
        domains.push(empty);
        domains.retain(|domain| domain.to_string().contains("active"));
        assert!(domains.len() > 300);
        for domain in domains {
            let sent = written(json!([domain]));
            let evaluated = with_active_added(&sent);
            for record in 0..8 {
                let record = [record & 1 != 0, record & 2 != 0, record & 4 != 0];
                assert_eq!(holds(&evaluated, record), holds(&domain, record), "{domain} is {sent}, of {record:?}");
            }
        }
    }
}
