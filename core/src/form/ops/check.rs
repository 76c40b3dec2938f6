//! Finds what the server would refuse, before it is asked to save records.
//!
//! The rules are those of trytond's `ModelStorage._validate`. The domain of a relation applies to the record that the
//! field leads to: a search asks the server for it, one for all records with the same domain. Rules that cannot be
//! evaluated pass.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::form::ask::Question;
use crate::form::check::{Rule, Violation, Violations};
use crate::form::context::Names;
use crate::form::model::{FormField, FormModel, Kind};
use crate::form::records::NodeId;
use crate::form::tree::Work;
use crate::pyson::holds;
use crate::value::{Decimal, Decode as _};

/// The attributes whose expressions determine whether a value is allowed.
const RULES: [&str; 4] = ["states", "size", "digits", "domain"];

/// A field of a record that breaks a rule, or may do so. The last member is the row of a list that breaks it.
type Found = (NodeId, String, Rule, Option<NodeId>);

/// The questions that only the server can answer.
#[derive(Default)]
struct Open {
    domains: Vec<OpenDomain>,
    digits: Vec<OpenDigits>,
}

/// A question whether records satisfy a domain.
struct OpenDomain {
    model: String,
    domain: Value,
    context: Map<String, Value>,
    /// The fields that lead to records, with their ids.
    led: Vec<(NodeId, String, Option<NodeId>, i64)>,
}

/// A question how many digits a number may have, which a related record states.
struct OpenDigits {
    question: Question,
    of: Vec<(NodeId, String)>,
}

impl Work {
    pub(super) async fn violations(&mut self, top: NodeId, context: Map<String, Value>) -> Result<Violations> {
        self.client_context = Some(context);
        self.know(top).await?;
        self.settle(self.records.root(top)).await?;
        let nodes: Vec<_> = self.records.below(top).into_iter().map(|(_, node)| node).collect();
        let is_checked = |node: &NodeId| self.node(*node).is_new() || !self.node(*node).changed.is_empty();
        let nodes: Vec<_> = nodes.into_iter().filter(is_checked).collect();
        let mut checked = Vec::new();
        for node in &nodes {
            self.know(*node).await?;
            let fields = self.fields_to_check(*node)?;
            self.read_to_check(*node, &fields).await?;
            checked.push((*node, fields));
        }
        let mut found = Vec::new();
        let mut open = Open::default();
        for (node, fields) in &checked {
            for field in fields {
                self.check_field(*node, field, &mut found, &mut open)?;
            }
        }
        found.extend(self.close(open).await?);
        // In the order of the records and their fields, whatever found them.
        found.sort_by_key(|(node, field, ..)| (nodes.iter().position(|known| known == node), field.clone()));
        found.into_iter().map(|found| self.violation(found)).collect::<Result<_>>().map(Violations::new)
    }

    /// Returns the fields to check: for a new record all that are sent, for a saved one those that changed, or whose
    /// rules read a changed one.
    fn fields_to_check(&self, node: NodeId) -> Result<Vec<String>> {
        let (record, model) = (self.node(node), self.model(node)?);
        let mut fields = Vec::new();
        for (name, field) in &model.fields {
            let is_sent = !field.readonly || field.kind == Kind::OneToMany;
            if !is_sent || name == "id" || record.back() == Some(name) {
                continue;
            }
            let concerns = record.is_new()
                || record.changed.contains(name)
                || self.read_by(&model, name, &RULES)?.iter().any(|read| record.changed.contains(read));
            if concerns {
                fields.push(name.clone());
            }
        }
        Ok(fields)
    }

    /// Reads the values of these fields, and the values that their rules look up.
    async fn read_to_check(&mut self, node: NodeId, fields: &[String]) -> Result<()> {
        let model = self.model(node)?;
        let is_small = |name: &&String| model.fields.get(*name).is_some_and(|field| field.kind != Kind::Binary);
        let mut unread = Vec::new();
        self.unread(node, fields.iter().filter(is_small).map(String::as_str), &mut unread)?;
        self.read(unread).await?;
        self.read_for(node, fields, &RULES).await?;
        self.read_for(node, fields, &["context"]).await
    }

