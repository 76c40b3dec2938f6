//! Patterns that people give: lists of them, and the models that they select.

use tryton_sdk_codegen::{glob, suggest};

/// A pattern that selects nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The pattern.
    pub pattern: String,
    /// `did you mean …?`, where it is near to a name.
    pub question: Option<String>,
}

/// The `names` that fit any of `patterns`, in their order; a pattern that fits none is an error.
pub fn select<'a>(
    patterns: &[String],
    names: impl Iterator<Item = &'a str> + Clone,
) -> Result<Vec<&'a str>, Unmatched> {
    if let Some(pattern) = patterns.iter().find(|pattern| !names.clone().any(|name| glob::matches(pattern, name))) {
        let question = suggest::question(pattern, names);
        return Err(Unmatched { pattern: pattern.clone(), question });
    }
    Ok(names.filter(|name| patterns.iter().any(|pattern| glob::matches(pattern, name))).collect())
}

/// The patterns in `text`, which are separated by commas or blanks.
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
        assert_eq!(select(&["*", "sale.sal"]), Err(Unmatched { pattern: "sale.sal".to_owned(), question }));
    }

    #[test]
    fn lists_are_separated_by_commas_or_blanks() {
        assert_eq!(split(" sale.*, party.party\n,").collect::<Vec<_>>(), ["sale.*", "party.party"]);
    }
}
