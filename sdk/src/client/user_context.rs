use serde_json::{Map, Value};

use super::Client;
use tryton_sdk_core::Context;
use tryton_sdk_core::Result;

impl Client {
    /// What the user has chosen as the context of all work: language, company, employee, groups.
    ///
    /// It takes one request. A server uses none of it by itself: a client that wants it sends it with each call.
    /// Without a company, for example, nobody can create a sale.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    ///
    /// ```no_run
    /// # async fn run(tryton: tryton_sdk::Client) -> tryton_sdk::Result<()> {
    /// let tryton = tryton.with(tryton.user_context().await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user_context(&self) -> Result<Context> {
        let keys: Map<String, Value> = self.call("model.res.user.get_preferences", (true,)).await?;
        Ok(keys.into())
    }
}
