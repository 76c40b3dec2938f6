use std::sync::Arc;

use futures_util::future::ready;

use super::state::State;
use crate::answer;
use crate::call::Call;
use crate::connection::{BoxFuture, Bytes, Connection};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::series::Series;

/// Where nobody listens: nothing is sent there.
const URL: &str = "http://tryton.test";

/// The way to the server of a test without a client between.
#[derive(Clone)]
pub(super) struct Direct {
    state: Arc<State>,
    context: Context,
}

impl Direct {
    pub(super) fn new(state: State) -> Self {
        Self { state: Arc::new(state), context: Context::new() }
    }

    pub(super) fn with(&self, context: Context) -> Self {
        Self { state: Arc::clone(&self.state), context }
    }

    pub(super) fn state(&self) -> &Arc<State> {
        &self.state
    }

    fn answer(&self, call: &Call) -> Result<Bytes> {
        let answered = self.state.answer(URL, false, &call.body()?)?;
        match answered.status {
            200 => answer::check(&answered.body, call).map(|()| answered.body.into()),
            401 if answered.says_how_to_log_in => Err(Error::session_expired()),
            status => Err(Error::status(status, None)),
        }
    }
}

impl Connection for Direct {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        Box::pin(ready(self.answer(call).map_err(|error| error.about(call.subject()))))
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        Box::pin(ready(Ok(self.state.series)))
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn share(&self) -> Arc<dyn Connection> {
        Arc::new(self.clone())
    }
}
