//! The server that a snapshot was taken from: `server.json`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// A server, as `server.json` describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// The version of the file's format.
    pub format: u32,
    /// The series of the server, such as `8.2`.
    pub series: String,
    /// The language of all labels.
    pub language: String,
    /// The user who saw this metadata: fields that the user may not read are missing.
    pub user: User,
    /// Activated modules and their versions.
    pub modules: BTreeMap<String, String>,
    /// Reports that belong to no model: internal name and label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reports: BTreeMap<String, String>,
    /// Wizards that belong to no model: internal name and label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub wizards: BTreeMap<String, String>,
    /// The models of this snapshot; each has a file of its own.
    pub models: BTreeSet<String>,
    /// The models of the server that this snapshot leaves out.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub other_models: BTreeSet<String>,
}

/// The user that pulled a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// The login name.
    pub login: String,
    /// Whether the user is an administrator.
    pub administrator: bool,
    /// The names of the user's groups.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
}
