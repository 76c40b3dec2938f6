//! Accepting the warnings of a server.

use std::sync::Arc;

use crate::error::Warning;

/// The warnings that a client accepts automatically: for unattended programs.
///
/// A warning stops the call before anything is changed. The client accepts it once, and repeats the call.
///
/// ```
/// use tryton_sdk::{AcceptWarnings, Client};
///
/// # fn example(tryton: Client) {
/// let nightly = tryton.accepting(AcceptWarnings::named(["check_move_quantity", "done"]));
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AcceptWarnings(Accepted);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Accepted {
    #[default]
    None,
    Named(Arc<[String]>),
    All,
}

impl AcceptWarnings {
    /// None of them: each is an error ([`is_warning`](crate::Error::is_warning)).
    pub fn none() -> Self {
        Self(Accepted::None)
    }

    /// All of them.
    pub fn all() -> Self {
        Self(Accepted::All)
    }

    /// Those of these names, as the modules of Tryton name them. The subject of a warning stands before its name:
    /// `7@product_template` and `5d41402abc4b2a76b9719d911017c592.done` have the names `product_template` and `done`.
    pub fn named<N: Into<String>>(names: impl IntoIterator<Item = N>) -> Self {
        Self(Accepted::Named(names.into_iter().map(Into::into).collect()))
    }

    /// Whether the warning is accepted.
    pub fn accepts(&self, warning: &Warning) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let is =
            |name: &String| warning.name.strip_suffix(name.as_str()).is_some_and(|about| !about.ends_with(is_word));
        match &self.0 {
            Accepted::None => false,
            Accepted::Named(names) => names.iter().any(is),
            Accepted::All => true,
        }
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
        assert!(!AcceptWarnings::none().accepts(&warning("done")) && AcceptWarnings::all().accepts(&warning("done")));
    }
}
