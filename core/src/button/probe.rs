//! The method that a function of a model calls: it may call it, and nobody answers.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use super::next::NextStep;
use crate::call::Call;
use crate::connection::Connection;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::reply::Reply;
use crate::series::Series;
use crate::value::Id;

/// A button, as the function that [`buttons!`](crate::buttons) makes: `Sale::quote`.
pub type Button<M> = for<'a> fn(&'a (dyn Connection + 'a), &'a [Id<M>]) -> Reply<'a, NextStep>;

/// The method that a button calls: `model.sale.sale.quote`.
///
/// # Panics
///
/// For a function that makes no call for a record.
#[doc(hidden)]
pub fn method_of<M>(button: Button<M>) -> String {
    let probe = Probe::default();
    // The call is at its end at once, without a runtime.
    let _ = button(&probe, &[Id::new(1)]).now_or_never();
    let heard = probe.heard.lock().unwrap_or_else(PoisonError::into_inner).take();
    heard.expect("a button makes a call")
}

/// Notes the method of a call, and does not carry it anywhere.
#[derive(Clone, Default)]
struct Probe {
    heard: Arc<Mutex<Option<String>>>,
    context: Context,
}

impl Connection for Probe {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(call.subject().method().to_owned());
        Box::pin(ready(Err(Error::cancelled())))
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        Box::pin(ready(Err(Error::cancelled())))
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn share(&self) -> Arc<dyn Connection> {
        Arc::new(self.clone())
    }
}
