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

/// A server for tests: it answers the calls that it is told to expect, and reports all others.
///
/// It is a [`Connection`]: what is to be tested gets `&server` in the place of a client. Then each call is answered once, as
/// it is said: nothing is repeated, kept or logged in to. Where that is to be tested as well, `tryton_sdk` makes a client
/// of the server, which finds it, logs in, accepts warnings and logs out without being told.
/// [The module](crate::testing) has an example.
///
/// When it is dropped, it makes sure by [`verify`](Self::verify) that all went as expected.
pub struct Server(Direct);

impl Server {
    /// A server of this series that expects no call yet.
    pub fn new(series: Series) -> Self {
        Self(Direct::new(State::new(series, false)))
    }

    /// A server that answers as a `Recorder` has heard it: to the same methods with the same parameters and contexts,
    /// the same in the same order. What it was not asked for then it does not know now.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is no recording.
    pub fn replay(path: impl AsRef<Path>) -> io::Result<Self> {
        let Recording { version, exchanges } = serde_json::from_slice(&std::fs::read(path)?)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, format!("`{version}` is no version of Tryton"));
        let state = State::new(version.parse().map_err(|_| wrong())?, true);
        exchanges.into_iter().for_each(|exchange| state.lock().expect_again(exchange));
        Ok(Self(Direct::new(state)))
    }

    /// The same server as a connection whose calls have this context.
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

    /// A search, by whichever of its last steps: for the records with any fields, for their ids, or for their number.
    ///
    /// The domains are the same if they are the same in JSON. Order, limit and offset count where they are said.
    ///
    /// [`records`](Search::records) and [`records_of`](Search::records_of) ask at first which fields there are. Without being
    /// told, the server says those that rows of the model's searches say something of, none of them binary; where there are
    /// no rows, those of the schema. For any other answer, expect the call:
    /// `server.on_call("model.sale.sale.fields_get", [Value::Null])`.
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

    /// How forms of the model are filled in. [`OnForm`] has an example.
    ///
    /// It answers what a form asks about the record that it fills in. Calls that a test expects by the other functions go
    /// first. Where a form reads saved records, by [`on_read`](Self::on_read), fields that a row says nothing of are null.
    pub fn on_form<M: Model>(&self) -> OnForm<M> {
        OnForm::new(Arc::clone(self.state()))
    }

    /// [`Records::read`](crate::Records::read) of these ids, whichever fields are read. `read_many` makes one such call
    /// for 500 of them.
    #[must_use = "it needs an answer"]
    pub fn on_read<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>) -> Expected<Vec<Row<M>>> {
        let params = named([("ids", ids.expected().map(|ids| json!(ids)))]);
        self.expect(Expectation::rows(M::NAME, &["read"], params))
    }

    /// [`Records::create`](crate::Records::create) of this draft.
    #[must_use = "it needs an answer"]
    pub fn on_create<M: Model>(&self, draft: impl Argument<Draft<M>>) -> Expected<Id<M>> {
        self.on_model::<M, _>("create", [("drafts", draft.expected().map(|draft| json!([draft])))])
    }

    /// [`Records::create_many`](crate::Records::create_many) of these drafts, or one of the batches of
    /// [`Records::create_in_batches`](crate::Records::create_in_batches).
    #[must_use = "it needs an answer"]
    pub fn on_create_many<M: Model>(&self, drafts: impl Argument<Vec<Draft<M>>>) -> Expected<Vec<Id<M>>> {
        self.on_model::<M, _>("create", [("drafts", drafts.expected().map(|drafts| json!(drafts)))])
    }

    /// [`Records::write`](crate::Records::write) of this draft to these records.
    #[must_use = "it needs an answer"]
    pub fn on_write<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>, draft: impl Argument<Draft<M>>) -> Expected<()> {
        let ids = ids.expected().map(|ids| json!(ids));
        self.on_model::<M, _>("write", [("ids", ids), ("draft", draft.expected().map(|draft| json!(draft)))])
    }

    /// [`Records::delete`](crate::Records::delete) of these records.
    #[must_use = "it needs an answer"]
    pub fn on_delete<M: Model>(&self, ids: impl Argument<Vec<Id<M>>>) -> Expected<()> {
        self.on_model::<M, _>("delete", [("ids", ids.expected().map(|ids| json!(ids)))])
    }

    /// A button, by its function: `server.on_button(Sale::quote, &[sale])`.
    ///
    /// # Panics
    ///
    /// Where the function makes no call.
    #[must_use = "it needs an answer"]
    pub fn on_button<M: ModelName>(&self, button: Button<M>, ids: impl Argument<Vec<Id<M>>>) -> Expected<NextStep> {
        let ids = ids.expected().map(|ids| json!(ids));
        self.expect(Expectation::call(&method_of(button), named([("ids", ids)])))
    }

    /// Any method with these parameters: what `Client::call` and [`Records::call`](crate::Records::call) make, wizards
    /// and reports.
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

    /// Makes sure that every call that was expected has come, and no other.
    ///
    /// # Panics
    ///
    /// Where it is not so: the message lists the calls that came and were not expected, with what makes them different,
    /// and those that have not come.
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
