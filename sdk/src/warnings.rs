//! The questions that a server asks before it goes on, and the answers to them.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::client::Client;
use crate::error::{Result, Warning};
use crate::rpc::Call;

/// Which warnings a client accepts by itself: for programs that nobody sits in front of.
///
/// A warning stops the call before anything is changed. It is accepted for this one time, and the call made again.
///
/// ```
/// use tryton_sdk::{AcceptWarnings, Client};
///
/// # fn example(tryton: Client) {
/// let nightly = tryton.accepting(AcceptWarnings::named(["check_move_quantity", "done"]));
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AcceptWarnings {
    /// None of them: each is an error ([`is_warning`](crate::Error::is_warning)).
    #[default]
    None,
    /// Those of these names, as the modules of Tryton name them. What a warning is about stands before its name:
    /// `7@product_template` and `5d41402abc4b2a76b9719d911017c592.done` have the names `product_template` and `done`.
    Named(Arc<[String]>),
    /// All of them.
    All,
}

impl AcceptWarnings {
    /// Those of these names.
    pub fn named<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self::Named(names.into_iter().map(Into::into).collect())
    }

    pub(crate) fn accepts(&self, warning: &Warning) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let is =
            |name: &String| warning.name.strip_suffix(name.as_str()).is_some_and(|about| !about.ends_with(is_word));
        match self {
            Self::None => false,
            Self::Named(names) => names.iter().any(is),
            Self::All => true,
        }
    }
}

impl Client {
    /// Accepts a warning this time: the call that it stopped goes on when it is made again.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    ///
    /// ```no_run
    /// # tryton_sdk::model! {
    /// #     /// Sale
    /// #     pub Sale(SaleFields) = "sale.sale" [write];
    /// #     settable { reference: "reference" }
    /// #     read_only {}
    /// # }
    /// # /// The fields of [`Sale`].
    /// # pub struct SaleFields {
    /// #     /// Reference
    /// #     pub reference: tryton_sdk::Field<Sale, Option<String>>,
    /// # }
    /// # tryton_sdk::buttons! { Sale {
    /// #     /// Quote
    /// #     quote: "quote",
    /// # } }
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

    /// Accepts a warning this time and whenever the server would ask the same of this user again.
    ///
    /// # Errors
    ///
    /// As for [`call`](Self::call).
    pub async fn accept_always(&self, warning: &Warning) -> Result<()> {
        self.skip(warning, true).await
    }

    async fn skip(&self, warning: &Warning, always: bool) -> Result<()> {
        let call = if self.series().await?.skips_warnings() {
            self.about_warnings("skip", vec![json!(warning.name), json!(always)])
        } else {
            let values = json!({"user": self.user_id().await?, "name": warning.name, "always": always});
            self.about_warnings("create", vec![json!([values])])
        };
        self.fetch_once(&call, PhantomData::<IgnoredAny>).await.map(drop)
    }

    fn about_warnings(&self, method: &str, params: Vec<Value>) -> Call {
        Call::on_model("res.user.warning", method, params, self.context())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_whole_words() {
        let warning =
            |name: &str| Warning { name: name.to_owned(), message: String::new(), description: String::new() };
        let done = AcceptWarnings::named(["done"]);
        assert!(
            done.accepts(&warning("done")) && done.accepts(&warning("5d41.done")) && done.accepts(&warning("7@done"))
        );
        assert!(!done.accepts(&warning("undone")) && !done.accepts(&warning("done.late")));
        assert!(!AcceptWarnings::None.accepts(&warning("done")) && AcceptWarnings::All.accepts(&warning("done")));
    }
}
