//! Records as forms of the SDK: the operations of `tests/scenarios/forms/OPERATIONS.md`, executed by the form engine.

use std::collections::{BTreeSet, HashMap};

use clap::ValueEnum;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tryton_sdk::__pyson::Expression;
use tryton_sdk::form::{NodeId, Op, Options, Outcome, Question, Step, Tree};
use tryton_sdk::{Client, Context, Error, Result};

use crate::bridge::{call, received, sent};
use crate::record::Way;
use crate::wizards::Wizards;

/// The keys of a context.
type Keys = Map<String, Value>;

/// The savings of requests that the engine makes.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Savings {
    /// Every one
    #[default]
    All,
    /// None: each question is asked when Tryton's own clients ask it
    None,
}

/// The parts of the engine that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Without {
    /// Nothing follows from a field that is set but what is computed by `on_change_with`
    #[value(name = "on_change")]
    OnChange,
    /// No field is computed from others
    #[value(name = "on_change_with")]
    OnChangeWith,
    /// A record does not hear of changes in its lists
    Telling,
}

impl Without {
    fn as_str(self) -> &'static str {
        match self {
            Self::OnChange => "on_change",
            Self::OnChangeWith => "on_change_with",
            Self::Telling => "telling",
        }
    }
}

/// How the engine runs, and what it is made to do without.
#[derive(Clone, Debug, Default, clap::Args)]
pub(crate) struct Variant {
    /// Which savings of requests the forms make; the values have to be the same
    #[arg(long, value_enum, default_value_t, requires = "forms_of")]
    pub(crate) options: Savings,
    /// What the forms do without: scenarios have to fail then
    #[arg(long, value_enum, value_delimiter = ',', requires = "forms_of")]
    pub(crate) without: Vec<Without>,
}

impl Variant {
    /// Returns the arguments that select this variant for a bridge.
    pub(crate) fn arguments(&self) -> impl Iterator<Item = String> {
        let savings = match self.options {
            Savings::All => "all",
            Savings::None => "none",
        };
        let mut arguments = vec![format!("--options={savings}")];
        if !self.without.is_empty() {
            let without: Vec<&str> = self.without.iter().map(|without| without.as_str()).collect();
            arguments.push(format!("--without={}", without.join(",")));
        }
        arguments.into_iter()
    }

    /// Returns the options of the engine.
    fn options(&self) -> Options {
        let options = match self.options {
            Savings::All => Options::ALL,
            Savings::None => Options::NONE,
        };
        Options { tell: !self.without.contains(&Without::Telling), ..options }
    }

    /// Returns the way in which scenarios run with this variant, if its results are recorded.
    pub(crate) fn way(&self) -> Option<Way> {
        match (self.options, &*self.without) {
            (Savings::All, []) => Some(Way::Forms),
            (Savings::None, []) => Some(Way::NoSavings),
            (Savings::All, [Without::OnChange]) => Some(Way::WithoutOnChange),
            (Savings::All, [Without::OnChangeWith]) => Some(Way::WithoutOnChangeWith),
            (Savings::All, [Without::Telling]) => Some(Way::WithoutTelling),
            _ => None,
        }
    }
}

/// The operations on forms.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum FormQuestion {
    Fields { model: String, context: Keys },
    New { model: String, context: Keys, default: bool },
    Existing { model: String, id: i64, context: Keys },
    Id { node: usize },
    Context { node: usize },
    Timestamp { node: usize },
    Get { node: usize, field: String },
    Set { node: usize, field: String, value: Value },
    Rows { node: usize, field: String },
    Add { node: usize, field: String, rows: Vec<usize> },
    NewRow { node: usize, field: String },
    Drop { node: usize, field: String, row: usize, how: How },
    FindRows { node: usize, field: String, condition: Value, offset: u64, limit: Option<u64>, order: Value },
    Save { nodes: Vec<usize> },
    Delete { nodes: Vec<usize> },
    Reload { nodes: Vec<usize> },
    Copy { nodes: Vec<usize>, default: Option<Keys>, context: Keys },
    Click { nodes: Vec<usize>, button: String, change: Option<Vec<String>> },
    Notifications { node: usize },
    WizardNew { name: String, context: Keys },
    WizardExecute { wizard: usize, state: String, context: Keys },
    WizardDelete { wizard: usize, context: Keys },
    Report { name: String, ids: Vec<i64>, data: Value, context: Keys },
    Pyson { expression: String, environment: Keys },
}

