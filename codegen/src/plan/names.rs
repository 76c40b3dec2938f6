//! The names of types, each of which may exist once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::naming;
use crate::snapshot::Model;
use crate::suggest;

use super::Request;

/// The names that generated code uses for other things.
pub const RESERVED: [&str; 22] = [
    "Binary",
    "Choice",
    "Computed",
    "Date",
    "DateTime",
    "Decimal",
    "Dict",
    "Field",
    "Id",
    "NoFilter",
    "NoOrder",
    "Option",
    "ReadOnly",
    "Reference",
    "Self",
    "String",
    "Time",
    "TimeDelta",
    "Value",
    "Vec",
    "report",
    "wizard",
];

/// A name that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// Two things would have the same name.
    Collision {
        /// The name.
        name: String,
        /// The thing that has the name.
        first: String,
        /// The thing that would also have it.
        second: String,
        /// The key under which the second can be renamed.
        key: String,
        /// A name that is free.
        free: String,
    },
    /// A rename or an override changes nothing.
    NeverApplied {
        /// The setting: `rename` or `override`.
        setting: &'static str,
        /// The key that it should change.
        key: String,
        /// Why it does not.
        why: String,
    },
    /// A rename gives a name that Rust does not take.
    BadName {
        /// The key of the rename.
        key: String,
        /// The name.
        name: String,
    },
}

impl PlanError {
    /// Returns the key that the error is about: `model`, `model,field`, `report:name` or `wizard:name`.
    pub fn key(&self) -> &str {
        match self {
            Self::Collision { key, .. } | Self::NeverApplied { key, .. } | Self::BadName { key, .. } => key,
        }
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Collision { name, first, second, key, free } => write!(
                f,
                "{first} and {second} would both be called `{name}`: rename one of them, for \
                 example with `rename = {{ \"{key}\" = \"{free}\" }}`"
            ),
            Self::NeverApplied { setting, key, why } => {
                write!(f, "the {setting} of `{key}` has no effect: {why}")
            }
            Self::BadName { key, name } if Scope::of(key) != Scope::Types => write!(
                f,
                "`{name}` cannot be the name of `{key}`: use capital letters, digits and `_`, and begin with a letter"
            ),
            Self::BadName { key, name } => write!(
                f,
                "`{name}` cannot be the name of `{key}`: use letters, digits and `_`, begin with a letter, and avoid \
                 keywords"
            ),
        }
    }
}

impl std::error::Error for PlanError {}

/// Where a name may exist once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    /// Models, their fields and selections.
    Types,
    Reports,
    Wizards,
}

impl Scope {
    /// Returns the scope of what `key` renames.
    fn of(key: &str) -> Self {
        match key.split_once(':') {
            Some(("report", _)) => Self::Reports,
            Some(("wizard", _)) => Self::Wizards,
            _ => Self::Types,
        }
    }
}

/// The thing that has a name.
#[derive(Clone)]
struct Owner {
    /// The description of it.
    what: String,
    /// The key that renames it, unless nothing can.
    key: Option<String>,
}

/// Assigns names and remembers them.
pub(super) struct Names<'a> {
    renames: &'a BTreeMap<String, String>,
    /// The keys that renames can use.
    keys: BTreeSet<String>,
    owners: BTreeMap<(Scope, String), Owner>,
    /// Names of models of the server that are not generated here, and of their fields.
    elsewhere: BTreeSet<String>,
    errors: Vec<PlanError>,
    /// The keys of two things that collide, for each reported collision.
    reported: BTreeSet<(Option<String>, String)>,
    /// The names that errors propose: each is proposed once.
    proposed: BTreeSet<(Scope, String)>,
}

impl<'a> Names<'a> {
    /// Names `models` and the markers for the models `outside`.
    pub(super) fn new(request: &'a Request, models: &[&Model], outside: &BTreeSet<String>) -> Self {
        let mut names = Self {
            renames: &request.overrides.names,
            keys: BTreeSet::new(),
            owners: BTreeMap::new(),
            elsewhere: BTreeSet::new(),
            errors: Vec::new(),
            reported: BTreeSet::new(),
            proposed: BTreeSet::new(),
        };
        names.check_renames();
        for name in RESERVED {
            let what = format!("the SDK's own `{name}`");
            names.owners.insert((Scope::Types, name.to_owned()), Owner { what, key: None });
        }
        for model in models {
            let name = names.model(&model.model);
            names.give(&name, format!("the model `{}`", model.model), &model.model);
        }
        for model in models {
            let name = naming::fields_name(&names.model(&model.model));
            names.give(&name, format!("the fields of `{}`", model.model), &model.model);
        }
        for model in outside {
            let name = names.model(model);
            names.give(&name, format!("the model `{model}`"), model);
        }
        for model in &request.known {
            let name = names.model(model);
            names.elsewhere.insert(naming::fields_name(&name));
            names.elsewhere.insert(name);
        }
        names
    }

