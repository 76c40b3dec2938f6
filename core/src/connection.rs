//! The seam between the operations on records and the network.

use std::sync::{Arc, LazyLock};

pub use bytes::Bytes;
pub use futures_util::future::BoxFuture;
use serde::de::DeserializeSeed;

use crate::answer;
pub use crate::call::Call;
use crate::context::Context;
use crate::error::Result;
use crate::series::Series;

/// Sends calls to one database of a server, and returns the responses.
///
/// All operations take one: `Sale::search().fetch(&tryton)`. The SDK's `Client` is the usual connection. Retries,
/// sessions and cache are behind this trait; decoding is in front of it. An application can wrap another connection to
/// observe or limit calls:
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use tryton_sdk::connection::{BoxFuture, Bytes, Call, Connection};
/// use tryton_sdk::{Client, Context, Result, Series};
///
/// /// Counts the calls.
/// #[derive(Clone)]
/// struct Counted {
///     client: Client,
///     calls: Arc<AtomicUsize>,
/// }
///
/// impl Connection for Counted {
///     fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
///         self.calls.fetch_add(1, Ordering::Relaxed);
///         self.client.send(call)
///     }
///
///     fn series(&self) -> BoxFuture<'_, Result<Series>> {
///         Connection::series(&self.client)
///     }
///
///     fn context(&self) -> &Context {
///         self.client.context()
///     }
///
///     fn share(&self) -> Arc<dyn Connection> {
///         Arc::new(self.clone())
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not carry calls to a server",
    label = "expected a `Client`",
    note = "pass a reference to a `Client`, or to another type that implements `Connection`"
)]
pub trait Connection: Send + Sync {
    /// Makes a call, and returns the body of its response: an envelope with a result.
    ///
    /// The call's parameters already include the context. An implementation decides about retries, sessions and caching
    /// by the [subject](Call::subject) of the call.
    ///
    /// # Errors
    ///
    /// Every kind of [`Error`](crate::Error) except those of decoding. An envelope with an error becomes that error (see
    /// [`answer::check`]).
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>>;

    /// Returns the series of the server.
    ///
    /// # Errors
    ///
    /// Network errors.
    fn series(&self) -> BoxFuture<'_, Result<Series>>;

    /// Returns the context of this connection's calls.
    fn context(&self) -> &Context;

    /// Returns the same connection for streams and wizards, which outlive the call that started them.
    fn share(&self) -> Arc<dyn Connection>;

    /// Returns the URL of the server, for error messages; `None` by default.
    fn url(&self) -> Option<&str> {
        None
    }
}

/// Makes a call, and reads its result with `seed`.
pub(crate) async fn fetch<T, S>(connection: &dyn Connection, call: Call, seed: S) -> Result<T>
where
    S: for<'de> DeserializeSeed<'de, Value = T> + Clone,
{
    let body = connection.send(&call).await?;
    answer::read(&body, seed, call.subject()).map_err(|e| {
        let e = match connection.url() {
            Some(url) => e.answered_at(url),
            None => e,
        };
        e.about(call.subject())
    })
}

/// A connection whose calls have more keys in their context.
pub(crate) struct InContext {
    connection: Arc<dyn Connection>,
    context: Context,
}

impl InContext {
    pub(crate) fn new(connection: Arc<dyn Connection>, keys: Context) -> Self {
        let context = connection.context().clone().merge(keys);
        Self { connection, context }
    }
}

impl Connection for InContext {
    fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
        self.connection.send(call)
    }

    fn series(&self) -> BoxFuture<'_, Result<Series>> {
        self.connection.series()
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn share(&self) -> Arc<dyn Connection> {
        Arc::new(Self { connection: self.connection.share(), context: self.context.clone() })
    }

    fn url(&self) -> Option<&str> {
        self.connection.url()
    }
}

macro_rules! connect_through {
    ($([$($parameters:tt)*] $pointer:ty,)+) => { $(
        impl<$($parameters)*> Connection for $pointer {
            fn send<'a>(&'a self, call: &'a Call) -> BoxFuture<'a, Result<Bytes>> {
                (**self).send(call)
            }

            fn series(&self) -> BoxFuture<'_, Result<Series>> {
                (**self).series()
            }

            fn context(&self) -> &Context {
                (**self).context()
            }

            fn share(&self) -> Arc<dyn Connection> {
                (**self).share()
            }

            fn url(&self) -> Option<&str> {
                (**self).url()
            }
        }
    )+ };
}
connect_through! {
    [C: Connection + ?Sized] &C,
    [C: Connection + ?Sized] Arc<C>,
    [C: Connection + ?Sized] Box<C>,
    // A connection that an application keeps in a `static`.
    [C: Connection, F: FnOnce() -> C + Send] LazyLock<C, F>,
}
