//! Wizards: dialogues with the server in steps.

mod plain;
mod request;
mod step;

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

pub use request::{WizardOf, WizardRequest};
pub use step::{WizardButton, WizardStep, WizardView};

use crate::call::Call;
use crate::connection::{Connection, InContext, fetch};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::{Error, Result};
use crate::form::{AnyForm, Form};
use crate::unsendable::Unsendable;
use crate::value::ModelName;
use plain::plain;

/// A running wizard: a dialogue of states, directed by the server.
///
/// The values of a state are a record of that state's model. The server does not store the values shown in a state: they
/// are sent back when another state is executed. There are two ways to fill them in:
///
/// * [`form`](Self::form) opens the state as a [`Form`]: the server computes the values that follow from the initial
///   values and from each change, as in Tryton's own clients. [`execute_form`](Self::execute_form) sends it.
/// * [`fill`](Self::fill) takes a [`Draft`](struct@Draft), and [`execute`](Self::execute) sends its values over the
///   initial ones, without computing others. A list of records is given as existing records ([`Draft::link`]) and new
///   ones ([`Draft::add`]), which replace the whole list.
///
/// [`end`](Self::end) removes the dialogue from the server; a wizard that is dropped without it stays there. A wizard on
/// records finds them in the context: [`WizardOf::start`] puts them there.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["account.create_chart.account"] } }
/// use erp::{AccountCreateChartAccount, AccountTemplate, Company};
/// use tryton_sdk::{Client, Draft, Id, Result, Wizard};
///
/// async fn create_chart(tryton: &Client, company: Id<Company>, template: Id<AccountTemplate>) -> Result<()> {
///     let account = Draft::new()
///         .set(AccountCreateChartAccount::F.company, company)
///         .set(AccountCreateChartAccount::F.account_template, template);
///     let mut wizard = Wizard::start(tryton, "account.create_chart").await?;
///     wizard.fill("account", account).execute("create_account").await?;
///     wizard.end().await
/// }
/// ```
pub struct Wizard {
    connection: Arc<InContext>,
    name: String,
    session: Value,
    first: String,
    /// The state that is shown.
    shown: Option<WizardView>,
    /// The values of each state that the server has not yet been sent.
    values: BTreeMap<String, Map<String, Value>>,
    unsendable: Unsendable,
}