/// The effect of taking a record out of a list.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum How {
    Remove,
    Delete,
}

/// The records of a scenario, all in one tree.
pub(crate) struct Forms {
    tree: Tree,
    without: Vec<Without>,
    /// The records by Python's numbers for them, and the reverse.
    nodes: Vec<NodeId>,
    numbers: HashMap<NodeId, usize>,
    /// The fields that are references, as pairs of model and field.
    references: BTreeSet<(String, String)>,
    wizards: Wizards,
}

impl Forms {
    pub(crate) fn new(variant: &Variant) -> Self {
        Self {
            tree: Tree::with_options(variant.options()),
            without: variant.without.clone(),
            nodes: Vec::new(),
            numbers: HashMap::new(),
            references: BTreeSet::new(),
            wizards: Wizards::default(),
        }
    }

    /// Forgets the fields of models, which are then requested again.
    pub(crate) fn forget_models(&mut self) {
        self.tree.forget_models();
    }

    pub(crate) async fn answer(&mut self, client: &Client, question: FormQuestion) -> Result<Value> {
        use FormQuestion as Q;
        match question {
            Q::Fields { model, context } => self.fields(client, model, context).await,
            Q::New { model, context, default } => {
                let op = match default {
                    true => Op::New { model, context },
                    false => Op::View { model, defaults: Keys::new(), values: Keys::new(), context },
                };
                self.node_of(client, op).await
            }
            Q::Existing { model, id, context } => {
                let nodes = self.existing(client, model, vec![id], context).await?;
                Ok(self.number(nodes[0]).into())
            }
            Q::Id { node } => Ok(self.tree.id(self.nodes[node]).into()),
            Q::Context { node } => self.value(client, Op::Context { node: self.nodes[node] }).await,
            Q::Timestamp { node } => Ok(self.tree.timestamp(self.nodes[node]).cloned().unwrap_or_default()),
            Q::Get { node, field } => self.value(client, Op::Get { node: self.nodes[node], field }).await,
            Q::Set { node, field, value } => self.set(client, self.nodes[node], field, value).await,
            Q::Rows { node, field } => self.rows(client, Op::Rows { node: self.nodes[node], list: field }).await,
            Q::Add { node, field, rows } => self.add(client, self.nodes[node], &field, rows).await,
            Q::NewRow { node, field } => self.node_of(client, Op::Add { node: self.nodes[node], list: field }).await,
            Q::Drop { node, field, row, how } => {
                let (node, row) = (self.nodes[node], self.nodes[row]);
                self.done(client, Op::TakeOff { node, list: field, row, delete: how == How::Delete }).await
            }
            Q::FindRows { node, field, condition, offset, limit, order } => {
                self.find_rows(client, self.nodes[node], &field, (condition, offset, limit, order)).await
            }
            Q::Save { nodes } => self.done(client, Op::Save { nodes: self.all(&nodes) }).await,
            Q::Delete { nodes } => self.done(client, Op::Delete { nodes: self.all(&nodes) }).await,
            Q::Reload { nodes } => self.done(client, Op::Reload { nodes: self.all(&nodes) }).await,
            Q::Copy { nodes, default, context } => {
                self.copy(client, &nodes, default.unwrap_or_default(), context).await
            }
            Q::Click { nodes, button, change: None } => {
                self.value(client, Op::Press { nodes: self.all(&nodes), button }).await
            }
            Q::Click { nodes, button, change: Some(fields) } => {
                self.done(client, Op::PressOn { node: self.nodes[nodes[0]], button, fields }).await
            }
            Q::Notifications { node } => self.value(client, Op::Notifications { node: self.nodes[node] }).await,
            Q::WizardNew { name, context } => self.wizards.begin(client, name, context).await,
            Q::WizardExecute { wizard, state, context } => self.execute(client, wizard, &state, context).await,
            Q::WizardDelete { wizard, context } => self.wizards.delete(client, wizard, context).await,
            Q::Report { name, ids, data, context } => {
                call(client, &format!("report.{name}.execute"), vec![json!(ids), data], context).await
            }
            Q::Pyson { expression, environment } => {
                let value = Expression::parse(&expression).and_then(|expression| expression.value(&environment));
                value.map_err(|fault| Error::invalid_request(format!("cannot evaluate {expression}: {fault}")))
            }
        }
    }

