//! The context that the user has chosen, added to each call below the client's own.

use std::marker::PhantomData;
use std::sync::{Arc, PoisonError, RwLock};

use reqwest::header::HeaderValue;
use serde_json::{Map, Value};
use tryton_sdk_core::{Call, Context, Result, Subject, answer};

use super::endpoint::Endpoint;
use super::observe::Tracked;
use crate::flight::Flights;
use crate::wire::http::Response;

const PREFERENCES: &str = "get_preferences";

/// The user's context, requested once per session.
#[derive(Debug)]
pub(super) struct UserContext {
    kept: RwLock<Option<Kept>>,
    asking: Arc<Flights<Asked>>,
}

#[derive(Debug)]
struct Kept {
    /// The session, or the user and password, with which it was requested.
    authorization: HeaderValue,
    context: Context,
}

/// The outcome of the request for the context.
#[derive(Clone, Debug)]
enum Asked {
    Context(Context),
    /// The server no longer accepts the session.
    Refused,
}

impl UserContext {
    pub(super) fn new() -> Self {
        Self { kept: RwLock::default(), asking: Flights::new() }
    }

    /// Returns whether the user's context must be added to the call. The request for it is excluded.
    pub(super) fn concerns(subject: &Subject) -> bool {
        subject.takes_context() && subject.method() != format!("model.res.user.{PREFERENCES}")
    }

    /// Returns the call with the user's context added below its own, or `None` if the server rejects the session.
    ///
    /// # Errors
    ///
    /// Those of the request for the context, about that request: the call itself was not sent.
    pub(super) async fn complete(
        &self,
        endpoint: &Arc<Endpoint>,
        authorization: &HeaderValue,
        call: &Call,
    ) -> Result<Option<Call>> {
        if let Some(context) = self.known(authorization) {
            return Ok(Some(call.clone().over(&context)));
        }
        let ask = || {
            let (endpoint, authorization) = (Arc::clone(endpoint), authorization.clone());
            async move { ask(&endpoint, authorization).await }
        };
        match self.asking.join(PREFERENCES, ask).await? {
            Asked::Refused => Ok(None),
            Asked::Context(context) => {
                self.keep(Kept { authorization: authorization.clone(), context: context.clone() });
                Ok(Some(call.clone().over(&context)))
            }
        }
    }

    fn known(&self, authorization: &HeaderValue) -> Option<Context> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|kept| kept.authorization == *authorization).map(|kept| kept.context.clone())
    }

    fn keep(&self, kept: Kept) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }
}

async fn ask(endpoint: &Arc<Endpoint>, authorization: HeaderValue) -> Result<Asked> {
    let call = Call::on_model("res.user", PREFERENCES, vec![true.into()], &Context::new());
    let course = Arc::default();
    let response = endpoint.send(Tracked { call: &call, course: &course }, Some(authorization)).await;
    let read = |response: Response| {
        if response.refuses_session() {
            return Ok(Asked::Refused);
        }
        let response = response.expect_ok()?;
        let keys: Map<String, Value> = answer::read(&response.body, PhantomData, call.subject())?;
        Ok(Asked::Context(keys.into()))
    };
    response.and_then(read).map_err(|error| error.answered_at(endpoint.address().url()).about(call.subject()))
}
