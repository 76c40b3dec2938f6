//! What a call is about: its method, the records that it names, and whether it reads.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::series::Series;

/// What a call is about, in the words of errors and events: never a value.
#[derive(Clone, Debug)]
pub struct Subject {
    method: Arc<str>,
    /// The first of them; as many as there are records, if those are fewer.
    ids: [i64; SHOWN_IDS],
    records: usize,
    /// Whether it is not known to read.
    pub(crate) is_write: bool,
    takes_context: bool,
    /// The series whose snapshot the called model was generated from.
    pub(crate) generated_for: Option<Series>,
}

/// More ids than these tell nobody anything.
const SHOWN_IDS: usize = 3;

/// The methods of models that only read. Any method that is not here is taken for a write, and never repeated.
const READS: &[&str] = &[
    "autocomplete",
    "autocomplete_city",
    "autocomplete_postal_code",
    "default_get",
    "export_data",
    "fields_get",
    "fields_view_get",
    "get_action_value",
    "get_digits",
    "get_keyword",
    "get_preferences",
    "get_preferences_fields_view",
    "get_symbol",
    "history_revisions",
    "list_models",
    "read",
    "resources",
    "search",
    "search_count",
    "search_read",
    "view_get",
    "view_toolbar_get",
];

impl Subject {
    /// What a call of the method is about, before its records are known.
    pub fn new(method: &str) -> Self {
        let service = method.split('.').next().unwrap_or_default();
        Self {
            method: method.into(),
            ids: [0; SHOWN_IDS],
            records: 0,
            is_write: is_write(service, method),
            takes_context: matches!(service, "model" | "wizard" | "report"),
            generated_for: None,
        }
    }

    pub(crate) fn records(&mut self, first: Option<&Value>) {
        if let (Some(Value::Array(items)), true) = (first, self.method.starts_with("model.")) {
            let ids = || items.iter().filter_map(Value::as_i64);
            self.ids.iter_mut().zip(ids()).for_each(|(shown, id)| *shown = id);
            self.records = ids().count();
        }
    }

    /// The method: `model.sale.sale.quote`.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The model whose method it is, if it is one's.
    pub fn model(&self) -> Option<&str> {
        let (model, _) = self.method.strip_prefix("model.")?.rsplit_once('.')?;
        Some(model)
    }

    /// The series of the server whose snapshot the model was generated from, where it was.
    ///
    /// ```
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
    /// use tryton_sdk::connection::Subject;
    /// use tryton_sdk::{ModelName, Series};
    ///
    /// assert_eq!(erp::Party::SERIES, Some(Series::new(8, 2)));
    /// assert_eq!(Subject::new("model.party.party.read").generated_for(), None);
    /// ```
    pub fn generated_for(&self) -> Option<Series> {
        self.generated_for
    }

    /// The first ids of the records, at most three.
    pub fn ids(&self) -> &[i64] {
        &self.ids[..self.records.min(SHOWN_IDS)]
    }

    /// How many records the call names by their ids.
    pub fn record_count(&self) -> usize {
        self.records
    }

    /// Whether the call may change something on the server.
    pub fn is_write(&self) -> bool {
        self.is_write
    }

    /// Whether the call is answered by the server itself, before any database and without a session.
    pub fn is_for_server(&self) -> bool {
        matches!(&*self.method, "common.server.version" | "common.db.list" | "common.authentication.services")
    }

    /// Whether the answer is a session, which is a secret.
    pub fn opens_a_session(&self) -> bool {
        &*self.method == "common.db.login"
    }

    /// Whether nothing of the answer may be shown: it is a session, or the cookie by which a server knows a device.
    ///
    /// ```
    /// use tryton_sdk::connection::Subject;
    ///
    /// assert!(Subject::new("model.res.user.device.renew").gives_a_secret());
    /// assert!(!Subject::new("model.party.party.read").gives_a_secret());
    /// ```
    pub fn gives_a_secret(&self) -> bool {
        self.opens_a_session() || &*self.method == "model.res.user.device.renew"
    }

    /// Whether the call is made by those who have no session yet.
    pub fn needs_no_session(&self) -> bool {
        self.is_for_server() || self.opens_a_session() || &*self.method == "common.db.reset_password"
    }

    /// Whether the context is the last of the method's parameters.
    pub fn takes_context(&self) -> bool {
        self.takes_context
    }
}

/// Whether the method of this service is not known to read.
fn is_write(service: &str, method: &str) -> bool {
    let name = method.rsplit('.').next().unwrap_or_default();
    match service {
        "model" => !READS.contains(&name) && !name.starts_with("on_change"),
        "common" => method == "common.db.reset_password",
        "system" => false,
        _ => true,
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.method)?;
        if self.records > 0 {
            let ids: Vec<_> = self.ids().iter().map(i64::to_string).collect();
            let more = if self.records > SHOWN_IDS { ", …" } else { "" };
            write!(f, " on {} ({}{more})", if self.records == 1 { "record" } else { "records" }, ids.join(", "))?;
        }
        Ok(())
    }
}
