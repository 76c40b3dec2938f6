//! Reports and wizards, and the models that they belong to.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{IntrospectError, Reader, Rpc, text};

/// Internal names and labels.
type Labels = BTreeMap<String, String>;

/// The reports and wizards of a server.
#[derive(Default)]
pub(super) struct Actions {
    /// Reports by model.
    pub(super) reports: BTreeMap<String, Labels>,
    /// Wizards by model.
    pub(super) wizards: BTreeMap<String, Labels>,
    /// Reports of no model.
    pub(super) unbound_reports: Labels,
    /// Wizards of no model.
    pub(super) unbound_wizards: Labels,
}

pub(super) async fn read<R: Rpc>(reader: &mut Reader<'_, R>) -> Result<Actions, IntrospectError<R::Error>> {
    let offered = offered(reader).await?;
    let mut actions = Actions::default();
    for (model, internal, bound, unbound) in [
        ("ir.action.report", "report_name", &mut actions.reports, &mut actions.unbound_reports),
        ("ir.action.wizard", "wiz_name", &mut actions.wizards, &mut actions.unbound_wizards),
    ] {
        let columns = ["name", internal, "model", "action"];
        for record in reader.records(model, json!([]), &columns).await? {
            let name = text(&record, internal);
            let own = Some(text(&record, "model")).filter(|model| !model.is_empty());
            let mut models = offered.get(&record["action"].as_i64()).cloned().unwrap_or_default();
            models.extend(own);
            // Several actions may share one internal name: the oldest provides the label.
            let label = || text(&record, "name");
            if models.is_empty() {
                unbound.entry(name).or_insert_with(label);
            } else {
                for model in models {
                    bound.entry(model).or_default().entry(name.clone()).or_insert_with(label);
                }
            }
        }
    }
    // An action bound to a model counts as bound, even if another action of that name is not.
    let bound = |of: &BTreeMap<String, Labels>, name: &String| of.values().any(|labels| labels.contains_key(name));
    actions.unbound_reports.retain(|name, _| !bound(&actions.reports, name));
    actions.unbound_wizards.retain(|name, _| !bound(&actions.wizards, name));
    Ok(actions)
}

/// Returns the models on which clients offer an action, by the action's id.
///
/// Many wizards name no model of their own; a keyword such as `form_action` on `party.party,-1` states where they are
/// offered. A keyword on a single record, such as a menu entry, does not.
async fn offered<R: Rpc>(
    reader: &mut Reader<'_, R>,
) -> Result<BTreeMap<Option<i64>, BTreeSet<String>>, IntrospectError<R::Error>> {
    let mut offered: BTreeMap<Option<i64>, BTreeSet<String>> = BTreeMap::new();
    for record in reader.records("ir.action.keyword", json!([]), &["model", "action"]).await? {
        if let Some(model) = record["model"].as_str().and_then(|model| model.strip_suffix(",-1")) {
            let action = record.get("action").and_then(Value::as_i64);
            offered.entry(action).or_default().insert(model.to_owned());
        }
    }
    Ok(offered)
}
