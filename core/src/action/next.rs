//! Actions that follow a button or a wizard.

use std::marker::PhantomData;

use serde_json::{Map, Value, json};

use super::report::ReportRequest;
use super::window::Window;
use super::wizard::WizardRequest;
use crate::button::NextAction;
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::error::Result;
use crate::selected::Selected;

/// The effect of a [`NextAction`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Action {
    /// Shows records, for example those created by a wizard.
    Window(Window),
    /// Starts a wizard.
    Wizard(WizardRequest),
    /// Renders a report.
    Report(ReportRequest),
    /// Opens a web page.
    Url(String),
    /// Anything else, as the server describes it; null if the user may not run the action.
    Other(Value),
}

impl NextAction {
    /// Reads the description of the action, without running it. This makes one request, which may be cached, if the
    /// server named only the action's id; otherwise none.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn read(&self, connection: &dyn Connection) -> Result<Action> {
        let action = match self.action.as_i64() {
            Some(id) => {
                let call = Call::on_model("ir.action", "get_action_value", vec![json!(id)], connection.context());
                fetch(connection, call.reading(), PhantomData).await?
            }
            None => self.action.clone(),
        };
        Ok(Action::of(action, self.data.clone()))
    }
}

impl Action {
    fn of(mut action: Value, mut data: Map<String, Value>) -> Self {
        let text = |key: &str| action.get(key).and_then(Value::as_str).map(str::to_owned);
        let id = action.get("id").and_then(Value::as_i64);
        match text("type").as_deref() {
            Some("ir.action.act_window") => Self::Window(Window::of(action, data)),
            Some("ir.action.wizard") => match text("wiz_name") {
                Some(name) => Self::Wizard(WizardRequest::of_action(&name, Selected::of(&data), id)),
                None => Self::Other(action),
            },
            Some("ir.action.report") => match text("report_name") {
                Some(name) => {
                    data.insert("action_id".to_owned(), json!(id));
                    Self::Report(ReportRequest::of_action(&name, data))
                }
                None => Self::Other(action),
            },
            Some("ir.action.url") => match action["url"].take() {
                Value::String(url) => Self::Url(url),
                _ => Self::Other(action),
            },
            _ => Self::Other(action),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(action: Value) -> Action {
        let data = json!({"model": "sale.sale", "id": 3, "ids": [3, 4]});
        Action::of(action, data.as_object().expect("an object").clone())
    }

    #[test]
    fn actions_by_their_types() {
        let wizard = json!({"id": 7, "type": "ir.action.wizard", "wiz_name": "sale.modify_header"});
        let Action::Wizard(wizard) = read(wizard) else { panic!("no wizard") };
        assert_eq!(wizard.name(), "sale.modify_header");

        let report = json!({"id": 8, "type": "ir.action.report", "report_name": "sale.sale"});
        let Action::Report(report) = read(report) else { panic!("no report") };
        assert_eq!(report.name(), "sale.sale");

        let url = json!({"id": 9, "type": "ir.action.url", "url": "https://example.com"});
        assert_eq!(read(url), Action::Url("https://example.com".to_owned()));
    }

    #[test]
    fn what_is_no_known_action_stays_as_it_is() {
        for action in [
            json!(null),
            json!([]),
            json!({"type": "ir.action.other"}),
            json!({"type": "ir.action.wizard"}),
            json!({"type": "ir.action.report", "report_name": 7}),
        ] {
            assert_eq!(read(action.clone()), Action::Other(action));
        }
    }
}
