//! Accepting the server's warnings.

use serde::de::IgnoredAny;
use serde_json::{Value, json};
use tryton_sdk_core::{Call, Result, Series, Warning};

use super::Client;

/// Since this series, a warning is accepted by `res.user.warning.skip`; before, by creating a `res.user.warning`.
const SKIPS: Series = Series::new(7, 0);

impl Client {
    /// Accepts a warning once: repeat the call that raised it, and it goes through.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    ///
    /// ```no_run
    /// # mod erp { tryton_sdk::models! { schema = "doc/schema", models = ["sale.sale"] } }
    /// use erp::Sale;
    /// use tryton_sdk::{Client, Id, Result};
    ///
    /// async fn quote(tryton: &Client, sale: Id<Sale>, agreed: impl Fn(&str) -> bool) -> Result<()> {
    ///     while let Err(error) = Sale::quote(tryton, &[sale]).await {
    ///         match error.warning() {
    ///             Some(warning) if agreed(&warning.message) => tryton.accept(warning).await?,
    ///             _ => return Err(error),
    ///         }
    ///     }
    ///     Ok(())
    /// }
    /// ```
    pub async fn accept(&self, warning: &Warning) -> Result<()> {
        self.skip(warning, false).await
    }

    /// Accepts a warning now and whenever the server would show it to this user again.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub async fn accept_always(&self, warning: &Warning) -> Result<()> {
        self.skip(warning, true).await
    }

    async fn skip(&self, warning: &Warning, always: bool) -> Result<()> {
        let call = if self.series().await? >= SKIPS {
            self.about_warnings("skip", vec![json!(warning.name), json!(always)])
        } else {
            let values = json!({"user": self.user_id().await?, "name": warning.name, "always": always});
            self.about_warnings("create", vec![json!([values])])
        };
        self.call_once::<IgnoredAny>(&call).await.map(drop)
    }

    fn about_warnings(&self, method: &str, params: Vec<Value>) -> Call {
        Call::on_model("res.user.warning", method, params, self.context())
    }
}