/// Its name alone: what is filled in may be secret.
impl fmt::Debug for Wizard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wizard").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Wizard {
    /// Starts the wizard with this name, without executing any of its states.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn start(connection: &dyn Connection, name: &str) -> Result<Self> {
        Self::start_in(connection, Context::new(), name).await
    }

    /// The same in a context that says more than the connection's own.
    async fn start_in(connection: &dyn Connection, keys: Context, name: &str) -> Result<Self> {
        let connection = Arc::new(InContext::new(connection.share(), keys));
        let call = Call::new(&format!("wizard.{name}.create"), (), connection.context())?;
        let (session, first, _end): (Value, String, String) = fetch(&*connection, call, PhantomData).await?;
        let name = name.to_owned();
        Ok(Self {
            connection,
            name,
            session,
            first,
            shown: None,
            values: BTreeMap::new(),
            unsendable: Unsendable::default(),
        })
    }

    /// The internal name of the wizard: `sale.modify_header`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the wizard's first state, to be executed first if necessary.
    pub fn first_state(&self) -> &str {
        &self.first
    }

    /// Returns the current state: the result of the last execution.
    pub fn view(&self) -> Option<&WizardView> {
        self.shown.as_ref()
    }

    /// Opens the current state as a form with its initial values and the values that the server computes from them.
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["account.create_chart.account"] } }
    /// use erp::{AccountCreateChartAccount, AccountTemplate, Company};
    /// use tryton_sdk::{Client, Id, Result, Wizard};
    ///
    /// async fn create_chart(tryton: &Client, company: Id<Company>, template: Id<AccountTemplate>) -> Result<()> {
    ///     let mut wizard = Wizard::start(tryton, "account.create_chart").await?;
    ///     wizard.execute("account").await?;
    ///     let mut account = wizard.form::<AccountCreateChartAccount>().await?;
    ///     account.set(AccountCreateChartAccount::F.company, company).await?;
    ///     account.set(AccountCreateChartAccount::F.account_template, template).await?;
    ///     wizard.execute_form("create_account", &mut account).await?;
    ///     wizard.end().await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// [`is_invalid_request`](Error::is_invalid_request) if there is no current state, or it has another model; otherwise
    /// as for [`Connection::send`].
    pub async fn form<M: ModelName>(&self) -> Result<Form<M>> {
        self.shown_as(M::NAME)?;
        self.any_form().await.map(Form::of)
    }

    /// Opens the current state as a form whose fields are named at run time.
    ///
    /// # Errors
    ///
    /// As for [`form`](Self::form).
    pub async fn any_form(&self) -> Result<AnyForm> {
        let view = self.shown()?;
        AnyForm::shown(&*self.connection, &view.model, &view.defaults, &view.values).await
    }

    /// Executes a state like [`execute`](Self::execute), with the values of a [`Form`] or an [`AnyForm`] of the current
    /// state.
    ///
    /// # Errors
    ///
    /// As for [`execute`](Self::execute); [`is_invalid_request`](Error::is_invalid_request) if the form has another model
    /// than the current state. The form stays as it is: after an error, change it and send it again.
    pub async fn execute_form(&mut self, state: &str, form: &mut impl AsMut<AnyForm>) -> Result<WizardStep> {
        let form = form.as_mut();
        let shown = self.shown_as(form.model())?.state.clone();
        let values = form.values().await?;
        self.send(state, Map::from_iter([(shown, values)])).await
    }

    fn shown(&self) -> Result<&WizardView> {
        let why = || format!("the wizard `{}` shows no state: `execute` leads to one", self.name);
        self.shown.as_ref().ok_or_else(|| Error::invalid_request(why()))
    }

    fn shown_as(&self, model: &str) -> Result<&WizardView> {
        let shown = self.shown()?;
        if shown.model == model {
            return Ok(shown);
        }
        let (name, state, shown) = (&self.name, &shown.state, &shown.model);
        let why = format!("the state `{state}` of the wizard `{name}` is a record of `{shown}`, not of `{model}`");
        Err(Error::invalid_request(why))
    }

    /// Sets values of a state, over its initial values and those of earlier calls. They are sent with the next
    /// [`execute`](Self::execute). A state that is shown again starts with new initial values: fill it in after that.
    pub fn fill<M>(&mut self, state: &str, values: Draft<M>) -> &mut Self {
        if let Value::Object(values) = values.to_json() {
            values.keys().for_each(|field| self.unsendable.forget(&format!("{state}.{field}")));
            self.values.entry(state.to_owned()).or_default().extend(values);
        }
        self.unsendable.join(values.unsendable().clone().below(state));
        self
    }

    /// Executes a state, and returns the step that follows.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. The values are kept until the server has accepted them.
    /// [`is_invalid_request`](Error::is_invalid_request) if a list of records is changed other than by [`Draft::link`]
    /// and [`Draft::add`]: a wizard takes the whole list, not its changes.
    pub async fn execute(&mut self, state: &str) -> Result<WizardStep> {
        self.send(state, Map::new()).await
    }

    /// The same with all values of some states, which take the place of what they are shown with.
    async fn send(&mut self, state: &str, forms: Map<String, Value>) -> Result<WizardStep> {
        let filled = self.values.iter().filter(|(state, _)| !forms.contains_key(*state));
        let filled = filled.map(|(state, values)| Ok((state.clone(), plain(values, state)?)));
        let mut values = filled.collect::<Result<Map<_, _>>>()?;
        values.extend(forms);
        let method = format!("wizard.{}.execute", self.name);
        let call = Call::new(&method, (&self.session, values, state), self.connection.context())?;
        let call = call.noting(self.unsendable.clone());
        let step: WizardStep = fetch(&*self.connection, call, PhantomData).await?;
        self.values.clear();
        self.unsendable = Unsendable::default();
        if let Some(WizardView { state, defaults, values, .. }) = &step.view {
            let shown = defaults.iter().chain(values).map(|(field, value)| (field.clone(), value.clone()));
            self.values.insert(state.clone(), shown.collect());
        }
        self.shown = step.view.clone();
        Ok(step)
    }

    /// Ends the dialogue, and removes it from the server.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn end(self) -> Result<()> {
        let method = format!("wizard.{}.delete", self.name);
        let call = Call::new(&method, json!([self.session]), self.connection.context())?;
        fetch(&*self.connection, call, PhantomData::<IgnoredAny>).await.map(drop)
    }
}