    fn check_field(&self, node: NodeId, name: &str, found: &mut Vec<Found>, open: &mut Open) -> Result<()> {
        let model = self.model(node)?;
        let field = model.field(name)?;
        // A binary field that was not read is unknown.
        let Some(value) = self.known(node, name) else { return Ok(()) };
        if is_empty(&value) {
            let record = self.node(node);
            let is_sent = !record.is_new() || record.has_defaults || record.values.contains_key(name);
            if !is_sent {
                return Ok(());
            }
            let states = self.states(node, name)?;
            // Servers fill in fields that a person may not set, such as a number.
            if states.required && !states.readonly {
                found.push((node, name.to_owned(), Rule::Required, None));
            }
            return Ok(());
        }
        if let Some(most) = self.attribute(node, name, "size")?.as_i64().and_then(|most| usize::try_from(most).ok())
            && let Some(is) = length(&value)
            && is > most
        {
            found.push((node, name.to_owned(), Rule::Size { is, most }, None));
        }
        match self.attribute(node, name, "digits")? {
            Value::String(by) => self.ask_for_digits(node, name, &model, &by, open)?,
            digits => found.extend(digits_broken(&value, &digits).map(|rule| (node, name.to_owned(), rule, None))),
        }
        if !self.is_told_for(node, &model, name, "domain")? {
            return Ok(());
        }
        let domain = self.attribute(node, name, "domain")?;
        self.check_domain((node, name), field, &value, domain, found, open)
    }

    /// Whether everything is known that an attribute of a field looks up in its record. The response that created a
    /// record names only some of its values.
    fn is_told_for(&self, node: NodeId, model: &FormModel, name: &str, attribute: &str) -> Result<bool> {
        let record = self.node(node);
        if !record.is_new() || record.has_defaults {
            return Ok(true);
        }
        let is_told = |read: &String| {
            !model.fields.contains_key(read)
                || record.back() == Some(read)
                || record.values.contains_key(read)
                || record.lists.contains_key(read)
        };
        Ok(self.read_by(model, name, &[attribute])?.iter().all(is_told))
    }

    /// Asks for the digits of a number, which the record in another field states, such as a currency or a unit.
    fn ask_for_digits(&self, node: NodeId, name: &str, model: &FormModel, by: &str, open: &mut Open) -> Result<()> {
        let relation = model.fields.get(by).and_then(|field| field.relation.as_deref());
        let id = self.known(node, by).and_then(|id| id.as_i64()).filter(|id| *id >= 0);
        let Some((relation, id)) = relation.zip(id) else { return Ok(()) };
        let question = Question::new(relation, "get_digits", vec![json!(id)], self.context(node)?);
        match open.digits.iter_mut().find(|open| open.question == question) {
            Some(open) => open.of.push((node, name.to_owned())),
            None => open.digits.push(OpenDigits { question, of: vec![(node, name.to_owned())] }),
        }
        Ok(())
    }

    fn check_domain(
        &self,
        (node, name): (NodeId, &str),
        field: &FormField,
        value: &Value,
        domain: Value,
        found: &mut Vec<Found>,
        open: &mut Open,
    ) -> Result<()> {
        match field.kind {
            Kind::OneToMany | Kind::ManyToMany => {
                let relation = field.relation.as_deref().unwrap_or_default();
                let Some(domain) = domain_of(&domain, relation) else { return Ok(()) };
                for row in self.node(node).lists.get(name).into_iter().flat_map(|list| &list.rows).copied() {
                    let record = self.node(row);
                    if !record.is_new() && record.changed.is_empty() {
                        self.open_domain((node, name, Some(row)), relation, record.id, domain, open)?;
                    } else if (record.has_defaults || !record.is_new())
                        && holds(domain, &Names::of(self, row)) == Some(false)
                    {
                        found.push((node, name.to_owned(), Rule::InDomain(domain.clone()), Some(row)));
                    }
                }
            }
            Kind::ToOne => {
                let relation = field.relation.as_deref().unwrap_or_default();
                if let Some((id, domain)) = value.as_i64().zip(domain_of(&domain, relation)) {
                    self.open_domain((node, name, None), relation, id, domain, open)?;
                }
            }
            Kind::Reference => {
                let led = value.as_str().and_then(|value| value.split_once(','));
                if let Some((relation, id)) = led.and_then(|(model, id)| Some((model, id.parse().ok()?)))
                    && let Some(domain) = domain_of(&domain, relation)
                {
                    self.open_domain((node, name, None), relation, id, domain, open)?;
                }
            }
            _ => {
                if let Some(domain) = domain_of(&domain, "").filter(|_| field.is_searchable())
                    && holds(domain, &Names::of(self, node)) == Some(false)
                {
                    found.push((node, name.to_owned(), Rule::InDomain(domain.clone()), None));
                }
            }
        }
        Ok(())
    }

