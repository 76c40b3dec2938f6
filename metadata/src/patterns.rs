//! Patterns given by people: lists of patterns, and the models that they select.

use tryton_sdk_codegen::{glob, suggest};

/// Patterns do not select models as they should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unmatched {
    /// A pattern matches no name.
    Pattern {
        /// The pattern.
        pattern: String,
        /// `did you mean …?`, if it is similar to a name.
        question: Option<String>,
    },
    /// Everything that the patterns select is excluded.
    Nothing,
}

impl Unmatched {
    /// Returns the reason in a sentence that calls the source of the names `place`.
    ///
    /// ```
    /// use tryton_sdk_metadata::patterns::Unmatched;
    ///
    /// let unmatched = Unmatched::Pattern { pattern: "x.*".to_owned(), question: None };
    /// assert_eq!(unmatched.about("the server"), "the server has no model `x.*`");
    /// ```
    pub fn about(&self, place: &str) -> String {
        match self {
            Self::Pattern { pattern, question: Some(question) } => {
                format!("{place} has no model `{pattern}`: {question}")
            }
            Self::Pattern { pattern, question: None } => format!("{place} has no model `{pattern}`"),
            Self::Nothing => format!("the patterns select no model of {place}: add one that selects, such as '*'"),
        }
    }
}

/// Returns the `names` that match any of `patterns` and none that excludes, such as `!*.reporting.*`, in order.
///
/// A pattern that excludes may match nothing.
///
/// # Errors
///
/// [`Unmatched`] if another pattern matches nothing, or nothing is left.
///
/// ```
/// use tryton_sdk_metadata::patterns::select;
///
/// let patterns = ["sale.*", "!*.reporting.*"].map(str::to_owned);
/// assert_eq!(select(&patterns, ["sale.reporting.x", "sale.sale"].into_iter()), Ok(vec!["sale.sale"]));
/// ```
pub fn select<'a>(
    patterns: &[String],
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<&'a str>, Unmatched> {
    let mut selecting = patterns.iter().filter(|pattern| glob::excluding(pattern).is_none());
    if let Some(pattern) = selecting.find(|pattern| !names.clone().any(|name| glob::matches(pattern, name))) {
        let question = suggest::question(pattern, names);
        return Err(Unmatched::Pattern { pattern: pattern.clone(), question });
    }
    let selected: Vec<&str> = names.filter(|name| glob::selects(patterns.iter().map(String::as_str), name)).collect();
    if selected.is_empty() { Err(Unmatched::Nothing) } else { Ok(selected) }
}

/// Splits `text` into patterns, which are separated by commas or blanks.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ' ', '\t', '\n']).filter(|pattern| !pattern.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Unmatched, select, split};

    #[test]
    fn a_selection_keeps_the_order_of_the_names() {
        let names = ["sale.line", "sale.sale", "stock.move"];
        let select = |patterns: &[&str]| {
            let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
            select(&patterns, names.into_iter())
        };
        assert_eq!(select(&["stock.move", "sale.*", "sale.sale"]), Ok(names.to_vec()));
        let question = Some("did you mean `sale.sale`?".to_owned());
        assert_eq!(select(&["*", "sale.sal"]), Err(Unmatched::Pattern { pattern: "sale.sal".to_owned(), question }));
        assert_eq!(select(&["sale.*", "!sale.line", "!x"]), Ok(vec!["sale.sale"]));
        assert_eq!(select(&["!sale.line"]), Err(Unmatched::Nothing));
        assert_eq!(select(&["sale.*", "!*"]), Err(Unmatched::Nothing));
    }

    #[test]
    fn lists_are_separated_by_commas_or_blanks() {
        assert_eq!(split(" sale.*, party.party\n,").collect::<Vec<_>>(), ["sale.*", "party.party"]);
    }
}
