//! Wizards: dialogues that the server leads, step by step.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use super::offer::Selected;
use super::{Offer, Several};
use crate::call::Call;
use crate::connection::{Connection, fetch};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::{Error, Result};
use crate::unsendable::Unsendable;
use crate::value::{Id, ModelName};

/// A wizard on records of `M`: what [`models!`](crate::models) makes a constant of in the module `wizard`.
///
/// One that is offered on several models is a `WizardOf<`[`Several`]`>` and takes the ids of any of them; one that is on
/// no model is a `WizardOf<()>` and takes none.
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

impl<M: ModelName> Offer<Wizard, M> {
    /// Starts the wizard on these records. None of its states is executed yet.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn start(&self, connection: &dyn Connection, ids: &[Id<M>]) -> Result<Wizard> {
        start(connection, self.name(), Selected::records(ids)).await
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
        start(connection, self.name(), self.among(ids)?).await
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

/// Starts a wizard that finds its records in the context.
async fn start(connection: &dyn Connection, name: &str, on: Selected) -> Result<Wizard> {
    let context = Context::new().set("active_model", on.model).set("active_id", on.ids.first().copied());
    let context = connection.context().clone().merge(context.set("active_ids", on.ids));
    Wizard::start_in(connection, context, name).await
}

/// A wizard that has been started: a dialogue of states, which the server leads.
///
/// The values of a state are a [`Draft`] of that state's model. The server does not keep those that a state is shown with:
/// as Tryton's own clients do, [`execute`](Self::execute) sends them back, with what was filled in over them.
/// A list of records can be given as records that exist ([`Draft::link`]) and as new ones ([`Draft::add`]), which take the
/// place of the whole list that the state is shown with.
///
/// [`end`](Self::end) lets the server forget the dialogue;
/// one that is dropped without it stays on the server.
/// A wizard on records finds them in the context: [`WizardOf::start`] puts them there.
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
    connection: Arc<dyn Connection>,
    context: Context,
    name: String,
    session: Value,
    first: String,
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
    /// As for [`Connection::send`].
    pub async fn start(connection: &dyn Connection, name: &str) -> Result<Self> {
        Self::start_in(connection, connection.context().clone(), name).await
    }

    /// The same in a context that says more than the connection's own.
    async fn start_in(connection: &dyn Connection, context: Context, name: &str) -> Result<Self> {
        let call = Call::new(&format!("wizard.{name}.create"), (), &context)?;
        let (session, first, _end): (Value, String, String) = fetch(connection, call, PhantomData).await?;
        let (connection, name) = (connection.share(), name.to_owned());
        Ok(Self {
            connection,
            context,
            name,
            session,
            first,
            values: BTreeMap::new(),
            unsendable: Unsendable::default(),
        })
    }

    /// The state that the wizard begins with: the one to execute first, where it has to be executed at all.
    pub fn first_state(&self) -> &str {
        &self.first
    }

    /// Sets values of a state, over those that it is shown with or that an earlier call gave it. They are sent with the
    /// next [`execute`](Self::execute). A state that shows itself again begins with its own values: fill it in after that.
    pub fn fill<M>(&mut self, state: &str, values: Draft<M>) -> &mut Self {
        if let Value::Object(values) = values.to_json() {
            values.keys().for_each(|field| self.unsendable.forget(&format!("{state}.{field}")));
            self.values.entry(state.to_owned()).or_default().extend(values);
        }
        self.unsendable.join(values.unsendable().clone().below(state));
        self
    }

    /// Goes to a state: what it does is done, and what it shows is the result.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`]. What was filled in is kept until the server has taken it.
    /// [`is_invalid_request`](Error::is_invalid_request) where a list of records was to be changed otherwise than by
    /// [`Draft::link`] and [`Draft::add`]: a wizard takes the list as it is to be, and no steps.
    pub async fn execute(&mut self, state: &str) -> Result<WizardStep> {
        let values = self.values.iter().map(|(state, values)| Ok((state.clone(), plain(values, state)?)));
        let params = (&self.session, values.collect::<Result<Map<_, _>>>()?, state);
        let call = Call::new(&format!("wizard.{}.execute", self.name), params, &self.context)?;
        let call = call.noting(self.unsendable.clone());
        let step: WizardStep = fetch(&*self.connection, call, PhantomData).await?;
        self.values.clear();
        self.unsendable = Unsendable::default();
        if let Some(WizardView { state, defaults, values }) = &step.view {
            let shown = defaults.iter().chain(values).map(|(field, value)| (field.clone(), value.clone()));
            self.values.insert(state.clone(), shown.collect());
        }
        Ok(step)
    }