    /// Adds a question whether a record satisfies a domain. A new record cannot be found, and a search by the id of one
    /// finds nothing.
    fn open_domain(
        &self,
        (node, name, row): (NodeId, &str, Option<NodeId>),
        model: &str,
        id: i64,
        domain: &Value,
        open: &mut Open,
    ) -> Result<()> {
        if id < 0 || self.names_a_new_record(domain) {
            return Ok(());
        }
        let mut context = self.context(node)?;
        if let Value::Object(keys) = self.attribute(node, name, "context")? {
            context.extend(keys);
        }
        context.insert("active_test".to_owned(), false.into());
        let led = (node, name.to_owned(), row, id);
        let alike = |open: &&mut OpenDomain| open.model == model && open.domain == *domain && open.context == context;
        match open.domains.iter_mut().find(alike) {
            Some(open) => open.led.push(led),
            None => {
                let (model, domain) = (model.to_owned(), domain.clone());
                open.domains.push(OpenDomain { model, domain, context, led: vec![led] });
            }
        }
        Ok(())
    }

    fn names_a_new_record(&self, domain: &Value) -> bool {
        match domain {
            Value::Array(parts) => parts.iter().any(|part| self.names_a_new_record(part)),
            Value::Number(number) => {
                number.as_i64().is_some_and(|id| id < 0 && self.records.all().any(|(_, record)| record.id == id))
            }
            _ => false,
        }
    }

    /// Asks the server the open questions.
    async fn close(&mut self, open: Open) -> Result<Vec<Found>> {
        let Open { domains, digits } = open;
        let satisfied = self.search(&domains, true).await?;
        let mut found = Vec::new();
        let mut missing = Vec::new();
        for (mut open, satisfied) in domains.into_iter().zip(satisfied) {
            let Some(satisfied) = satisfied else { continue };
            open.led.retain(|(.., id)| !satisfied.contains(id));
            if !open.led.is_empty() {
                missing.push(open);
            }
        }
        // A record that the user may not see is not found either, and may well be valid.
        let seen = self.search(&missing, false).await?;
        for (open, seen) in missing.into_iter().zip(seen) {
            let seen = seen.unwrap_or_default();
            for (node, field, row, _) in open.led.into_iter().filter(|(.., id)| seen.contains(id)) {
                found.push((node, field, Rule::InDomain(open.domain.clone()), row));
            }
        }
        let answers = self.line.ask(digits.iter().map(|open| open.question.clone()).collect()).await;
        for (open, answer) in digits.into_iter().zip(answers) {
            let Some(allowed) = told(answer)? else { continue };
            for (node, field) in open.of {
                let value = self.known(node, &field).unwrap_or_default();
                found.extend(digits_broken(&value, &allowed).map(|rule| (node, field, rule, None)));
            }
        }
        Ok(found)
    }

    /// Searches the related records, with their domain or without it. `None` if the user may not search.
    async fn search(&mut self, open: &[OpenDomain], by_domain: bool) -> Result<Vec<Option<BTreeSet<i64>>>> {
        let questions = open.iter().map(|open| {
            let ids: BTreeSet<i64> = open.led.iter().map(|(.., id)| *id).collect();
            let among = json!(["id", "in", ids]);
            let domain = if by_domain { json!([among, open.domain]) } else { json!([among]) };
            let params = vec![domain, json!(0), Value::Null, Value::Null];
            Question::new(&open.model, "search", params, open.context.clone())
        });
        let answers = self.line.ask(questions.collect()).await;
        let ids = |answer: Value| answer.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
        answers.into_iter().map(|answer| Ok(told(answer)?.map(ids))).collect()
    }

