//! A call that is expected, and whether another is that call.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use serde_json::{Map, Value, json};

use super::call::Call;
use super::expected::Failure;
use super::recording::Said;
use crate::model::{FieldNames, Model};

/// A call that a test expects, and what is left of the answers to it.
pub(super) struct Expectation {
    /// The method, or those that a search is made by.
    methods: Vec<String>,
    params: Vec<Param>,
    pub(super) context: Context,
    pub(super) answers: VecDeque<Answer>,
    /// Whether the last answer is given again and again, or never.
    pub(super) always: bool,
    /// How often the call has come.
    pub(super) came: usize,
    /// Of a search, the fields of its model.
    pub(super) fields: Option<FieldNames>,
    /// Whether further parameters are no difference. Of what reads records, the names of the fields are not compared.
    is_open: bool,
}

/// A parameter: its name in a report, and its value, or none where it may be any.
pub(super) type Param = (String, Option<Value>);

/// What a call's context has to be.
#[derive(Clone)]
pub(super) enum Context {
    /// These keys are in it, with these values; null is the same as not to be in it.
    Holds(Map<String, Value>),
    /// It is this one.
    Is(Option<Map<String, Value>>),
}

/// What a call is answered with.
#[derive(Clone)]
pub(super) enum Answer {
    /// This, and for how many seconds the client may keep it.
    Said(Said, Option<u64>),
    /// Records, of which the fields are sent that are asked for.
    Rows(Vec<Map<String, Value>>),
    /// A question, which is asked until it is accepted.
    Warning {
        name: String,
        message: String,
        asked: bool,
    },
    Failure(Failure),
}

impl Expectation {
    /// A call of one method with these parameters, and whatever context.
    pub(super) fn call(method: &str, params: Vec<Param>) -> Self {
        Self {
            methods: vec![method.to_owned()],
            params,
            context: Context::Holds(Map::new()),
            answers: VecDeque::new(),
            always: false,
            came: 0,
            fields: None,
            is_open: false,
        }
    }

    /// A call of one method, with whatever parameters.
    pub(super) fn any(method: &str) -> Self {
        Self { is_open: true, ..Self::call(method, Vec::new()) }
    }

    /// The same for the methods of a model that read records.
    pub(super) fn rows(model: &str, methods: &[&str], params: Vec<Param>) -> Self {
        let methods = methods.iter().map(|method| format!("model.{model}.{method}")).collect();
        Self { methods, is_open: true, ..Self::call("", params) }
    }

    /// The same for a search, by whichever of its last steps.
    pub(super) fn search<M: Model>(params: Vec<Param>) -> Self {
        let rows = Self::rows(M::NAME, &["search_read", "search", "search_count"], params);
        Self { fields: Some(M::FIELDS), ..rows }
    }

    pub(super) fn is_for(&self, method: &str) -> bool {
        self.methods.iter().any(|known| known == method)
    }

    /// Where the call differs from what is expected: nowhere, if it is the one.
    pub(super) fn differences(&self, call: &Call) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |name: &str, expected: &Value, got: Option<&Value>| {
            differ(name, Some(expected), got, &mut differences);
        };
        let compared = if self.is_open { self.params.len().min(call.params.len()) } else { self.params.len() };
        for ((name, expected), index) in self.params[..compared].iter().zip(0..) {
            if let Some(expected) = expected {
                compare(name, expected, call.params.get(index));
            }
        }
        match &self.context {
            Context::Is(context) => compare("context", &json!(context), Some(&json!(call.context))),
            Context::Holds(keys) => {
                for (key, value) in keys {
                    let got = call.context.as_ref().and_then(|context| context.get(key));
                    compare(&format!("`{key}` of the context"), value, Some(got.unwrap_or(&Value::Null)));
                }
            }
        }
        if !self.is_open && call.params.len() > self.params.len() {
            let more = &call.params[self.params.len()..];
            differences.push(format!("further parameters\n        got      {}", json!(more)));
        }
        differences
    }

    /// Only calls whose context holds these keys are meant.
    pub(super) fn needs(&mut self, keys: Map<String, Value>) {
        if let Context::Holds(known) = &mut self.context {
            known.extend(keys);
        }
    }

    /// The records of the answers that are left.
    pub(super) fn rows_left(&self) -> impl Iterator<Item = &Map<String, Value>> {
        let rows = self.answers.iter().filter_map(|answer| match answer {
            Answer::Rows(rows) => Some(rows),
            _ => None,
        });
        rows.flatten()
    }

    /// The answer to give next, if there is one left. A warning that is among the accepted ones is done with.
    pub(super) fn next(&mut self, accepted: &mut HashSet<String>) -> Option<Answer> {
        while let Some(Answer::Warning { name, asked, .. }) = self.answers.front_mut() {
            if !accepted.remove(name) {
                *asked = true;
                break;
            }
            self.answers.pop_front();
        }
        let stays =
            matches!(self.answers.front(), Some(Answer::Warning { .. })) || (self.always && self.answers.len() == 1);
        let answer = if stays { self.answers.front().cloned() } else { self.answers.pop_front() };
        self.came += usize::from(answer.is_some());
        answer
    }

    /// What is missing, for a report: an answer that nobody has asked for, or any answer at all.
    pub(super) fn missing(&self) -> Option<String> {
        if self.came == 0 && self.answers.is_empty() {
            return Some(format!("{self} has no answer"));
        }
        // The one that is given always need not be asked for.
        let needed = self.answers.len().saturating_sub(usize::from(self.always));
        let is_asked = |answer: &&Answer| matches!(answer, Answer::Warning { asked: true, .. });
        match self.answers.iter().take(needed).filter(|answer| !is_asked(answer)).count() {
            0 => None,
            _ if self.came == 0 => Some(format!("{self} has not come")),
            left => Some(format!("{self} has come {} times, {left} more are expected", self.came)),
        }
    }
}