    async fn fields(&mut self, client: &Client, model: String, context: Keys) -> Result<Value> {
        let fields = call(client, &format!("model.{model}.fields_get"), vec![json!([])], context).await?;
        for (name, field) in fields.as_object().into_iter().flatten() {
            if field["type"] == "reference" {
                self.references.insert((model.clone(), name.clone()));
            }
        }
        Ok(fields)
    }

    async fn existing(&mut self, client: &Client, model: String, ids: Vec<i64>, context: Keys) -> Result<Vec<NodeId>> {
        match self.run(client, Op::Existing { model, ids, context }).await? {
            Outcome::Nodes(nodes) => Ok(nodes),
            other => unreachable!("not records: {other:?}"),
        }
    }

    async fn set(&mut self, client: &Client, node: NodeId, field: String, value: Value) -> Result<Value> {
        let record = value.get("node").and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok());
        let value = match record {
            None => sent(value),
            Some(number) => {
                let record = self.nodes[number];
                let id = self.tree.id(record);
                match self.references.contains(&(self.tree.model(node).to_owned(), field.clone())) {
                    true => format!("{},{id}", self.tree.model(record)).into(),
                    false => id.into(),
                }
            }
        };
        self.done(client, Op::Set { node, field, value }).await
    }

    async fn add(&mut self, client: &Client, node: NodeId, field: &str, rows: Vec<usize>) -> Result<Value> {
        let rows = self.all(&rows);
        self.done(client, Op::Graft { node, list: field.to_owned(), rows }).await
    }

    async fn find_rows(
        &mut self,
        client: &Client,
        node: NodeId,
        field: &str,
        (condition, offset, limit, order): (Value, u64, Option<u64>, Value),
    ) -> Result<Value> {
        let mut found = HashMap::new();
        for attribute in ["domain", "add_remove", "search_order", "context", "search_context"] {
            let op = Op::Evaluate { node, field: field.to_owned(), attribute: attribute.to_owned() };
            found.insert(attribute, self.value(client, op).await?);
        }
        let mut take = |attribute| found.remove(attribute).unwrap_or_default();
        let domains: Vec<Value> =
            [take("domain"), take("add_remove"), condition].into_iter().filter(is_there).collect();
        let order = if is_there(&order) { order } else { take("search_order") };
        let (own, more) = (take("context"), take("search_context"));
        let mut context = keys(self.value(client, Op::Context { node }).await?);
        context.extend(keys(own));
        let mut searching = context.clone();
        searching.extend(keys(more));
        let method = format!("model.{}.fields_get", self.tree.model(node));
        let fields = call(client, &method, vec![json!([field])], Keys::new()).await?;
        let relation = fields[field]["relation"].as_str().unwrap_or_default();
        let params = vec![domains.into(), json!(offset), json!(limit), order];
        let ids = call(client, &format!("model.{relation}.search"), params, searching).await?;
        Ok(json!({"ids": ids, "context": context}))
    }

    async fn copy(&mut self, client: &Client, nodes: &[usize], changes: Keys, context: Keys) -> Result<Value> {
        let nodes = self.all(nodes);
        let Some(first) = nodes.first() else { return Ok(json!([])) };
        let model = self.tree.model(*first).to_owned();
        let ids = nodes.iter().map(|node| self.tree.id(*node)).collect();
        let nodes = self.existing(client, model, ids, context).await?;
        let changes = keys(sent(changes.into()));
        match self.run(client, Op::Copy { nodes, changes }).await? {
            Outcome::Nodes(copies) => Ok(copies.into_iter().map(|copy| self.tree.id(copy)).collect()),
            other => unreachable!("not records: {other:?}"),
        }
    }

    async fn execute(&mut self, client: &Client, wizard: usize, state: &str, context: Keys) -> Result<Value> {
        let values = match self.wizards.form(wizard) {
            Some(node) => Some(self.value(client, Op::Values { node }).await?),
            None => None,
        };
        let step = self.wizards.execute(client, wizard, state, values, context).await?;
        let Some((view, op)) = step.view else { return Ok(json!({"view": null, "actions": step.actions})) };
        let Outcome::Node(node) = self.run(client, op).await? else { unreachable!("not a record") };
        self.wizards.show(wizard, node, &view.state);
        let form = self.number(node);
        let view = json!({"model": view.model, "form": form, "state": view.state, "buttons": view.buttons});
        Ok(json!({"view": view, "actions": step.actions}))
    }

    async fn node_of(&mut self, client: &Client, op: Op) -> Result<Value> {
        match self.run(client, op).await? {
            Outcome::Node(node) => Ok(self.number(node).into()),
            other => unreachable!("not a record: {other:?}"),
        }
    }

    async fn rows(&mut self, client: &Client, op: Op) -> Result<Value> {
        match self.run(client, op).await? {
            Outcome::Nodes(nodes) => Ok(nodes.into_iter().map(|node| self.number(node)).collect()),
            other => unreachable!("not records: {other:?}"),
        }
    }

    async fn value(&mut self, client: &Client, op: Op) -> Result<Value> {
        match self.run(client, op).await? {
            Outcome::Value(value) => Ok(received(value)),
            other => unreachable!("not a value: {other:?}"),
        }
    }

    async fn done(&mut self, client: &Client, op: Op) -> Result<Value> {
        self.run(client, op).await.map(|_| Value::Null)
    }

    /// Executes an operation. If parts are left out, it asks its questions one after the other.
    async fn run(&mut self, client: &Client, op: Op) -> Result<Outcome> {
        if self.without.is_empty() {
            return self.tree.run(client, op).await;
        }
        let mut step = self.tree.begin(op);
        loop {
            let questions = match step {
                Step::Ask(questions) => questions,
                Step::Done(outcome) => return outcome,
            };
            let mut answers = Vec::new();
            for question in questions {
                answers.push(self.ask(client, question).await);
            }
            step = self.tree.answer(answers);
        }
    }

    /// Asks the server, or answers on its behalf that nothing changes.
    async fn ask(&self, client: &Client, question: Question) -> Result<Value> {
        let name = question.method.rsplit('.').next().unwrap_or_default();
        if self.without.iter().any(|without| without.as_str() == name) {
            return Ok(json!({}));
        }
        client.with(Context::from(question.context)).call(&question.method, question.params).await
    }

    fn all(&self, numbers: &[usize]) -> Vec<NodeId> {
        numbers.iter().map(|number| self.nodes[*number]).collect()
    }

    /// Returns the number of a record.
    fn number(&mut self, node: NodeId) -> usize {
        *self.numbers.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        })
    }
}

fn keys(value: Value) -> Keys {
    match value {
        Value::Object(keys) => keys,
        _ => Keys::new(),
    }
}

fn is_there(value: &Value) -> bool {
    !value.is_null() && value.as_array().is_none_or(|items| !items.is_empty())
}
