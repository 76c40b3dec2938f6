use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::expectation::{Answer, Expectation};
use super::recording::Said;
use super::row::Row;
use super::state::State;
use crate::Context;
use crate::Id;
use crate::NextStep;

/// The results of an expected call of a [`Server`](super::Server); `A` is the type of a result.
///
/// Each result is returned once, in the declared order: to test a retry, declare a failure and then a result. A further
/// call is unexpected, and [`Server::verify`](super::Server::verify) reports results that were not requested.
///
/// ```
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
/// use erp::Sale;
/// use tryton_sdk::testing::{Any, Failure, Row, Server, ServerExt};
/// use tryton_sdk::{AcceptWarnings, Id, NextStep, Series};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> tryton_sdk::Result<()> {
/// let server = Server::new(Series::new(8, 2));
/// let found = Row::new(Id::new(7)).set(Sale::F.number, "S1");
/// server.on_search::<Sale>(Any).fails(Failure::Status(503)).returns([found]);
/// server.on_button(Sale::quote, &[Id::new(7)]).warns("sale_date", "It is Sunday.").returns(NextStep::Nothing);
///
/// let tryton = server.client().accepting(AcceptWarnings::all());
/// let numbers = Sale::search().select(Sale::F.number).fetch(&tryton).await?;
/// Sale::quote(&tryton, &[Id::new(7)]).await?;
/// server.verify();
/// # Ok(())
/// # }
/// ```
pub struct Expected<A> {
    state: Arc<State>,
    place: usize,
    answer: PhantomData<fn(A)>,
}

impl<A> fmt::Debug for Expected<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Expected({})", self.state.lock().at(self.place))
    }
}

/// Failures of an expected call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// No connection can be made: nothing is sent ([`is_unreachable`](crate::Error::is_unreachable)).
    Unreachable,
    /// The client's timeout expires ([`is_timed_out`](crate::Error::is_timed_out)).
    TimedOut,
    /// The connection breaks before the response is complete ([`is_interrupted`](crate::Error::is_interrupted)).
    Interrupted,
    /// An HTTP status. After 401, the client logs in again and repeats the call.
    Status(u16),
    /// Somebody else has changed the record ([`is_concurrency`](crate::Error::is_concurrency)).
    Concurrency,
    /// The server's own code fails with this text ([`is_server_exception`](crate::Error::is_server_exception)).
    Exception(String),
}

impl<A> Expected<A> {
    pub(super) fn new(state: Arc<State>, place: usize) -> Self {
        Self { state, place, answer: PhantomData }
    }

    /// The server raises this warning until the client has accepted it. The next result follows after that.
    pub fn warns(self, name: &str, message: &str) -> Self {
        self.answers(Answer::Warning { name: name.to_owned(), message: message.to_owned(), asked: false })
    }

    /// The server refuses, with this message for the user ([`is_user_error`](crate::Error::is_user_error)).
    pub fn refuses(self, message: &str) -> Self {
        self.says(Said::Error(json!(["UserError", [message, ""]])))
    }

    /// The call fails.
    pub fn fails(self, failure: Failure) -> Self {
        self.answers(Answer::Failure(failure))
    }

    /// Returns the preceding result this many times in total.
    pub fn times(self, times: usize) -> Self {
        self.change(|expectation| {
            if let Some(last) = expectation.answers.pop_back() {
                expectation.answers.extend(std::iter::repeat_n(last, times));
            }
        })
    }

    /// Returns the last result for any number of calls, including none.
    pub fn always(self) -> Self {
        self.change(|expectation| expectation.always = true)
    }

    /// Expects only calls whose context has these keys. Without this, any context is accepted.
    pub fn with(self, context: Context) -> Self {
        self.change(|expectation| expectation.needs(context.into_keys()))
    }

    fn says(self, said: Said) -> Self {
        self.answers(Answer::Said(said, None))
    }

    fn answers(self, answer: Answer) -> Self {
        self.change(|expectation| expectation.answers.push_back(answer))
    }

    fn change(self, change: impl FnOnce(&mut Expectation)) -> Self {
        change(self.state.lock().at(self.place));
        self
    }
}

impl<M> Expected<Vec<Row<M>>> {
    /// Returns these records. For a search, they are all existing records: its limit and offset are applied, and a search
    /// for ids or the count gets those.
    pub fn returns(self, rows: impl IntoIterator<Item = Row<M>>) -> Self {
        self.answers(Answer::Rows(rows.into_iter().map(Row::into_values).collect()))
    }
}

impl<M> Expected<Id<M>> {
    /// Returns the id of the new record.
    pub fn returns(self, id: Id<M>) -> Self {
        self.says(Said::Result(json!([id])))
    }
}

impl<M> Expected<Vec<Id<M>>> {
    /// Returns the ids of the new records.
    pub fn returns(self, ids: impl IntoIterator<Item = Id<M>>) -> Self {
        self.says(Said::Result(ids.into_iter().map(|id| Value::from(id.get())).collect()))
    }
}

impl Expected<NextStep> {
    /// Returns the next step of the button.
    pub fn returns(self, next: NextStep) -> Self {
        self.says(Said::Result(next.into_answer()))
    }
}

impl Expected<()> {
    /// The call succeeds.
    pub fn succeeds(self) -> Self {
        self.says(Said::Result(Value::Null))
    }
}

impl Expected<Value> {
    /// Returns this result in Tryton's JSON.
    ///
    /// # Panics
    ///
    /// If it cannot be serialised as JSON.
    pub fn returns(self, result: impl Serialize) -> Self {
        self.says(Said::Result(json!(result)))
    }
}