/// Adds each difference of two values with its path: `values.lines[0].quantity`.
fn differ(path: &str, expected: Option<&Value>, got: Option<&Value>, differences: &mut Vec<String>) {
    let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
    match (expected, got) {
        (Some(expected), Some(got)) if expected == got => {}
        (Some(Value::Object(expected)), Some(Value::Object(got))) => {
            let added = got.keys().filter(|key| !expected.contains_key(*key));
            for key in expected.keys().chain(added) {
                differ(&format!("{path}.{key}"), expected.get(key), got.get(key), differences);
            }
        }
        // A list of plain values, such as ids or the clause of a domain, is read as a whole.
        (Some(Value::Array(expected)), Some(Value::Array(got)))
            if expected.len() == got.len() && !expected.iter().chain(got).all(is_scalar) =>
        {
            for ((expected, got), index) in expected.iter().zip(got).zip(0..) {
                differ(&format!("{path}[{index}]"), Some(expected), Some(got), differences);
            }
        }
        _ => {
            let [expected, got] =
                [expected, got].map(|value| value.map_or_else(|| "nothing".to_owned(), Value::to_string));
            differences.push(format!("{path}\n        expected {expected}\n        got      {got}"));
        }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.methods.join(" or "))?;
        let is = |(name, value): &Param| value.as_ref().map(|value| format!("{name} {value}"));
        let params: Vec<_> = self.params.iter().filter_map(is).collect();
        if params.is_empty() { Ok(()) } else { write!(f, " ({})", params.join(", ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_a_path_and_two_values() {
        let expected = json!({"party": 3, "lines": [["create", [{"product": 5, "quantity": 1.0}]]], "number": "S1"});
        let got = json!({"party": 3, "lines": [["create", [{"product": 5, "quantity": 2.0}]]], "comment": null});
        let mut differences = Vec::new();
        differ("values", Some(&expected), Some(&got), &mut differences);
        assert_eq!(
            differences,
            [
                "values.lines[0][1][0].quantity\n        expected 1.0\n        got      2.0",
                "values.number\n        expected \"S1\"\n        got      nothing",
                "values.comment\n        expected nothing\n        got      null",
            ]
        );
    }

    #[test]
    fn clauses_and_ids_are_shown_whole() {
        for (expected, got, said) in [
            (
                json!([["number", "=", "S1"]]),
                json!([["number", "=", "S2"]]),
                "x[0]\n        expected [\"number\",\"=\",\"S1\"]",
            ),
            (json!([1, 2]), json!([1, 3]), "x\n        expected [1,2]"),
            (json!([{"a": 1}]), json!([]), "x\n        expected [{\"a\":1}]"),
        ] {
            let mut differences = Vec::new();
            differ("x", Some(&expected), Some(&got), &mut differences);
            assert!(matches!(&differences[..], [one] if one.starts_with(said)), "{differences:?}");
        }
    }
}
