//! Wizards: dialogues that the server leads, step by step.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::client::Client;
use crate::draft::Draft;
use crate::error::Result;
use crate::rpc::Call;

/// A wizard that has been started: a dialogue of states, which the server leads.
///
/// The values of a state are a [`Draft`] of that state's model. [`end`](Self::end) lets the server forget the dialogue;
/// one that is dropped without it stays on the server.
/// A wizard on records finds them in the context of the client that starts it: `active_model`, `active_ids` and
/// `active_id`, which [`Context::set`](crate::Context::set) sets.
///
/// ```no_run
/// # use tryton_sdk::types::*;
/// # tryton_sdk::model! {
/// #     /// Create Chart
/// #     pub AccountCreateChartAccount(ChartFields) = "account.create_chart.account" [];
/// #     /// Company
/// #     company: Id<Company>,
/// #     /// Account Template
/// #     account_template: Id<Template>,
/// # }
/// # tryton_sdk::marker! { /// Company
/// #     pub Company = "company.company"; /// Template
/// #     pub Template = "account.account.template"; }
/// use tryton_sdk::{Client, Draft, Id, Result, Wizard};
///
/// async fn create_chart(tryton: &Client, company: Id<Company>, template: Id<Template>) -> Result<()> {
///     let account = Draft::new()
///         .set(AccountCreateChartAccount::F.company, company)
///         .set(AccountCreateChartAccount::F.account_template, template);
///     let mut wizard = Wizard::start(tryton, "account.create_chart").await?;
///     wizard.fill("account", account).execute("create_account").await?;
///     wizard.end().await
/// }
/// ```
pub struct Wizard {
    client: Client,
    name: String,
    session: Value,
    first: String,
    /// The values that the server has not yet been sent.
    values: Map<String, Value>,
}

/// What the execution of a wizard's state leads to.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WizardStep {
    /// The state that the wizard shows next, if it shows one: its values are to be filled in.
    #[serde(default)]
    pub view: Option<WizardView>,
    /// The actions to run next, as the server describes them, each with the data that it is run with.
    #[serde(default)]
    pub actions: Vec<(Value, Value)>,
}

/// A state that a wizard shows.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct WizardView {
    /// The name of the state, under which its values are filled in.
    pub state: String,
    /// The values that it begins with.
    #[serde(default)]
    pub defaults: Map<String, Value>,
    /// The values that it has by now, where the wizard computed them. Series before 7.0 have none.
    #[serde(default)]
    pub values: Map<String, Value>,
}

impl Wizard {
    /// Starts the wizard of this name. None of its states is executed yet.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    pub async fn start(client: &Client, name: &str) -> Result<Self> {
        let call = Call::new(&format!("wizard.{name}.create"), (), client.context())?;
        let (session, first, _end): (Value, String, String) = client.fetch(call, PhantomData).await?;
        Ok(Self { client: client.clone(), name: name.to_owned(), session, first, values: Map::new() })
    }

    /// The state that the wizard begins with: the one to execute first, where it has to be executed at all.
    pub fn first_state(&self) -> &str {
        &self.first
    }

    /// Sets the values of a state, instead of those that an earlier call gave it. They are sent with the next
    /// [`execute`](Self::execute).
    pub fn fill<M>(&mut self, state: &str, values: Draft<M>) -> &mut Self {
        self.values.insert(state.to_owned(), values.to_json());
        self
    }

    /// Goes to a state: what it does is done, and what it shows is the result.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`]. What was filled in is kept until the server has taken it.
    pub async fn execute(&mut self, state: &str) -> Result<WizardStep> {
        let params = (&self.session, &self.values, state);
        let call = Call::new(&format!("wizard.{}.execute", self.name), params, self.client.context())?;
        let step = self.client.fetch(call, PhantomData).await?;
        self.values.clear();
        Ok(step)
    }

    /// Ends the dialogue: the server forgets it.
    ///
    /// # Errors
    ///
    /// As for [`Client::call`].
    pub async fn end(self) -> Result<()> {
        let call = Call::new(&format!("wizard.{}.delete", self.name), json!([self.session]), self.client.context())?;
        self.client.fetch(call, PhantomData::<IgnoredAny>).await.map(drop)
    }
}