    /// Returns the type of the model `model`.
    pub(super) fn model(&self, model: &str) -> String {
        self.renames.get(model).cloned().unwrap_or_else(|| naming::type_name(model))
    }

    /// Names the enum for `field` of `model`, whose type is `type_name`.
    ///
    /// Tryton often names a model after a field of another (`ir.sequence.type` beside the field `type` of
    /// `ir.sequence`): the enum then ends in `Selection`, whether or not that model is selected.
    pub(super) fn selection(&mut self, model: &str, type_name: &str, field: &str) -> String {
        let key = format!("{model},{field}");
        let name = self.renames.get(&key).cloned().unwrap_or_else(|| {
            let name = naming::selection_name(type_name, field);
            let of_model = self.elsewhere.contains(&name)
                || self.owner(Scope::Types, &name).is_some_and(|owner| !is_selection(owner));
            if of_model { format!("{name}Selection") } else { name }
        });
        self.give(&name, format!("the field `{field}` of `{model}`"), &key);
        name
    }

    /// Names the report or wizard `action`.
    pub(super) fn action(&mut self, scope: Scope, action: &str) -> String {
        let kind = if scope == Scope::Reports { "report" } else { "wizard" };
        let key = format!("{kind}:{action}");
        let name = self.renames.get(&key).cloned().unwrap_or_else(|| naming::constant_name(action));
        self.give(&name, format!("the {kind} `{action}`"), &key);
        name
    }

    /// Returns all errors, in a stable order.
    pub(super) fn finish(mut self) -> Vec<PlanError> {
        for key in self.renames.keys().filter(|key| !self.keys.contains(*key)) {
            let question = suggest::question(key, self.keys.iter().map(String::as_str));
            let question = question.map(|question| format!("; {question}")).unwrap_or_default();
            let why = format!("no generated type has this key{question}");
            self.errors.push(PlanError::NeverApplied { setting: "rename", key: key.clone(), why });
        }
        self.errors
    }

    fn owner(&self, scope: Scope, name: &str) -> Option<&Owner> {
        self.owners.get(&(scope, name.to_owned()))
    }

    fn check_renames(&mut self) {
        for (key, name) in self.renames {
            let letter = name.starts_with(char::is_alphabetic);
            let constant = Scope::of(key) != Scope::Types;
            if !letter || !naming::is_identifier(name) || (constant && name.contains(char::is_lowercase)) {
                self.errors.push(PlanError::BadName { key: key.clone(), name: name.clone() });
            }
        }
    }

    fn give(&mut self, name: &str, what: String, key: &str) {
        self.keys.insert(key.to_owned());
        let scope = Scope::of(key);
        let Some(first) = self.owner(scope, name).cloned() else {
            self.owners.insert((scope, name.to_owned()), Owner { what, key: Some(key.to_owned()) });
            return;
        };
        // The type and the fields of two models collide together: one report is enough.
        if self.reported.insert((first.key, key.to_owned())) {
            let free = self.free(key);
            self.errors.push(PlanError::Collision {
                name: name.to_owned(),
                first: first.what,
                second: what,
                key: key.to_owned(),
                free,
            });
        }
    }

    /// Returns a name for `key` that nothing has.
    fn free(&mut self, key: &str) -> String {
        let scope = Scope::of(key);
        let mut free = match (scope, key.split_once([',', ':'])) {
            (Scope::Types, Some((model, field))) => naming::selection_name(&self.model(model), field) + "Selection",
            (Scope::Reports, Some((_, action))) => naming::constant_name(action) + "_REPORT",
            (Scope::Wizards, Some((_, action))) => naming::constant_name(action) + "_WIZARD",
            (_, None) => naming::type_name(key) + "Model",
        };
        let is_taken = |free: &str| {
            let is_known = self.owner(scope, free).is_some() || self.proposed.contains(&(scope, free.to_owned()));
            is_known || (scope == Scope::Types && self.elsewhere.contains(free))
        };
        while is_taken(&free) {
            free.push('2');
        }
        self.proposed.insert((scope, free.clone()));
        free
    }
}

fn is_selection(owner: &Owner) -> bool {
    owner.key.as_ref().is_some_and(|key| key.contains(','))
}