    fn violation(&self, (node, field, rule, row): Found) -> Result<Violation> {
        let record = self.node(node);
        let path = match (row, self.records.path(node).as_str()) {
            (Some(row), _) => self.records.path(row),
            (None, "") => field.clone(),
            (None, path) => format!("{path}.{field}"),
        };
        let label = self.model(node)?.field(&field)?.label().to_owned();
        Ok(Violation { path, model: record.model.to_string(), id: record.id, field, label, rule })
    }
}

/// Returns the answer; `None` if the user may not ask.
fn told(answer: Result<Value>) -> Result<Option<Value>> {
    let is_denied = |error: &Error| error.is_user_error() || error.is_forbidden() || error.is_unknown_method();
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if is_denied(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the server considers the value empty.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(flag) => !flag,
        Value::Number(_) => false,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(entries) => entries.is_empty(),
    }
}

fn length(value: &Value) -> Option<usize> {
    match value {
        Value::String(text) => Some(text.chars().count()),
        Value::Array(items) => Some(items.len()),
        _ => None,
    }
}

/// Returns the domain for records of a model: a reference has one for each model. `None` if there is nothing to
/// satisfy.
fn domain_of<'d>(domain: &'d Value, model: &str) -> Option<&'d Value> {
    let domain = match domain {
        Value::Object(domains) => domains.get(model)?,
        domain => domain,
    };
    domain.as_array().is_some_and(|parts| !parts.is_empty()).then_some(domain)
}

/// Returns the rule that a number breaks. `digits` are those before and after the point, if they are limited.
fn digits_broken(value: &Value, digits: &Value) -> Option<Rule> {
    let digits = |at: usize| digits.get(at).and_then(Value::as_u64).and_then(|digits| u32::try_from(digits).ok());
    let (before, after) = (digits(0), digits(1));
    if before.is_none() && after.is_none() {
        return None;
    }
    let (whole, decimals) = digits_of(value)?;
    let is_broken = before.is_some_and(|most| whole > most) || after.is_some_and(|most| decimals > most);
    is_broken.then_some(Rule::Digits { before, after })
}

/// Returns how many digits a number has before and after the point, without the zeros at both ends.
fn digits_of(value: &Value) -> Option<(u32, u32)> {
    let text = match value {
        // The shortest digits that identify the float.
        Value::Number(number) => number.as_f64()?.abs().to_string(),
        Value::Object(_) => Decimal::decode(value).ok()?.to_string(),
        _ => return None,
    };
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let count = |digits: &str| u32::try_from(digits.len()).ok();
    Some((count(whole.trim_start_matches(['-', '0']))?, count(decimals.trim_end_matches('0'))?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Value {
        json!({"__class__": "Decimal", "decimal": text})
    }

    #[test]
    fn digits_are_counted_without_the_zeros_at_both_ends() {
        for (value, counted) in [
            (json!(0.5), (0, 1)),
            (json!(-12.25), (2, 2)),
            (json!(100), (3, 0)),
            (json!(1e21), (22, 0)),
            (decimal("7.50000"), (1, 1)),
            (decimal("-0.001"), (0, 3)),
            (decimal("0"), (0, 0)),
            (decimal("1E+3"), (4, 0)),
        ] {
            assert_eq!(digits_of(&value), Some(counted), "{value}");
        }
        assert_eq!(digits_of(&json!("7.5")), None);
    }

    #[test]
    fn limits_of_digits_may_be_open() {
        let broken = |value: Value, digits: Value| digits_broken(&value, &digits).is_some();
        assert!(broken(json!(1.125), json!([16, 2])) && !broken(json!(1.25), json!([16, 2])));
        assert!(broken(json!(1000.0), json!([3, null])) && !broken(json!(1.123_456), json!([3, null])));
        assert!(!broken(json!(1000.5), json!(null)) && !broken(json!(1000.5), json!([null, null])));
    }
}
