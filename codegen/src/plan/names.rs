//! The names of types, of which each may exist once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::naming;
use crate::snapshot::Model;
use crate::suggest;

use super::Request;

/// The names that generated code uses for other things.
pub const RESERVED: [&str; 19] = [
    "Binary",
    "Choice",
    "Computed",
    "Date",
    "DateTime",
    "Decimal",
    "Dict",
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
];

/// A name that cannot be given.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// Two things would have one name.
    Collision {
        /// The name.
        name: String,
        /// What has it.
        first: String,
        /// What would have it too.
        second: String,
        /// The key under which the second can be renamed.
        key: String,
        /// A name that is free.
        free: String,
    },
    /// A rename names nothing that is generated.
    UnusedRename {
        /// The key of the rename.
        key: String,
        /// What it may mean.
        similar: Option<String>,
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
    /// What the error is about: a model, or `model,field`.
    pub fn key(&self) -> &str {
        match self {
            Self::Collision { key, .. } | Self::UnusedRename { key, .. } | Self::BadName { key, .. } => key,
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
            Self::UnusedRename { key, similar } => {
                write!(f, "nothing to rename: `{key}` is not among the generated types")?;
                match similar {
                    Some(similar) => write!(f, "; did you mean `{similar}`?"),
                    None => Ok(()),
                }
            }
            Self::BadName { key, name } => write!(
                f,
                "`{name}` cannot be the name of `{key}`: a type's name in Rust is letters, digits \
                 and `_`, begins with a letter, and is no keyword"
            ),
        }
    }
}

impl std::error::Error for PlanError {}

/// Who has a name.
#[derive(Clone)]
struct Owner {
    /// In words.
    what: String,
    /// The key that renames it, unless nothing can.
    key: Option<String>,
}

/// Gives names and remembers them.
pub(super) struct Names<'a> {
    renames: &'a BTreeMap<String, String>,
    /// What renames can name.
    keys: BTreeSet<String>,
    owners: BTreeMap<String, Owner>,
    /// Names of models of the server that are not generated here, and of their fields.
    elsewhere: BTreeSet<String>,
    errors: Vec<PlanError>,
    /// The keys of the two that collide, for each reported collision.
    reported: BTreeSet<(Option<String>, String)>,
}

impl<'a> Names<'a> {
    /// Names `models` and the markers for the models `outside`.
    pub(super) fn new(request: &'a Request, models: &[&Model], outside: &BTreeSet<String>) -> Self {
        let mut names = Self {
            renames: &request.renames,
            keys: BTreeSet::new(),
            owners: BTreeMap::new(),
            elsewhere: BTreeSet::new(),
            errors: Vec::new(),
            reported: BTreeSet::new(),
        };
        names.check_renames();
        for name in RESERVED {
            let what = format!("the SDK's own `{name}`");
            names.owners.insert(name.to_owned(), Owner { what, key: None });
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

    /// The type of the model `model`.
    pub(super) fn model(&self, model: &str) -> String {
        self.renames.get(model).cloned().unwrap_or_else(|| naming::type_name(model))
    }

    /// Names the enum for `field` of `model`, whose type is `type_name`.
    ///
    /// Tryton likes to call a model after a field of another (`ir.sequence.type` beside the field
    /// `type` of `ir.sequence`): the enum then ends in `Selection`, whether or not that model is
    /// selected.
    pub(super) fn selection(&mut self, model: &str, type_name: &str, field: &str) -> String {
        let key = format!("{model},{field}");
        let name = self.renames.get(&key).cloned().unwrap_or_else(|| {
            let name = naming::selection_name(type_name, field);
            let of_model =
                self.elsewhere.contains(&name) || self.owners.get(&name).is_some_and(|owner| !is_selection(owner));
            if of_model { format!("{name}Selection") } else { name }
        });
        self.give(&name, format!("the field `{field}` of `{model}`"), &key);
        name
    }

    /// All that went wrong, in an order that does not change.
    pub(super) fn finish(mut self) -> Result<(), Vec<PlanError>> {
        for key in self.renames.keys().filter(|key| !self.keys.contains(*key)) {
            let similar = suggest::nearest(key, self.keys.iter().map(String::as_str));
            let similar = similar.map(str::to_owned);
            self.errors.push(PlanError::UnusedRename { key: key.clone(), similar });
        }
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    fn check_renames(&mut self) {
        for (key, name) in self.renames {
            let letter = name.starts_with(char::is_alphabetic);
            if !letter || !naming::is_identifier(name) {
                self.errors.push(PlanError::BadName { key: key.clone(), name: name.clone() });
            }
        }
    }

    fn give(&mut self, name: &str, what: String, key: &str) {
        self.keys.insert(key.to_owned());
        let Some(first) = self.owners.get(name).cloned() else {
            self.owners.insert(name.to_owned(), Owner { what, key: Some(key.to_owned()) });
            return;
        };
        // The type and the fields of two models collide together: one report is enough.
        if self.reported.insert((first.key, key.to_owned())) {
            self.errors.push(PlanError::Collision {
                name: name.to_owned(),
                first: first.what,
                second: what,
                key: key.to_owned(),
                free: self.free(key),
            });
        }
    }

    /// A name for `key` that nothing has.
    fn free(&self, key: &str) -> String {
        let mut free = match key.split_once(',') {
            Some((model, field)) => naming::selection_name(&self.model(model), field) + "Selection",
            None => naming::type_name(key) + "Model",
        };
        while self.owners.contains_key(&free) || self.elsewhere.contains(&free) {
            free.push('2');
        }
        free
    }
}

fn is_selection(owner: &Owner) -> bool {
    owner.key.as_ref().is_some_and(|key| key.contains(','))
}
