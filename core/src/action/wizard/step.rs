//! The states of wizards.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::button::NextAction;

/// The result of executing a wizard's state.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WizardStep {
    /// The state that the wizard shows next, if any, for filling in its values.
    #[serde(default)]
    pub view: Option<WizardView>,
    /// The actions to run next.
    #[serde(default, deserialize_with = "actions")]
    pub actions: Vec<NextAction>,
}

/// A state shown by a wizard.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WizardView {
    /// The name of the state.
    pub state: String,
    /// The model of the state's values.
    #[serde(rename = "fields_view", default, deserialize_with = "model")]
    pub model: String,
    /// Its initial values.
    #[serde(default)]
    pub defaults: Map<String, Value>,
    /// Its current values, if the wizard computed them. Series before 7.0 have none.
    #[serde(default)]
    pub values: Map<String, Value>,
    /// The buttons of the state.
    #[serde(default)]
    pub buttons: Vec<WizardButton>,
}

/// A button of a wizard's state.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WizardButton {
    /// The state that it leads to, for [`Wizard::execute`](super::Wizard::execute).
    pub state: String,
    /// Its label, in the user's language.
    #[serde(rename = "string", default)]
    pub label: String,
}

/// Each is the action and the data that it is run with.
fn actions<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<NextAction>, D::Error> {
    let actions: Vec<(Value, Option<Map<String, Value>>)> = Deserialize::deserialize(from)?;
    Ok(actions.into_iter().map(|(action, data)| NextAction { action, data: data.unwrap_or_default() }).collect())
}

/// The model of a view.
fn model<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    struct View {
        #[serde(default)]
        model: String,
    }
    View::deserialize(from).map(|view| view.model)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_step_as_a_server_writes_it() {
        let step: WizardStep = serde_json::from_value(json!({
            "view": {
                "fields_view": {"model": "sale.return_sale.start", "arch": "<form/>", "fields": {}},
                "defaults": {"a": 1},
                "buttons": [{"state": "end", "string": "Cancel", "icon": "x", "default": false}],
                "state": "start",
            },
            "actions": [[{"id": 7, "type": "ir.action.act_window"}, {"res_id": [3]}], [{"id": 8}, null]],
        }))
        .expect("a step");
        let view = step.view.expect("a view");
        assert_eq!((view.state.as_str(), view.model.as_str()), ("start", "sale.return_sale.start"));
        assert_eq!((view.buttons[0].state.as_str(), view.buttons[0].label.as_str()), ("end", "Cancel"));
        assert_eq!(step.actions.iter().map(NextAction::id).collect::<Vec<_>>(), [Some(7), Some(8)]);
        assert_eq!(json!(step.actions[0].data), json!({"res_id": [3]}));
    }

    #[test]
    fn a_step_that_leads_nowhere() {
        assert_eq!(serde_json::from_value::<WizardStep>(json!({})).expect("a step"), WizardStep::default());
    }
}
