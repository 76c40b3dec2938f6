//! Which fields of a record may be set with one question.
//!
//! The server computes the consequences of several fields in one call, one field after the other. Two consecutive sets
//! may share a call if the result is the same as with two calls:
//!
//! 1. the fields that `on_change_with` computes from the first are not read by `on_change` of the second and do not
//!    include it, and the fields computed from one do not depend on those computed from the other;
//! 2. the server's order, by name, is the order in which they are set;
//! 3. a field without `on_change` that follows one with `on_change` is set after the response;
//! 4. the response has no value for one of the fields that were set. That is known only afterwards: if it has one, the
//!    response is discarded, and the fields are set one by one. The question has changed nothing.

use std::collections::VecDeque;

use serde_json::{Map, Value};

use crate::form::model::FormModel;

/// A field and its new value.
pub(super) type Set = (String, Value);

/// Sets that share a question.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Phase {
    /// Fields without `on_change`, which are set first.
    pub(super) first: Vec<Set>,
    /// Fields that the question is about.
    pub(super) asked: Vec<Set>,
    /// Fields without `on_change`, which are set after the answer.
    pub(super) last: Vec<Set>,
}

impl Phase {
    pub(super) fn one(model: &FormModel, set: Set) -> Self {
        let mut phase = Self::default();
        phase.push(model, set);
        phase
    }

    fn push(&mut self, model: &FormModel, set: Set) {
        let place = match (asks(model, &set.0), self.asked.is_empty()) {
            (true, _) => &mut self.asked,
            (false, true) => &mut self.first,
            (false, false) => &mut self.last,
        };
        place.push(set);
    }

    fn fields(&self) -> impl Iterator<Item = &str> {
        self.first.iter().chain(&self.asked).chain(&self.last).map(|(field, _)| field.as_str())
    }

    fn may_take(&self, model: &FormModel, field: &str) -> bool {
        if model.is_list(field) || self.fields().any(|earlier| earlier == field || model.is_list(earlier)) {
            return false;
        }
        let in_order = self.last.is_empty() && self.asked.last().is_none_or(|(earlier, _)| earlier.as_str() < field);
        (in_order || !asks(model, field)) && self.fields().all(|earlier| are_independent(model, earlier, field))
    }

    /// Whether a response has a value for a field that was asked about together with others.
    pub(super) fn is_contradicted_by(&self, change: &Map<String, Value>) -> bool {
        self.asked.len() > 1 && self.asked.iter().any(|(field, _)| change.contains_key(field))
    }

    /// Returns the same sets, each alone.
    pub(super) fn apart(self, model: &FormModel) -> impl DoubleEndedIterator<Item = Self> {
        let Self { mut first, asked, last } = self;
        first.extend(asked);
        first.extend(last);
        first.into_iter().map(|set| Self::one(model, set))
    }
}

/// Distributes sets over as few questions as possible, or over one for each if they must not share any.
pub(super) fn plan(model: &FormModel, sets: Vec<Set>, share: bool) -> VecDeque<Phase> {
    let mut phases = VecDeque::<Phase>::new();
    for set in sets {
        match phases.back_mut() {
            Some(phase) if share && phase.may_take(model, &set.0) => phase.push(model, set),
            _ => phases.push_back(Phase::one(model, set)),
        }
    }
    phases
}

fn asks(model: &FormModel, field: &str) -> bool {
    model.fields.get(field).is_some_and(|field| !field.on_change.is_empty())
}

/// Whether nothing that is computed from `earlier` affects `later` (the first rule).
fn are_independent(model: &FormModel, earlier: &str, later: &str) -> bool {
    let read_by_later =
        |name: &str| model.fields.get(later).is_some_and(|it| it.on_change.iter().any(|read| read == name));
    let concerns_later = model.computed_from(earlier).any(|(name, _)| name == later || read_by_later(name));
    !concerns_later && !chained(model, earlier, later) && !chained(model, later, earlier)
}

/// Whether something that is computed only from `one` reads what is computed only from `other`.
fn chained(model: &FormModel, one: &str, other: &str) -> bool {
    model.computed_from(one).filter(|(_, field)| !reads(&field.on_change_with, other)).any(|(_, field)| {
        let mut others = model.computed_from(other).filter(|(_, field)| !reads(&field.on_change_with, one));
        others.any(|(name, _)| reads(&field.on_change_with, name))
    })
}

fn reads(names: &[String], name: &str) -> bool {
    names.iter().any(|read| read == name)
}
