use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::error::Result;

/// The answer to a call, to be awaited: nothing is sent before that, and dropping it ends the call.
///
/// It is a type with a name, because the compiler takes several times as long over functions that give an
/// `impl Future`, and generated code has thousands of them.
///
/// ```no_run
/// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["party.party"] } }
/// use erp::Party;
/// use tryton_sdk::{Draft, Id, Reply};
///
/// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
/// let reply: Reply<'_, Id<Party>> = Party::create(&tryton, Draft::new().set(Party::F.name, "Bolt & Co"));
/// let id = reply.await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent unless it is awaited"]
pub struct Reply<'a, T>(Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>);

impl<'a, T> Reply<'a, T> {
    pub(crate) fn new(call: impl Future<Output = Result<T>> + Send + 'a) -> Self {
        Self(Box::pin(call))
    }
}

impl<T> Future for Reply<'_, T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<T>> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Reply<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply")
    }
}
