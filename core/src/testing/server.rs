use std::fmt;
use std::io;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::argument::Argument;
use super::direct::Direct;
use super::expectation::{Expectation, Param};
use super::expected::Expected;
use super::on_form::OnForm;
use super::recording::Recording;
use super::row::Row;
use super::state::{Answered, State};
use crate::button::{Button, NextStep, method_of};
use crate::connection::{BoxFuture, Bytes, Connection};
use crate::context::Context;
use crate::draft::Draft;
use crate::error::Result;
use crate::model::Model;
use crate::records::Search;
use crate::series::Series;
use crate::value::{Id, ModelName};

/// A mock server for tests: it responds to expected calls, and reports all others.
///
/// It is a [`Connection`]: pass `&server` instead of a client to the code under test. Each call is then answered exactly
/// as declared, without retries, cache and logins. To test those as well, `tryton_sdk` builds a client for the server,
/// whose logins, logouts and accepted warnings need no expectations. [The module](crate::testing) has an example.
///
/// When it is dropped, it calls [`verify`](Self::verify).
pub struct Server(Direct);

impl Server {
    /// Creates a server of this series without expectations.
    pub fn new(series: Series) -> Self {
        Self(Direct::new(State::new(series, false)))
    }

    /// Creates a server that replays what a `Recorder` recorded: the same calls, with the same parameters and contexts,
    /// get the same results in the same order. Other calls are unexpected.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is not a recording.
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Self> {
        let Recording { version, exchanges } = serde_json::from_slice(&std::fs::read(path)?)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, format!("`{version}` is no version of Tryton"));
        let state = State::new(version.parse().map_err(|_| wrong())?, true);
        exchanges.into_iter().for_each(|exchange| state.lock().expect_again(exchange));
        Ok(Self(Direct::new(state)))
    }

    /// Returns the same server as a connection whose calls have this context.
    ///
    /// ```
    /// use tryton_sdk::connection::Connection;
    /// use tryton_sdk::testing::Server;
    /// use tryton_sdk::{Context, Series};
    ///
    /// let server = Server::new(Series::new(8, 2));
    /// let french = server.with(Context::new().language("fr"));
    /// assert_eq!(french.context(), &Context::new().language("fr"));
    /// ```
    pub fn with(&self, context: Context) -> Arc<dyn Connection> {
        Arc::new(self.0.with(context))
    }

    /// What answers the requests of a client, sent to this URL: that of the server itself (`at_root`) or of its database.
    #[doc(hidden)]
    pub fn endpoint(&self) -> impl Fn(&str, bool, &[u8]) -> Result<Answered> + Clone + Send + Sync + 'static {
        let state = Arc::clone(self.state());
        move |url, at_root, body| state.answer(url, at_root, body)
    }

    fn state(&self) -> &Arc<State> {
        self.0.state()
    }

    /// Expects a search, by any of its final methods: for the records with any fields, their ids, or their number.
    ///
    /// Domains are compared as JSON. Order, limit and offset are compared if they are set.
    ///
    /// [`records`](Search::records) and [`records_of`](Search::records_of) first request the list of fields. By default,
    /// the server returns the fields that the rows of the model's searches set, none of them binary; without rows, those
    /// of the schema. For another result, expect the call: `server.on_call("model.sale.sale.fields_get", [Value::Null])`.
    #[must_use = "it needs an answer"]
    pub fn on_search<M: Model>(&self, search: impl Argument<Search<M>>) -> Expected<Vec<Row<M>>> {
        let Some(search) = search.expected() else {
            return self.expect(Expectation::search::<M>(Vec::new()));
        };
        let [domain, offset, limit, order] = search.window();
        let said = |value: Value| Some(value).filter(|value| !value.is_null() && *value != json!(0));
        let params =
            [("domain", Some(domain)), ("offset", said(offset)), ("limit", said(limit)), ("order", said(order))];
        let mut expectation = Expectation::search::<M>(named(params));
        let inactive = if search.is_with_inactive() { json!(false) } else { Value::Null };
        expectation.needs(Map::from_iter([("active_test".to_owned(), inactive)]));
        self.expect(expectation)
    }

    /// Declares how forms of the model are filled in. [`OnForm`] has an example.
    ///
    /// It responds to the calls of a form about the record that it fills in. Calls expected by the other functions take
    /// precedence. When a form reads saved records ([`on_read`](Self::on_read)), fields that a row does not set are null.
    pub fn on_form<M: Model>(&self) -> OnForm<M> {
        OnForm::new(Arc::clone(self.state()))
    }

    /// Expects [`Records::read`](crate::Records::read) of these ids, with any fields. `read_many` makes one such call per
    /// 500 ids.
    #[must_use = "it needs an answer"]
    pub fn on_read<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>) -> Expected<Vec<Row<M>>> {
        let params = named([("ids", ids.expected().map(|ids| json!(ids)))]);
        self.expect(Expectation::rows(M::NAME, &["read"], params))
    }

    /// Expects [`Records::create`](crate::Records::create) of this draft.
    #[must_use = "it needs an answer"]
    pub fn on_create<M: Model>(&self, draft: impl Argument<Draft<M>>) -> Expected<Id<M>> {
        self.on_model::<M, _>("create", [("drafts", draft.expected().map(|draft| json!([draft])))])
    }

    /// Expects [`Records::create_many`](crate::Records::create_many) of these drafts, or one batch of
    /// [`Records::create_in_batches`](crate::Records::create_in_batches).
    #[must_use = "it needs an answer"]
    pub fn on_create_many<M: Model>(&self, drafts: impl Argument<Vec<Draft<M>>>) -> Expected<Vec<Id<M>>> {
        self.on_model::<M, _>("create", [("drafts", drafts.expected().map(|drafts| json!(drafts)))])
    }

    /// Expects [`Records::write`](crate::Records::write) of this draft to these records.
    #[must_use = "it needs an answer"]
    pub fn on_write<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>, draft: impl Argument<Draft<M>>) -> Expected<()> {
        let ids = ids.expected().map(|ids| json!(ids));
        self.on_model::<M, _>("write", [("ids", ids), ("draft", draft.expected().map(|draft| json!(draft)))])
    }

    /// Expects [`Records::delete`](crate::Records::delete) of these records.
    #[must_use = "it needs an answer"]
    pub fn on_delete<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>) -> Expected<()> {
        self.on_model::<M, _>("delete", [("ids", ids.expected().map(|ids| json!(ids)))])
    }

    /// Expects a button, given by its function: `server.on_button(Sale::quote, &[sale])`.
    ///
    /// # Panics
    ///
    /// If the function makes no call.
    #[must_use = "it needs an answer"]
    pub fn on_button<M: ModelName>(&self, button: Button<M>, ids: impl Argument<Vec<Id<M>>>) -> Expected<NextStep> {
        let ids = ids.expected().map(|ids| json!(ids));
        self.expect(Expectation::call(&method_of(button), named([("ids", ids)])))
    }

    /// Expects any method with these parameters: calls of `Client::call` and [`Records::call`](crate::Records::call),
    /// wizards and reports.
    #[must_use = "it needs an answer"]
    pub fn on_call(&self, method: &str, params: impl Argument<Vec<Value>>) -> Expected<Value> {
        let Some(params) = params.expected() else {
            return self.expect(Expectation::any(method));
        };
        let params = params.into_iter().zip(1..).map(|(value, n)| (format!("parameter {n}"), Some(value)));
        self.expect(Expectation::call(method, params.collect()))
    }

    fn on_model<M: ModelName, A>(
        &self,
        method: &str,
        params: impl IntoIterator<Item = (&'static str, Option<Value>)>,
    ) -> Expected<A> {
        self.expect(Expectation::call(&format!("model.{}.{method}", M::NAME), named(params)))
    }

    fn expect<A>(&self, expectation: Expectation) -> Expected<A> {
        let place = self.state().lock().expect(expectation);
        Expected::new(Arc::clone(self.state()), place)
    }

    /// Checks that every expected call was made, and no other.
    ///
    /// # Panics
    ///
    /// If that is not so. The message lists the unexpected calls, with their differences, and the expected calls that
    /// were not made.
    #[track_caller]
    pub fn verify(&self) {
        let report = self.state().lock().report();
        assert!(report.is_empty(), "{report}");
    }
}

impl Connection for Server {
    fn send<'a>(&'a self, call: &'a crate::Call) -> BoxFuture<'a, Result<Bytes>> {
        self.0.send(call)
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        self.0.series()
    }

    fn context(&self) -> &Context {
        self.0.context()
    }

    fn share(&self) -> Arc<dyn Connection> {
        self.0.share()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A second panic would end the test program, and say nothing of the first.
        if !std::thread::panicking() {
            self.verify();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.state().series)
    }
}

fn named(params: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Vec<Param> {
    params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