    /// Ends the dialogue: the server forgets it.
    ///
    /// # Errors
    ///
    /// As for [`Connection::send`].
    pub async fn end(self) -> Result<()> {
        let call = Call::new(&format!("wizard.{}.delete", self.name), json!([self.session]), &self.context)?;
        fetch(&*self.connection, call, PhantomData::<IgnoredAny>).await.map(drop)
    }
}

/// The values of a record as a wizard takes them, which sets them one by one: of a list, the ids or the values of its
/// records instead of steps, and nothing of what `party.` says of the record that `party` leads to.
fn plain(values: &Map<String, Value>, state: &str) -> Result<Value> {
    let values = values.iter().filter(|(field, _)| !field.contains('.'));
    values.map(|(field, value)| Ok((field.clone(), plain_value(value, &format!("{state}.{field}"))?))).collect()
}

fn plain_value(value: &Value, path: &str) -> Result<Value> {
    match value {
        Value::Array(items) => plain_list(items, path).map(Value::Array),
        other => Ok(other.clone()),
    }
}

fn plain_list(items: &[Value], path: &str) -> Result<Vec<Value>> {
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        let (step, records) = match item {
            Value::Object(record) => {
                list.push(plain(record, path)?);
                continue;
            }
            Value::Array(step) => (step.first().and_then(Value::as_str), step.get(1).and_then(Value::as_array)),
            _ => (None, None),
        };
        match (step, records) {
            (Some("add"), Some(ids)) => list.extend_from_slice(ids),
            (Some("create"), Some(records)) => list.extend(plain_list(records, path)?),
            (Some(step @ ("remove" | "delete" | "write" | "copy")), _) => {
                let why = format!(
                    "`{step}` of the list `{path}`: a wizard takes the whole list, of records that exist (`link`) and of \
                     new ones (`add`)"
                );
                return Err(Error::invalid_request(why));
            }
            _ => list.push(item.clone()),
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plainly(values: Value) -> Result<Value> {
        plain(values.as_object().expect("an object"), "ask")
    }

    #[test]
    fn steps_become_the_lists_that_they_make() {
        let values = json!({
            "moves": [["add", [1, 2]], ["add", [3]]],
            "lines": [["create", [{"n": 1, "taxes": [["add", [4]]]}]], ["add", [5]]],
            "none": [["add", []]],
            "shown": [6, 7],
            "shown_lines": [{"party": 1, "party.": {"rec_name": "A"}, "subs": [["create", [{"n": 2}]]]}],
            "party.": {"rec_name": "A"},
            "choices": ["add", "remove"],
            "text": "remove",
        });
        let expected = json!({
            "moves": [1, 2, 3],
            "lines": [{"n": 1, "taxes": [4]}, 5],
            "none": [],
            "shown": [6, 7],
            "shown_lines": [{"party": 1, "subs": [{"n": 2}]}],
            "choices": ["add", "remove"],
            "text": "remove",
        });
        assert_eq!(plainly(values).expect("plain"), expected);
    }

    #[test]
    fn a_wizard_cannot_be_told_other_steps() {
        for step in
            [json!(["remove", [1]]), json!(["delete", [1]]), json!(["write", [1], {}]), json!(["copy", [1], {}])]
        {
            let lines = json!([["create", [{"taxes": [step]}]]]);
            let error = plainly(json!({ "lines": lines })).expect_err("no list");
            assert!(error.is_invalid_request() && error.to_string().contains("`ask.lines.taxes`"), "{error}");
        }
    }
}
