//! Requests to start wizards.

use serde_json::json;

use super::Wizard;
use crate::action::{Offer, Several};
use crate::connection::Connection;
use crate::error::Result;
use crate::selected::Selected;
use crate::value::{Id, ModelName};

/// A wizard on records of `M`. [`models!`](crate::models) generates a constant for each in the module `wizard`.
///
/// A wizard that is offered on several models is a `WizardOf<`[`Several`]`>` and takes ids of any of them; one without a
/// model is a `WizardOf<()>`.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::{Party, wizard};
/// use tryton_sdk::{Client, Id, Result};
///
/// async fn erase(tryton: &Client, party: Id<Party>) -> Result<()> {
///     let mut erase = wizard::PARTY_ERASE.start(tryton, &[party]).await?;
///     erase.execute("ask").await?;
///     erase.execute("erase").await?;
///     erase.end().await
/// }
/// ```
pub type WizardOf<M> = Offer<Wizard, M>;

/// A wizard to start: its name and its records.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
/// use erp::Sale;
/// use tryton_sdk::action::{Action, Wizard};
/// use tryton_sdk::{Client, Id, NextStep, Result};
///
/// /// Starts the wizard to which a button leads.
/// async fn confirm(tryton: &Client, sale: Id<Sale>) -> Result<Option<Wizard>> {
///     let NextStep::Action(action) = Sale::confirm(tryton, &[sale]).await? else { return Ok(None) };
///     match action.read(tryton).await? {
///         Action::Wizard(wizard) => wizard.start(tryton).await.map(Some),
///         _ => Ok(None),
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a wizard does nothing until `start`"]
pub struct WizardRequest {
    name: String,
    on: Selected,
    action: Option<i64>,
}

impl WizardRequest {
    /// The wizard of an action.
    pub(in crate::action) fn of_action(name: &str, on: Selected, action: Option<i64>) -> Self {
        Self { name: name.to_owned(), on, action }
    }

    /// Returns the internal name of the wizard: `sale.modify_header`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Starts the wizard without executing any of its states. The records are in the context.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn start(&self, connection: &dyn Connection) -> Result<Wizard> {
        let mut keys = self.on.clone().into_context();
        if let Some(action) = self.action {
            keys.insert("action_id".to_owned(), json!(action));
        }
        Wizard::start_in(connection, keys.into(), &self.name).await
    }
}

impl<M: ModelName> Offer<Wizard, M> {
    /// Starts the wizard on these records. None of its states is executed yet.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn start(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Wizard> {
        WizardRequest::of_action(self.name(), Selected::records(ids), None).start(connection).await
    }
}

impl Offer<Wizard, Several> {
    /// Starts the wizard on these records. None of its states is executed yet.
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](crate::Error::is_invalid_request) where the wizard is not offered on this model; else as for
    /// [`Connection::send`].
    pub async fn start<M: ModelName>(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Wizard> {
        WizardRequest::of_action(self.name(), self.among(ids)?, None).start(connection).await
    }
}

impl Offer<Wizard, ()> {
    /// Starts the wizard. None of its states is executed yet.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn start(&self, connection: &dyn Connection) -> Result<Wizard> {
        Wizard::start(connection, self.name()).await
    }
}
